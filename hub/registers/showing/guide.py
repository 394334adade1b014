"""What is on in the city and where things are, as everybody may know it. Reads only."""

from dataclasses import dataclass
from datetime import date

from sqlalchemy import ColumnElement, func
from sqlalchemy.orm import Session

from hub.registers.keeping.models import RegisterRow
from hub.registers.keeping.publishing import published
from hub.registers.kind.reading import kind_of

AGENDA, PLACES, NEWS = "agenda", "tempat", "konten"
MOST = 300


@dataclass(frozen=True, slots=True)
class Event:
    """One event of the agenda; ``last`` is its last day."""

    row: RegisterRow
    first: date
    last: date

    @property
    def is_called_off(self) -> bool:
        """Whether it does not take place: said, never simply gone."""
        return self.row.values.get("status") == "batal"


def coming_events(db: Session, today: date, *, kind: str = "") -> list[Event]:
    """Return the events that are not over, the next one first.

    Args:
        db: Any session.
        today: The day in the city.
        kind: Only of this sort (``jenis``).
    """
    begin, end = _word("mulai"), func.coalesce(_word("selesai"), _word("mulai"))
    query = published(kind_of(AGENDA), today).where(end >= today.isoformat())
    if kind:
        query = query.where(_word("jenis") == kind)
    rows = db.scalars(query.order_by(None).order_by(begin, RegisterRow.title, RegisterRow.id).limit(MOST))
    return [_event(row) for row in rows]


def places(db: Session, today: date, *, kind: str = "", words: str = "") -> list[RegisterRow]:
    """Return the places that are open to everybody, by name."""
    query = published(kind_of(PLACES), today)
    if kind:
        query = query.where(_word("jenis") == kind)
    for word in words.casefold().split():
        query = query.where(RegisterRow.words.contains(word, autoescape=True))
    return list(db.scalars(query.limit(MOST)))


def news(db: Session, today: date, *, most: int) -> list[RegisterRow]:
    """Return what the city told last, the newest first; greetings are no news."""
    told, sort = _word("tanggal"), _word("jenis")
    query = published(kind_of(NEWS), today).where(told <= today.isoformat(), sort != "ucapan")
    return list(db.scalars(query.order_by(None).order_by(told.desc(), RegisterRow.id.desc()).limit(most)))


def _word(field: str) -> ColumnElement[str]:
    word: ColumnElement[str] = RegisterRow.values[field].as_string()
    return word


def _event(row: RegisterRow) -> Event:
    first = date.fromisoformat(str(row.values["mulai"]))
    last = row.values.get("selesai")
    return Event(row, first, date.fromisoformat(str(last)) if last else first)
