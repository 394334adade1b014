"""How far a span of a tile looks back, and in what steps. Values only."""

from datetime import timedelta

from hub.boards.plan.shape import Span
from hub.measures.keeping.periods import Grain

SPANS: dict[Span, tuple[timedelta, Grain]] = {
    Span.DAY: (timedelta(days=1), Grain.HOUR),
    Span.WEEK: (timedelta(days=7), Grain.HOUR),
    Span.MONTH: (timedelta(days=30), Grain.DAY),
    Span.YEAR: (timedelta(days=365), Grain.MONTH),
    Span.DECADE: (timedelta(days=3653), Grain.YEAR),
}
