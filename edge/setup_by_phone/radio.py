"""The port to a board's radio: it listens, is an access point, or joins one; never two at a time."""

from dataclasses import dataclass
from enum import StrEnum
from typing import Protocol

from edge.enrolment.card.card_file import Wifi
from edge.errors import EdgeError
from edge.wire.joining.phone import AccessPoint


class JoinFault(StrEnum):
    """Why a network was not joined."""

    WRONG_PASSWORD = "wrong-password"  # noqa: S105 - a fault
    NOT_FOUND = "not-found"
    REJECTED = "rejected"
    NO_ADDRESS = "no-address"


class RadioError(EdgeError):
    """There is no radio, or it does not do what it is told; says which."""


class JoinError(EdgeError):
    """The network was not joined; ``fault`` why."""

    def __init__(self, fault: JoinFault, name: str) -> None:
        """Take the reason and the network's name."""
        super().__init__(f"Wi-Fi {name!r}: {fault}")
        self.fault = fault
        self.name = name


@dataclass(frozen=True, slots=True)
class HeardNetwork:
    """A network with a password (WPA2) that the radio hears; signal in dBm."""

    name: str
    signal_dbm: int


class Radio(Protocol):
    """One radio of a board."""

    def scan(self) -> tuple[HeardNetwork, ...]:
        """Return what is heard, the strongest first, each name once; ends an access point.

        Raises:
            RadioError: the radio does not listen.
        """
        ...

    def open(self, point: AccessPoint) -> None:
        """Be an access point, until :meth:`close`, :meth:`join` or :meth:`scan`.

        Raises:
            RadioError: it cannot be one.
        """
        ...

    def join(self, wifi: Wifi) -> None:
        """Join a network and get an address there; ends an access point.

        Raises:
            JoinError: it did not work, and the radio is idle again.
            RadioError: the radio fails.
        """
        ...

    def close(self) -> None:
        """End whatever it does; twice is fine."""
        ...
