"""How many rows a measure has as open data, without reading them: counted once, kept until points change."""

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from hub.measures.catalogue.reading import Catalogue, shipped
from hub.measures.catalogue.shape import Measure
from hub.measures.keeping.across import together
from hub.measures.keeping.models import MeasureCity
from hub.measures.keeping.series import CITY, Side, within
from hub.measures.service import points_behind, public_dataset

# How many periods the parts of a measure have for the city, of how many points, and the newest of them.
Mark = tuple[int, int, int]


class RowCounts:
    """Counts of public measures; a count holds as long as the city's own rows stay what they were."""

    def __init__(self, catalogue: Catalogue | None = None) -> None:
        """Take the catalogue; the shipped one when not given."""
        self._known = catalogue or shipped()
        self._kept: dict[str, tuple[Mark, int]] = {}

    def of(self, db: Session, code: str) -> int:
        """Return how many rows ``public_dataset`` of a measure has.

        Raises:
            NotFoundError: there is no such measure, or it is not public.
        """
        mark = self._mark(db, code)
        kept = self._kept.get(code)
        if kept is None or kept[0] != mark:
            kept = self._kept[code] = (mark, self._counted(db, self._known.one(code)))
        return kept[1]

    def _mark(self, db: Session, code: str) -> Mark:
        held = MeasureCity
        parts = [self._known.one(name) for name in points_behind(self._known, code)]
        marks = [
            db.execute(
                select(func.count(), func.coalesce(func.sum(held.samples), 0), func.max(held.begin_s)).where(
                    held.measure == one.code, held.grain == int(one.grain_kept)
                )
            ).one()
            for one in parts
        ]
        return (
            sum(int(mark[0]) for mark in marks),
            sum(int(mark[1]) for mark in marks),
            max((int(mark[2]) for mark in marks if mark[2] is not None), default=0),
        )

    def _counted(self, db: Session, measure: Measure) -> int:
        if measure.formula or not measure.is_public:
            # A formula has no rows of its own: what it comes to is worked out, and counted, once.
            return sum(1 for _row in public_dataset(db, measure.code, catalogue=self._known).rows)
        held, grain = MeasureCity, measure.grain_kept
        city = select(func.count()).where(held.measure == measure.code, held.grain == int(grain))
        return (db.scalar(city) or 0) + sum(_of_side(db, measure, side) for side in Side)


def _of_side(db: Session, measure: Measure, side: Side) -> int:
    rows = together(measure, measure.grain_kept, side).where(within(measure.code, CITY)).subquery()
    return db.scalar(select(func.count()).select_from(rows).where(rows.c.facet != "")) or 0
