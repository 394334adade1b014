"""What a simulated camera answers to ONVIF: a question in, an answer out. Must not open sockets.

Faults can be set, as of a camera that moves without saying so or names no positions.
"""

import base64
import binascii
import re
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from xml.etree import ElementTree
from xml.sax.saxutils import escape, quoteattr

from edge.encoders.played import PlayedOnvifEncoder
from edge.ptz.onvif import PTZ
from edge.ptz.port import CameraPreset, Position, Speed, Turning, TurningError
from edge.ptz.services import DEVICE, MEDIA, SCHEMA
from edge.ptz.soap import SECURITY, SOAP, UTILITY, digest_of

Element = ElementTree.Element
PROFILE = "turning"
# A digest older than this is refused, as most makers do.
_MOST_SKEW = timedelta(seconds=30)
_SECONDS = re.compile(r"\APT(\d+(?:\.\d+)?)S\Z")


@dataclass
class SimulatedOnvif:
    """The ONVIF services of one simulated camera.

    ``names_positions`` and ``says_moving`` off are habits of cheap cameras; ``clock_ahead`` is how
    wrong its clock is; ``profile`` empty is a camera that does not turn; ``encoder`` codes its streams.
    """

    head: Turning
    now: Callable[[], datetime]
    user: str = ""
    password: str = field(default="", repr=False)
    names_positions: bool = True
    says_moving: bool = True
    clock_ahead: timedelta = timedelta(0)
    profile: str = PROFILE
    encoder: PlayedOnvifEncoder = field(default_factory=PlayedOnvifEncoder)

    def answer(self, payload: bytes) -> tuple[int, bytes]:
        """Return HTTP status and body for a question."""
        try:
            root = ElementTree.fromstring(payload)  # noqa: S314 - a simulator on the technician's own desk
        except ElementTree.ParseError:
            return _fault("Sender", "no SOAP")
        body = root.find(f"{{{SOAP}}}Body")
        question = None if body is None else next(iter(body), None)
        if question is None:
            return _fault("Sender", "nothing is asked")
        name = question.tag.rpartition("}")[2]
        if name != "GetSystemDateAndTime" and not self._is_known(root):
            return _fault("Sender", "Sender not authorized", "NotAuthorized")
        try:
            return self._carry_out(name, question)
        except TurningError as error:
            return _fault("Sender", str(error), "NoEntity")

    def _carry_out(self, name: str, question: Element) -> tuple[int, bytes]:
        match name:
            case "GetSystemDateAndTime":
                return _envelope(DEVICE, name, self._clock())
            case "GetCapabilities":
                return _envelope(DEVICE, name, _CAPABILITIES)
            case "GetProfiles":
                return _envelope(MEDIA, name, self._profiles())
            case "GetStatus":
                return _envelope(PTZ, name, self._status())
            case "GetPresets":
                return _envelope(PTZ, name, "".join(map(self._preset, self.head.presets())))
            case "GotoPreset":
                self.head.go_to(question.findtext(f"{{{PTZ}}}PresetToken", ""))
            case "ContinuousMove":
                self._move(question)
            case "Stop":
                self.head.stop()
            case _ if name in self.encoder.OFFERS:
                return _envelope(MEDIA, name, self.encoder.answer(name, question))
            case _:
                return _fault("Sender", f"{name} is not offered", "ActionNotSupported")
        return _envelope(PTZ, name, "")

    def _is_known(self, root: Element) -> bool:
        if not self.user:
            return True
        token = root.find(f"{{{SOAP}}}Header/{{{SECURITY}}}Security/{{{SECURITY}}}UsernameToken")
        if token is None:
            return False
        created = token.findtext(f"{{{UTILITY}}}Created", "")
        try:
            nonce = base64.b64decode(token.findtext(f"{{{SECURITY}}}Nonce", ""), validate=True)
            skew = datetime.fromisoformat(created) - (self.now() + self.clock_ahead)
        except (ValueError, TypeError, binascii.Error):
            return False
        is_right = token.findtext(f"{{{SECURITY}}}Password", "") == digest_of(nonce, created, self.password)
        return is_right and abs(skew) < _MOST_SKEW and token.findtext(f"{{{SECURITY}}}Username") == self.user

    def _clock(self) -> str:
        at = self.now() + self.clock_ahead
        return (
            f'<d:SystemDateAndTime xmlns:t="{SCHEMA}"><t:UTCDateTime><t:Time><t:Hour>{at.hour}</t:Hour>'
            f"<t:Minute>{at.minute}</t:Minute><t:Second>{at.second}</t:Second></t:Time><t:Date>"
            f"<t:Year>{at.year}</t:Year><t:Month>{at.month}</t:Month><t:Day>{at.day}</t:Day></t:Date>"
            "</t:UTCDateTime></d:SystemDateAndTime>"
        )

    def _profiles(self) -> str:
        turns = '<t:PTZConfiguration token="ptz"/>' if self.profile else ""
        return (
            f'<d:Profiles xmlns:t="{SCHEMA}" token="still"/>'
            f'<d:Profiles xmlns:t="{SCHEMA}" token="{self.profile or "fixed"}">{turns}</d:Profiles>'
            f"{self.encoder.profiles()}"
        )

    def _status(self) -> str:
        pose = self.head.pose()
        state = "MOVING" if pose.is_moving else "IDLE"
        moving = (
            f"<t:MoveStatus><t:PanTilt>{state}</t:PanTilt><t:Zoom>{state}</t:Zoom></t:MoveStatus>"
            if self.says_moving
            else ""
        )
        place = "" if pose.position is None else f"<t:Position>{_place(pose.position)}</t:Position>"
        return f'<d:PTZStatus xmlns:t="{SCHEMA}">{place}{moving}</d:PTZStatus>'

    def _preset(self, preset: CameraPreset) -> str:
        is_told = self.names_positions and preset.position is not None
        place = (
            f"<t:PTZPosition>{_place(preset.position)}</t:PTZPosition>" if is_told and preset.position else ""
        )
        return (
            f'<d:Preset xmlns:t="{SCHEMA}" token={quoteattr(preset.token)}>'
            f"<t:Name>{escape(preset.name)}</t:Name>{place}</d:Preset>"
        )

    def _move(self, question: Element) -> None:
        velocity = f"{{{PTZ}}}Velocity/{{{SCHEMA}}}"
        turned, zoom = question.find(velocity + "PanTilt"), question.find(velocity + "Zoom")
        speed = Speed(
            pan=0.0 if turned is None else float(turned.get("x", "0")),
            tilt=0.0 if turned is None else float(turned.get("y", "0")),
            zoom=0.0 if zoom is None else float(zoom.get("x", "0")),
        )
        found = _SECONDS.match(question.findtext(f"{{{PTZ}}}Timeout", ""))
        self.head.move(speed, timeout_s=float(found.group(1)) if found else 10.0)


# What it says of its host is wrong on purpose, as behind many a router: it is not to be followed.
_CAPABILITIES = (
    f'<d:Capabilities xmlns:t="{SCHEMA}">'
    "<t:Media><t:XAddr>http://192.0.2.1/onvif/media_service</t:XAddr></t:Media>"
    "<t:PTZ><t:XAddr>http://192.0.2.1/onvif/ptz_service</t:XAddr></t:PTZ></d:Capabilities>"
)


def _place(position: Position) -> str:
    return f'<t:PanTilt x="{position.pan:.6f}" y="{position.tilt:.6f}"/><t:Zoom x="{position.zoom:.6f}"/>'


def _envelope(namespace: str, name: str, inner: str) -> tuple[int, bytes]:
    answer = f'<d:{name}Response xmlns:d="{namespace}">{inner}</d:{name}Response>'
    return 200, _wrapped(answer)


def _fault(code: str, reason: str, subcode: str = "") -> tuple[int, bytes]:
    detail = f"<s:Subcode><s:Value>ter:{subcode}</s:Value></s:Subcode>" if subcode else ""
    return 400, _wrapped(
        f"<s:Fault><s:Code><s:Value>s:{code}</s:Value>{detail}</s:Code>"
        f'<s:Reason><s:Text xml:lang="en">{escape(reason)}</s:Text></s:Reason></s:Fault>'
    )


def _wrapped(inner: str) -> bytes:
    return (
        f'<?xml version="1.0" encoding="UTF-8"?><s:Envelope xmlns:s="{SOAP}">'
        f"<s:Body>{inner}</s:Body></s:Envelope>"
    ).encode()
