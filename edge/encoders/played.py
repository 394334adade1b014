"""What the simulated ONVIF camera answers about its coders: two streams, a main and a sub one."""

from dataclasses import dataclass, field
from typing import ClassVar
from urllib.parse import quote
from xml.sax.saxutils import escape

from edge.encoders.port import Coding
from edge.ptz.services import MEDIA, SCHEMA
from edge.ptz.soap import Element

SIZES = ((640, 360), (1280, 720), (1920, 1080))


@dataclass
class PlayedOnvifEncoder:
    """The coders by the path of their streams; ``is_stubborn``: says yes and changes nothing."""

    OFFERS: ClassVar[frozenset[str]] = frozenset(
        {"GetStreamUri", "GetVideoEncoderConfigurationOptions", "SetVideoEncoderConfiguration"}
    )
    streams: dict[str, Coding] = field(
        default_factory=lambda: {
            "/utama": Coding("H264", 1920, 1080, 25, 50),
            "/sub": Coding("H264", 640, 360, 25, 100),
        }
    )
    is_stubborn: bool = False

    def profiles(self) -> str:
        """Return its profiles, as GetProfiles lists them."""
        return "".join(
            f'<d:Profiles xmlns:t="{SCHEMA}" token="p{number}">'
            f'<t:VideoEncoderConfiguration token="c{number}">{_configuration(coding)}'
            "</t:VideoEncoderConfiguration></d:Profiles>"
            for number, coding in enumerate(self.streams.values())
        )

    def answer(self, name: str, question: Element) -> str:
        """Return what is inside the answer to one of ``OFFERS``."""
        match name:
            case "GetStreamUri":
                token = question.findtext(f"{{{MEDIA}}}ProfileToken", "")
                path = dict(zip((f"p{n}" for n in range(len(self.streams))), self.streams, strict=True)).get(
                    token
                )
                uri = f"rtsp://192.0.2.1:554{quote(path or '/?')}"
                return f'<d:MediaUri xmlns:t="{SCHEMA}"><t:Uri>{escape(uri)}</t:Uri></d:MediaUri>'
            case "GetVideoEncoderConfigurationOptions":
                return _OPTIONS
            case _:
                self._set(question)
                return ""

    def _set(self, question: Element) -> None:
        configuration = question.find(f"{{{MEDIA}}}Configuration")
        assert configuration is not None, "the adapter always sends one"
        paths = dict(zip((f"c{n}" for n in range(len(self.streams))), self.streams, strict=True))

        def number(path: str) -> int:
            return int(configuration.findtext("/".join(f"{{{SCHEMA}}}{one}" for one in path.split("/")), "0"))

        if not self.is_stubborn:
            self.streams[paths[configuration.get("token", "")]] = Coding(
                configuration.findtext(f"{{{SCHEMA}}}Encoding", ""),
                number("Resolution/Width"),
                number("Resolution/Height"),
                number("RateControl/FrameRateLimit"),
                number("H264/GovLength"),
            )


def _configuration(coding: Coding) -> str:
    every = f"<t:GovLength>{coding.key_frame_every}</t:GovLength>"
    h264 = f"<t:H264>{every}<t:H264Profile>Main</t:H264Profile></t:H264>"
    return (
        f"<t:Name>video</t:Name><t:UseCount>1</t:UseCount><t:Encoding>{coding.codec}</t:Encoding>"
        f"<t:Resolution><t:Width>{coding.width_px}</t:Width><t:Height>{coding.height_px}</t:Height></t:Resolution>"
        "<t:Quality>4</t:Quality><t:RateControl>"
        f"<t:FrameRateLimit>{coding.fps:.0f}</t:FrameRateLimit><t:EncodingInterval>1</t:EncodingInterval>"
        f"<t:BitrateLimit>1024</t:BitrateLimit></t:RateControl>{h264 if coding.codec == 'H264' else ''}"
        "<t:SessionTimeout>PT60S</t:SessionTimeout>"
    )


_OPTIONS = (
    f'<d:Options xmlns:t="{SCHEMA}"><t:H264>'
    + "".join(
        f"<t:ResolutionsAvailable><t:Width>{w}</t:Width><t:Height>{h}</t:Height></t:ResolutionsAvailable>"
        for w, h in SIZES
    )
    + "<t:GovLengthRange><t:Min>1</t:Min><t:Max>150</t:Max></t:GovLengthRange>"
    "<t:FrameRateRange><t:Min>1</t:Min><t:Max>25</t:Max></t:FrameRateRange></t:H264></d:Options>"
)
