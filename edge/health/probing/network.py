"""The port through which the device asks its surroundings, and a scripted twin of it."""

import socket
from collections.abc import Mapping, Sequence
from typing import Protocol

from edge.health.probing.icmp import Echoes, PingForbiddenError, ping
from edge.health.probing.rtsp_stages import RtspStage, RtspTarget, rtsp_stage
from edge.health.probing.ups import UpsState, UpsUnavailableError, read_ups


class Network(Protocol):
    """What can be asked; each question ends within a few seconds."""

    def resolve(self, host: str) -> str:
        """Return the IPv4 address of a host; empty when it has none or nobody knows."""
        ...

    def echoes(self, address: str, count: int) -> Echoes | None:
        """Ping an address; None when this system does not let us."""
        ...

    def knock(self, address: str, ports: Sequence[int]) -> bool:
        """Return whether anything at an address answers on one of ``ports``, were it a refusal."""
        ...

    def stage(self, target: RtspTarget) -> RtspStage:
        """Return how far a camera's RTSP gets."""
        ...

    def ups(self) -> UpsState | None:
        """Return how the supply is; None when there is none or it is silent."""
        ...


class RealNetwork:
    """Sockets."""

    def __init__(self, *, ups: str, ups_host: str, ups_port: int, timeout_s: float = 2.0) -> None:
        """Take the supply's name, empty for none, and how long to wait for each step."""
        self._ups = (ups, ups_host, ups_port)
        self._timeout_s = timeout_s

    def resolve(self, host: str) -> str:
        """Ask the system's resolver, which has time limits of its own."""
        try:
            return str(socket.getaddrinfo(host, None, socket.AF_INET, socket.SOCK_STREAM)[0][4][0])
        except OSError:
            return ""

    def echoes(self, address: str, count: int) -> Echoes | None:
        """Ping, ten a second."""
        try:
            return ping(address, count=count, every_s=0.1, timeout_s=self._timeout_s)
        except PingForbiddenError:
            return None

    def knock(self, address: str, ports: Sequence[int]) -> bool:
        """Try to connect, port by port."""
        return any(self._is_answering(address, port) for port in ports)

    def stage(self, target: RtspTarget) -> RtspStage:
        """Ask OPTIONS and DESCRIBE."""
        return rtsp_stage(target, timeout_s=self._timeout_s)

    def ups(self) -> UpsState | None:
        """Ask upsd."""
        name, host, port = self._ups
        if not name:
            return None
        try:
            return read_ups(name, host=host, port=port, timeout_s=self._timeout_s)
        except UpsUnavailableError:
            return None

    def _is_answering(self, address: str, port: int) -> bool:
        try:
            socket.create_connection((address, port), timeout=self._timeout_s).close()
        except ConnectionRefusedError:
            return True
        except OSError:
            return False
        return True


class ScriptedNetwork:
    """Answers from tables that may be changed at any time: for tests and demonstrations."""

    def __init__(
        self,
        *,
        alive: Mapping[str, float] | None = None,
        stages: Mapping[str, RtspStage] | None = None,
        ups: UpsState | None = None,
        may_ping: bool = True,
    ) -> None:
        """Take the loss share of each living address, the stage of each camera, and the supply."""
        self.alive = dict(alive or {})
        self.stages = dict(stages or {})
        self.supply = ups
        self.may_ping = may_ping

    def resolve(self, host: str) -> str:
        """Every name is its own address."""
        return host

    def echoes(self, address: str, count: int) -> Echoes | None:
        """Lose the scripted share."""
        if not self.may_ping:
            return None
        return Echoes(count, round(count * (1 - self.alive.get(address, 1.0))))

    def knock(self, address: str, ports: Sequence[int]) -> bool:
        """Who is alive answers on any port."""
        return bool(ports) and address in self.alive

    def stage(self, target: RtspTarget) -> RtspStage:
        """Return what was scripted; a camera that was not is unreachable."""
        return self.stages.get(target.host, RtspStage.UNREACHABLE)

    def ups(self) -> UpsState | None:
        """Return the scripted supply."""
        return self.supply
