"""Bookings: two never overlap, whoever presses first, on either database; nobody came, the room is free."""

import random
import threading
from dataclasses import replace
from datetime import datetime, timedelta

import pytest
from sqlalchemy import select

from hub.cases.bookings.chores import NO_SHOW_AFTER, booking_keeper
from hub.cases.bookings.models import BookedQuarter, Booking
from hub.cases.bookings.rules import BadWishError, Wish, wish_of
from hub.cases.bookings.service import Bookings, bookings_between, count_between, take
from hub.cases.definition.stages import Effect
from hub.cases.keeping.engine import Applicant, CaseEngine
from hub.cases.keeping.models import CaseRecord
from hub.cases.keeping.service import act_on, actor_for, applicant_actor, file_case
from hub.cases.keeping.versions import load_shipped
from hub.cases.machine.rules import Given, Refused
from hub.db import Database
from hub.people.sessions import Viewer
from hub.places.areas import load_areas
from tests.hub.cases.office import MONDAY, ZONE, Office

ROOM = {"room": "rapat_utama", "day": "2026-11-27", "begin": "09:00", "end": "10:30"}


def engine_of(office: Office) -> CaseEngine:
    bookings = Bookings(ZONE)
    return replace(
        office.engine, effects={Effect.RESERVE: bookings.reserve, Effect.RELEASE: bookings.release}
    )


def act(office: Office, case: CaseRecord, who: Viewer | None, action: str) -> CaseRecord | Refused:
    with office.writing() as db:
        row = db.get_one(CaseRecord, case.id)
        actor = applicant_actor(row) if who is None else actor_for(db, case=row, viewer=who, now=office.now)
        given = Given(note="ya")
        return act_on(
            db, engine=engine_of(office), case=row, actor=actor, action=action, given=given, now=office.now
        )


def test_a_room_is_given_once_and_again_after_it_was_cancelled(office: Office) -> None:
    first, second = (
        office.file("pinjam-ruang", None, **ROOM),
        office.file("pinjam-ruang", None, **ROOM | {"begin": "10:15", "end": "11:00"}),
    )
    beside = office.file("pinjam-ruang", None, **ROOM | {"begin": "10:30", "end": "11:00"})
    supervisor = office.account("supervisor")
    assert not isinstance(act(office, first, supervisor, "setujui"), Refused)
    refused = act(office, second, supervisor, "setujui")
    assert isinstance(refused, Refused)
    assert refused.faults[0].text.startswith("Bentrok: 10.15 pada 27-11-2026 sudah dipakai")
    assert office.read(second.number).stage == "diajukan"
    assert not isinstance(act(office, beside, supervisor, "setujui"), Refused), (
        "it begins when the other ends"
    )
    assert not isinstance(act(office, beside, None, "batalkan"), Refused)
    assert not isinstance(act(office, first, None, "batalkan"), Refused)
    assert not isinstance(act(office, second, supervisor, "setujui"), Refused)
    with office.database.reading() as db:
        day = datetime(2026, 11, 27, tzinfo=ZONE)
        standing = bookings_between(db, day, day + timedelta(days=1), prefix="pinjam-ruang")
        assert [case.number for _, case in standing] == [second.number]
        assert count_between(db, day, day + timedelta(days=1), prefix="pinjam-ruang") == 1


def test_an_appointment_is_reserved_when_it_is_filed_and_its_slot_is_given_once(office: Office) -> None:
    visit = {"clinic": "saigon", "unit": "gigi", "day": "2026-11-27", "hour": "09:00", "name": "Siti"}
    given = Given(answers={name: [text] for name, text in visit.items()} | {"contact": ["081234567890"]})

    def ask(answers: Given) -> CaseRecord | Refused:
        with office.writing() as db:
            return file_case(
                db,
                engine=engine_of(office),
                service="antrean-puskesmas",
                given=answers,
                applicant=Applicant(name="Siti"),
                now=office.now,
            )

    first = ask(given)
    assert isinstance(first, CaseRecord)
    second = ask(given)
    assert isinstance(second, Refused)
    assert second.faults[0].text.startswith("Bentrok: 09.00 pada 27-11-2026 sudah dipakai")
    past = ask(replace(given, answers={**(given.answers or {}), "day": ["2026-11-20"]}))
    assert isinstance(past, Refused)
    assert not isinstance(act(office, first, None, "batalkan"), Refused)
    assert isinstance(ask(given), CaseRecord)
    with office.database.reading() as db:
        assert len(db.scalars(select(CaseRecord)).all()) == 2, "what was refused left nothing"


@pytest.fixture
def busy(database: Database) -> Office:
    """An office on an empty database of either kind."""
    office = Office(database)
    with office.writing() as db:
        load_areas(db)
        load_shipped(db, now=MONDAY)
    return office


def test_of_two_who_reserve_at_once_exactly_one_gets_the_room(busy: Office) -> None:
    cases = [busy.file("pinjam-ruang", None, **ROOM) for _ in range(2)]
    supervisors = [busy.account("supervisor") for _ in range(2)]
    gate, said = threading.Barrier(2), []

    def approve(index: int) -> None:
        gate.wait()
        said.append(act(busy, cases[index], supervisors[index], "setujui"))

    threads = [threading.Thread(target=approve, args=(index,)) for index in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(isinstance(one, Refused) for one in said) == [False, True]
    with busy.database.reading() as db:
        assert len(db.scalars(select(Booking)).all()) == 1
        assert len(db.scalars(select(BookedQuarter)).all()) == 6


def test_random_bookings_never_overlap_and_are_refused_only_when_they_would(office: Office) -> None:
    seed = random.randrange(2**32)
    print("seed", seed)
    chance = random.Random(seed)
    case = office.file("pinjam-ruang", None, **ROOM)
    day = datetime(2026, 11, 27, 8, tzinfo=ZONE)
    kept: list[Wish] = []
    with office.writing() as db:
        for _ in range(120):
            begins = day + timedelta(minutes=15 * chance.randrange(32))
            wish = Wish("pinjam-ruang:a", begins, begins + timedelta(minutes=15 * chance.randint(1, 6)), 1)
            is_free = all(
                wish.ends_at <= other.begins_at or other.ends_at <= wish.begins_at for other in kept
            )
            assert (take(db, wish, case_id=case.id, now=office.now) is not None) == is_free
            kept += [wish] if is_free else []


def test_offices_with_two_places_take_two_at_the_same_time() -> None:
    wish = wish_of(
        "ktp-kk", {"office": (" Kota ",), "day": ("2026-11-27",), "hour": ("09:05",)}, now=MONDAY, zone=ZONE
    )
    assert wish is not None
    assert (wish.resource, wish.places, len(wish.quarters)) == ("ktp-kk:kota", 2, 3), (
        "begun quarters are taken whole"
    )
    assert wish_of("surat-pengantar", {}, now=MONDAY, zone=ZONE) is None


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"end": "08:00"}, "sesudah jam mulai"),
        ({"begin": "00:00", "end": "23:00"}, "paling lama 14 jam"),
        ({"day": "2020-01-01"}, "sudah lewat"),
        ({"day": "9999-12-31"}, "tidak mungkin"),
    ],
    ids=["ends-first", "too-long", "over", "no-such-year"],
)  # fmt: skip
def test_what_cannot_be_booked_is_said_with_its_field(change: dict[str, str], words: str) -> None:
    wanted = {name: (text,) for name, text in (ROOM | change).items()}
    with pytest.raises(BadWishError, match=words):
        wish_of("pinjam-ruang", wanted, now=MONDAY, zone=ZONE)


def test_a_room_that_nobody_came_to_is_free_again_and_one_that_is_used_ends(office: Office) -> None:
    empty, used = (
        office.file("pinjam-ruang", None, **ROOM),
        office.file("pinjam-ruang", None, **ROOM | {"room": "media"}),
    )
    supervisor = office.account("supervisor")
    for case in (empty, used):
        act(office, case, supervisor, "setujui")
    keep = booking_keeper(office.database, engine_of(office), lambda: office.now)
    keep()
    begins = datetime(2026, 11, 27, 9, tzinfo=ZONE)
    office.now = begins + timedelta(minutes=1)
    act(office, used, None, "mulai")
    keep()
    assert office.read(empty.number).stage == "disetujui", "somebody may still be on the stairs"
    office.now = begins + NO_SHOW_AFTER
    keep()
    assert office.read(empty.number).stage == "tidak_hadir"
    office.now = begins + timedelta(hours=2)
    keep()
    assert office.read(used.number).stage == "selesai"
    with office.database.reading() as db:
        assert db.scalars(select(BookedQuarter)).all() == []
