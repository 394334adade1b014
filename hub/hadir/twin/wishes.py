"""Corrections that people of a demonstration city asked for, at every step of the way."""

from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from sqlalchemy import select
from sqlalchemy.orm import Session

from hub.hadir.corrections.service import Decider, Wish, approve, ask, refuse, verify
from hub.hadir.models import DayOutcome
from hub.hadir.results.rules import DayStatus
from hub.people.reach import Reach

LOOK_BACK = timedelta(days=20)
MOST = 6
_CITY, _NOWHERE = Reach(is_city=True), Reach(is_city=False)
_BOSS = Decider(account_id=0, name="atasan.contoh", approves=_CITY, verifies=_NOWHERE)
_OFFICER = Decider(account_id=0, name="bkpsdm.contoh", approves=_NOWHERE, verifies=_CITY)
_REASON = "Apel gabungan di luar kantor, surat tugas terlampir di berkas (contoh)"


def ask_for_corrections(db: Session, *, last: date, now: datetime, zone: ZoneInfo) -> int:
    """Ask for some days on which somebody forgot to scan out; return how many were asked for.

    In turn they wait for the superior, wait for the verifier, are applied, and are refused.

    Args:
        db: A writing session, with published results.
        last: The last day there is a result of.
        now: The present.
        zone: The city's.
    """
    query = (
        select(DayOutcome.person_number, DayOutcome.day)
        .where(
            DayOutcome.is_current.is_(True),
            DayOutcome.status == DayStatus.NO_OUT_SCAN,
            DayOutcome.day.between(last - LOOK_BACK, last),
        )
        .order_by(DayOutcome.day.desc(), DayOutcome.person_number)
        .limit(MOST)
    )
    forgotten = db.execute(query).all()
    for place, (person, day) in enumerate(forgotten):
        at = min(datetime.combine(day + timedelta(days=1), time(9, 5 + place), zone), now)
        wish = Wish(day, _REASON, left=time(16, 10 + place))
        row = ask(db, person=person, wish=wish, actor=f"pegawai.{person}", now=at, zone=zone)
        _go_on(db, place % 4, row.id, at + timedelta(minutes=40), zone)
    return len(forgotten)


def _go_on(db: Session, step: int, number: int, at: datetime, zone: ZoneInfo) -> None:
    if step in (1, 2):
        approve(db, number=number, decider=_BOSS, now=at)
    if step == 2:
        verify(db, number=number, decider=_OFFICER, now=at + timedelta(minutes=25), zone=zone)
    if step == 3:
        refuse(db, number=number, decider=_BOSS, reason="Tidak ada surat tugas (contoh)", now=at)
