"""The numbers over a whole register, as its kind defines them: counted here, stored nowhere."""

from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import ColumnElement, func, select, true
from sqlalchemy.orm import Session

from hub.registers.keeping.listing import condition_of
from hub.registers.keeping.models import RegisterOwner, RegisterRow
from hub.registers.keeping.reach import EVERYTHING, RegisterReach, owned_on
from hub.registers.kind.fields import Counted, Figure, Kind, Where
from hub.registers.kind.reading import kind_of


@dataclass(frozen=True, slots=True)
class FigureValue:
    """One number; ``whole`` is what it is held against, ``None`` for a number by itself."""

    label: str
    value: float
    whole: float | None = None
    is_ratio: bool = False
    is_money: bool = False

    @property
    def share_percent(self) -> float | None:
        """How many per cent of the whole it is."""
        return 100 * self.value / self.whole if self.whole and not self.is_ratio else None

    @property
    def ratio(self) -> float | None:
        """How many there are for each of the whole."""
        return self.value / self.whole if self.whole and self.is_ratio else None


def figures_of(db: Session, kind: Kind, reach: RegisterReach, *, today: date) -> tuple[FigureValue, ...]:
    """Return the figures of a kind over what is within reach.

    Against a whole they are held only where the whole city is seen: of a part it would be no share.
    """
    return tuple(_figure(db, kind, figure, reach, today) for figure in kind.figures)


def _figure(db: Session, kind: Kind, figure: Figure, reach: RegisterReach, today: date) -> FigureValue:
    value = _counted(db, kind, figure.count, figure.field, figure.where, reach, today)
    whole: float | None = None
    if figure.per is not None and reach.is_city:
        per = figure.per
        whole = _counted(db, kind_of(per.kind), per.count, per.field, per.where, EVERYTHING, today)
    return FigureValue(figure.label, value, whole, figure.is_ratio, figure.is_money)


def _counted(
    db: Session, kind: Kind, count: Counted, name: str, where: Where | None, reach: RegisterReach, today: date
) -> float:
    wanted: ColumnElement[Any]
    match count:
        case Counted.ROWS:
            wanted = func.count(RegisterRow.id)
        case Counted.OWNERS:
            wanted = func.count(RegisterOwner.opd.distinct())
        case Counted.SUM:
            wanted = func.sum(RegisterRow.values[name].as_float())
    query = (
        select(wanted)
        .select_from(RegisterRow)
        .join(RegisterOwner, owned_on(today), isouter=True)
        .where(
            RegisterRow.kind == kind.code,
            RegisterRow.is_retired.is_(False),
            reach.condition(),
            condition_of(kind, where) if where else true(),
        )
    )
    return db.scalar(query) or 0
