"""Corrections of a day: asked, approved by a superior, verified, applied; or refused with a reason.

The scans stay as they are: a correction is a row beside them. Nobody decides about oneself, and
the two who decide are different people.
"""

from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from enum import StrEnum
from zoneinfo import ZoneInfo

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from hub.errors import InputError, NotFoundError
from hub.hadir.corrections.moments import moments_of
from hub.hadir.models import DayCorrection
from hub.hadir.results.publishing.outcomes import settle
from hub.people import audit
from hub.people.models import Person, Placement
from hub.people.reach import Reach, own_number

# How long after a day one may still ask; later questions go to BKPSDM on paper.
ASK_WITHIN = timedelta(days=60)
MAX_REASON = 300


class Standing(StrEnum):
    """How far a correction came."""

    ASKED = "asked"
    APPROVED = "approved"
    APPLIED = "applied"
    REFUSED = "refused"
    WITHDRAWN = "withdrawn"


@dataclass(frozen=True, slots=True)
class Wish:
    """What somebody asks for; times are local, on the day itself or in the night that follows it."""

    day: date
    reason: str
    arrived: time | None = None
    left: time | None = None
    is_excused: bool = False
    overtime_min: int | None = None


@dataclass(frozen=True, slots=True)
class Waiting:
    """A correction as the inbox shows it."""

    row: DayCorrection
    name: str
    may_approve: bool
    may_verify: bool


@dataclass(frozen=True, slots=True)
class Decider:
    """Somebody who decides: an account, the person behind it, and how far it reaches."""

    account_id: int
    name: str
    approves: Reach
    verifies: Reach


def ask(db: Session, *, person: int, wish: Wish, actor: str, now: datetime, zone: ZoneInfo) -> DayCorrection:
    """Keep a wish for a correction.

    Raises:
        InputError: nothing is asked for, no reason, a day or time in the future, a day long ago, times
            the wrong way round, or a day that waits for a decision already.
    """
    _check(wish, now.astimezone(zone).date())
    waiting = select(DayCorrection.id).where(
        DayCorrection.person_number == person,
        DayCorrection.day == wish.day,
        DayCorrection.standing.in_((Standing.ASKED, Standing.APPROVED)),
    )
    if db.scalars(waiting).first() is not None:
        raise InputError("Koreksi untuk hari itu masih menunggu keputusan; tunggu dulu hasilnya.")
    arrived_at, left_at = moments_of(
        db, person=person, day=wish.day, arrived=wish.arrived, left=wish.left, now=now, zone=zone
    )
    row = DayCorrection(
        person_number=person,
        day=wish.day,
        arrived_at=None if arrived_at is None else arrived_at.astimezone(UTC),
        left_at=None if left_at is None else left_at.astimezone(UTC),
        is_excused=wish.is_excused,
        overtime_min=wish.overtime_min,
        reason=wish.reason.strip(),
        standing=Standing.ASKED,
        asked_by=actor,
        asked_at=now,
    )
    db.add(row)
    db.flush()
    _note(db, row, now=now, actor=actor, action="correction.ask")
    return row


def approve(db: Session, *, number: int, decider: Decider, now: datetime) -> None:
    """Say yes as superior.

    Raises:
        NotFoundError: no such correction within reach.
        InputError: it does not wait for this, or it is one's own.
    """
    row = _within(db, number, decider.approves)
    _check_may(db, row, decider, Standing.ASKED)
    row.standing, row.approved_by, row.approved_at = Standing.APPROVED, decider.name, now
    _note(db, row, now=now, actor=decider.name, action="correction.approve")


def verify(db: Session, *, number: int, decider: Decider, now: datetime, zone: ZoneInfo) -> None:
    """Check an approved correction and apply it: the day is worked out anew and published.

    Raises:
        NotFoundError: no such correction within reach.
        InputError: it does not wait for this, it is one's own, or one approved it oneself.
    """
    row = _within(db, number, decider.verifies)
    _check_may(db, row, decider, Standing.APPROVED)
    if row.approved_by == decider.name:
        raise InputError("Yang menyetujui tidak boleh juga memverifikasi; minta petugas lain.")
    row.verified_by, row.verified_at = decider.name, now
    row.standing, row.applied_at = Standing.APPLIED, now
    db.flush()
    settle(db, persons=[row.person_number], first=row.day, last=row.day, zone=zone, now=now)
    _note(db, row, now=now, actor=decider.name, action="correction.apply")


def refuse(db: Session, *, number: int, decider: Decider, reason: str, now: datetime) -> None:
    """Say no, with a reason that the person reads.

    Raises:
        NotFoundError: no such correction within reach.
        InputError: no reason, it is decided already, or it is one's own.
    """
    row = db.get(DayCorrection, number)
    reach = decider.verifies if row is not None and row.standing == Standing.APPROVED else decider.approves
    row = _within(db, number, reach)
    if not reason.strip():
        raise InputError("Tulis alasan penolakan; pemohon akan membacanya.")
    _check_may(db, row, decider, Standing.ASKED, Standing.APPROVED)
    row.standing, row.refused_by, row.refused_at = Standing.REFUSED, decider.name, now
    row.refusal = reason.strip()[:MAX_REASON]
    _note(db, row, now=now, actor=decider.name, action="correction.refuse")


def withdraw(db: Session, *, number: int, person: int, actor: str, now: datetime) -> None:
    """Take back what one asked for oneself, as long as nobody decided about it.

    Raises:
        NotFoundError: no such correction of this person.
        InputError: somebody decided already.
    """
    row = db.get(DayCorrection, number)
    if row is None or row.person_number != person:
        raise NotFoundError(f"koreksi {number}")
    if row.standing != Standing.ASKED:
        raise InputError("Permintaan itu sudah diputuskan, jadi tidak dapat ditarik kembali.")
    row.standing = Standing.WITHDRAWN
    _note(db, row, now=now, actor=actor, action="correction.withdraw")


def of_person(db: Session, person: int) -> tuple[DayCorrection, ...]:
    """Return somebody's corrections, newest first."""
    query = select(DayCorrection).where(DayCorrection.person_number == person)
    return tuple(db.scalars(query.order_by(DayCorrection.id.desc())))


def inbox(db: Session, decider: Decider) -> tuple[Waiting, ...]:
    """Return what waits for this decider, oldest first; one's own is not among it."""
    own = own_number(db, decider.account_id)
    query = (
        select(DayCorrection, Person, Placement)
        .join(Person, Person.number == DayCorrection.person_number)
        .join(
            Placement,
            (Placement.person_number == DayCorrection.person_number)
            & (Placement.valid_from <= DayCorrection.day)
            & or_(Placement.valid_to.is_(None), Placement.valid_to >= DayCorrection.day),
        )
        .where(DayCorrection.standing.in_((Standing.ASKED, Standing.APPROVED)))
        .order_by(DayCorrection.id)
    )
    found = [
        Waiting(
            row,
            person.short_name,
            may_approve=row.standing == Standing.ASKED and decider.approves.holds(place.opd, place.unit),
            may_verify=row.standing == Standing.APPROVED
            and decider.verifies.holds(place.opd, place.unit)
            and row.approved_by != decider.name,
        )
        for row, person, place in db.execute(query)
        if row.person_number != own
    ]
    return tuple(waiting for waiting in found if waiting.may_approve or waiting.may_verify)


def may_decide(db: Session, *, number: int, decider: Decider) -> bool:
    """Return whether a correction is within the reach of this superior or verifier, and not one's own."""
    for reach in (decider.approves, decider.verifies):
        try:
            row = _within(db, number, reach)
        except NotFoundError:
            continue
        return row.person_number != own_number(db, decider.account_id)
    return False


def _check(wish: Wish, today: date) -> None:
    if not wish.reason.strip():
        raise InputError("Tulis alasan koreksi, misalnya nomor surat tugas.")
    if len(wish.reason.strip()) > MAX_REASON:
        raise InputError(f"Alasan terlalu panjang: paling banyak {MAX_REASON} huruf.")
    if wish.arrived is None and wish.left is None and wish.overtime_min is None and not wish.is_excused:
        raise InputError("Isi jam masuk, jam pulang, menit lembur, atau centang dimaafkan.")
    if wish.day > today:
        raise InputError("Hari itu belum tiba; koreksi hanya untuk hari yang sudah lewat atau hari ini.")
    if today - wish.day > ASK_WITHIN:
        raise InputError(f"Hari itu lebih dari {ASK_WITHIN.days} hari lalu; ajukan tertulis ke BKPSDM.")


def _within(db: Session, number: int, reach: Reach) -> DayCorrection:
    row = db.get(DayCorrection, number)
    if row is None:
        raise NotFoundError(f"koreksi {number}")
    place = db.scalars(
        select(Placement)
        .where(Placement.person_number == row.person_number, Placement.valid_from <= row.day)
        .order_by(Placement.valid_from.desc())
    ).first()
    if place is None or not reach.holds(place.opd, place.unit):
        raise NotFoundError(f"koreksi {number}")
    return row


def _check_may(db: Session, row: DayCorrection, decider: Decider, *wanted: Standing) -> None:
    if row.person_number == own_number(db, decider.account_id) or row.asked_by == decider.name:
        raise InputError("Koreksi sendiri diputuskan orang lain.")
    if row.standing not in wanted:
        raise InputError("Koreksi ini sudah diputuskan; muat ulang halaman.")


def _note(db: Session, row: DayCorrection, *, now: datetime, actor: str, action: str) -> None:
    audit.append(
        db,
        at=now,
        actor=actor,
        action=action,
        target=f"person:{row.person_number}",
        detail=f"correction {row.id} of {row.day}",
    )
