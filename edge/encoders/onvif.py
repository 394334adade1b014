"""A camera's coder by ONVIF, Media service 1 (profile S), which every camera of the list speaks.

The stream is the one whose RTSP address has the path we decode; what we do not know stays as the
camera gave it. Source: ONVIF Media Service Specification 2.6 (2016), section 5.
"""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from urllib.parse import urlsplit
from xml.etree import ElementTree
from xml.sax.saxutils import quoteattr

from edge.encoders.port import Choices, Coding, EncoderError
from edge.ptz.port import TurningError
from edge.ptz.services import MEDIA, SCHEMA, Services
from edge.ptz.soap import Element, Login, SoapCamera, printable

TIMEOUT_S = 5.0
_MOST_PROFILES = 16
_DOUBT = "is it a camera with profile S?"


@dataclass(frozen=True, slots=True)
class _Stream:
    """A profile of the camera, with the configuration of its coder."""

    profile: str
    configuration: Element

    @property
    def token(self) -> str:
        return self.configuration.get("token", "")


class OnvifEncoder:
    """Adapter of :class:`edge.encoders.port.Encoder`.

    Args:
        address: of the camera's device service.
        login: an ONVIF user of the camera; to set, an operator or administrator.
        source: the RTSP address that is decoded.
        timeout_s: for each question.
        now: the wall clock, UTC.
    """

    def __init__(
        self,
        address: str,
        login: Login,
        *,
        source: str,
        timeout_s: float = TIMEOUT_S,
        now: Callable[[], datetime] = lambda: datetime.now(UTC),
    ) -> None:
        with _translated():
            self._camera = SoapCamera(address, login, timeout_s=timeout_s, now=now)
        self._source = source
        self._now = now
        self._media = ""

    def coding(self) -> Coding:
        """Return how it codes now."""
        with _translated():
            return _coding(self._stream().configuration)

    def choices(self) -> Choices:
        """Return what it could do."""
        with _translated():
            stream = self._stream()
            answer = self._ask(
                "GetVideoEncoderConfigurationOptions",
                f"<m:ConfigurationToken>{_text(stream.token)}</m:ConfigurationToken>"
                f"<m:ProfileToken>{_text(stream.profile)}</m:ProfileToken>",
            )
        return _choices(answer)

    def code(self, wanted: Coding) -> None:
        """Code so from now on, after the camera's next restart too."""
        with _translated():
            stream = self._stream()
            _change(stream.configuration, wanted)
            inner = "".join(ElementTree.tostring(child, "unicode") for child in stream.configuration)
            self._ask(
                "SetVideoEncoderConfiguration",
                f"<m:Configuration token={quoteattr(stream.token)}>{inner}</m:Configuration>"
                "<m:ForcePersistence>true</m:ForcePersistence>",
            )

    def _stream(self) -> _Stream:
        """Return the stream we decode; without a match, the smallest: nobody analyses the large one."""
        self._media = Services(self._camera, self._now).path("Media", doubt=_DOUBT)
        profiles = self._ask("GetProfiles", "").findall(f"{{{MEDIA}}}Profiles")[:_MOST_PROFILES]
        found = [
            _Stream(each.get("token", ""), configuration)
            for each in profiles
            if (configuration := each.find(f"{{{SCHEMA}}}VideoEncoderConfiguration")) is not None
        ]
        if not found:
            raise EncoderError(
                f"ONVIF of {self._camera.label} names no coder; set the stream in its own page"
            )
        ours = [stream for stream in found if self._is_ours(stream)]
        return (ours or sorted(found, key=lambda one: _coding(one.configuration).width_px))[0]

    def _is_ours(self, stream: _Stream) -> bool:
        answer = self._ask(
            "GetStreamUri",
            f'<m:StreamSetup xmlns:t="{SCHEMA}"><t:Stream>RTP-Unicast</t:Stream><t:Transport><t:Protocol>RTSP'
            "</t:Protocol></t:Transport></m:StreamSetup>"
            f"<m:ProfileToken>{_text(stream.profile)}</m:ProfileToken>",
        )
        return _path(answer.findtext(f"{{{MEDIA}}}MediaUri/{{{SCHEMA}}}Uri", "")) == _path(self._source)

    def _ask(self, what: str, more: str) -> Element:
        return self._camera.ask(self._media, f'<m:{what} xmlns:m="{MEDIA}">{more}</m:{what}>')


@contextmanager
def _translated() -> Iterator[None]:
    try:
        yield
    except TurningError as error:
        raise EncoderError(str(error)) from error


def _coding(configuration: Element) -> Coding:
    def number(path: str) -> float:
        words = configuration.findtext("/".join(f"{{{SCHEMA}}}{name}" for name in path.split("/")), "0")
        try:
            return min(max(float(words), 0.0), 100_000.0)
        except ValueError:
            return 0.0

    codec = printable(configuration.findtext(f"{{{SCHEMA}}}Encoding", ""))[:16]
    return Coding(
        codec=codec,
        width_px=int(number("Resolution/Width")),
        height_px=int(number("Resolution/Height")),
        fps=number("RateControl/FrameRateLimit") / max(number("RateControl/EncodingInterval"), 1.0),
        key_frame_every=int(number("H264/GovLength")) if codec == "H264" else 1,
    )


def _change(configuration: Element, wanted: Coding) -> None:
    """Write what is wanted into a configuration; what it has besides stays."""
    values = {
        "Encoding": wanted.codec,
        "Resolution/Width": str(wanted.width_px),
        "Resolution/Height": str(wanted.height_px),
        "RateControl/FrameRateLimit": str(round(wanted.fps)),
        "RateControl/EncodingInterval": "1",
        "H264/GovLength": str(wanted.key_frame_every),
    }
    for path, word in values.items():
        at = configuration
        for name in path.split("/"):
            child = at.find(f"{{{SCHEMA}}}{name}")
            at = child if child is not None else _added(at, name)
        at.text = word
    h264 = configuration.find(f"{{{SCHEMA}}}H264")
    if h264 is not None and h264.find(f"{{{SCHEMA}}}H264Profile") is None:
        ElementTree.SubElement(h264, f"{{{SCHEMA}}}H264Profile").text = "Main"


def _added(holder: Element, name: str) -> Element:
    """Add a part where the schema has it: strict cameras refuse one that comes too late."""
    new = ElementTree.Element(f"{{{SCHEMA}}}{name}")
    after = {f"{{{SCHEMA}}}{each}" for each in ("BitrateLimit", "H264Profile", "Multicast", "SessionTimeout")}
    place = next((at for at, child in enumerate(holder) if child.tag in after), len(holder))
    holder.insert(place, new)
    return new


def _choices(answer: Element) -> Choices:
    h264 = next(answer.iter(f"{{{SCHEMA}}}H264"), None)
    if h264 is None:
        return Choices()
    sizes = []
    for each in h264.findall(f"{{{SCHEMA}}}ResolutionsAvailable"):
        width, height = (each.findtext(f"{{{SCHEMA}}}{name}", "") for name in ("Width", "Height"))
        if width.isdecimal() and height.isdecimal():
            sizes.append((int(width), int(height)))
    plain = Choices()
    return Choices(
        sizes=tuple(sizes),
        fps=_span(h264, "FrameRateRange", plain.fps),
        key_frame_every=_span(h264, "GovLengthRange", plain.key_frame_every),
    )


def _span(holder: Element, name: str, otherwise: tuple[int, int]) -> tuple[int, int]:
    found = holder.find(f"{{{SCHEMA}}}{name}")
    words = [] if found is None else [found.findtext(f"{{{SCHEMA}}}{end}", "") for end in ("Min", "Max")]
    if len(words) == 2 and all(word.isdecimal() for word in words) and int(words[0]) <= int(words[1]):
        return int(words[0]), int(words[1])
    return otherwise


def _path(address: str) -> str:
    try:
        parts = urlsplit(address.strip())
    except ValueError:
        return ""
    return f"{parts.path.rstrip('/')}?{parts.query}"


def _text(token: str) -> str:
    return token.replace("&", "&amp;").replace("<", "&lt;")
