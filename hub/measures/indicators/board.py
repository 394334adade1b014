"""The six indicators: which measures stand for each, how far each is, and what that comes to. Reads only."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.orm import Session

from hub.measures.catalogue.reading import shipped
from hub.measures.catalogue.shape import Measure
from hub.measures.keeping.values import Value
from hub.measures.pages.standing import Score, Standing, is_stale, score_of
from hub.measures.service import newest_of
from hub.web.i18n import N_

# The city's six, in its order; the values are texts to translate.
INDICATORS: dict[str, str] = {
    "living": N_("Kualitas hidup"),
    "environment": N_("Lingkungan"),
    "utility": N_("Utilitas"),
    "economy": N_("Ekonomi"),
    "mobility": N_("Mobilitas"),
    "people": N_("Masyarakat"),
}
# Ours: below it an indicator is behind, whatever single measures say.
NEAR_PERCENT = 80.0


@dataclass(frozen=True, slots=True)
class Line:
    """One measure of an indicator; ``is_stale``: the newest value is older than it may be."""

    measure: Measure
    newest: Value | None
    score: Score
    is_stale: bool


@dataclass(frozen=True, slots=True)
class Indicator:
    """One of the six: the mean of how far its measures with a target are."""

    code: str
    label: str
    lines: tuple[Line, ...]

    @property
    def percent(self) -> float | None:
        """How far it is, 100 being every target reached; ``None``: nothing can be said."""
        scores = [line.score.percent for line in self.lines if line.score.percent is not None]
        return sum(scores) / len(scores) if scores else None

    @property
    def standing(self) -> Standing:
        """The same in a word."""
        percent = self.percent
        if percent is None:
            return Standing.NO_DATA
        if percent >= 100:
            return Standing.REACHED
        return Standing.NEAR if percent >= NEAR_PERCENT else Standing.BEHIND


def indicators(db: Session, now: datetime, *, sees_all: bool) -> tuple[Indicator, ...]:
    """Return the six, with the measures that the viewer may see; the others count for nobody here."""
    lines: dict[str, list[Line]] = {code: [] for code in INDICATORS}
    for measure in shipped().measures.values():
        if measure.indicator is not None and (measure.is_public or sees_all):
            lines[measure.indicator].append(_line(db, measure, now))
    return tuple(Indicator(code, label, tuple(lines[code])) for code, label in INDICATORS.items())


def _line(db: Session, measure: Measure, now: datetime) -> Line:
    newest = next(iter(newest_of(db, measure.code)), None)
    score = score_of(measure, None if newest is None else newest.value)
    return Line(measure, newest, score, newest is not None and is_stale(measure, newest, now))
