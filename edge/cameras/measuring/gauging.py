"""When a gauge is said to be out of sight: one that the camera does not look at now. Pure."""

from collections.abc import Sequence

from edge.config import CameraSettings
from edge.wire.records.bodies import GaugeReading, GaugeState

# As often as a gauge in sight is read.
AWAY_EVERY_S = 60.0


class GaugeCalls:
    """Says "away" each minute for gauges that the camera does not look at.

    Args:
        settings: Of the camera, with the gauges of all its views.
    """

    def __init__(self, settings: CameraSettings) -> None:
        self._camera = settings.id
        views = {"": settings, **{preset.id: preset for preset in settings.presets}}
        # A camera with presets measures in those only.
        names = [name for name in views if name or not settings.presets]
        self._view_of = {gauge.id: name for name in names for gauge in views[name].gauges}
        self._said_s: dict[str, float] = {}

    def see(self, view: str | None, readings: Sequence[GaugeReading], now_s: float) -> list[GaugeReading]:
        """Return what is to be said now.

        Args:
            view: Id of the view before the camera; None: none.
            readings: Of its gauges, made with this frame.
            now_s: Monotonic.
        """
        said = list(readings)
        for gauge, home in self._view_of.items():
            since_s = self._said_s.setdefault(gauge, now_s)
            if home == view or any(reading.gauge == gauge for reading in readings):
                self._said_s[gauge] = now_s
            elif now_s - since_s >= AWAY_EVERY_S:
                self._said_s[gauge] = now_s
                said.append(GaugeReading(camera=self._camera, gauge=gauge, state=GaugeState.AWAY))
        return said
