"""Fills an empty hub with a past month of a demonstration city: scans, leave, corrections.

The scans go the way of all scans, and the rules make of them what they make: nothing here says how a
day comes out. Must not touch a hub in which anybody ever scanned.
"""

import hashlib
import random
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from msgspec.structs import replace
from sqlalchemy import select
from sqlalchemy.orm import Session

from edge.wire.messages import Record
from edge.wire.records.bodies import Assurance, ClockQuality, HadirScan, ScanMethod
from hub.errors import InputError
from hub.hadir.ingest import keep_scans
from hub.hadir.models import DoorScan, DoorWatermark, PersonLeave, ReaderService
from hub.hadir.results.calendar import plan_of
from hub.hadir.results.publishing.outcomes import publish, recount
from hub.hadir.results.reading.inputs import DayInputs
from hub.hadir.results.reading.watermarks import keep_first_scans
from hub.hadir.twin.habits import TOGETHER_SHARE, Passing, beside, habit_of, passing_of
from hub.hadir.twin.wishes import ask_for_corrections
from hub.ingest.handlers import LATE_AFTER, Arrival
from hub.people.models import Person
from hub.places.models import Device, Door

EPOCH = "0c0de0c0de0c0de0"
BOOT = "0c0de0c0de0c0de00c0de0c0de0c0de0"
FLAG = "contoh"
# One in so many comes to work with the next one.
PAIR_EVERY = 29
# Counted in working days back from the last one: the network was down in an afternoon, the door's clock
# was lost in a morning, and somebody's code came twice.
OUTAGE_DAY, CLOCK_DAY, TWICE_DAY = 4, 7, 2
_LEAVES = (("C", 3, "SK cuti"), ("DL", 2, "SPT dinas luar"), ("S", 1, "Surat dokter"), ("I", 1, "Surat izin"))


@dataclass(frozen=True, slots=True)
class Simulated:
    """What was made."""

    scans: int
    results: int
    corrections: int


def has_past(db: Session) -> bool:
    """Return whether anybody scanned here yet."""
    return db.scalars(select(DoorScan.id).limit(1)).first() is not None


def simulate_past(
    db: Session, *, first: date, last: date, zone: ZoneInfo, seed: int, now: datetime
) -> Simulated:
    """Invent a past for everybody who is placed somewhere, and publish what the rules make of it.

    Args:
        db: A writing session.
        first: The first day.
        last: The last day, included; before today.
        zone: The city's.
        seed: The same number invents the same past.
        now: The present.

    Raises:
        InputError: somebody scanned here already, or there is no door.
    """
    if has_past(db):
        raise InputError("pindaian sudah ada: masa lalu hanya disimulasikan di hub yang masih kosong")
    door = db.execute(
        select(Device.id, Device.site, Door.id)
        .join(Door, Door.device == Device.id)
        .where(Door.is_retired.is_(False), Device.is_retired.is_(False))
        .order_by(Device.id, Door.id)
    ).first()
    if door is None:
        raise InputError("belum ada pintu Hadir; muat dulu inventarisnya")
    device, site, door_id = door
    midnight = datetime.combine(first, time(), zone).astimezone(UTC)
    db.add(ReaderService(device=device, site=site, since=midnight))
    db.flush()
    _give_leave(db, first, last, seed)
    told = _Told(device, door_id, zone, seed)
    inputs = DayInputs(db, persons=None, first=first, last=last, zone=zone)
    scans = sum(_keep_day(db, arrivals) for arrivals in told.days(inputs, _holders(db)))
    until = datetime.combine(last + timedelta(days=1), time(), zone).astimezone(UTC)
    db.merge(DoorWatermark(device=device, complete_until=until))
    db.flush()
    results = sum(
        publish(db, counted.only_new(), now=now, zone=zone)
        for counted in list(recount(db, persons=None, first=first, last=last, zone=zone))
    )
    asked = ask_for_corrections(db, last=last, now=now, zone=zone)
    return Simulated(scans, results, asked)


class _Told:
    """Makes the arrivals of each day, as a door's device would have sent them."""

    def __init__(self, device: str, door: str, zone: ZoneInfo, seed: int) -> None:
        self._device, self._door, self._zone, self._seed = device, door, zone, seed
        self._seq = 0

    def days(self, inputs: DayInputs, holders: frozenset[int]) -> Iterator[list[Arrival]]:
        """Yield the arrivals of each day, in order of time."""
        working = [day for day in inputs.days if day.weekday() < 5]
        for day in inputs.days:
            left = len([one for one in working if one > day])
            times = sorted(
                (at, person) for person, passing in self._passings(inputs, day) for at in _times_of(passing)
            )
            arrivals = [self._arrival(at, person, person in holders, day, left) for at, person in times]
            if left == TWICE_DAY and arrivals and day in working:
                arrivals.append(self._again(arrivals[0]))
            yield arrivals

    def _passings(self, inputs: DayInputs, day: date) -> Iterator[tuple[int, Passing]]:
        before: Passing | None = None
        for place, person in enumerate(inputs.persons):
            given = inputs.given(person, day)
            plan = None if given is None else plan_of(day, given.rows, self._zone)
            if plan is None or plan.start is None or plan.end is None:
                before = None
                continue
            # An invented city is no secret.
            chance = random.Random(f"{self._seed} {person} {day}")  # noqa: S311
            passing = passing_of(habit_of(person, self._seed), plan.start, plan.end, chance)
            if place % PAIR_EVERY == 1 and before is not None and chance.random() < TOGETHER_SHARE:
                passing = beside(before, chance)
            before = passing
            yield person, passing

    def _arrival(self, at: datetime, person: int, has_badge: bool, day: date, left: int) -> Arrival:
        self._seq += 1
        local = at.astimezone(self._zone)
        # Two minutes in which the clock was not to be trusted, after a power cut.
        is_lost = left == CLOCK_DAY and time(7, 10) <= local.time() < time(7, 14)
        is_down = left == OUTAGE_DAY and local.time() >= time(16)
        back = datetime.combine(day + timedelta(days=1), time(6, 40), self._zone).astimezone(UTC)
        received_at = back if is_down else at + timedelta(seconds=1)
        token = hashlib.sha256(f"{self._seed} {self._seq}".encode()).hexdigest()[:32]
        body = HadirScan(
            door=self._door,
            person=person,
            method=ScanMethod.BADGE if has_badge else ScanMethod.PHONE,
            assurance=Assurance.WEAK if has_badge else Assurance.STRONG,
            issued_at=at - timedelta(seconds=2),
            token=token,
            roster_version=1,
            flags=(FLAG,),
        )
        clock = ClockQuality.UNKNOWN if is_lost else ClockQuality.SYNCED
        record = Record(
            seq=self._seq, at=at, clock=clock, boot_id=BOOT, mono_ns=self._seq * 1_000_000, body=body
        )
        return Arrival(
            device=self._device,
            epoch=EPOCH,
            record=record,
            received_at=received_at,
            is_late=received_at - at > LATE_AFTER,
        )

    def _again(self, first: Arrival) -> Arrival:
        """Return the same code once more, three minutes later: somebody filmed it."""
        at = first.record.at + timedelta(minutes=3)
        self._seq += 1
        record = replace(first.record, seq=self._seq, at=at, mono_ns=self._seq * 1_000_000)
        return replace(first, record=record, received_at=at + timedelta(seconds=1))


def _times_of(passing: Passing) -> list[datetime]:
    times = (passing.arrived_at, passing.left_at)
    return [at.astimezone(UTC).replace(microsecond=0) for at in times if at is not None]


def _keep_day(db: Session, arrivals: Sequence[Arrival]) -> int:
    if arrivals:
        keep_scans(db, arrivals)
        keep_first_scans(db, arrivals)
    return len(arrivals)


def _holders(db: Session) -> frozenset[int]:
    return frozenset(db.scalars(select(Person.number).where(Person.may_use_badge.is_(True))))


def _give_leave(db: Session, first: date, last: date, seed: int) -> None:
    """Give every eighth person a leave or duty on paper."""
    chance = random.Random(f"leave {seed}")  # noqa: S311 (an invented city is no secret)
    days = (last - first).days
    for number, person in enumerate(db.scalars(select(Person.number).order_by(Person.number))):
        if number % 8 != 3:
            continue
        kind, length, document = _LEAVES[number // 8 % len(_LEAVES)]
        begin = first + timedelta(days=chance.randrange(max(1, days - length)))
        # Nobody takes leave for a weekend.
        begin -= timedelta(days=max(0, begin.weekday() + length - 5))
        db.add(
            PersonLeave(
                person_number=person,
                kind=kind,
                first=begin,
                last=begin + timedelta(days=length - 1),
                part="whole",
                document=f"{document} {100 + number} ({FLAG})",
                approver=FLAG,
            )
        )
    db.flush()
