"""What letters are made of holds still while they are made: what was checked is signed. Never commits."""

from sqlalchemy import select
from sqlalchemy.orm import Session

from hub.cases.citizens.about_you import AboutYou
from hub.cases.citizens.models import CitizenPerson
from hub.cases.definition.service import ServiceDefinition
from hub.cases.definition.stages import APPLICANT, Stage
from hub.cases.keeping.models import CaseRecord
from hub.cases.keeping.versions import of_case
from hub.errors import InputError


def before_change(db: Session, person: CitizenPerson, said: AboutYou, nik_digest: str) -> None:
    """Let what stands on letters change only while no letter is on its way.

    A letter that came back may be put right: it is checked again from its beginning, and its revision
    changes with it, so that nobody acts on what they saw before.

    Raises:
        InputError: a letter of this person is being checked or signed; names it.
    """
    if _on_paper(person) == _said(said, nik_digest):
        return
    # Locked: it is not sent again, and checked, between this look and the change.
    query = select(CaseRecord).where(CaseRecord.applicant_person == person.id, CaseRecord.closed_at.is_(None))
    for case in db.scalars(query.order_by(CaseRecord.id).with_for_update()):
        definition = of_case(db, case)
        if definition.document is None:
            continue
        if not _begins_again(definition, definition.stage(case.stage)):
            raise InputError(
                f"Surat {case.number} sedang diproses dengan data ini; ubah data diri setelah surat itu"
                " selesai atau dikembalikan, atau batalkan dulu"
            )
        case.revision, case.applicant_name = case.revision + 1, said.name


def _on_paper(person: CitizenPerson) -> tuple[object, ...]:
    return (
        *(person.name, person.nik_digest, person.birth_place, person.birth_date),
        *(person.occupation, person.address, person.kelurahan),
    )


def _said(said: AboutYou, nik_digest: str) -> tuple[object, ...]:
    return (
        *(said.name, nik_digest, said.birth_place, said.birth_date),
        *(said.occupation, said.address, said.kelurahan),
    )


def _begins_again(definition: ServiceDefinition, stage: Stage) -> bool:
    """Whether a case waits for its applicant, and is filled in anew or ends: nothing checked goes on."""
    return stage.roles == (APPLICANT,) and all(
        action.is_form_again or definition.stage(action.to).is_end for action in stage.actions
    )
