"""Who a letter is about: the citizen's row with the NIK opened, or what the case itself knows. Reads only."""

from collections.abc import Callable

from sqlalchemy.orm import Session

from hub.cases.citizens.models import CitizenPerson
from hub.cases.citizens.nik import NikBox, SealError
from hub.cases.keeping.models import CaseRecord
from hub.cases.letters.paper.composing import Holder


def citizens_known_to(box: Callable[[], NikBox]) -> Callable[[Session, CaseRecord], Holder]:
    """Return what knows the applicant of a case.

    Args:
        box: Opens a NIK; asked for when one is needed.
    """

    def holder_of(db: Session, case: CaseRecord) -> Holder:
        person = None if case.applicant_person is None else db.get(CitizenPerson, case.applicant_person)
        if person is None:
            return Holder(case.applicant_name)
        return Holder(
            name=person.name,
            nik=readable(box(), person.nik_kept),
            birthplace=person.birth_place,
            born_on=person.birth_date,
            occupation=person.occupation,
            address=person.address,
        )

    return holder_of


def readable(box: NikBox, kept: str) -> str:
    """Return a kept NIK as a letter shows it: in clear, or its mask when it cannot be opened."""
    try:
        return box.open(kept)
    except SealError:
        return kept.partition(":")[0]
