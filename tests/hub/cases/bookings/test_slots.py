"""Free hours of an office: within its hours, less what is taken; each leads to the form, filled in."""

from datetime import UTC, datetime, timedelta

import pytest

from hub.cases.bookings.rules import PLANS, Wish
from hub.cases.bookings.service import Bookings, take
from hub.cases.bookings.slots import beginnings, free_slots, plan_of, resource_of
from hub.cases.clock.working_days import WorkingDays
from hub.cases.definition.stages import Action
from hub.cases.keeping.engine import EffectRefusedError
from tests.hub.cases.asking.conftest import desk  # noqa: F401 (a fixture)
from tests.hub.cases.office import MONDAY, ZONE, Office, plain_week
from tests.hub.screens import Screens, clock, screens  # noqa: F401 (fixtures)

DAYS = WorkingDays(plain_week, ZONE)
PLAN = PLANS["ktp-kk"]
TUESDAY = (MONDAY + timedelta(days=1)).astimezone(ZONE).date()


def test_slots_lie_within_office_hours_and_none_on_a_free_day() -> None:
    found = beginnings(PLAN, TUESDAY, DAYS, ZONE)
    assert (f"{found[0]:%H:%M}", f"{found[-1]:%H:%M}", len(found)) == ("07:30", "15:30", 17)
    assert beginnings(PLAN, TUESDAY + timedelta(days=4), DAYS, ZONE) == []
    assert (plan_of("pinjam-ruang"), plan_of("pengaduan")) == (None, None)


def test_a_slot_is_free_until_all_its_places_are_taken(office: Office) -> None:
    case = office.file("ktp-kk")
    resource = resource_of("ktp-kk", PLAN, {"office": "kota"})
    nine = datetime(2026, 11, 24, 9, tzinfo=ZONE)

    def free() -> dict[str, int]:
        with office.database.reading() as db:
            [(_day, slots)] = free_slots(
                db, PLAN, resource, [TUESDAY], working_days=DAYS, now=office.now, zone=ZONE
            )
        return {f"{slot.begins_at.astimezone(ZONE):%H:%M}": slot.free for slot in slots}

    counts = []
    for _ in range(PLAN.places + 1):
        counts.append(free()["09:00"])
        with office.writing() as db:
            wish = Wish(resource, nine, nine + timedelta(minutes=30), PLAN.places)
            take(db, wish, case_id=case.id, now=office.now)
    assert counts == [2, 1, 0]
    assert (free()["08:30"], free()["09:30"]) == (2, 2)
    with office.database.reading() as db:
        late = datetime(2026, 11, 24, 15, tzinfo=ZONE).astimezone(UTC)
        [(_day, slots)] = free_slots(db, PLAN, resource, [TUESDAY], working_days=DAYS, now=late, zone=ZONE)
        assert len(slots) == 1, "hours that are over are not offered"
        assert free_slots(db, PLAN, resource, [], working_days=DAYS, now=late, zone=ZONE) == []


@pytest.mark.parametrize(("hour", "is_open"), [("09:00", True), ("09:10", False), ("03:00", False)])
def test_only_hours_of_the_office_can_be_reserved(office: Office, hour: str, is_open: bool) -> None:
    case = office.file("ktp-kk", office="kota", day=f"{TUESDAY}", hour=hour)
    bookings = Bookings(ZONE, lambda _db: DAYS)
    action = Action(id="jadwalkan", label="x", to="x")
    with office.writing() as db:
        if is_open:
            bookings.reserve(db, case, action, office.now)
        else:
            with pytest.raises(EffectRefusedError, match="bukan jam pelayanan"):
                bookings.reserve(db, case, action, office.now)


def test_a_free_hour_leads_to_the_form_filled_in(desk: Screens) -> None:  # noqa: F811 (the fixture)
    client = desk.stranger()
    page = client.get("/slot/antrean-puskesmas").get_data(as_text=True)
    assert "08.00" not in page, "first an office is chosen"
    chosen = "/slot/antrean-puskesmas?clinic=saigon&unit=gigi&dari=2026-11-23"
    page = client.get(chosen).get_data(as_text=True)
    link = "/layanan/antrean-puskesmas?isi-clinic=saigon&amp;isi-unit=gigi"
    link += "&amp;isi-day=2026-11-23&amp;isi-hour=09:00"
    assert link in page.replace("%3A", ":")
    form = client.get(link.replace("&amp;", "&") + "&isi-contact=0812").get_data(as_text=True)
    assert 'value="2026-11-23"' in form
    assert 'value="09:00"' in form
    assert 'value="0812"' not in form, "a telephone number is never read from an address"
    assert "Lihat jam yang masih kosong" in form
    for path, code in (("/slot/pbg", 404), ("/slot/tiada", 404), ("/slot/ktp-kk?office=x&dari=x", 200)):
        assert client.get(path).status_code == code
