"""Carries the question of a blank device to the hub and the answer back, over HTTP.

TLS only hides here: who the hub is shows in the signature of its answer, which holds without a clock
and without a list of authorities (``edge/wire/joining/enrolment.py``). Must not believe what comes back.
"""

import http.client
import ssl
from typing import Protocol
from urllib.parse import urlsplit

import msgspec

from edge.errors import EdgeError
from edge.wire.joining.enrolment import PATH, EnrolRefused, EnrolRequest, RefusalReason

TIMEOUT_S = 15.0
_MOST_BYTES = 200_000


class HubUnreachableError(EdgeError):
    """No answer; trying again later may help."""


class RefusedError(EdgeError):
    """The hub says no; ``reason`` why, the text is for the technician."""

    def __init__(self, reason: RefusalReason, detail: str) -> None:
        """Take what the hub said."""
        super().__init__(detail)
        self.reason = reason


class Hub(Protocol):
    """Port to the hub's ``POST /enrol``."""

    def ask(self, asked: EnrolRequest) -> bytes:
        """Return the answer, unread.

        Raises:
            HubUnreachableError: there is no answer.
            RefusedError: the hub says no.
        """
        ...


class HttpHub:
    """The hub at an address."""

    def __init__(self, address: str, *, timeout_s: float = TIMEOUT_S) -> None:
        """Remember where it is; nothing is sent yet."""
        self._parts = urlsplit(address)
        self._address = address
        self._timeout_s = timeout_s

    def ask(self, asked: EnrolRequest) -> bytes:
        """See :class:`Hub`."""
        connection = self._connection()
        try:
            path = self._parts.path.rstrip("/") + PATH
            connection.request("POST", path, msgspec.json.encode(asked), {"Content-Type": "application/json"})
            # Read up to a limit it is not at its end, and would keep the socket.
            with connection.getresponse() as response:
                body = response.read(_MOST_BYTES)
        except (OSError, http.client.HTTPException) as error:
            raise HubUnreachableError(
                f"the hub at {self._address} does not answer ({error}); check cable, network and address"
            ) from error
        finally:
            connection.close()
        if response.status != http.client.OK:
            raise self._refusal(response.status, body)
        return body

    def _connection(self) -> http.client.HTTPConnection:
        host = self._parts.hostname or ""
        if self._parts.scheme == "http":
            return http.client.HTTPConnection(host, self._parts.port, timeout=self._timeout_s)
        context = ssl.create_default_context()
        # A clock of 1970 fails every certificate; the signed answer is what counts.
        context.check_hostname = False
        context.verify_mode = ssl.CERT_NONE
        return http.client.HTTPSConnection(host, self._parts.port, timeout=self._timeout_s, context=context)

    def _refusal(self, status: int, body: bytes) -> EdgeError:
        try:
            refused = msgspec.json.decode(body, type=EnrolRefused, strict=True)
        except (msgspec.MsgspecError, ValueError):
            return HubUnreachableError(
                f"{self._address} answers {status}, not as a hub does; check the address, or try again later"
            )
        return RefusedError(refused.reason, refused.detail)
