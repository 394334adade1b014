"""Letters found by any word: number, holder, title, or a name of before (IMB, SIUP). Reads only."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, or_, select
from sqlalchemy.orm import Session

from hub.cases.keeping.models import CaseRecord
from hub.cases.keeping.seeing import branches_of
from hub.cases.keeping.versions import all_kept
from hub.cases.letters.models import LetterDocument

MOST_FOUND = 100
MOST_EXPORTED = 20_000
_SEARCHED = (
    LetterDocument.number,
    LetterDocument.holder_name,
    LetterDocument.title,
    LetterDocument.code,
)


@dataclass(frozen=True, slots=True)
class Sought:
    """What is looked for; empty parts do not matter."""

    words: str = ""
    year: int | None = None
    is_revoked_only: bool = False


def find_letters(
    db: Session, account_id: int, sought: Sought, *, now: datetime, most: int = MOST_FOUND
) -> Sequence[LetterDocument]:
    """Return the letters of cases that an account may see, the newest first."""
    reach = [branch.condition for branch in branches_of(db, account_id, now)]
    if not reach:
        return ()
    query = (
        select(LetterDocument)
        .join(CaseRecord, CaseRecord.id == LetterDocument.case_id)
        .where(or_(*reach), *_conditions(db, sought))
        .order_by(LetterDocument.id.desc())
        .limit(most)
    )
    return db.scalars(query).all()


def letter_for(db: Session, account_id: int, code: str, *, now: datetime) -> LetterDocument | None:
    """Return one letter if the account may see its case; ``None`` means 404."""
    reach = [branch.condition for branch in branches_of(db, account_id, now)]
    if not reach:
        return None
    query = (
        select(LetterDocument)
        .join(CaseRecord, CaseRecord.id == LetterDocument.case_id)
        .where(LetterDocument.code == code, or_(*reach))
    )
    return db.scalars(query).first()


def _conditions(db: Session, sought: Sought) -> list[ColumnElement[bool]]:
    found: list[ColumnElement[bool]] = []
    for word in sought.words.split()[:6]:
        pattern = "%" + word.replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_") + "%"
        columns = (
            LetterDocument.number,
            LetterDocument.holder_name,
            LetterDocument.title,
            LetterDocument.code,
        )
        by_text = [column.ilike(pattern, escape="\\") for column in columns]
        found.append(or_(*by_text, LetterDocument.service.in_(_services_called(db, word))))
    if sought.year is not None:
        found.append(LetterDocument.number.like(f"%/{sought.year}"))
    if sought.is_revoked_only:
        found.append(LetterDocument.revoked_at.is_not(None))
    return found


def _services_called(db: Session, word: str) -> set[str]:
    """Return the services that are, or were once, called so."""
    wanted = word.casefold()
    return {
        definition.code
        for definition in all_kept(db)
        if any(wanted in name.casefold() for name in (definition.label, *definition.old_names))
    }
