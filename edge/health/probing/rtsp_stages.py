"""How far a camera's RTSP gets, stage by stage: port, OPTIONS, DESCRIBE with login, a picture in it.

Asks two or three questions and hangs up; never starts a stream, never writes a password anywhere.
"""

import base64
import hashlib
import re
import socket
from dataclasses import dataclass, field
from enum import StrEnum

# RFC 2326 (1998)
_MAX_ANSWER_BYTES = 65_536
_CHALLENGE_PART = re.compile(r'(\w+)=(?:"([^"]*)"|([^\s,]+))')


class RtspStage(StrEnum):
    """Where it stopped; ``DESCRIBES`` is as far as it goes without playing."""

    UNREACHABLE = "unreachable"  # no answer from the address at all
    REFUSED = "refused"  # the host answers, nobody listens on the port
    MUTE = "mute"  # takes the connection and says nothing
    NOT_RTSP = "not-rtsp"  # talks, but something else
    UNAUTHORISED = "unauthorised"
    NO_STREAM = "no-stream"  # no such path, or no video behind it
    DESCRIBES = "describes"

    @property
    def is_host_alive(self) -> bool:
        """Return whether the camera's network part answered, whatever it said."""
        return self is not RtspStage.UNREACHABLE


@dataclass(frozen=True, slots=True)
class RtspTarget:
    """What to ask for; ``path`` begins with a slash."""

    host: str
    port: int
    path: str
    user: str = ""
    password: str = field(default="", repr=False)

    @property
    def address(self) -> str:
        """Return the address without the login, as requests name it."""
        return f"rtsp://{self.host}:{self.port}{self.path}"


def rtsp_stage(target: RtspTarget, *, timeout_s: float) -> RtspStage:
    """Return how far a camera's RTSP gets; each step may take ``timeout_s``."""
    try:
        link = socket.create_connection((target.host, target.port), timeout=timeout_s)
    except ConnectionRefusedError:
        return RtspStage.REFUSED
    except OSError:
        return RtspStage.UNREACHABLE
    with link:
        link.settimeout(timeout_s)
        try:
            return _Asking(link, target).run()
        except OSError:
            return RtspStage.MUTE  # silent, or it hung up in the middle


@dataclass(frozen=True, slots=True)
class _Answer:
    code: int
    headers: tuple[tuple[str, str], ...]
    body: str


class _Asking:
    """One visit."""

    def __init__(self, link: socket.socket, target: RtspTarget) -> None:
        self._link = link
        self._target = target
        self._number = 0

    def run(self) -> RtspStage:
        if self._ask("OPTIONS") is None:
            return RtspStage.NOT_RTSP
        answer = self._ask("DESCRIBE")
        if answer is not None and answer.code == 401 and self._target.user:
            answer = self._ask("DESCRIBE", _login(answer, self._target))
        return _stage_of(answer)

    def _ask(self, method: str, login: str = "") -> _Answer | None:
        self._number += 1
        lines = [f"{method} {self._target.address} RTSP/1.0", f"CSeq: {self._number}"]
        if method == "DESCRIBE":
            lines.append("Accept: application/sdp")
        if login:
            lines.append(f"Authorization: {login}")
        self._link.sendall(("\r\n".join(lines) + "\r\n\r\n").encode())
        return self._read()

    def _read(self) -> _Answer | None:
        head = b""
        while b"\r\n\r\n" not in head:
            head += self._more(len(head))
            if not b"RTSP/1.".startswith(head[:7]) and not head.startswith(b"RTSP/1."):
                return None
        raw_head, _, body = head.partition(b"\r\n\r\n")
        first, *lines = raw_head.decode("utf-8", "replace").split("\r\n")
        headers = tuple(
            (name.strip().lower(), value.strip())
            for name, _, value in (line.partition(":") for line in lines)
        )
        length = dict(headers).get("content-length", "0")
        wanted = min(int(length), _MAX_ANSWER_BYTES) if length.isdecimal() else 0
        while len(body) < wanted:
            body += self._more(len(body))
        code = first.split()[1] if len(first.split()) > 1 else ""
        return _Answer(int(code), headers, body.decode("utf-8", "replace")) if code.isdecimal() else None

    def _more(self, so_far_bytes: int) -> bytes:
        if so_far_bytes > _MAX_ANSWER_BYTES:
            raise OSError("the answer does not end")
        chunk = self._link.recv(4_096)
        if not chunk:
            raise OSError("hung up")
        return chunk


def _stage_of(answer: _Answer | None) -> RtspStage:
    if answer is None:
        return RtspStage.NOT_RTSP
    if answer.code in (401, 403):
        return RtspStage.UNAUTHORISED
    if answer.code != 200 or "m=video" not in answer.body:
        return RtspStage.NO_STREAM
    return RtspStage.DESCRIBES


def _login(answer: _Answer, target: RtspTarget) -> str:
    """Return what to say to a challenge: Digest where the camera can, else Basic."""
    challenges = [value for name, value in answer.headers if name == "www-authenticate"]
    digest = next((each for each in challenges if each.lower().startswith("digest")), "")
    if not digest:
        pair = base64.b64encode(f"{target.user}:{target.password}".encode()).decode()
        return f"Basic {pair}"
    parts = {name.lower(): quoted or bare for name, quoted, bare in _CHALLENGE_PART.findall(digest)}
    realm, nonce = parts.get("realm", ""), parts.get("nonce", "")
    # RFC 2617 section 3.2.2.1 (1999) without qop, which RTSP cameras do not ask for.
    secret = _md5(f"{target.user}:{realm}:{target.password}")
    response = _md5(f"{secret}:{nonce}:{_md5(f'DESCRIBE:{target.address}')}")
    return (
        f'Digest username="{target.user}", realm="{realm}", nonce="{nonce}", '
        f'uri="{target.address}", response="{response}"'
    )


def _md5(text: str) -> str:
    # What cameras and RFC 2617 ask for; it guards nothing of ours.
    return hashlib.md5(text.encode(), usedforsecurity=False).hexdigest()
