"""Years of budget lines, of OPDs and of the city, from measures. Never commits."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from hub.measures.catalogue.reading import shipped
from hub.measures.keeping.periods import WIB, Grain, begin_of_day, moment_of
from hub.measures.keeping.points import Said, keep
from hub.measures.keeping.series import Facets, Side
from hub.measures.keeping.sources import SourceKind, source_id
from hub.measures.performance.models import BudgetLine
from hub.measures.performance.rules import Month, Progress, progress
from hub.measures.service import values_of
from hub.people import audit

MONEY = {"budget_planned": "planned", "budget_spent": "spent"}
WORK = {"work_planned": "work_planned", "work_done": "work_done"}
_NOTHING = (Month(),) * 12


@dataclass(frozen=True, slots=True)
class LineYear:
    """A sub kegiatan with its months."""

    line: BudgetLine
    months: tuple[Month, ...]

    def until(self, month: int) -> Progress:
        """Return how it stands at the end of a month."""
        return progress(self.line.ceiling, self.months, month)


def _with(month: Month, name: str, value: float | None) -> Month:
    match name:
        case "planned":
            return replace(month, planned=value or 0.0)
        case "spent":
            return replace(month, spent=value or 0.0)
        case "work_planned":
            return replace(month, work_planned=value)
        case _:
            return replace(month, work_done=value)


@dataclass(frozen=True, slots=True)
class Together:
    """Several lines as one: money added up, work weighted by the ceilings."""

    ceiling: int
    months: tuple[Month, ...]

    def until(self, month: int) -> Progress:
        """Return how they stand at the end of a month."""
        return progress(self.ceiling, self.months, month)


def years_of(db: Session) -> list[int]:
    """Return the years that have lines, the newest first."""
    return sorted(db.scalars(select(BudgetLine.year).distinct()), reverse=True)


def lines_of(db: Session, year: int, opds: Iterable[int] | None = None) -> list[LineYear]:
    """Return the lines of a year with their months, of all OPDs or of some."""
    query = select(BudgetLine).where(BudgetLine.year == year).order_by(BudgetLine.opd, BudgetLine.code)
    if opds is not None:
        query = query.where(BudgetLine.opd.in_(list(opds)))
    lines = list(db.scalars(query))
    months: dict[tuple[str, str], list[Month]] = {}
    for opd in sorted({str(line.opd) for line in lines}):
        _read(db, year, opd, months)
    return [LineYear(line, tuple(months.get((str(line.opd), line.code), _NOTHING))) for line in lines]


def _read(db: Session, year: int, opd: str, into: dict[tuple[str, str], list[Month]]) -> None:
    for code, name in (MONEY | WORK).items():
        values = values_of(
            db,
            code,
            scope=Facets(opd=opd),
            since=_begin(year, 1),
            until=_begin(year + 1, 1),
            grain=Grain.MONTH,
            by=Side.DIMENSION,
        )
        for one in values:
            months = into.setdefault((opd, one.key), list(_NOTHING))
            place = one.begin.astimezone(WIB).month - 1
            months[place] = _with(months[place], name, one.value)


def together(lines: Sequence[LineYear]) -> Together:
    """Return lines as one."""
    ceiling = sum(one.line.ceiling for one in lines)
    return Together(ceiling, tuple(_month(lines, place) for place in range(12)))


def _month(lines: Sequence[LineYear], place: int) -> Month:
    def weighted(name: str) -> float | None:
        said = [
            (value, one.line.ceiling)
            for one in lines
            if (value := getattr(one.months[place], name)) is not None
        ]
        weight = sum(ceiling for _value, ceiling in said)
        return sum(value * ceiling for value, ceiling in said) / weight if weight else None

    return Month(
        planned=sum(one.months[place].planned for one in lines),
        spent=sum(one.months[place].spent for one in lines),
        work_planned=weighted("work_planned"),
        work_done=weighted("work_done"),
    )


def keep_months(
    db: Session, line: BudgetLine, months: dict[int, Month], *, source_name: str, actor: str, now: datetime
) -> None:
    """Keep months of a line; a month that was there is corrected."""
    source = source_id(db, SourceKind.ENTRY, source_name, now=now, address="/kinerja", author=actor)
    about = Facets(opd=str(line.opd), dimension=line.code)
    for code, name in MONEY.items():
        said = [Said(about, _begin(line.year, n), getattr(month, name)) for n, month in months.items()]
        keep(db, shipped().one(code), said, source=source)
    for code, name in WORK.items():
        said = [
            Said(about, _begin(line.year, n), value / 100 * line.ceiling, line.ceiling)
            for n, month in months.items()
            if (value := getattr(month, name)) is not None
        ]
        keep(db, shipped().one(code), said, source=source)
    target = f"budget:{line.year}/{line.opd}/{line.code}"
    audit.append(db, at=now, actor=actor, action="budget.months", target=target, detail=f"{sorted(months)}")


def _begin(year: int, month: int) -> datetime:
    return moment_of(begin_of_day(date(year, month, 1)))
