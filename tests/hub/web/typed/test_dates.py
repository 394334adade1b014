"""Days, months and moments from outside: a year that cannot be computed with is a mistake, no error page."""

from datetime import UTC, date, datetime, time
from zoneinfo import ZoneInfo

import pytest

from hub.people.permissions import Role
from hub.web.typed.dates import typed_clock, typed_day, typed_moment, typed_month
from tests.hub.screens import Screens, post

WIB = ZoneInfo("Asia/Pontianak")
# Moments of the first and the last days of all cannot be told in another zone.
BAD_DAYS = ["0001-01-01", "9999-12-31", "1969-12-31", "2101-01-01", "kemarin", ""]
ASKING = [
    "/lalu-lintas/pi-jawi/utara?rentang=sendiri&dari=D&sampai=D",
    "/lalu-lintas?rentang=sendiri&dari=D&sampai=D",
    *("/peristiwa?dari=D&sampai=D", "/hadir/rekap?bulan=M", "/hadir?bulan=M", "/hadir/terbit?bulan=M"),
    *("/ketersediaan?bulan=M", "/gangguan?dari=D&sampai=D", "/api/hadir/v1/people?month=M"),
]


def test_what_is_written_well_is_read() -> None:
    assert typed_day(" 2026-11-23 ") == date(2026, 11, 23)
    assert typed_month("2026-11") == date(2026, 11, 1)
    assert typed_moment("2026-11-23T07:30", WIB).astimezone(UTC) == datetime(2026, 11, 23, 0, 30, tzinfo=UTC)
    assert typed_clock("07:30+09:00") == time(7, 30)


@pytest.mark.parametrize("text", BAD_DAYS)
def test_what_is_none_or_of_another_age_is_refused(text: str) -> None:
    for read in (lambda: typed_day(text), lambda: typed_month(text[:7]), lambda: typed_moment(text, WIB)):
        with pytest.raises(ValueError, match=r"year|Invalid"):
            read()


def test_a_question_with_a_day_of_another_age_is_answered(city: Screens) -> None:
    client = city.signed_in(*Role)
    asked = [address.replace("D", day).replace("M", day[:7]) for day in BAD_DAYS for address in ASKING]
    assert {address for address in asked if client.get(address).status_code >= 500} == set()


@pytest.mark.parametrize("day", ["0001-01-01", "9999-12-31"])
def test_a_form_with_a_day_of_another_age_changes_nothing(city: Screens, day: str) -> None:
    client = city.signed_in(*Role)
    before = city.dump()
    answers = [
        post(client, "/titik/jawi", "/titik/jawi/kunjungan", pada=f"{day}T00:00", kerja="dibersihkan"),
        post(
            client,
            "/perawatan",
            "/perawatan",
            tempat="jawi",
            mulai=f"{day}T00:00",
            selesai=f"{day}T23:00",
            sebab="x",
        ),
        post(client, "/temuan/1", "/temuan/1", tindakan="send", opd="1", tenggat=day),
    ]
    assert [answer.status_code for answer in answers if answer.status_code >= 500] == []
    assert {name for name, rows in city.dump().items() if rows != before[name]} <= {"session", "audit_entry"}
