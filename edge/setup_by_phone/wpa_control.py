"""Speaks with a running wpa_supplicant over its control socket: one request, one answer, and events.

Source: wpa_supplicant's "Control interface commands and events" (hostap, 2.10, 2022). Must not log:
requests hold keys.
"""

import os
import socket
import time
from collections.abc import Callable
from pathlib import Path

from edge.setup_by_phone.radio import RadioError

_ANSWER_S = 10.0
_MOST_BYTES = 65_536


class WpaControl:
    """The control socket of one interface.

    Args:
        folder: where wpa_supplicant has its sockets; ours lies beside them while it is open.
        interface: as ``wlan0``.
        monotonic: seconds.
    """

    def __init__(
        self, folder: Path, interface: str, *, monotonic: Callable[[], float] = time.monotonic
    ) -> None:
        self._peer = folder / interface
        self._own = folder / f".phone-{os.getpid()}-{interface}"
        self._monotonic = monotonic
        self._socket: socket.socket | None = None
        self._events: list[str] = []

    def ask(self, request: str) -> str:
        """Return the answer to a request.

        Raises:
            RadioError: there is no wpa_supplicant, or it says FAIL.
        """
        try:
            answer = self._ask(self._opened(), request)
        except OSError as error:
            self.close()
            raise RadioError(f"radio: wpa_supplicant does not answer at {self._peer} ({error})") from error
        if answer.startswith(("FAIL", "UNKNOWN COMMAND")) and answer != "FAIL-BUSY":
            # The first word alone: the rest may be a key.
            raise RadioError(f"radio: wpa_supplicant refuses {request.split()[0]}")
        return answer

    def event(self, within_s: float) -> str | None:
        """Return the next event, as ``CTRL-EVENT-CONNECTED …``; ``None`` when none came in time.

        Raises:
            RadioError: wpa_supplicant is gone.
        """
        if self._events:
            return self._events.pop(0).partition(">")[2]
        try:
            return self._receive(self._opened(), within_s).partition(">")[2]
        except TimeoutError:
            return None
        except OSError as error:
            self.close()
            raise RadioError(f"radio: wpa_supplicant ended ({error})") from error

    def forget_events(self) -> None:
        """Drop what was said before now."""
        self._events.clear()
        while self.event(0.01) is not None:
            pass

    def close(self) -> None:
        """Leave; the next request comes back."""
        if self._socket is not None:
            self._socket.close()
            self._socket = None
            self._own.unlink(missing_ok=True)

    def _opened(self) -> socket.socket:
        if self._socket is None:
            self._own.unlink(missing_ok=True)
            self._socket = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
            self._socket.bind(str(self._own))
            self._socket.connect(str(self._peer))
            self._ask(self._socket, "ATTACH")
        return self._socket

    def _ask(self, connected: socket.socket, request: str) -> str:
        connected.settimeout(_ANSWER_S)
        connected.send(request.encode())
        ends_at_s = self._monotonic() + _ANSWER_S
        while (left_s := ends_at_s - self._monotonic()) > 0:
            text = self._receive(connected, left_s)
            # What it says by itself begins with its priority: "<3>CTRL-EVENT-CONNECTED …".
            if not text.startswith("<"):
                return text
            self._events.append(text)
        raise TimeoutError("no answer")

    @staticmethod
    def _receive(connected: socket.socket, within_s: float) -> str:
        connected.settimeout(within_s)
        return connected.recv(_MOST_BYTES).decode("utf-8", "replace").strip()
