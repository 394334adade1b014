"""Whether whoever looks may act for the applicant of a case: one place, for pages and downloads alike."""

from sqlalchemy import select
from sqlalchemy.orm import Session
from werkzeug.exceptions import NotFound

from hub.cases.asking.receipts import is_known
from hub.cases.citizens.own.signed_in import citizen_in
from hub.cases.keeping.models import CaseRecord
from hub.cases.keeping.numbering import plain_tracking_code
from hub.web.guarding.guard import viewer
from hub.web.transaction import db


def find_case(session: Session, typed: str) -> CaseRecord | None:
    """Return the case of a tracking code, if there is one."""
    return session.scalars(
        select(CaseRecord).where(CaseRecord.tracking_code == plain_tracking_code(typed))
    ).first()


def case_of(code: str) -> CaseRecord:
    """Return the case of a tracking code, in the session of this request.

    Raises:
        NotFound: there is none.
    """
    return case_in(db(), code)


def case_in(session: Session, code: str) -> CaseRecord:
    """Return the case of a tracking code.

    Raises:
        NotFound: there is none.
    """
    case = find_case(session, code)
    if case is None:
        raise NotFound
    return case


def is_applicant(case: CaseRecord, session: Session | None = None) -> bool:
    """Return whether this browser acts for the applicant: by receipt or PIN, by citizen's or own account.

    Args:
        case: The case.
        session: To look with before anything is written; left out: that of the request.
    """
    if is_known(case):
        return True
    account, who = citizen_in(session or db()), viewer()
    person = None if account is None else account.person_id
    is_citizen = person is not None and case.applicant_person == person
    return is_citizen or (who is not None and case.applicant_account == who.account_id)
