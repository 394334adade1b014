"""The camera's side of an RTSP conversation, without sockets: requests in, replies out.

As much of RFC 2326 (1998) as cameras and players use over TCP, and Digest login as in
RFC 2617 (1999).
"""

import base64
import hashlib
import re
from collections.abc import Callable
from dataclasses import dataclass, field

from provisioning.simulators.film import Film
from provisioning.simulators.rtp import CLOCK_HZ, PAYLOAD_TYPE

REALM = "camera"
_FIELD = re.compile(r'(\w+)="?([^",]*)"?')


@dataclass(frozen=True, slots=True)
class Login:
    """Who may watch."""

    user: str
    password: str = field(repr=False)


@dataclass(frozen=True, slots=True)
class Request:
    """One request: its method, its address, and its headers with lower-case names."""

    method: str
    address: str
    headers: dict[str, str]


def parse_request(text: str) -> Request:
    """Take a request apart.

    Raises:
        ValueError: not a request.
    """
    first, *lines = text.split("\r\n")
    method, address, version = first.split(" ")
    if not version.startswith("RTSP/"):
        raise ValueError(f"not RTSP: {first[:40]!r}")
    headers = dict(line.split(":", 1) for line in lines if ":" in line)
    return Request(method, address, {name.strip().lower(): value.strip() for name, value in headers.items()})


class Conversation:
    """Answers the requests of one client.

    Args:
        film: what is described to the client.
        login: who may watch; None lets everybody.
        nonce: of the Digest login.
        refuses_all: no password is right.
        describe: says what the session holds.
    """

    def __init__(
        self,
        *,
        film: Film,
        login: Login | None,
        nonce: str,
        refuses_all: bool = False,
        describe: Callable[[Film], str] | None = None,
    ) -> None:
        self._film = film
        self._describe = describe or description_of
        self._login = login
        self._nonce = nonce
        self._refuses_all = refuses_all
        self.is_playing = False

    def reply(self, request: Request) -> bytes:
        """Return the reply to ``request``."""
        if request.method != "OPTIONS" and not self._is_known(request):
            challenge = f'Digest realm="{REALM}", nonce="{self._nonce}"'
            return _reply(request, "401 Unauthorized", {"WWW-Authenticate": challenge})
        match request.method:
            case "OPTIONS":
                methods = "OPTIONS, DESCRIBE, SETUP, PLAY, GET_PARAMETER, TEARDOWN"
                return _reply(request, "200 OK", {"Public": methods})
            case "DESCRIBE":
                return _reply(
                    request,
                    "200 OK",
                    {"Content-Type": "application/sdp", "Content-Base": f"{request.address}/"},
                    self._describe(self._film),
                )
            case "SETUP":
                return self._set_up(request)
            case "PLAY":
                self.is_playing = True
                return _reply(request, "200 OK", {"Session": "1", "Range": "npt=0.000-"})
            case "TEARDOWN":
                self.is_playing = False
                return _reply(request, "200 OK", {"Session": "1"})
            case "GET_PARAMETER" | "SET_PARAMETER":
                return _reply(request, "200 OK", {"Session": "1"})
            case _:
                return _reply(request, "405 Method Not Allowed", {})

    def _set_up(self, request: Request) -> bytes:
        if "TCP" not in request.headers.get("transport", ""):
            return _reply(request, "461 Unsupported Transport", {})
        transport = "RTP/AVP/TCP;unicast;interleaved=0-1"
        return _reply(request, "200 OK", {"Session": "1;timeout=60", "Transport": transport})

    def _is_known(self, request: Request) -> bool:
        if self._refuses_all:
            return False
        if self._login is None:
            return True
        sent = dict(_FIELD.findall(request.headers.get("authorization", "")))
        expected = digest(self._login, method=request.method, address=sent.get("uri", ""), nonce=self._nonce)
        return sent.get("username") == self._login.user and sent.get("response") == expected


def digest(login: Login, *, method: str, address: str, nonce: str, realm: str = REALM) -> str:
    """Return the response of RFC 2617 section 3.2.2.1 without ``qop``."""
    secret = _md5(f"{login.user}:{realm}:{login.password}")
    return _md5(f"{secret}:{nonce}:{_md5(f'{method}:{address}')}")


def _md5(text: str) -> str:
    # What cameras and RFC 2617 ask for; it guards nothing of ours.
    return hashlib.md5(text.encode(), usedforsecurity=False).hexdigest()


def description_of(film: Film) -> str:
    """Return the session description (SDP) of a film."""
    sps, pps = film.parameter_sets
    sets = ",".join(base64.b64encode(each).decode() for each in (sps, pps))
    lines = (
        "v=0",
        "o=- 0 0 IN IP4 127.0.0.1",
        "s=Pontive simulated camera",
        "c=IN IP4 0.0.0.0",
        "t=0 0",
        f"m=video 0 RTP/AVP {PAYLOAD_TYPE}",
        f"a=rtpmap:{PAYLOAD_TYPE} H264/{CLOCK_HZ}",
        f"a=fmtp:{PAYLOAD_TYPE} packetization-mode=1;"
        f"profile-level-id={sps[1:4].hex().upper()};sprop-parameter-sets={sets}",
        f"a=framerate:{film.fps}",
        "a=control:track1",
    )
    return "\r\n".join(lines) + "\r\n"


def _reply(request: Request, status: str, headers: dict[str, str], body: str = "") -> bytes:
    lines = [f"RTSP/1.0 {status}", f"CSeq: {request.headers.get('cseq', '0')}"]
    lines += [f"{name}: {value}" for name, value in headers.items()]
    if body:
        lines.append(f"Content-Length: {len(body)}")
    return ("\r\n".join(lines) + "\r\n\r\n" + body).encode()
