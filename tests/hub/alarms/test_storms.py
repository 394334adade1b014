"""Many points dark at once are one alarm."""

import json
from datetime import timedelta

import pytest

from hub.alarms.kinds import AlarmKind, Severity
from hub.alarms.listing import Filter, folded_under, list_alarms
from hub.alarms.models import Alarm
from hub.alarms.reach import AlarmReach
from hub.alarms.service import clear_alarm, raise_alarm
from hub.places.reach import EVERYWHERE
from tests.hub.alarms.conftest import Sayings
from tests.hub.screens import START

SECOND = timedelta(seconds=1)
CITY = AlarmReach(EVERYWHERE)


@pytest.fixture
def say(say: Sayings) -> Sayings:
    # Foreign keys to points are not checked here: storms look at names alone.
    return say


def camera_dark(say: Sayings, camera: int, *, site: str | None, at_s: int) -> None:
    with say.database.writing() as db:
        raise_alarm(
            db,
            key=f"outage:camera-{camera}",
            kind=AlarmKind.OUTAGE_CAMERA,
            severity=Severity.MEDIUM,
            facts={"name": f"Kamera {camera}", "cause": "link-or-power"},
            site=site,
            device=f"pi-{camera % 51}",
            camera="utara",
            link="/cctv",
            now=START + at_s * SECOND,
        )


def storm_of(say: Sayings) -> Alarm:
    return next(one for one in say.all() if one.kind == AlarmKind.OUTAGE_MANY)


def listed(say: Sayings, at_s: int = 60) -> list[str]:
    with say.database.reading() as db:
        return [view.kind.value for view in list_alarms(db, CITY, Filter(), START + at_s * SECOND)]


def test_a_storm_of_147_cameras_is_a_handful_of_alarms(say: Sayings) -> None:
    for camera in range(147):
        camera_dark(say, camera, site=f"titik-{camera % 51}", at_s=camera // 4)
    assert listed(say) == ["outage-many"]
    assert json.loads(storm_of(say).facts) == {"count": "51"}
    with say.database.reading() as db:
        (parent,) = list_alarms(db, CITY, Filter(), START)
        assert (parent.folded, parent.folded_active) == (147, 147)
        assert len(folded_under(db, CITY, parent.id, START)) == 147


def test_fewer_points_stand_for_themselves(say: Sayings) -> None:
    for place in range(4):
        say.dark(f"titik-{place}", at=START)
    assert listed(say) == ["outage-site"] * 4


def test_points_that_go_dark_one_after_the_other_stand_for_themselves(say: Sayings) -> None:
    for place in range(12):
        say.dark(f"titik-{place}", at=START + place * 31 * SECOND)
    assert listed(say) == ["outage-site"] * 12


def test_many_cameras_of_one_point_are_no_storm(say: Sayings) -> None:
    for camera in range(9):
        camera_dark(say, camera, site="jawi", at_s=0)
    assert "outage-many" not in listed(say)


def test_the_storm_is_over_with_the_last_of_its_points(say: Sayings) -> None:
    for place in range(6):
        say.dark(f"titik-{place}", at=START)
    for place in range(6):
        assert storm_of(say).is_active
        say.gone(f"titik-{place}", at=START + place * SECOND)
    assert storm_of(say).cleared_at == START + 5 * SECOND


def test_a_point_that_flaps_wakes_its_storm_again(say: Sayings) -> None:
    for place in range(5):
        say.dark(f"titik-{place}", at=START)
        say.gone(f"titik-{place}", at=START + place * SECOND) if place == 4 else None
    for place in range(4):
        say.gone(f"titik-{place}", at=START + 9 * SECOND)
    assert not storm_of(say).is_active
    say.dark("titik-2", at=START + 60 * SECOND)
    storm = storm_of(say)
    assert (storm.is_active, storm.occurrences) == (True, 2)
    say.dark("titik-3", at=START + 61 * SECOND)
    assert storm_of(say).occurrences == 2


def test_a_point_that_returns_after_its_storm_was_closed_stands_for_itself(say: Sayings) -> None:
    for place in range(5):
        say.dark(f"titik-{place}", at=START)
    for place in range(5):
        say.gone(f"titik-{place}", at=START)

    def close(alarm: Alarm) -> None:
        alarm.acknowledged_at, alarm.open_key = START, None

    for one in say.all():
        say.change(one.id, close)
    say.dark("titik-1", at=START + 60 * SECOND)
    assert listed(say) == ["outage-site"]


def test_a_storm_that_was_known_is_closed_when_it_clears(say: Sayings) -> None:
    for place in range(5):
        say.dark(f"titik-{place}", at=START)
    say.change(storm_of(say).id, lambda alarm: setattr(alarm, "acknowledged_at", START))
    for place in range(5):
        say.gone(f"titik-{place}", at=START)
    assert storm_of(say).open_key is None


def test_other_kinds_are_never_folded(say: Sayings) -> None:
    with say.database.writing() as db:
        for number in range(9):
            raise_alarm(
                db,
                key=f"clock:{number}",
                kind=AlarmKind.DEVICE_CLOCK,
                severity=Severity.LOW,
                facts={"name": str(number)},
                site=None,
                device=None,
                camera=None,
                link="/",
                now=START,
            )
        clear_alarm(db, key="clock:3", now=START)
    assert len(listed(say)) == 9
