"""What is measured now, in a word or two a zone or gauge, for the picture a technician looks at."""

from edge.vision.measures.meter import Measured
from edge.vision.measures.zones import ZoneNow


class Readings:
    """The newest of each; ``words`` are ASCII, ``waters_m`` is where gauges were read."""

    def __init__(self) -> None:
        self.words: dict[str, str] = {}
        self.waters_m: dict[str, float] = {}

    def take(self, measured: Measured) -> None:
        """Take in what one frame told."""
        for zone in measured.zones:
            self.words[zone.zone] = _zone_words(zone)
        for gauge in measured.gauges:
            self.waters_m.pop(gauge.gauge, None)
            if gauge.level_m is None:
                self.words[gauge.gauge] = gauge.state.value
            else:
                self.words[gauge.gauge] = f"{gauge.level_m:.2f} +- {gauge.spread_m or 0:.2f} m"
                self.waters_m[gauge.gauge] = gauge.level_m


def _zone_words(zone: ZoneNow) -> str:
    level = zone.flow or zone.crowd
    return f"{'' if level is None else level.value} {zone.cover:.0%}".strip()
