"""SOAP 1.2 questions to one camera over HTTP, with a WS-Security UsernameToken digest.

Answers come from a stranger on the site's network: bounded in size and time, without a DTD, and
no address in them is followed. Only private addresses are asked. Source: OASIS Web Services
Security UsernameToken Profile 1.0 (2004); ONVIF Core Specification 2.6 (2016).
"""

import base64
import hashlib
import http.client
import ipaddress
import secrets
import socket
import ssl
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from urllib.parse import SplitResult, unquote, urlsplit
from xml.etree import ElementTree
from xml.sax.saxutils import escape

from edge.ptz.port import TurningError
from edge.wire.strict_xml import has_dtd

Element = ElementTree.Element

SOAP = "http://www.w3.org/2003/05/soap-envelope"
SECURITY = "http://docs.oasis-open.org/wss/2004/01/oasis-200401-wss-wssecurity-secext-1.0.xsd"
UTILITY = "http://docs.oasis-open.org/wss/2004/01/oasis-200401-wss-wssecurity-utility-1.0.xsd"
DIGEST = "http://docs.oasis-open.org/wss/2004/01/oasis-200401-wss-username-token-profile-1.0#PasswordDigest"

_MAX_ANSWER_BYTES = 262_144
_PORTS = {"http": 80, "https": 443}


@dataclass(frozen=True, slots=True)
class Login:
    """Who asks; without a user the question is asked openly."""

    user: str = ""
    password: str = field(default="", repr=False)


class SoapCamera:
    """One camera that answers SOAP.

    Args:
        address: ``http://host[:port]/path`` of its device service.
        login: who asks.
        timeout_s: for each question, from connecting to the last byte.
        now: the wall clock, UTC; the digest carries the time.
    """

    def __init__(self, address: str, login: Login, *, timeout_s: float, now: Callable[[], datetime]) -> None:
        self._parts = split_service(address)
        self._login = login
        self._timeout_s = timeout_s
        self._now = now
        self.clock_ahead = timedelta(0)
        """By how much the camera's clock is ahead of ours: an old digest is refused."""

    @property
    def label(self) -> str:
        """The camera as it may be logged."""
        return self._parts.netloc.rpartition("@")[2]

    @property
    def path(self) -> str:
        """Of the device service."""
        return self._parts.path or "/"

    def ask(self, path: str, question: str, *, is_open: bool = False) -> Element:
        """Return the first element of the answer's body.

        Args:
            path: of the service on this camera.
            question: XML of the body, with its namespaces.
            is_open: ask without a login, as for the time.

        Raises:
            TurningError: unreachable, refused, or not SOAP.
        """
        login = Login() if is_open else self._login
        envelope = envelope_of(question, login, created=self._now() + self.clock_ahead)
        try:
            status, payload = self._post(path, envelope)
        except (OSError, http.client.HTTPException) as error:
            text = "no answer in time" if isinstance(error, TimeoutError) else type(error).__name__
            raise TurningError(
                f"ONVIF of {self.label} cannot be asked ({text}); check address and port; is ONVIF on?"
            ) from error
        return self._body_of(status, payload)

    def _post(self, path: str, envelope: bytes) -> tuple[int, bytes]:
        connection = self._connection()
        try:
            kind = {"Content-Type": "application/soap+xml; charset=utf-8", "Connection": "close"}
            connection.request("POST", path, envelope, {**kind, "Host": self.label})
            answer = connection.getresponse()
            payload = answer.read(_MAX_ANSWER_BYTES + 1)
            if len(payload) > _MAX_ANSWER_BYTES:
                raise TurningError(f"ONVIF of {self.label} answers more than {_MAX_ANSWER_BYTES} bytes")
            return answer.status, payload
        finally:
            connection.close()

    def _connection(self) -> http.client.HTTPConnection:
        host, port = self._parts.hostname or "", self._parts.port or _PORTS[self._parts.scheme]
        # The address that was checked is the one that is asked: a name may mean another one next time.
        checked = private_address(host, port)
        if self._parts.scheme == "https":
            # Cameras have certificates of their own making; the digest never shows the password.
            context = ssl.create_default_context()
            context.check_hostname, context.verify_mode = False, ssl.CERT_NONE
            return http.client.HTTPSConnection(checked, port, timeout=self._timeout_s, context=context)
        return http.client.HTTPConnection(checked, port, timeout=self._timeout_s)

    def _body_of(self, status: int, payload: bytes) -> Element:
        if status == http.HTTPStatus.UNAUTHORIZED:
            raise TurningError(self._refused())
        root = parsed(payload)
        body = None if root is None else root.find(f"{{{SOAP}}}Body")
        first = None if body is None else next(iter(body), None)
        if first is None:
            raise TurningError(
                f"{self.label} answers with HTTP {status} and no SOAP; is it the ONVIF address?"
            )
        if first.tag == f"{{{SOAP}}}Fault":
            raise TurningError(self._fault(first))
        return first

    def _fault(self, fault: Element) -> str:
        codes = " ".join(code.text or "" for code in fault.iter(f"{{{SOAP}}}Value"))
        reason = fault.findtext(f"{{{SOAP}}}Reason/{{{SOAP}}}Text", "") or codes
        if "NotAuthorized" in codes:
            return self._refused()
        return f"ONVIF of {self.label} refuses: {printable(reason)}"

    def _refused(self) -> str:
        return (
            f"ONVIF of {self.label} refuses the user or the password; name an ONVIF user of the camera in the"
            " address, and its password in password_file"
        )


def split_service(address: str) -> SplitResult:
    """Take the address of a service apart.

    Raises:
        TurningError: not ``http://host/…``.
    """
    try:
        parts = urlsplit(address)
        is_whole = parts.scheme in _PORTS and bool(parts.hostname) and parts.port != 0
    except ValueError:  # a bad port, a half-written IPv6 address
        is_whole = False
    if not is_whole:
        raise TurningError("onvif is not of the form http://host/onvif/device_service")
    return parts


def login_of(address: str, *, source: str, password: str | None) -> Login:
    """Return who asks: the user of the ONVIF address, else that of the video source.

    Args:
        address: of the device service.
        source: of the video.
        password: from the password file; without one, that in the same address as the user.
    """
    for text in (address, source):
        parts = urlsplit(text)
        if parts.username:
            return Login(unquote(parts.username), password or unquote(parts.password or ""))
    return Login()


def private_address(host: str, port: int) -> str:
    """Return the numeric address of ``host``.

    Raises:
        TurningError: it is not on a private network: whatever a name means, we stay on the site.
        OSError: the name means nothing here.
    """
    found = str(socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)[0][4][0])
    address = ipaddress.ip_address(found.partition("%")[0])
    if not address.is_private or address.is_unspecified:
        raise TurningError(
            f"onvif {host} is no private address; only cameras of the site's own network are asked"
        )
    return found


def envelope_of(question: str, login: Login, *, created: datetime, nonce: bytes = b"") -> bytes:
    """Return the whole message; ``nonce`` is for tests only, else it is new each time."""
    header = _token(login, created, nonce or secrets.token_bytes(16)) if login.user else ""
    return (
        f'<?xml version="1.0" encoding="UTF-8"?><s:Envelope xmlns:s="{SOAP}">'
        f"<s:Header>{header}</s:Header><s:Body>{question}</s:Body></s:Envelope>"
    ).encode()


def digest_of(nonce: bytes, created: str, password: str) -> str:
    """Return the digest that proves the password without showing it."""
    # The profile names SHA-1; its use here is not ours to choose.
    digest = hashlib.sha1(nonce + created.encode() + password.encode(), usedforsecurity=False).digest()
    return base64.b64encode(digest).decode()


def _token(login: Login, created: datetime, nonce: bytes) -> str:
    said = created.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
    return (
        f'<w:Security xmlns:w="{SECURITY}" xmlns:u="{UTILITY}" s:mustUnderstand="true"><w:UsernameToken>'
        f"<w:Username>{escape(login.user)}</w:Username>"
        f'<w:Password Type="{DIGEST}">{digest_of(nonce, said, login.password)}</w:Password>'
        f"<w:Nonce>{base64.b64encode(nonce).decode()}</w:Nonce><u:Created>{said}</u:Created>"
        "</w:UsernameToken></w:Security>"
    )


def parsed(payload: bytes) -> Element | None:
    """Return the top of an answer; ``None`` when it is no XML, or brings entities."""
    if has_dtd([payload]):
        return None
    try:
        return ElementTree.fromstring(payload)  # noqa: S314 - no DTD, see above
    except (ElementTree.ParseError, ValueError, LookupError):
        return None


def printable(text: str) -> str:
    """Return what a camera says of itself as it may be logged and shown."""
    return "".join(letter for letter in text.strip() if letter.isprintable())[:120]
