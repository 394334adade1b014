"""What a list shows of the alarms, and to whom."""

from datetime import timedelta

import pytest

from hub.alarms.handling.service import acknowledge, shelve
from hub.alarms.kinds import AlarmKind, Severity
from hub.alarms.listing import (
    Filter,
    Shown,
    folded_under,
    get_alarm,
    list_alarms,
    rows_within,
    version_of,
)
from hub.alarms.models import Alarm
from hub.alarms.reach import AlarmReach, alarm_reach
from hub.alarms.screens.figures import come_often, figures_of
from hub.alarms.service import raise_alarm
from hub.alarms.words import indonesian_sentence
from hub.errors import NotFoundError
from hub.people.models import Opd, RoleGrant
from hub.people.permissions import Permission, Role, ScopeKind
from hub.people.service import find_account
from hub.people.sessions import Viewer
from hub.places.reach import EVERYWHERE
from tests.hub.alarms.conftest import Sayings
from tests.hub.screens import START, Screens

CITY = AlarmReach(EVERYWHERE)
HOUR = timedelta(hours=1)


@pytest.fixture
def say(city: Screens) -> Sayings:
    return Sayings(city.database)


@pytest.fixture(autouse=True)
def in_indonesian(city: Screens) -> object:
    with city.app.test_request_context("http://localhost/"):
        yield


def hub_alarm(say: Sayings) -> None:
    with say.database.writing() as db:
        raise_alarm(
            db,
            key="watch:hub-mirror:x",
            kind=AlarmKind.HUB_MIRROR,
            severity=Severity.MEDIUM,
            facts={"value": "900"},
            site=None,
            device=None,
            camera=None,
            link="/",
            now=START,
        )


def camera_alarm(say: Sayings) -> None:
    with say.database.writing() as db:
        raise_alarm(
            db,
            key="outage:utara",
            kind=AlarmKind.OUTAGE_CAMERA,
            severity=Severity.LOW,
            facts={"name": "Lengan utara", "cause": "camera"},
            site="jawi",
            device="pi-jawi",
            camera="utara",
            link="/kamera/pi-jawi/utara",
            now=START,
        )


def viewer_of(city: Screens, role: Role, kind: ScopeKind, scope: str) -> Viewer:
    name = city.account()
    with city.database.writing() as db:
        account = find_account(db, name)
        assert account is not None
        grant = RoleGrant(account_id=account.id, role=role, scope_kind=kind, scope_id=scope, valid_from=START)
        db.add(grant)
        return Viewer(
            account_id=account.id,
            name=name,
            display_name=name,
            session_id=0,
            permissions=frozenset(),
            must_change_password=False,
            is_seen_due=False,
            scoped=frozenset({Permission.ALARM_SEE}),
        )


def seen(say: Sayings, reach: AlarmReach = CITY, **wanted: object) -> list[int]:
    with say.database.reading() as db:
        return [view.id for view in list_alarms(db, reach, Filter(**wanted), START)]  # type: ignore[arg-type]  # a test's shorthand


def test_filters_choose_by_state_severity_place_words_and_owner(say: Sayings) -> None:
    say.dark("jawi")
    say.dark("tugu", severity=Severity.LOW)
    say.dark("balai")
    say.gone("balai")
    with say.database.writing() as db:
        rows = {row.site: row for row in rows_within(db, CITY, [1, 2, 3])}
        acknowledge(db, [rows["balai"]], actor="oki", note="", now=START)
        shelve(db, rows["tugu"], hours=8, why="kerja jalan", actor="oki", now=START)
        rows["jawi"].assigned_to = 1
    assert seen(say) == [1]
    assert seen(say, shown=Shown.NEW) == [1]
    assert seen(say, shown=Shown.ACTIVE) == [1]
    assert seen(say, shown=Shown.SHELVED) == [2]
    assert seen(say, shown=Shown.DONE) == [3]
    assert sorted(seen(say, shown=Shown.ALL)) == [1, 2, 3]
    assert seen(say, shown=Shown.ALL, severity="low") == [2]
    assert seen(say, shown=Shown.ALL, text="PI") == []
    assert seen(say, shown=Shown.ALL, text="sungai jawi") == [1]
    assert seen(say, shown=Shown.ALL, district="Pontianak Utara") == [2]
    assert seen(say, mine=1) == [1]
    assert seen(say, mine=2) == []


def test_the_shelf_ends_by_itself(say: Sayings) -> None:
    say.dark("jawi")
    with say.database.writing() as db:
        shelve(db, db.get_one(Alarm, 1), hours=1, why="kerja jalan", actor="oki", now=START)
    with say.database.reading() as db:
        assert list_alarms(db, CITY, Filter(), START) == []
        (view,) = list_alarms(db, CITY, Filter(), START + HOUR)
        assert view.shelved_until is None
        assert list_alarms(db, CITY, Filter(shown=Shown.SHELVED), START + HOUR) == []


def test_a_camat_sees_the_alarms_of_his_kecamatan_only(city: Screens, say: Sayings) -> None:
    say.dark("jawi")
    say.dark("tugu")
    hub_alarm(say)
    who = viewer_of(city, Role.EXECUTIVE, ScopeKind.KECAMATAN, "61.71.04")
    with city.database.reading() as db:
        reach = alarm_reach(db, who, Permission.ALARM_SEE, START)
        assert [view.site for view in list_alarms(db, reach, Filter(), START)] == ["Tugu Khatulistiwa"]
        assert [row.site for row in rows_within(db, reach, [1, 2, 3])] == ["tugu"]
        with pytest.raises(NotFoundError):
            get_alarm(db, reach, 1, START)
        assert figures_of(db, reach, START).unacknowledged == 1
    assert len(seen(say)) == 3


def test_an_opd_sees_its_cameras_and_no_points(city: Screens, say: Sayings) -> None:
    say.dark("jawi")
    camera_alarm(say)
    with city.database.writing() as db:
        db.add(Opd(number=77, name="Dinas Perhubungan"))
    who = viewer_of(city, Role.EXECUTIVE, ScopeKind.OPD, "77")
    with city.database.reading() as db:
        reach = alarm_reach(db, who, Permission.ALARM_SEE, START)
        assert [view.kind for view in list_alarms(db, reach, Filter(), START)] == [AlarmKind.OUTAGE_CAMERA]


def test_a_storm_is_seen_by_everybody_of_whose_place_it_has_a_part(city: Screens, say: Sayings) -> None:
    for place in ("jawi", "tugu", "balai"):
        say.dark(place)
    for place in range(3):
        say.dark("jawi", key=f"outage:lain-{place}")
    with say.database.writing() as db:
        # Three points are too few in this small city: two more without a place.
        for number in (1, 2):
            raise_alarm(
                db,
                key=f"outage:tanpa-{number}",
                kind=AlarmKind.OUTAGE_SITE,
                severity=Severity.HIGH,
                facts={"name": "X", "cause": "power", "cameras": "1"},
                site=None,
                device=None,
                camera=None,
                link="/",
                now=START,
            )
    who = viewer_of(city, Role.EXECUTIVE, ScopeKind.SITE, "tugu")
    worker = viewer_of(city, Role.TECHNICIAN, ScopeKind.SITE, "tugu")
    stranger = viewer_of(city, Role.EXECUTIVE, ScopeKind.SITE, "lain")
    with city.database.reading() as db:
        reach = alarm_reach(db, who, Permission.ALARM_SEE, START)
        (storm,) = list_alarms(db, reach, Filter(), START)
        assert storm.kind is AlarmKind.OUTAGE_MANY
        (mine,) = folded_under(db, reach, storm.id, START)
        assert mine.site == "Tugu Khatulistiwa"
        hands = alarm_reach(db, worker, Permission.ALARM_HANDLE, START)
        assert [row.id for row in rows_within(db, hands, [storm.id, mine.id])] == [mine.id]
        assert list_alarms(db, alarm_reach(db, stranger, Permission.ALARM_SEE, START), Filter(), START) == []


def test_the_strip_counts_load_time_stale_and_shelved(say: Sayings) -> None:
    say.dark("jawi", at=START - 30 * HOUR)
    say.dark("tugu", at=START - HOUR)
    say.dark("balai", at=START)
    with say.database.writing() as db:
        acknowledge(db, [db.get_one(Alarm, 2)], actor="oki", note="", now=START - HOUR / 2)
        shelve(db, db.get_one(Alarm, 3), hours=8, why="kerja", actor="oki", now=START)
    with say.database.reading() as db:
        figures = figures_of(db, CITY, START)
    assert (figures.unacknowledged, figures.load, figures.stale, figures.shelved) == (1, 1, 1, 1)
    assert figures.to_acknowledge_s == 1800


def test_an_empty_strip_has_no_time(say: Sayings) -> None:
    with say.database.reading() as db:
        assert figures_of(db, CITY, START).to_acknowledge_s is None
        assert come_often(db, CITY, START) == []


def test_what_came_often_is_listed_most_often_first(say: Sayings) -> None:
    for turn in range(3):
        say.dark("jawi", at=START - HOUR + timedelta(minutes=turn))
        say.gone("jawi", at=START - HOUR + timedelta(minutes=turn, seconds=30))
    say.dark("tugu", at=START)
    with say.database.reading() as db:
        (often,) = come_often(db, CITY, START)
    assert (often.alarm, often.times, often.site) == (1, 3, "Simpang Empat Sungai Jawi")
    assert "Jawi" in indonesian_sentence(often.kind, often.facts)


def test_the_version_moves_with_every_change(say: Sayings) -> None:
    seen_versions = set()
    with say.database.reading() as db:
        seen_versions.add(version_of(db))
    for act in (
        lambda: say.dark("jawi"),
        lambda: say.dark("jawi", cause="link", at=START + HOUR),
        lambda: say.gone("jawi", at=START + HOUR),
    ):
        act()
        with say.database.reading() as db:
            seen_versions.add(version_of(db))
    assert len(seen_versions) == 4
