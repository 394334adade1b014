"""Numbers of cases, one series a family and year without gaps, and tracking codes that can be read aloud."""

from collections.abc import Callable, Sequence
from datetime import datetime, tzinfo

from sqlalchemy import select
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session

from hub.cases.definition.service import Family
from hub.cases.keeping.models import CaseCounter, CaseRecord

SERIES: dict[Family, str] = {
    Family.COMPLAINT: "PGD",
    Family.LETTER: "SRT",
    Family.PERMIT: "IZN",
    Family.POPULATION: "DUK",
    Family.HEALTH: "KES",
    Family.BOOKING: "PJM",
    Family.INTERNAL: "INT",
    Family.PRIVACY: "PDP",
    Family.TRAINING: "PLT",
}
# Without 0 O 1 I L, which look alike, and without vowels, so that no code spells a word.
CODE_LETTERS = "BCDFGHJKMNPQRSTVWXZ23456789"
# Codes are written down and typed again, with blanks and hyphens; more than this is no code.
_MOST_TYPED = 40
CODE_LENGTH = 10
# 27^10 codes: a second try is already a wonder, so many mean that something is broken.
_MOST_TRIES = 20


def next_number(db: Session, family: Family, *, now: datetime, zone: tzinfo) -> str:
    """Return the next number of a family, as ``PGD-2026-000123``; others wait until this one is committed."""
    year = now.astimezone(zone).year
    return f"{SERIES[family]}-{year}-{next_in_series(db, SERIES[family], year):06d}"


def next_in_series(db: Session, series: str, year: int) -> int:
    """Count one further; a transaction that is rolled back gives its number back, so there are no gaps.

    Args:
        db: A writing session.
        series: What is counted, at most 40 letters; letters count by their own series.
        year: Each begins with 1.
    """
    insert = postgresql.insert if db.get_bind().dialect.name == "postgresql" else sqlite.insert
    counted = (
        insert(CaseCounter)
        .values(series=series, year=year, last=1)
        .on_conflict_do_update(index_elements=["series", "year"], set_={"last": CaseCounter.last + 1})
        .returning(CaseCounter.last)
    )
    return db.scalars(counted).one()


def new_tracking_code(db: Session, choose: Callable[[Sequence[str]], str]) -> str:
    """Return a code that no case has.

    Raises:
        RuntimeError: ``choose`` gives the same letters again and again.
    """
    for _ in range(_MOST_TRIES):
        code = "".join(choose(CODE_LETTERS) for _ in range(CODE_LENGTH))
        if db.scalars(select(CaseRecord.id).where(CaseRecord.tracking_code == code)).first() is None:
            return code
    raise RuntimeError(f"{_MOST_TRIES} tracking codes in a row were taken: the source of chance is broken")


def plain_tracking_code(typed: str) -> str:
    """Return a code as it is kept; in what is typed small letters, spaces and dashes do not matter."""
    return "".join(letter for letter in typed[:_MOST_TYPED].upper() if letter.isalnum())
