"""The calendar of rooms and the tile at a door, for everybody."""

from datetime import timedelta

from hub.cases.bookings.rules import Wish
from hub.cases.bookings.service import take
from hub.cases.keeping.engine import Applicant
from tests.hub.cases.asking.conftest import desk  # noqa: F401 (a fixture)
from tests.hub.cases.office import Office
from tests.hub.screens import Screens, clock, screens  # noqa: F401 (fixtures)


def test_the_door_says_what_is_on_and_what_comes_and_the_calendar_shows_the_week(desk: Screens) -> None:  # noqa: F811 (the fixture)
    now, client = desk.clock(), desk.stranger()
    assert "Kosong" in client.get("/ruang/media").get_data(as_text=True)
    office = Office(desk.database, now=now)
    case = office.file("pinjam-ruang", Applicant(account=office.account().account_id), title="Rapat SPBE")
    with desk.database.writing() as db:
        for hours, room in ((-1, "media"), (2, "media"), (2, "media_lain")):
            begins = now + timedelta(hours=hours)
            wish = Wish(f"pinjam-ruang:{room}", begins, begins + timedelta(hours=1, minutes=30), 1)
            assert take(db, wish, case_id=case.id, now=now) is not None
    tile = client.get("/ruang/media").get_data(as_text=True)
    assert "Dipakai" in tile
    assert tile.count("Rapat SPBE") == 2
    week = client.get("/ruang").get_data(as_text=True)
    assert week.count("Rapat SPBE") == 3
    assert "Dipakai 3 kali pada 2026" in week
    assert "Rapat SPBE" not in client.get("/ruang?dari=2026-01-05").get_data(as_text=True)
    for wrong in ("x", "9999-12-31"):
        assert client.get("/ruang", query_string={"dari": wrong}).status_code == 200
    assert client.get("/ruang/tidak-ada").status_code == 404


def test_personal_numbers_in_a_title_are_hidden_from_everybody(desk: Screens) -> None:  # noqa: F811 (the fixture)
    now, client = desk.clock(), desk.stranger()
    office = Office(desk.database, now=now)
    title = "Rapat, hubungi Siti 0812-3456-7890 atau siti@contoh.id"
    case = office.file("pinjam-ruang", Applicant(account=office.account().account_id), title=title)
    with desk.database.writing() as db:
        for hours in (-1, 2):
            begins = now + timedelta(hours=hours)
            wish = Wish("pinjam-ruang:media", begins, begins + timedelta(hours=1, minutes=30), 1)
            assert take(db, wish, case_id=case.id, now=now) is not None
    for path in ("/ruang", "/ruang/media"):
        page = client.get(path).get_data(as_text=True)
        assert page.count("Rapat, hubungi Siti") == 2
        assert "3456" not in page
        assert "siti@contoh.id" not in page
