"""The inbox by key: every case once and in order, late first, whatever the page size and the desks."""

import random
from datetime import timedelta

import pytest

from hub.cases.desk.listing import Cursor, Inbox, Shelf, Wanted, cursor_of, cursor_text, number_of
from hub.cases.keeping.models import CaseRecord
from hub.people.permissions import ScopeKind
from hub.people.sessions import Viewer
from tests.hub.cases.office import MONDAY, OTHER_WARD, PUPR, WARD, Office


def numbers(office: Office, who: Viewer, wanted: Wanted, size: int) -> list[str]:
    """All pages of a list, one after the other."""
    found: list[str] = []
    after: Cursor | None = None
    with office.database.reading() as db:
        inbox = Inbox(db, account_id=who.account_id, now=office.now)
        for _ in range(100):
            page = inbox.page(wanted, cursor_of(cursor_text(after)), size)
            found += [case.number for case in page.cases]
            after = page.next
            if after is None:
                return found
    raise AssertionError("the pages never end")


@pytest.fixture
def full(office: Office) -> Office:
    """An office with complaints and letters of different ages."""
    chance = random.Random(7)
    for _ in range(12):
        office.now = MONDAY + timedelta(minutes=chance.randrange(20_000))
        office.file(chance.choice(["pengaduan", "surat-keterangan-usaha"]), kelurahan=WARD)
    office.now = MONDAY + timedelta(days=11)
    return office


@pytest.mark.parametrize("size", [1, 3, 50])
def test_pages_by_key_hold_every_case_once_in_order_of_their_due_time(full: Office, size: int) -> None:
    # Two desks that hold some of the same cases.
    who = full.account("coordinator", "counter-clerk")
    wanted = Wanted(Shelf.DESK)
    found = numbers(full, who, wanted, size)
    assert sorted(set(found)) == sorted(found)
    assert len(found) == 12
    dues = [full.read(number).queue_at for number in found]
    assert dues == sorted(dues)
    late = numbers(full, who, Wanted(Shelf.DESK, is_late=True), size)
    assert late == [number for number, due in zip(found, dues, strict=True) if due < full.now]
    assert 0 < len(late) < 12
    assert numbers(full, who, Wanted(Shelf.ALL, is_late=True), size) == late
    everything = numbers(full, who, Wanted(Shelf.ALL), size)
    ids = [full.read(number).id for number in everything]
    assert ids == sorted(ids, reverse=True)
    assert len(ids) == 12
    letters = numbers(full, who, Wanted(Shelf.DESK, service="surat-keterangan-usaha"), size)
    assert letters == [number for number in found if number.startswith("SRT")]
    none = Wanted(Shelf.DESK, service="surat-keterangan-usaha", stage="verifikasi")
    assert numbers(full, who, none, size) == []


def test_counts_and_what_was_given_to_somebody(full: Office) -> None:
    liaison = full.account("liaison", kind=ScopeKind.OPD, scope=str(PUPR))
    coordinator = full.account("coordinator")
    number = next(n for n in numbers(full, coordinator, Wanted(), 50) if n.startswith("PGD"))
    for who, action in ((coordinator, "teruskan"), (liaison, "kerjakan")):
        assert isinstance(full.act_fully(number, who, action), CaseRecord)
    assert numbers(full, liaison, Wanted(Shelf.MINE), 50) == [number]
    assert numbers(full, liaison, Wanted(Shelf.ALL), 50) == [number]
    with full.database.reading() as db:
        counts = Inbox(db, account_id=liaison.account_id, now=full.now).counts()
        assert (counts.waiting, counts.late, counts.mine) == (1, 0, 1)
        other = full.account("lurah", kind=ScopeKind.KELURAHAN, scope=OTHER_WARD)
        elsewhere = Inbox(db, account_id=other.account_id, now=full.now)
        assert elsewhere.page(Wanted(Shelf.ALL)).cases == ()


def test_a_case_is_found_by_its_number_and_by_its_code_as_people_write_them(office: Office) -> None:
    case = office.file("pengaduan")
    code = case.tracking_code
    with office.database.reading() as db:
        for typed in (
            case.number,
            case.number.lower(),
            f" {code[:5].lower()} {code[5:]} ",
            f"{code[:3]}-{code[3:]}",
        ):
            assert number_of(db, typed) == case.number, typed
        for typed in ("", "PGD-2026-999999", "'; --"):
            assert number_of(db, typed) is None


@pytest.mark.parametrize(
    "text",
    [
        "",
        "~",
        "kemarin~1",
        "2026-11-23T00:00:00~1",
        "0001-01-01T00:00:00+07:00~1",
        "2026-11-23T00:00:00+00:00~x",
    ],
)
def test_an_address_that_is_no_cursor_begins_at_the_first_page(text: str) -> None:
    assert cursor_of(text) is None
