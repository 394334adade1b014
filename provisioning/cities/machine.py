"""What a city needs of the machine it runs on: its folder for itself, ports, a display.

Must not know what runs there.
"""

import contextlib
import fcntl
import os
import shutil
import socket
import time
import urllib.request
from collections.abc import Callable, Iterator
from http import HTTPStatus
from pathlib import Path
from threading import Event
from typing import IO

from provisioning.errors import ProvisioningError

# Twice what the reaper of a killed city may need.
LOCK_WAIT_S = 12.0
_POLL_S = 0.2
USUAL_BROKER_PORT = 8883
USUAL_KIOSK_PORT = 8090
_PORTS_TRIED = 200


@contextlib.contextmanager
def hold_lock(path: Path, say: Callable[[str], None], is_ending: Event) -> Iterator[IO[bytes]]:
    """Make sure that no other city runs in a folder; waits a little for one that is ending.

    Args:
        path: The lock file; its folder is made.
        say: Takes a line for a person.
        is_ending: Set when nobody wants to wait any more.

    Raises:
        ProvisioningError: another city runs there, or the folder cannot be written.
    """
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        lock = path.open("ab")
    except OSError as error:
        raise ProvisioningError(
            f"{path.parent} cannot be written ({error.strerror}): choose another folder with --data"
        ) from error
    with lock:
        deadline_s = time.monotonic() + LOCK_WAIT_S
        has_said = False
        while not _try_lock(lock):
            if not has_said:
                say(f"Waiting for another city in {path.parent} to end ...")
                has_said = True
            if is_ending.wait(_POLL_S) or time.monotonic() > deadline_s:
                raise ProvisioningError(
                    f"another city runs in {path.parent}: end it, or choose another folder with --data"
                )
        yield lock


def _try_lock(lock: IO[bytes]) -> bool:
    try:
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True


def check_port_is_free(port: int) -> None:
    """Make sure that the screens can be served.

    Raises:
        ProvisioningError: another program listens there, or the system does not allow it.
    """
    try:
        _bind(port)
    except OSError as error:
        raise ProvisioningError(
            f"port {port} cannot be used ({error.strerror}): choose another with --port, as --port {port + 1}"
        ) from error


def hold_port(usual: int, held: contextlib.ExitStack) -> int:
    """Choose a port that is free and keep other cities from choosing it too, before anybody listens there.

    Two cities that start together would both find the usual port free, and the broker of the second
    would never get it. Ports come from below those that the system gives to outgoing connections.

    Args:
        usual: Taken if it is free, else one of the next ones.
        held: Gives the port back when it ends, and the system does when this process is killed.

    Raises:
        ProvisioningError: none of them is free.
    """
    for port in range(usual, usual + _PORTS_TRIED):
        mark = socket.socket(socket.AF_UNIX)
        try:
            # An abstract address: of one process at a time, and gone with it.
            mark.bind(f"\0pontive-port-{port}")
            _bind(port)
        except OSError:
            mark.close()
            continue
        held.enter_context(mark)
        return port
    raise ProvisioningError(
        f"ports {usual} to {usual + _PORTS_TRIED - 1} are all in use: end what listens there"
    )


def _bind(port: int) -> int:
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        probe.bind(("127.0.0.1", port))
        bound: int = probe.getsockname()[1]
        return bound


def is_listening(port: int) -> bool:
    """Return whether a program of this machine listens on a port."""
    with socket.socket() as probe:
        return probe.connect_ex(("127.0.0.1", port)) == 0


def is_well(url: str) -> bool:
    """Return whether a health address says that all is well."""
    try:
        with urllib.request.urlopen(url, timeout=5) as answer:  # noqa: S310 (our own loopback address)
            return bool(answer.status == HTTPStatus.OK)
    except OSError:  # also what is answered with an error status
        return False


def has_display() -> bool:
    """Return whether a browser could show itself here."""
    return bool(os.environ.get("DISPLAY") or os.environ.get("WAYLAND_DISPLAY")) and bool(
        shutil.which("xdg-open") or shutil.which("x-www-browser")
    )
