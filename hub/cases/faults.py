"""Faults of cameras as cases: opened and closed by the outage itself, worked on by people like any other."""

from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from hub.cases.keeping.engine import Applicant, CaseEngine, Place
from hub.cases.keeping.holders import SYSTEM_ACTOR
from hub.cases.keeping.models import CaseRecord
from hub.cases.keeping.service import act_on, file_case
from hub.cases.keeping.versions import of_case
from hub.cases.machine.rules import Given, Refused
from hub.errors import InputError

SERVICE = "gangguan-kamera"
_OVER, _AGAIN = "pulih", "buka_lagi"


def open_fault(
    db: Session, engine: CaseEngine, *, camera: str, cause: str, place: Place, title: str, now: datetime
) -> str:
    """File a case for a fault and return its number.

    Args:
        db: A writing session.
        engine: What cases are worked with.
        camera: As ``device/camera``.
        cause: One of the answers of the service's form.
        place: Where it hangs, and the OPD that owns it.
        title: One line.
        now: The present.

    Raises:
        InputError: the service refuses it, as one that the city changed.
    """
    said = file_case(
        db,
        engine=engine,
        service=SERVICE,
        given=Given(answers={"camera": [camera], "cause": [cause]}),
        applicant=Applicant(is_system=True),
        place=place,
        title=title,
        now=now,
    )
    if isinstance(said, Refused):
        raise InputError(f"gangguan {camera} tidak dapat dijadikan berkas: {said.reason}")
    return said.number


def close_fault(db: Session, engine: CaseEngine, number: str, *, now: datetime) -> None:
    """Close the case of a fault that is over, at whatever stage it is; does nothing when it is closed."""
    _act(db, engine, number, _OVER, now)


def open_fault_again(db: Session, engine: CaseEngine, number: str, *, now: datetime) -> None:
    """Open the case of a fault that came back; does nothing while it is open."""
    _act(db, engine, number, _AGAIN, now)


def _act(db: Session, engine: CaseEngine, number: str, action: str, now: datetime) -> None:
    case = db.scalars(select(CaseRecord).where(CaseRecord.number == number)).one()
    stage = of_case(db, case).stage(case.stage)
    if action in {each.id for each in stage.actions}:
        act_on(db, engine=engine, case=case, actor=SYSTEM_ACTOR, action=action, given=Given(), now=now)
