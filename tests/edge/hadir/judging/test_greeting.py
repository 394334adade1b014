"""Which greeting a recorded person gets."""

from datetime import datetime

import pytest

from edge.clock import Stamp
from edge.hadir.judging.greeting import greet
from edge.hadir.messages import WIB
from edge.wire.hadir.codes import Purpose
from edge.wire.hadir.roster import Hours
from edge.wire.records.bodies import ClockQuality

DAY = Hours(0, 1, 450, 960)  # 07.30-16.00
NIGHT = Hours(0, 1, 1320, 360)  # 22.00-06.00


def greeting(
    hour: int,
    minute: int,
    *,
    purpose: Purpose = Purpose.AUTOMATIC,
    direction: str = "both",
    hours: Hours | None = DAY,
    earlier_h: float | None = None,
) -> str:
    at = datetime(2026, 11, 23, hour, minute, tzinfo=WIB)
    earlier_s = None if earlier_h is None else int(at.timestamp() - earlier_h * 3600)
    now = Stamp(at=at, quality=ClockQuality.SYNCED, mono_ns=0)
    message = greet("Budi", now, purpose=purpose, direction=direction, hours=hours, earlier_s=earlier_s)
    assert message.code == "H00"
    return message.text


@pytest.mark.parametrize(
    ("hour", "minute", "text"),
    [
        (7, 14, "Selamat pagi, Budi. MASUK 07.14 — tepat waktu"),
        (7, 30, "Selamat pagi, Budi. MASUK 07.30 — tepat waktu"),
        (7, 31, "Selamat pagi, Budi. MASUK 07.31 — terlambat 1 menit"),
        (11, 30, "Selamat siang, Budi. MASUK 11.30 — terlambat 240 menit"),
        (11, 31, "Selamat siang, Budi. MASUK 11.31"),
        (11, 45, "Selamat siang, Budi. PULANG 11.45 — sampai jumpa"),
        (16, 5, "Selamat sore, Budi. PULANG 16.05 — sampai jumpa"),
        (19, 0, "Selamat malam, Budi. PULANG 19.00 — sampai jumpa"),
        (3, 59, "Selamat malam, Budi. MASUK 03.59 — tepat waktu"),
    ],
)
def test_a_day_is_greeted_as_people_would(hour: int, minute: int, text: str) -> None:
    assert greeting(hour, minute) == text


def test_somebody_back_from_an_errand_is_not_called_late() -> None:
    assert greeting(9, 0, earlier_h=1.5).endswith("MASUK 09.00")
    assert greeting(9, 0, earlier_h=17).endswith("terlambat 90 menit")


def test_without_hours_a_door_does_not_judge() -> None:
    assert greeting(9, 0, hours=None).endswith("MASUK 09.00")
    assert "PULANG" in greeting(12, 0, hours=None)


def test_over_midnight_a_door_does_not_judge() -> None:
    assert greeting(9, 0, hours=NIGHT).endswith("MASUK 09.00")


def test_what_the_person_chose_wins_over_the_door_and_the_door_over_the_time() -> None:
    assert "PULANG" in greeting(7, 14, purpose=Purpose.LEAVING, direction="in")
    assert "MASUK" in greeting(16, 5, purpose=Purpose.ARRIVING, direction="out")
    assert "MASUK" in greeting(16, 5, direction="in")
    assert "PULANG" in greeting(7, 14, direction="out")


def test_an_event_is_never_late() -> None:
    assert greeting(9, 0, purpose=Purpose.EVENT).endswith("MASUK 09.00")
