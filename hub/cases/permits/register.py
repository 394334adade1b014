"""The public register of permits: what was issued, for which building, where. Reads only.

Shows what the service marks as public and nothing else: not who asked, and no search finds it either.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import Select, select
from sqlalchemy.orm import Session

from hub.cases.complaints.masking import without_personal_data
from hub.cases.definition.form import FieldKind
from hub.cases.definition.service import Family, ServiceDefinition
from hub.cases.desk.wording import answer_words
from hub.cases.keeping.models import CaseRecord
from hub.cases.keeping.records import answers_of
from hub.cases.keeping.versions import all_kept
from hub.cases.letters.models import LetterDocument

PAGE = 30
# A search that finds little looks this far back before it says so; the next page goes on from there.
MOST_LOOKED_AT = 2_000
_PIECE = 200
# A place is told by its address and kelurahan.
_NOT_SHOWN = frozenset({FieldKind.PLACE, FieldKind.CAMERA, FieldKind.NIK, FieldKind.PHONE, FieldKind.EMAIL})


@dataclass(frozen=True, slots=True)
class Wanted:
    """What somebody looks for; empty: everything. ``words`` must all be found, in any order."""

    words: str = ""
    kelurahan: str = ""
    service: str = ""
    year: int = 0


@dataclass(frozen=True, slots=True)
class Permit:
    """One permit as everybody sees it."""

    id: int
    number: str
    title: str
    kelurahan: str
    facts: tuple[tuple[str, str], ...]
    issued_on: date
    last_day: date | None
    revoked_at: datetime | None

    def is_over(self, today: date) -> bool:
        """Whether it is no longer good by its own date."""
        return self.last_day is not None and self.last_day < today


@dataclass(frozen=True, slots=True)
class Found:
    """Some permits, the newest first, and below which one the next page begins."""

    permits: tuple[Permit, ...]
    below: int | None


class Register:
    """The permits of services that are public."""

    def __init__(self, db: Session) -> None:
        """Take a session."""
        self._db = db
        self._versions = {
            (each.code, each.version): each
            for each in all_kept(db)
            if each.family is Family.PERMIT and each.is_public
        }

    @property
    def services(self) -> dict[str, str]:
        """The services of the register: code and what the newest version calls it."""
        return {code: each.label for (code, _version), each in sorted(self._versions.items())}

    def find(self, wanted: Wanted, *, below: int | None = None, most: int = PAGE) -> Found:
        """Return a page of permits.

        Args:
            wanted: What is looked for.
            below: As the page before said; ``None``: the newest.
            most: How many.
        """
        found: list[Permit] = []
        looked = 0
        for rows in self._pieces(wanted, below):
            for document, case in rows:
                permit = self._permit(document, case)
                if permit is not None and _fits(permit, wanted.words):
                    found.append(permit)
                if len(found) == most:
                    return Found(tuple(found), document.id)
            looked += len(rows)
            if looked >= MOST_LOOKED_AT:
                return Found(tuple(found), rows[-1][0].id)
        return Found(tuple(found), None)

    def _pieces(
        self, wanted: Wanted, below: int | None
    ) -> Iterator[Sequence[tuple[LetterDocument, CaseRecord]]]:
        while True:
            query = self._query(wanted, below).limit(_PIECE)
            rows = [(document, case) for document, case in self._db.execute(query)]
            if rows:
                yield rows
                below = rows[-1][0].id
            if len(rows) < _PIECE:
                return

    def _query(self, wanted: Wanted, below: int | None) -> Select[LetterDocument, CaseRecord]:
        codes = {code for code, _version in self._versions}
        query = (
            select(LetterDocument, CaseRecord)
            .join(CaseRecord, CaseRecord.id == LetterDocument.case_id)
            .where(LetterDocument.service.in_({wanted.service} & codes if wanted.service else codes))
            .order_by(LetterDocument.id.desc())
        )
        if wanted.kelurahan:
            query = query.where(CaseRecord.kelurahan == wanted.kelurahan)
        if wanted.year:
            first, last = date(wanted.year, 1, 1), date(wanted.year, 12, 31)
            query = query.where(LetterDocument.issued_on.between(first, last))
        return query if below is None else query.where(LetterDocument.id < below)

    def _permit(self, document: LetterDocument, case: CaseRecord) -> Permit | None:
        definition = self._versions.get((case.service, case.version))
        if definition is None:
            return None
        return Permit(
            id=document.id,
            number=document.number,
            title=document.title,
            kelurahan=case.kelurahan or "",
            facts=_facts(definition, case),
            issued_on=document.issued_on,
            last_day=document.last_day,
            revoked_at=document.revoked_at,
        )


def _facts(definition: ServiceDefinition, case: CaseRecord) -> tuple[tuple[str, str], ...]:
    answers = answers_of(case)
    return tuple(
        (field.label, without_personal_data(answer_words(field, answers[field.id])))
        for field in definition.fields
        if field.is_public and field.kind not in _NOT_SHOWN and answers.get(field.id)
    )


def _fits(permit: Permit, words: str) -> bool:
    told = " ".join((permit.number, permit.title, *(text for _label, text in permit.facts))).casefold()
    return all(word in told for word in words.casefold().split())
