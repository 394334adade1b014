"""The services of one ONVIF camera: its clock, and where on it each service is. Shared by turning and coding.

Source: ONVIF Core Specification 2.6 (2016).
"""

from collections.abc import Callable
from datetime import datetime
from urllib.parse import urlsplit

from edge.ptz.port import TurningError
from edge.ptz.soap import Element, SoapCamera

DEVICE = "http://www.onvif.org/ver10/device/wsdl"
MEDIA = "http://www.onvif.org/ver10/media/wsdl"
SCHEMA = "http://www.onvif.org/ver10/schema"


class Services:
    """What a camera offers, asked once."""

    def __init__(self, camera: SoapCamera, now: Callable[[], datetime]) -> None:
        """Learn the camera's clock, and ask for its services.

        Raises:
            TurningError: unreachable, refused, or not SOAP.
        """
        self._camera = camera
        camera.clock_ahead = self._clock(now) - now()
        self._answer = self._ask("GetCapabilities", "<d:Category>All</d:Category>")

    def path(self, name: str, *, doubt: str) -> str:
        """Return where a service is on this camera; the host it names is not followed.

        Raises:
            TurningError: it is not offered; ``doubt`` says what that may mean.
        """
        for service in self._answer.iter(f"{{{SCHEMA}}}{name}"):
            try:
                path = urlsplit(service.findtext(f"{{{SCHEMA}}}XAddr", "").strip()).path
            except ValueError:
                path = ""
            if path and path.isascii() and path.isprintable() and " " not in path:
                return path
        raise TurningError(f"ONVIF of {self._camera.label} offers no {name} service; {doubt}")

    def _clock(self, now: Callable[[], datetime]) -> datetime:
        answer = self._ask("GetSystemDateAndTime", "", is_open=True)
        utc = next(answer.iter(f"{{{SCHEMA}}}UTCDateTime"), None)
        if utc is None:
            return now()
        numbers = [utc.findtext(f"{{{SCHEMA}}}{path}", "") for path in _CLOCK_PATHS]
        try:
            return datetime(*map(int, numbers), tzinfo=now().tzinfo)  # type: ignore[arg-type, misc] # six numbers
        except (ValueError, TypeError):
            return now()

    def _ask(self, what: str, more: str, *, is_open: bool = False) -> Element:
        question = f'<d:{what} xmlns:d="{DEVICE}">{more}</d:{what}>'
        return self._camera.ask(self._camera.path, question, is_open=is_open)


_CLOCK_PATHS = tuple(
    path.replace("/", f"/{{{SCHEMA}}}")
    for path in ("Date/Year", "Date/Month", "Date/Day", "Time/Hour", "Time/Minute", "Time/Second")
)
