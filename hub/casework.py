"""What cases are worked with in this city: composition for the web and for ingest, as ``hub/app.py`` is.

Whoever carries out an effect, or wants to be told of steps, is named here and nowhere else.
"""

from dataclasses import dataclass
from datetime import UTC, date, datetime
from functools import partial
from pathlib import Path
from zoneinfo import ZoneInfo

from sqlalchemy.orm import Session

from hub.cases import faults
from hub.cases.bookings.chores import LOOK_EVERY_S as BOOKINGS_EVERY_S
from hub.cases.bookings.chores import booking_keeper
from hub.cases.bookings.courses import Course
from hub.cases.bookings.service import Bookings
from hub.cases.citizens.chores import SWEEP_EVERY_S, sweeper
from hub.cases.citizens.nik import load_or_make_box
from hub.cases.complaints.statistics.rolling import ADD_UP_EVERY_S, adder
from hub.cases.complaints.triage.joining import note_join
from hub.cases.definition.stages import Effect
from hub.cases.keeping.chores import LOOK_EVERY_S, CaseKeeper
from hub.cases.keeping.engine import CaseEngine, Place
from hub.cases.keeping.holders import opd_number
from hub.cases.keeping.steps.anew import ANEW_EVERY_S, CalendarFollower
from hub.cases.letters.issuing.issuer import folder_of as letters_folder
from hub.cases.letters.issuing.sweeping import sweep_unsigned
from hub.cases.letters.signing.links import link_of
from hub.cases.letters.wiring import LetterDesk, open_letters
from hub.cases.tracking.telling import tell_applicant
from hub.cctv.outages.tickets.following import FOLLOW_EVERY_S, Fault, follow, is_behind
from hub.config import HubConfig
from hub.db import Database
from hub.hadir.results.reading.office_hours import working_days
from hub.ingest.chores import Chore
from hub.registers.showing.enrolling import find_training


def case_engine(config: HubConfig) -> CaseEngine:
    """Return what cases are worked with."""
    zone = ZoneInfo(config.timezone)
    calendar = partial(working_days, zone=zone)
    bookings = Bookings(zone, calendar, _course)
    return CaseEngine(
        working_days=calendar,
        zone=zone,
        effects={
            Effect.ISSUE_DOCUMENT: letters_of(config).issuer,
            Effect.RESERVE: bookings.reserve,
            Effect.RELEASE: bookings.release,
        },
        told=(note_join, tell_applicant),
        # The key is read, or made, when the first NIK comes: not by whoever only looks at clocks.
        hide=lambda nik: load_or_make_box(nik_key_of(config)).hide(nik),
        link_of=link_of,
    )


def _course(db: Session, typed: str, today: date) -> Course | None:
    """Return the training of the register that somebody means."""
    found = find_training(db, typed, today)
    if found is None:
        return None
    return Course(found.row.id, found.row.title, found.begins_on, found.places, found.is_open)


def case_chores(config: HubConfig, database: Database) -> tuple[Chore, ...]:
    """Return what happens to cases by itself: clocks, and the faults of cameras."""
    engine = case_engine(config)
    desk = FaultCases(engine)

    def follow_tickets() -> bool:
        with database.reading() as db:
            if not is_behind(db):
                return False
        with database.writing() as db:
            return follow(db, desk, datetime.now(UTC))

    rooms = booking_keeper(database, engine, lambda: datetime.now(UTC))

    def sweep_letters() -> None:
        sweep_unsigned(database, letters_folder(config.folder), datetime.now(UTC))

    sweep = sweeper(database, config.folder, lambda: datetime.now(UTC))
    add_up = adder(database, ZoneInfo(config.timezone), lambda: datetime.now(UTC))
    follower = CalendarFollower(database=database, engine=engine, now=lambda: datetime.now(UTC))
    keeper = CaseKeeper(database=database, engine=engine, now=lambda: datetime.now(UTC))
    return (
        Chore("clocks of cases", every_s=LOOK_EVERY_S, act=keeper),
        Chore("due times by the calendar", every_s=ANEW_EVERY_S, act=follower, is_for_idle=True),
        Chore("faults as cases", every_s=FOLLOW_EVERY_S, act=follow_tickets),
        Chore("adding up complaints", every_s=ADD_UP_EVERY_S, act=add_up, is_for_idle=True),
        Chore("bookings", every_s=BOOKINGS_EVERY_S, act=rooms),
        Chore("sweeping files of cases", every_s=SWEEP_EVERY_S, act=sweep, is_for_idle=True),
        Chore("sweeping letters", every_s=SWEEP_EVERY_S, act=sweep_letters, is_for_idle=True),
    )


@dataclass(frozen=True, slots=True)
class FaultCases:
    """The desk at which faults of cameras are worked on: cases."""

    engine: CaseEngine

    def open(self, db: Session, fault: Fault, now: datetime) -> str:
        """Begin work on a fault; return the number of the case."""
        place = Place(
            kelurahan=fault.kelurahan,
            latitude=fault.latitude,
            longitude=fault.longitude,
            opd=opd_number(db, fault.owner),
        )
        camera = f"{fault.device}/{fault.camera}"
        return faults.open_fault(
            db, self.engine, camera=camera, cause=fault.cause, place=place, title=fault.title, now=now
        )

    def open_again(self, db: Session, number: str, now: datetime) -> None:
        """Say that the fault came back."""
        faults.open_fault_again(db, self.engine, number, now=now)

    def close(self, db: Session, number: str, now: datetime) -> None:
        """Say that the fault is over."""
        faults.close_fault(db, self.engine, number, now=now)


def letters_of(config: HubConfig) -> LetterDesk:
    """Return what letters are issued and checked with."""
    return open_letters(config, nik_box=lambda: load_or_make_box(nik_key_of(config)))


def nik_key_of(config: HubConfig) -> Path:
    """Return where the key lies that seals NIKs; a backup of the database without it shows none."""
    return Path(config.folder) / "nik.key"
