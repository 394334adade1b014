"""One look around the point, and one look at a dark camera: asks the port, judges nothing.

Runs in the thread of :mod:`edge.health.probing.prober`; each look ends within some seconds.
"""

from collections import deque
from collections.abc import Mapping

from edge.health.probing.board import Probes
from edge.health.probing.link import LinkProbes
from edge.health.probing.network import Network
from edge.health.probing.rtsp_stages import RtspStage
from edge.health.probing.surroundings import CameraFindings, Surroundings
from edge.health.probing.targets import CameraTarget
from edge.health.probing.ups import UpsState

# Enough that one lost packet is below the share that speaks for a bad link.
_CAMERA_ECHOES = 10
_NEIGHBOUR_ECHOES = 3
# What routers, switches and cameras listen on, or at least refuse: pages, shells, streams.
_KNOCK_PORTS = (80, 443, 22, 554)
# A day of minutes; the fade of a hop takes hours to days.
_SIGNALS_KEPT = 1_440
_SIGNALS_COMPARED = 10
# A fade of half the amplitude and more, above what weather does within minutes.
_FALL_DB = 8.0


class Look:
    """Asks everything there is to ask."""

    def __init__(
        self,
        *,
        network: Network,
        links: LinkProbes,
        probes: Probes,
        targets: Mapping[str, CameraTarget],
        gateway: str,
        switch: str,
    ) -> None:
        """Prepare.

        Args:
            network: Where questions go.
            links: The kernel's own knowledge.
            probes: The board's.
            targets: Where network cameras can be asked, by id.
            gateway: Overrides the default route's; empty: does not.
            switch: Address of the point's switch; empty: not known.
        """
        self._network = network
        self._links = links
        self._probes = probes
        self._targets = targets
        self._gateway = gateway
        self._switch = switch
        self._signals_dbm: deque[float] = deque(maxlen=_SIGNALS_KEPT)
        # A route vanishes with its carrier, so the way there is remembered from better times.
        self._interfaces: dict[str, str] = {}
        self._last_gateway = ""

    def power(self) -> tuple[UpsState | None, bool | None]:
        """Return the state of the supply, and whether the board's voltage is too low."""
        return self._network.ups(), self._probes.is_under_voltage()

    def around(self) -> Surroundings:
        """Return how the point is; remembers the ways to the cameras."""
        ups, is_under_voltage = self.power()
        signal_dbm = self._links.signal_dbm()
        if signal_dbm is not None:
            self._signals_dbm.append(signal_dbm)
        for target in self._targets.values():
            self._interface_to(self._network.resolve(target.host))
        self._last_gateway = self._gateway or self._links.default_gateway() or self._last_gateway
        return Surroundings(
            ups=ups,
            is_under_voltage=is_under_voltage,
            signal_dbm=signal_dbm,
            is_signal_falling=is_falling(self._signals_dbm),
            is_gateway_answering=self._is_answering(self._last_gateway),
            is_switch_answering=self._is_answering(self._switch),
        )

    def at(self, camera: str) -> CameraFindings:
        """Return what is known of one camera; nothing when it is no network camera."""
        target = self._targets.get(camera)
        if target is None:
            return CameraFindings(camera)
        address = self._network.resolve(target.host)
        if not address:
            return CameraFindings(camera)
        stage = self._network.stage(target.rtsp()) if target.is_rtsp else None
        answers, loss_share = self._echoes(address, target.port, stage)
        return CameraFindings(
            camera=camera,
            answers=answers,
            loss_share=loss_share,
            has_arp=self._links.has_neighbour(address),
            has_own_carrier=self._has_carrier_to(address),
            stage=stage,
        )

    def _echoes(self, address: str, port: int, stage: RtspStage | None) -> tuple[bool | None, float | None]:
        is_heard = stage is not None and stage.is_host_alive
        echoes = self._network.echoes(address, _CAMERA_ECHOES)
        if echoes is None or echoes.answered == 0:
            # Some cameras do not answer pings at all: then a connection has to do.
            is_heard = is_heard or self._network.knock(address, (port,))
            return is_heard, None
        return True, echoes.loss_share

    def _is_answering(self, address: str) -> bool | None:
        if not address:
            return None
        echoes = self._network.echoes(address, _NEIGHBOUR_ECHOES)
        if echoes is not None and echoes.answered > 0:
            return True
        return self._network.knock(address, _KNOCK_PORTS)

    def _has_carrier_to(self, address: str) -> bool | None:
        interface = self._interface_to(address)
        return None if interface in ("", "lo") else self._links.has_carrier(interface)

    def _interface_to(self, address: str) -> str:
        """Return the interface an address was last reached by."""
        route = self._links.route_to(address)
        known = self._interfaces.get(address, "")
        # A route over a gateway is what is left when the cameras' own network is gone.
        if route is not None and (not route.gateway or not known):
            self._interfaces[address] = known = route.interface
        return known


def is_falling(signals_dbm: deque[float]) -> bool | None:
    """Return whether a signal faded over the time it was watched; None when that was too short."""
    if len(signals_dbm) < 2 * _SIGNALS_COMPARED:
        return None
    values = list(signals_dbm)
    first = sorted(values[:_SIGNALS_COMPARED])[_SIGNALS_COMPARED // 2]
    last = sorted(values[-_SIGNALS_COMPARED:])[_SIGNALS_COMPARED // 2]
    return first - last >= _FALL_DB
