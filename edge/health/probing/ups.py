"""Asks NUT's upsd about the supply: a few lines of text over TCP (RFC 9271, 2022).

Read only: never logs in, never sets a variable, never switches anything off.
"""

import re
import socket
from dataclasses import dataclass
from typing import BinaryIO, cast

_MAX_LINE_BYTES = 1_024
_ANSWER = re.compile(r'VAR (?P<name>\S+) (?P<variable>\S+) "(?P<value>[^"]*)"')


@dataclass(frozen=True, slots=True)
class UpsState:
    """What the supply says; ``charge_share`` is of its battery, 0 to 1."""

    is_on_battery: bool
    is_low: bool
    charge_share: float | None = None


class UpsUnavailableError(OSError):
    """The supply cannot be asked; says who did not answer."""


def read_ups(name: str, *, host: str = "127.0.0.1", port: int = 3493, timeout_s: float = 2.0) -> UpsState:
    """Return how the supply called ``name`` is.

    Args:
        name: As ``upsc -l`` lists it.
        host: Where upsd listens.
        port: Its port.
        timeout_s: For each step.

    Raises:
        UpsUnavailableError: no upsd there, it does not know the name, or its driver is silent.
    """
    try:
        with (
            socket.create_connection((host, port), timeout=timeout_s) as link,
            link.makefile("rwb") as file,
        ):
            stream = cast(BinaryIO, file)
            status = _ask(stream, name, "ups.status")
            charge = _ask_if_known(stream, name, "battery.charge")
            stream.write(b"LOGOUT\n")
            stream.flush()
    except UpsUnavailableError:
        raise
    except OSError as error:
        raise UpsUnavailableError(f"upsd at {host}:{port}: {error}") from error
    words = set(status.split())
    return UpsState(is_on_battery="OB" in words, is_low="LB" in words, charge_share=_share(charge))


def _ask(stream: BinaryIO, name: str, variable: str) -> str:
    stream.write(f"GET VAR {name} {variable}\n".encode("ascii"))
    stream.flush()
    line = stream.readline(_MAX_LINE_BYTES).decode("utf-8", "replace").strip()
    if line.startswith("ERR "):
        raise UpsUnavailableError(f"upsd says {line[4:]} about {variable} of {name!r}")
    found = _ANSWER.fullmatch(line)
    if found is None or (found["name"], found["variable"]) != (name, variable):
        raise UpsUnavailableError(f"upsd gives no answer that can be read: {line[:60]!r}")
    return found["value"]


def _ask_if_known(stream: BinaryIO, name: str, variable: str) -> str:
    try:
        return _ask(stream, name, variable)
    except UpsUnavailableError:
        return ""  # many supplies do not measure it


def _share(charge: str) -> float | None:
    try:
        share = float(charge) / 100
    except ValueError:
        return None
    return share if 0 <= share <= 1 else None
