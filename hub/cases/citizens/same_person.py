"""Which accounts of the city belong to the applicant of a case, or looked at who that is. Reads only.

Staff lists hold no NIK: an account is known to be somebody by what it asked for while signed in.
It only ever takes rights away: whoever types the NIK of another gains nothing.
"""

from sqlalchemy import select
from sqlalchemy.orm import Session, aliased

from hub.cases.citizens.models import CitizenPerson
from hub.cases.keeping.models import CaseRecord


def accounts_of_applicant(db: Session, case: CaseRecord) -> frozenset[int]:
    """Return the accounts that asked for something, in whatever case, with the NIK of this applicant."""
    if case.applicant_person is None:
        return frozenset()
    here, same = aliased(CitizenPerson), aliased(CitizenPerson)
    query = (
        select(CaseRecord.applicant_account)
        .join(same, same.id == CaseRecord.applicant_person)
        .join(here, here.nik_digest == same.nik_digest)
        .where(here.id == case.applicant_person, CaseRecord.applicant_account.is_not(None))
        .distinct()
    )
    return frozenset(account for account in db.scalars(query) if account is not None)


def helpers_of_applicant(db: Session, case: CaseRecord) -> frozenset[int]:
    """Return who filed a case for its applicant, and who saw their KTP."""
    person = None if case.applicant_person is None else db.get(CitizenPerson, case.applicant_person)
    found = (case.filed_by, None if person is None else person.verified_by)
    return frozenset(account for account in found if account is not None)
