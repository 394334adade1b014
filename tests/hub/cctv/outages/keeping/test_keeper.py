"""The keeper on real ingest: one root one outage, alarms and tickets, restarts, maintenance, a deaf hub."""

import itertools
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import select

from edge.config import Medium
from edge.wire.records.bodies import PictureState
from hub.alarms.models import Alarm
from hub.cctv.outages.facts import Scope, facts_from
from hub.cctv.outages.keeping import keeper, telling
from hub.cctv.outages.keeping.holding import Holding
from hub.cctv.outages.keeping.keeper import OutageKeeper, turn
from hub.cctv.outages.keeping.looking import look_at_city
from hub.cctv.outages.models import FaultTicket, HubBlind, Outage, OutageCamera, OutageVerdict, TicketNote
from hub.cctv.outages.service import (
    blind_between,
    cameras_of,
    open_outages,
    outage_words,
    outages_between,
    outages_of_camera,
    places_dark,
    state_of,
    verdicts_of,
)
from hub.cctv.outages.windows.service import open_window
from hub.cctv.rules import CameraState, Cause
from hub.cctv.service import list_cameras
from hub.db import Base, Database
from hub.places.models import CityCamera
from tests.hub.cctv.outages.world import Twin, World
from tests.hub.prepared import import_all_models
from tests.hub.statements import asked


@pytest.fixture
def world(tmp_path: Path) -> Iterator[World]:
    import_all_models()
    database = Database(f"sqlite:///{tmp_path}/hub.db")
    Base.metadata.create_all(database.engine)
    made = World(database, tmp_path)
    made.build("ramai", 3, 1, medium=Medium.FIBRE)
    yield made
    database.close()


def calm(world: World, devices: int = 1, cameras: int = 3) -> list[Twin]:
    twins = world.build("tugu", devices, cameras, medium=Medium.FIBRE)
    world.run(100)
    return twins


def outages(world: World) -> list[Outage]:
    with world.database.reading() as db:
        return list(db.scalars(select(Outage).order_by(Outage.id)))


def test_a_point_that_goes_is_one_outage_one_alarm_one_ticket(world: World) -> None:
    twin = calm(world)[0]
    world.lose_link(twin)
    world.run(500)
    [outage] = outages(world)
    assert (outage.scope, outage.key, outage.cause) == (Scope.POINT, "tugu", "unknown")
    with world.database.reading() as db:
        [alarm] = db.scalars(select(Alarm))
        [ticket] = db.scalars(select(FaultTicket))
        held = open_outages(db)
        word = state_of(db, twin.name, "c2")
        assert places_dark(held) == (1, 3)
        assert len(outage_words(db)) == 3
    assert (alarm.key, alarm.is_active, alarm.link) == (f"outage:{outage.id}", True, f"/gangguan/{outage.id}")
    assert (ticket.owner, ticket.state) == ("Diskominfo", "detected")
    assert word is not None
    assert (word.cameras, word.cause, word.number) == (3, Cause.UNKNOWN, outage.id)

    world.mend_link(twin)
    world.run(200)
    [outage] = outages(world)
    assert outage.ended_at is not None
    assert outage.cause == "link"
    with world.database.reading() as db:
        assert not db.scalars(select(Alarm)).one().is_active
        assert db.scalars(select(FaultTicket)).one().state == "recovered"
        assert [note.state for note in db.scalars(select(TicketNote))] == ["detected", "recovered"]
        assert verdicts_of(db, outage.id)[0].cause == "link"
        assert {row.ended_at is None for row in cameras_of(db, outage.id)} == {False}
        assert len(outages_of_camera(db, twin.name, "c1", outage.began_at, world.hub_now())) == 1
        assert [one.id for one in outages_between(db, outage.began_at, world.hub_now())] == [outage.id]


def test_turning_again_on_the_same_rows_changes_nothing(world: World) -> None:
    twin = calm(world)[0]
    world.lose_link(twin)
    world.run(400)

    def state() -> list[object]:
        with world.database.reading() as db:
            rows = [
                *db.scalars(select(Outage)),
                *db.scalars(select(OutageCamera)),
                *db.scalars(select(OutageVerdict)),
            ]
            return [sorted((k, str(v)) for k, v in vars(row).items() if k[0] != "_") for row in rows]

    before = state()
    for _ in range(3):
        OutageKeeper(database=world.database, now=world.hub_now)()
    assert state() == before


def test_neighbours_that_follow_fold_into_one_and_their_alarm_with_them(world: World) -> None:
    twin = calm(world, cameras=2)[0]
    world.darken(twin, "c1", ping=False)
    world.run(60)
    world.darken(twin, "c2", ping=False)
    world.run(60)
    found = outages(world)
    assert [(one.scope, one.folded_into) for one in found if one.folded_into is None] == [(Scope.POINT, None)]
    with world.database.reading() as db:
        assert sum(alarm.is_active for alarm in db.scalars(select(Alarm))) == 1


def test_a_camera_left_behind_gets_its_own_and_the_point_is_over(world: World) -> None:
    twin = calm(world)[0]
    world.cut_power(twin)
    world.run(300)
    world.give_power(twin, dead="c3")
    world.run(700)
    found = {(one.scope, one.cause, one.ended_at is None) for one in outages(world)}
    assert found == {(Scope.POINT, "power", False), (Scope.CAMERA, "camera", True)}


def test_an_announced_darkness_rings_nobody_and_one_that_lasts_longer_does(world: World) -> None:
    twin = calm(world)[0]
    with world.database.writing() as db:
        now = world.hub_now()
        until = now + timedelta(seconds=300)
        open_window(
            db, site="tugu", device="", camera="", begins_at=now, ends_at=until, why="kabel", by="a", now=now
        )
    world.cut_power(twin)
    world.run(250)
    assert outages(world) == []
    world.run(200)
    [outage] = outages(world)
    assert outage.began_at >= until


def test_a_hub_that_was_away_notes_it_and_blames_nobody(world: World) -> None:
    calm(world)
    world.hub_down()
    world.run(900)
    world.hub_up()
    world.run(600)
    assert outages(world) == []
    with world.database.reading() as db:
        [blind] = blind_between(db, world.hub_now() - timedelta(hours=1), world.hub_now())
    assert blind.why == "down"
    assert blind.ended_at is not None
    assert 800 < (blind.ended_at - blind.began_at).total_seconds() < 1000


def test_a_hub_that_hears_nobody_is_deaf_and_not_the_cameras_dark(world: World) -> None:
    twins = calm(world)
    everybody = list(world.twins.values())
    for twin in everybody:
        twin.is_linked = False  # the broker dies: no will comes either
    world.run(700)
    assert outages(world) == []
    with world.database.reading() as db:
        blind = db.scalars(select(HubBlind)).one()
        assert (blind.why, blind.ended_at) == ("deaf", None)
    for twin in everybody:
        twin.is_linked = True
        world._send(twin)
    world.run(200)
    assert outages(world) == []
    with world.database.reading() as db:
        assert db.scalars(select(HubBlind)).one().ended_at is not None
    assert twins


def test_a_picture_of_no_use_is_an_outage_that_is_not_dark(world: World) -> None:
    twin = calm(world)[0]
    world.spoil(twin, "c1", PictureState.COVERED)
    world.run(60)
    with world.database.reading() as db:
        row = db.scalars(select(OutageCamera)).one()
        assert db.scalars(select(Alarm)).one().severity == "low"
    assert not row.is_dark
    world.darken(twin, "c1", ping=True)
    world.run(60)
    with world.database.reading() as db:
        rows = list(db.scalars(select(OutageCamera).order_by(OutageCamera.id)))
    assert [row.is_dark for row in rows] == [False, True]
    assert len(outages(world)) == 1


def test_a_camera_that_is_taken_off_duty_lets_its_outage_end(world: World) -> None:
    twin = calm(world)[0]
    world.spoil(twin, "c1", PictureState.BLACK)
    world.run(60)
    with world.database.writing() as db:
        db.get_one(CityCamera, (twin.name, "c1")).is_retired = True
    world.run(100)
    [outage] = outages(world)
    assert outage.ended_at is not None


def test_two_devices_of_a_point_are_one_outage_with_what_both_say(world: World) -> None:
    twins = calm(world, devices=2, cameras=2)
    for twin in twins:
        world.lose_link(twin)
    world.run(300)
    [outage] = outages(world)
    assert len(facts_from(outage.facts).devices) == 2


def test_a_first_turn_on_an_empty_city_is_no_turn_of_events(tmp_path: Path) -> None:
    import_all_models()
    database = Database(f"sqlite:///{tmp_path}/empty.db")
    Base.metadata.create_all(database.engine)
    world = World(database, tmp_path)
    with database.writing() as db:
        turn(db, world.hub_now())
        turn(db, world.hub_now())
    assert outages(world) == []
    database.close()


def test_points_that_are_not_looked_at_are_well(world: World) -> None:
    """The keeper looks at a part of the city: whatever is dark or disturbed must be in it."""
    broken = world.build("rusak", 1, 3, medium=Medium.FIBRE)[0]
    silent = world.build("diam", 1, 2, medium=Medium.FIBRE)[0]
    gone = world.build("hilang", 1, 1, medium=Medium.WIRELESS)[0]
    near = world.build("dekat", 1, 1, medium=Medium.FIBRE, switch="sw-1")[0]
    far = world.build("jauh", 1, 1, medium=Medium.FIBRE, switch="sw-1")[0]
    world.run(100)
    world.spoil(broken, "c1", PictureState.BLACK)
    world.stick(silent, "c1")
    world.cut_power(gone)
    world.darken(near, "c1", ping=False)
    world.run(400)
    now = world.hub_now()
    with world.database.reading() as db:
        city = look_at_city(db, now, Holding())
        views = list_cameras(db, now)
    states = {(view.device, view.camera): view.verdict.state for view in views}
    bad = {key for key, state in states.items() if state not in (CameraState.LIVE, CameraState.UNHEARD)}
    assert bad == {(broken.name, "c1"), (silent.name, "c1"), (gone.name, "c1"), (near.name, "c1")}
    assert bad <= city.cameras.keys()
    assert {key: one.state for key, one in city.cameras.items()} == {key: states[key] for key in city.cameras}
    assert (far.name, "c1") in city.cameras, "on the switch of one that is dark"
    assert not {one.site for one in city.cameras.values()} & {"ramai"}, "where all is well"


def test_a_turn_asks_as_much_about_many_outages_as_about_one(world: World) -> None:
    def statements() -> int:
        with asked(world.database) as found, world.database.writing() as db:
            turn(db, world.hub_now())
        return len(found)

    first = world.build("satu", 1, 3, medium=Medium.FIBRE)
    world.run(100)
    world.lose_link(first[0])
    world.run(500)
    of_one = statements()
    others = [twin for number in range(8) for twin in world.build(f"p{number}", 1, 3, medium=Medium.FIBRE)]
    world.run(100)
    for twin in others:
        world.lose_link(twin)
    world.run(500)
    assert len(outages(world)) == 9
    assert statements() <= of_one + 2


def test_a_part_of_the_city_that_goes_dark_is_taken_in_over_several_turns(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(keeper, "MOST_A_TURN", 2)
    monkeypatch.setattr(telling, "MOST_A_TURN", 2)
    twins = [twin for number in range(5) for twin in world.build(f"p{number}", 1, 2, medium=Medium.FIBRE)]
    world.run(100)
    for twin in twins:
        world.lose_link(twin)
    counts = []
    for _ in range(80):
        world.run(5)
        counts.append(len(outages(world)))
    steps = [after - before for before, after in itertools.pairwise(counts)]
    assert counts[-1] == 5
    assert max(steps) == 2
    with world.database.reading() as db:
        assert sum(alarm.is_active for alarm in db.scalars(select(Alarm))) >= 5
        assert len(list(db.scalars(select(FaultTicket)))) == 5
