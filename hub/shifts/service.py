"""Shifts: begun, written into, handed over, signed. Takes a session, never commits.

A shift that was handed over takes no more entries; one that was signed is never changed again.
"""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

import msgspec
from sqlalchemy import select
from sqlalchemy.orm import Session, aliased

from hub.errors import InputError, NotFoundError
from hub.people import audit
from hub.people.models import Account
from hub.people.permissions import Permission
from hub.people.sessions import Viewer
from hub.shifts.models import Shift, ShiftEntry
from hub.web.contributions.summary import SummaryPart

MAX_ENTRY, MAX_NOTE = 1000, 2000
PAGE = 30
# Three turns a day for three years.
MOST_IN_FILE = 3_300
# A turn is eight hours; whoever has not handed over after twelve is gone.
LEFT_AFTER = timedelta(hours=12)
_RUNNING = 1


@dataclass(frozen=True, slots=True)
class ShiftLine:
    """A shift with the names of its keeper and of who signed."""

    shift: Shift
    keeper: str
    signer: str

    @property
    def summary(self) -> tuple[SummaryPart, ...]:
        """What was open at the hand-over, as it was then."""
        return msgspec.json.decode(self.shift.summary, type=tuple[SummaryPart, ...])

    @property
    def is_running(self) -> bool:
        """Whether it takes entries."""
        return self.shift.handed_at is None

    @property
    def is_signed(self) -> bool:
        """Whether the next one took it over."""
        return self.shift.signed_at is not None


@dataclass(frozen=True, slots=True)
class EntryLine:
    """An entry with the name of who wrote it."""

    entry: ShiftEntry
    who: str


def begin(db: Session, *, who: Viewer, now: datetime) -> Shift:
    """Begin a shift where nobody has to hand one over.

    Raises:
        InputError: one is running, or waits to be signed.
    """
    if newest_unsigned(db) is not None:
        raise InputError("Ada giliran yang belum diserahterimakan; selesaikan dulu.")
    return _begin(db, who, now)


def write(db: Session, *, who: Viewer, text: str, now: datetime) -> ShiftEntry:
    """Write an entry into the running shift; everybody of the room may.

    Raises:
        InputError: no shift is running, or there are no words.
    """
    shift = _running(db)
    if shift is None:
        raise InputError("Belum ada giliran yang berjalan; mulai giliran lebih dahulu.")
    words = text.strip()
    if not words:
        raise InputError("Tulis dulu catatannya.")
    if len(words) > MAX_ENTRY:
        raise InputError(f"Catatan lebih dari {MAX_ENTRY} huruf; bagi menjadi dua.")
    entry = ShiftEntry(shift=shift.id, at=now, account_id=who.account_id, text=words)
    db.add(entry)
    db.flush()
    return entry


def hand_over(db: Session, *, who: Viewer, note: str, summary: Sequence[SummaryPart], now: datetime) -> Shift:
    """End one's shift with what is open now, for the next one to sign.

    Raises:
        InputError: none is running, it is somebody else's who may still come, or the note is too long
            or, for somebody else's, missing.
    """
    shift = _running(db)
    if shift is None:
        raise InputError("Tidak ada giliran yang berjalan.")
    if shift.account_id != who.account_id:
        if not may_end(shift, who, now):
            raise InputError("Giliran ini milik orang lain; hanya pemegangnya yang menyerahkan.")
        if not note.strip():
            raise InputError("Tulis mengapa giliran orang lain diserahkan.")
    if len(note.strip()) > MAX_NOTE:
        raise InputError(f"Pesan lebih dari {MAX_NOTE} huruf; ringkaskan.")
    shift.running, shift.handed_at, shift.note = None, now, note.strip()
    shift.summary = msgspec.json.encode(tuple(summary)).decode()
    action = "shift.hand-over" if shift.account_id == who.account_id else "shift.hand-over-for"
    audit.append(db, at=now, actor=who.name, action=action, target=f"shift:{shift.id}")
    return shift


def may_end(shift: Shift, who: Viewer, now: datetime) -> bool:
    """Return whether somebody may hand over this running shift: one's own, or one whose keeper is gone."""
    is_left = now - shift.began_at >= LEFT_AFTER and who.may(Permission.SHIFT_MANAGE)
    return shift.account_id == who.account_id or is_left


def sign(db: Session, number: int, *, who: Viewer, now: datetime) -> Shift:
    """Take a shift over that was handed over, and begin one's own.

    Raises:
        NotFoundError: there is no such shift.
        InputError: it is signed already, runs still, or is one's own.
    """
    shift = db.get(Shift, number)
    if shift is None:
        raise NotFoundError(f"shift {number}")
    if shift.signed_at is not None:
        raise InputError("Serah terima ini sudah ditandatangani.")
    if shift.handed_at is None:
        raise InputError("Giliran ini masih berjalan; pemegangnya menyerahkan lebih dahulu.")
    if shift.account_id == who.account_id:
        raise InputError("Giliran sendiri ditandatangani oleh petugas berikutnya.")
    shift.signed_by, shift.signed_at = who.account_id, now
    shift.seal = seal_of(db, shift)
    audit.append(
        db, at=now, actor=who.name, action="shift.sign", target=f"shift:{shift.id}", detail=shift.seal
    )
    db.flush()
    return _begin(db, who, now)


def is_unbroken(db: Session, shift: Shift) -> bool:
    """Return whether a signed shift still is what was signed."""
    return shift.seal == seal_of(db, shift)


def seal_of(db: Session, shift: Shift) -> str:
    """Return the SHA-256 of a shift and all its entries."""
    entries = db.scalars(select(ShiftEntry).where(ShiftEntry.shift == shift.id).order_by(ShiftEntry.id))
    told = [
        [shift.id, shift.account_id, _instant(shift.began_at), _instant(shift.handed_at), shift.note],
        [shift.summary, shift.signed_by, _instant(shift.signed_at)],
        *([entry.id, _instant(entry.at), entry.account_id, entry.text] for entry in entries),
    ]
    return hashlib.sha256(msgspec.json.encode(told)).hexdigest()


def newest_unsigned(db: Session) -> ShiftLine | None:
    """Return the shift that runs or waits to be signed."""
    found = shifts(db, most=1)
    return found[0] if found and not found[0].is_signed else None


def shifts(db: Session, *, most: int = PAGE, skip: int = 0) -> Sequence[ShiftLine]:
    """Return shifts, the newest first."""
    signer = aliased(Account)
    rows = db.execute(
        select(Shift, Account.display_name, signer.display_name)
        .join(Account, Account.id == Shift.account_id)
        .join(signer, signer.id == Shift.signed_by, isouter=True)
        .order_by(Shift.id.desc())
        .limit(most)
        .offset(skip)
    )
    return [ShiftLine(shift, keeper, name or "") for shift, keeper, name in rows]


def one_shift(db: Session, number: int) -> ShiftLine:
    """Return one shift.

    Raises:
        NotFoundError: there is none.
    """
    shift = db.get(Shift, number)
    if shift is None:
        raise NotFoundError(f"shift {number}")
    keeper = db.get_one(Account, shift.account_id).display_name
    signer = db.get_one(Account, shift.signed_by).display_name if shift.signed_by is not None else ""
    return ShiftLine(shift, keeper, signer)


def entries_of(db: Session, number: int) -> Sequence[EntryLine]:
    """Return what was written in a shift, oldest first."""
    rows = db.execute(
        select(ShiftEntry, Account.display_name)
        .join(Account, Account.id == ShiftEntry.account_id)
        .where(ShiftEntry.shift == number)
        .order_by(ShiftEntry.id)
    )
    return [EntryLine(entry, who) for entry, who in rows]


def _begin(db: Session, who: Viewer, now: datetime) -> Shift:
    shift = Shift(running=_RUNNING, account_id=who.account_id, began_at=now)
    db.add(shift)
    db.flush()
    audit.append(db, at=now, actor=who.name, action="shift.begin", target=f"shift:{shift.id}")
    return shift


def _running(db: Session) -> Shift | None:
    return db.scalars(select(Shift).where(Shift.running == _RUNNING)).one_or_none()


def _instant(at: datetime | None) -> str:
    return "" if at is None else at.isoformat(timespec="microseconds")
