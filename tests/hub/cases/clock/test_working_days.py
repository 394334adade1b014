"""Working days against a clock that counts minute by minute."""

import random
from datetime import UTC, date, datetime, time, timedelta
from fractions import Fraction
from zoneinfo import ZoneInfo

import pytest

from hub.cases.clock.promise import Hours, Pause, Promise, Unit, measure_of, passed
from hub.cases.clock.working_days import CalendarError, OfficeHours, WorkingDays

ZONE = ZoneInfo("Asia/Pontianak")
CASES = 60
MONDAY_HOURS = OfficeHours(time(7, 30), time(16))
FRIDAY_HOURS = OfficeHours(time(7, 30), time(16, 30))
RAMADAN_HOURS = OfficeHours(time(8), time(15))


def ordinary(day: date) -> OfficeHours | None:
    if day.weekday() > 4:
        return None
    return FRIDAY_HOURS if day.weekday() == 4 else MONDAY_HOURS


DAYS = WorkingDays(hours_of=ordinary, zone=ZONE)


def wib(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=ZONE)


@pytest.mark.parametrize(
    ("begin", "days", "due"),
    [
        ("2026-11-23T10:00:00", 3, "2026-11-26T10:00:00"),  # Monday to Thursday
        ("2026-11-20T10:00:00", 1, "2026-11-23T09:51:40"),  # Friday is longer than Monday
        ("2026-11-21T23:00:00", 1, "2026-11-23T16:00:00"),  # a Saturday night counts from Monday's opening
        ("2026-11-23T05:00:00", 1, "2026-11-23T16:00:00"),
        ("2026-11-23T16:00:00", 1, "2026-11-24T16:00:00"),
    ],
)
def test_a_promise_in_working_days_ends_in_office_hours(begin: str, days: int, due: str) -> None:
    found = DAYS.after(wib(begin), Fraction(days))
    assert abs(found - wib(due)) < timedelta(seconds=1)
    assert DAYS.between(wib(begin), found) >= days


def test_nothing_passes_backwards_and_nothing_is_due_at_once() -> None:
    now = wib("2026-11-22T10:00:00")
    assert DAYS.between(now, now - timedelta(days=3)) == 0
    assert DAYS.after(now, Fraction(0)) == now
    assert Hours().between(now, now - timedelta(hours=1)) == 0


def test_a_year_without_work_is_a_wrong_calendar() -> None:
    nobody = WorkingDays(hours_of=lambda day: None, zone=ZONE)
    with pytest.raises(CalendarError, match="no working day"):
        nobody.after(wib("2026-11-23T10:00:00"), Fraction(1))
    with pytest.raises(CalendarError, match="open before they close"):
        OfficeHours(time(16), time(7))


def test_the_unit_says_what_counts() -> None:
    sunday = wib("2026-11-22T10:00:00")
    assert measure_of(Unit.HOURS, DAYS).after(sunday, Fraction(72)) == sunday + timedelta(hours=72)
    assert measure_of(Unit.WORKING_DAYS, DAYS) is DAYS


# So many parts has a day of the brute-force clock: every length in minutes (510, 540, 420) divides it.
PARTS = 64_260


class MinuteByMinute:
    """The slowest clock there is: asks of each minute whether it was worked. Whole numbers only."""

    def __init__(self, hours: dict[date, OfficeHours | None], promise: Promise, unit: Unit) -> None:
        self.hours, self.promise, self.unit = hours, promise, unit

    def _parts(self, at: datetime) -> int:
        if any(p.begin <= at and (p.end is None or at < p.end) for p in self.promise.pauses):
            return 0
        if self.unit is Unit.HOURS:
            return PARTS // 60
        local = at.astimezone(ZONE)
        hours = self.hours[local.date()]
        if hours is None or not hours.opens <= local.time() < hours.closes:
            return 0
        opens, closes = (moment.hour * 60 + moment.minute for moment in (hours.opens, hours.closes))
        return PARTS // (closes - opens)

    def used_at(self, moments: list[datetime]) -> list[Fraction]:
        """The promise's use at each of the sorted moments, all on whole minutes."""
        found, parts, at = [], 0, self.promise.begin
        for moment in moments:
            while at < moment:
                parts += self._parts(at)
                at += timedelta(minutes=1)
            found.append(Fraction(parts, PARTS))
        return found


def random_case(chance: random.Random) -> tuple[dict[date, OfficeHours | None], Promise, Unit]:
    first = date(2026, 1, 1) + timedelta(days=chance.randrange(300))
    hours: dict[date, OfficeHours | None] = {}
    for n in range(-1, 120):
        day = first + timedelta(days=n)
        is_free = chance.random() < 0.15
        hours[day] = None if is_free else chance.choice([ordinary(day), ordinary(day), RAMADAN_HOURS])
    begin = datetime.combine(first, time(chance.randrange(24), chance.randrange(60)), ZONE).astimezone(UTC)
    pauses, at = [], begin
    for _ in range(chance.randrange(4)):
        at += timedelta(minutes=chance.randrange(6000))
        end = at + timedelta(minutes=chance.randrange(1, 6000))
        pauses.append(Pause(at, end))
        at = end
    if pauses and chance.random() < 0.2:
        pauses[-1] = Pause(pauses[-1].begin)
    unit = chance.choice(list(Unit))
    working = WorkingDays(hours_of=lambda day: hours[day], zone=ZONE)
    amount = (
        Fraction(chance.randrange(1, 9)) if unit is Unit.WORKING_DAYS else Fraction(chance.randrange(1, 100))
    )
    return hours, Promise(measure_of(unit, working), amount, begin, tuple(pauses)), unit


def test_random_cases_equal_a_clock_that_counts_minute_by_minute() -> None:
    seed = random.randrange(2**32)
    print("seed", seed)
    chance = random.Random(seed)
    shares = (Fraction(1, 2), Fraction(4, 5), Fraction(1))
    for _ in range(CASES):
        hours, promise, unit = random_case(chance)
        moments = sorted(promise.begin + timedelta(minutes=chance.randrange(20_000)) for _ in range(4))
        brute = MinuteByMinute(hours, promise, unit).used_at(moments)
        for moment, used in zip(moments, brute, strict=True):
            assert promise.used(moment) == used
            assert passed(promise, shares, moment) == tuple(s for s in shares if used >= promise.amount * s)
        for share in shares:
            due = promise.moment_of(share)
            if due is None:
                assert promise.pauses[-1].end is None
                assert promise.is_paused(promise.pauses[-1].begin + timedelta(days=50))
                continue
            assert promise.used(due) >= promise.amount * share
            assert promise.used(due - timedelta(microseconds=1)) < promise.amount * share
        assert promise.due == promise.moment_of(Fraction(1))
