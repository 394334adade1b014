"""Complaints as everybody may see them: found, listed, told step by step. Reads only.

One place decides what is public: no secret complaint, no hidden one, no name, no number of a person,
no photo before somebody verified it.
"""

from collections.abc import Collection, Sequence
from datetime import datetime

import msgspec
from sqlalchemy import ColumnElement, Select, func, select
from sqlalchemy.orm import Session

from hub.cases.complaints.masking import without_personal_data
from hub.cases.complaints.models import ComplaintSupport, ComplaintWording
from hub.cases.complaints.publishing.photos import shown_photos
from hub.cases.complaints.publishing.searching import holds_words, newest_wording_ids
from hub.cases.complaints.publishing.shown import (
    CATEGORY,
    PAGE,
    PHOTOS,
    SERVICE,
    UNSEEN,
    Happening,
    Photo,
    PublicComplaint,
    Wanted,
)
from hub.cases.complaints.where import ward_of
from hub.cases.definition.service import Family, ServiceDefinition
from hub.cases.definition.stages import PublicStatus
from hub.cases.keeping.engine import Secrecy
from hub.cases.keeping.models import CaseFile, CaseRecord, CaseStep
from hub.cases.keeping.versions import newest
from hub.people.models import Opd


class PublicBoard:
    """Complaints for everybody, as one session sees them."""

    def __init__(self, db: Session) -> None:
        """Take a session."""
        self._db = db
        self.definition = complaint_service(db)
        self._labels = category_labels(self.definition)
        self._opds: dict[int, str] = {}

    @property
    def labels(self) -> dict[str, str]:
        """The categories by their codes, in the order of the form."""
        return self._labels

    def find(self, wanted: Wanted, *, most: int = PAGE, skip: int = 0) -> list[PublicComplaint]:
        """Return complaints, the newest first."""
        query = (
            select(CaseRecord)
            .where(*self._conditions(wanted))
            .order_by(CaseRecord.opened_at.desc(), CaseRecord.id.desc())
            .limit(most)
            .offset(skip)
        )
        return self._shown(self._db.scalars(query).all())

    def count(self, wanted: Wanted) -> int:
        """Return how many there are."""
        return self._db.scalars(
            select(func.count()).select_from(CaseRecord).where(*self._conditions(wanted))
        ).one()

    def news(
        self,
        begin: datetime,
        end: datetime,
        *,
        numbers: Collection[str] = (),
        most: int = 1000,
        skip: int = 0,
    ) -> list[tuple[str, Happening]]:
        """Return what happened between two moments, oldest first, with the numbers; also to joined ones."""
        query = (
            select(CaseStep, CaseRecord.number)
            .join(CaseRecord, CaseRecord.id == CaseStep.case_id)
            .where(*self._public(), CaseStep.at >= begin, CaseStep.at <= end)
            # As they were written: a page that was read stays the same when more happens.
            .order_by(CaseStep.id)
            .limit(most)
            .offset(skip)
        )
        if numbers:
            query = query.where(CaseRecord.number.in_(numbers))
        rows = self._db.execute(query).all()
        told = self._told([step for step, _number in rows])
        return list(zip([number for _step, number in rows], told, strict=True))

    def one(self, number: str) -> PublicComplaint | None:
        """Return one complaint, also one that was joined to another; ``None``: not for the public."""
        row = self.row(number)
        return None if row is None else self._shown([row])[0]

    def row(self, number: str) -> CaseRecord | None:
        """Return the case behind a public complaint; whoever asks shows none of it as it is."""
        query = select(CaseRecord).where(CaseRecord.number == number, *self._public())
        return self._db.scalars(query).first()

    def happenings(self, complaint: PublicComplaint) -> list[Happening]:
        """Return what happened, oldest first, as far as the public status tells it."""
        query = select(CaseStep).where(CaseStep.case_id == complaint.id).order_by(CaseStep.seq)
        return self._told(self._db.scalars(query).all())

    def _told(self, steps: Sequence[CaseStep]) -> list[Happening]:
        status_of = {} if self.definition is None else {s.id: s.public_status for s in self.definition.stages}
        return [
            Happening(
                step.id,
                step.case_id,
                status_of.get(step.to_stage, PublicStatus.RECEIVED),
                without_personal_data(step.note) if step.is_public_note else "",
                step.at,
                step.action,
            )
            for step in steps
        ]

    def photo(self, number: str, photo: int) -> CaseFile | None:
        """Return the row of a photo that may be shown to everybody."""
        case = self.row(number)
        if case is None:
            return None
        shown = shown_photos([case.id], self.definition)
        found = self._db.scalars(select(CaseFile).where(CaseFile.id == photo, *shown)).first()
        return found if found is not None and case.public_status not in UNSEEN else None

    def _public(self) -> tuple[ColumnElement[bool], ...]:
        hidden = _hidden_cases()
        return (
            CaseRecord.family == Family.COMPLAINT,
            CaseRecord.secrecy != Secrecy.SECRET,
            # Whoever takes a complaint back takes it from everybody: page, words and photos.
            CaseRecord.public_status != PublicStatus.CANCELLED,
            CaseRecord.id.not_in(hidden),
        )

    def _conditions(self, wanted: Wanted) -> list[ColumnElement[bool]]:
        found = list(self._public())
        if wanted.numbers is not None:
            return [*found, CaseRecord.number.in_(wanted.numbers)]
        # A joined one is told by that which it was joined to.
        found.append(CaseRecord.merged_into.is_(None))
        if wanted.category:
            found.append(CaseRecord.category.in_(wanted.category))
        if wanted.statuses:
            found.append(CaseRecord.public_status.in_(wanted.statuses))
        if wanted.kelurahan:
            found.append(CaseRecord.kelurahan == wanted.kelurahan)
        if wanted.text:
            found.append(holds_words(wanted.text))
        if wanted.begin is not None:
            found.append(CaseRecord.opened_at >= wanted.begin)
        if wanted.end is not None:
            found.append(CaseRecord.opened_at <= wanted.end)
        if wanted.changed_begin is not None:
            found.append(CaseRecord.changed_at >= wanted.changed_begin)
        if wanted.changed_end is not None:
            found.append(CaseRecord.changed_at <= wanted.changed_end)
        return found

    def _shown(self, rows: Sequence[CaseRecord]) -> list[PublicComplaint]:
        ids = [row.id for row in rows]
        wordings = newest_wordings(self._db, ids)
        photos = self._photos(ids)
        supports = self._supports(ids)
        into = {row.merged_into for row in rows} - {None}
        # The other one may have become secret since.
        targets = select(CaseRecord.id, CaseRecord.number).where(CaseRecord.id.in_(into), *self._public())
        numbers = dict(self._db.execute(targets).all())
        return [
            self._one_shown(
                row,
                wordings.get(row.id),
                () if row.public_status in UNSEEN else tuple(photos.get(row.id, ())),
                supports.get(row.id, 0),
                numbers.get(row.merged_into or 0, ""),
            )
            for row in rows
        ]

    def _one_shown(
        self,
        row: CaseRecord,
        wording: ComplaintWording | None,
        photos: tuple[Photo, ...],
        supports: int,
        merged_into: str,
    ) -> PublicComplaint:
        answers = msgspec.json.decode(row.answers, type=dict[str, tuple[str, ...]])
        ward = ward_of(row.kelurahan) if row.kelurahan else None
        title, text = (
            (row.title, _first(answers, "text")) if wording is None else (wording.title, wording.text)
        )
        return PublicComplaint(
            id=row.id,
            number=row.number,
            title=without_personal_data(title),
            text=without_personal_data(text),
            category=row.category,
            category_label=self._labels.get(row.category, row.category),
            kind=_first(answers, "kind"),
            status=row.public_status,
            opd=self._opd(row.opd),
            kelurahan="" if ward is None else ward.name,
            address=without_personal_data(_first(answers, "address")),
            latitude=row.latitude,
            longitude=row.longitude,
            opened_at=row.opened_at,
            changed_at=row.changed_at,
            closed_at=row.closed_at,
            due_at=row.due_at or row.stage_due_at,
            photos=photos,
            supports=supports,
            merged_into=merged_into,
            is_moderated=wording is not None,
        )

    def _opd(self, number: int | None) -> str:
        if not self._opds:
            self._opds = dict(self._db.execute(select(Opd.number, Opd.name)).all())
        return "" if number is None else self._opds.get(number, "")

    def _photos(self, cases: Collection[int]) -> dict[int, list[Photo]]:
        found: dict[int, list[Photo]] = {}
        query = select(CaseFile).where(*shown_photos(cases, self.definition)).order_by(CaseFile.id)
        for row in self._db.scalars(query):
            photo = Photo(row.id, row.requirement != PHOTOS[0], row.width_px, row.height_px)
            found.setdefault(row.case_id, []).append(photo)
        return found

    def _supports(self, cases: Collection[int]) -> dict[int, int]:
        query = (
            select(ComplaintSupport.case_id, func.count())
            .where(ComplaintSupport.case_id.in_(cases))
            .group_by(ComplaintSupport.case_id)
        )
        return dict(self._db.execute(query).all())


def complaint_service(db: Session) -> ServiceDefinition | None:
    """Return the newest definition of complaints, or ``None`` before definitions were loaded."""
    return newest(db, SERVICE)


def category_labels(definition: ServiceDefinition | None) -> dict[str, str]:
    """Return the labels of the categories that a definition offers."""
    fields = () if definition is None else definition.fields
    return {choice.id: choice.label for field in fields if field.id == CATEGORY for choice in field.choices}


def newest_wordings(db: Session, cases: Collection[int]) -> dict[int, ComplaintWording]:
    """Return what the public reads instead of the original, by case."""
    rows = db.scalars(
        select(ComplaintWording).where(ComplaintWording.case_id.in_(cases)).order_by(ComplaintWording.id)
    )
    return {row.case_id: row for row in rows}


def _hidden_cases() -> Select[int]:
    return select(ComplaintWording.case_id).where(
        ComplaintWording.is_hidden.is_(True), ComplaintWording.id.in_(newest_wording_ids())
    )


def _first(answers: dict[str, tuple[str, ...]], name: str) -> str:
    return next(iter(answers.get(name, ())), "")
