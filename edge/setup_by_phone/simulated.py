"""A radio that is not there, among networks that are not there: for trials without hardware."""

from dataclasses import dataclass, field

from edge.enrolment.card.card_file import Wifi
from edge.setup_by_phone.radio import HeardNetwork, JoinError, JoinFault, RadioError
from edge.wire.joining.phone import AccessPoint


@dataclass(frozen=True, slots=True)
class PlayedNetwork:
    """A network of the neighbourhood, with its faults."""

    name: str
    password: str = field(repr=False)
    signal_dbm: int = -60
    gives_address: bool = True
    lets_in: bool = True


class SimulatedRadio:
    """Plays one radio; ``point`` is the access point that is open, ``joined`` the network it is in."""

    def __init__(self, *networks: PlayedNetwork, is_broken: bool = False) -> None:
        """Take the neighbourhood; a broken radio fails at everything but closing."""
        self._networks = {each.name: each for each in networks}
        self._is_broken = is_broken
        self.point: AccessPoint | None = None
        self.joined = ""

    def scan(self) -> tuple[HeardNetwork, ...]:
        """See :class:`edge.setup_by_phone.radio.Radio`."""
        self._begin()
        heard = (HeardNetwork(each.name, each.signal_dbm) for each in self._networks.values())
        return tuple(sorted(heard, key=lambda each: -each.signal_dbm))

    def open(self, point: AccessPoint) -> None:
        """See :class:`edge.setup_by_phone.radio.Radio`."""
        self._begin()
        self.point = point

    def join(self, wifi: Wifi) -> None:
        """See :class:`edge.setup_by_phone.radio.Radio`."""
        self._begin()
        network = self._networks.get(wifi.name)
        if network is None:
            raise JoinError(JoinFault.NOT_FOUND, wifi.name)
        if not network.lets_in:
            raise JoinError(JoinFault.REJECTED, wifi.name)
        if network.password != wifi.password:
            raise JoinError(JoinFault.WRONG_PASSWORD, wifi.name)
        if not network.gives_address:
            raise JoinError(JoinFault.NO_ADDRESS, wifi.name)
        self.joined = wifi.name

    def close(self) -> None:
        """See :class:`edge.setup_by_phone.radio.Radio`."""
        self.point, self.joined = None, ""

    def _begin(self) -> None:
        if self._is_broken:
            raise RadioError("radio: no answer; restart the device, or set it up by card or cable")
        self.close()
