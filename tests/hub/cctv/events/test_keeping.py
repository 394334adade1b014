"""Events as records come, their stills before and after, and forgetting them."""

from datetime import timedelta
from itertools import pairwise

import pytest
from sqlalchemy import select

from edge.wire.records.bodies import (
    CameraIntegrity,
    FlowLevel,
    GaugeReading,
    GaugeState,
    PictureState,
    SceneMeasures,
    ZoneMeasure,
)
from hub.cctv.events.keeping import UNUSED_FOR, WAIT_FOR_STILL, forget_stills, keep_stills
from hub.cctv.events.models import CameraEvent, WaterMark
from hub.cctv.findings.models import Finding
from hub.cctv.pictures import store
from hub.cctv.pictures.models import PictureLook
from hub.config import EventStore
from hub.errors import NotFoundError
from hub.ingest.pictures.recent import MOST, recent_stills
from hub.people.models import Account
from tests.browser.room import keep_older_still
from tests.hub.screens import Screens

DEVICE, CAMERA = "pi-jawi", "utara"


def picture(state: PictureState) -> CameraIntegrity:
    return CameraIntegrity(camera=CAMERA, picture=state)


def scene(flow: FlowLevel, cover: float = 0.5) -> SceneMeasures:
    zone = ZoneMeasure(zone="lajur", occupancy=0.9, cover=cover, flow=flow)
    return SceneMeasures(camera=CAMERA, period_s=60, zones=(zone,))


def events(city: Screens, kind: str) -> list[CameraEvent]:
    with city.database.reading() as db:
        rows = db.scalars(
            select(CameraEvent)
            .where(CameraEvent.kind == kind, CameraEvent.camera == CAMERA)
            .order_by(CameraEvent.id)
        )
        return list(rows)


def keep(city: Screens) -> None:
    with city.database.writing() as db:
        keep_stills(db, city.folder, now=city.clock())


def forget(city: Screens, limits: EventStore | None = None) -> None:
    with city.database.writing() as db:
        forget_stills(db, city.folder, limits or EventStore(), now=city.clock())


def test_an_event_begins_lasts_and_ends(city: Screens) -> None:
    at = city.clock()
    city.city.say(DEVICE, scene(FlowLevel.JAM, 0.5), at=at)
    city.city.say(DEVICE, scene(FlowLevel.JAM, 0.7), at=at + timedelta(minutes=1))
    (event,) = events(city, "jam")
    assert (event.began_at, event.ended_at, event.what, event.value) == (at, None, "lajur", 0.7)
    city.city.say(DEVICE, scene(FlowLevel.SLOW), at=at + timedelta(minutes=2))
    (event,) = events(city, "jam")
    assert event.ended_at == at + timedelta(minutes=2)
    assert event.open_key is None
    city.city.say(DEVICE, scene(FlowLevel.JAM), at=at + timedelta(minutes=3))
    assert len(events(city, "jam")) == 2


def test_one_batch_may_end_an_event_and_begin_the_next(city: Screens) -> None:
    at = city.clock()
    city.city.say(DEVICE, scene(FlowLevel.JAM), at=at)
    city.city.say(
        DEVICE,
        scene(FlowLevel.FREE),
        scene(FlowLevel.JAM),
        scene(FlowLevel.JAM),
        at=at + timedelta(minutes=1),
    )
    first, second = events(city, "jam")
    assert first.ended_at is not None
    assert second.ended_at is None


def test_what_comes_late_changes_nothing_that_is_known(city: Screens) -> None:
    at = city.clock()
    city.city.say(DEVICE, scene(FlowLevel.JAM), at=at)
    city.city.say(DEVICE, scene(FlowLevel.FREE), at=at - timedelta(minutes=5), received_at=at)
    assert events(city, "jam")[0].ended_at is None
    later = at + timedelta(minutes=5)
    city.city.say(DEVICE, scene(FlowLevel.FREE), at=later)
    city.city.say(DEVICE, scene(FlowLevel.JAM), at=at + timedelta(minutes=2), received_at=later)
    assert len(events(city, "jam")) == 1


def test_a_clock_that_is_ahead_freezes_no_event(city: Screens) -> None:
    at, ahead = city.clock(), city.clock() + timedelta(days=90)
    city.city.say(DEVICE, scene(FlowLevel.JAM), at=ahead, received_at=at)
    assert events(city, "jam")[0].began_at == at
    with city.database.writing() as db:
        # As an older version of the hub kept it.
        db.scalars(select(CameraEvent).where(CameraEvent.kind == "jam")).one().began_at = ahead
    later = at + timedelta(minutes=1)
    city.city.say(DEVICE, scene(FlowLevel.FREE), at=later)
    (event,) = events(city, "jam")
    assert (event.began_at, event.ended_at) == (later, later)
    with city.database.writing() as db:
        db.get_one(CameraEvent, event.id).ended_at = ahead
    city.city.say(DEVICE, scene(FlowLevel.JAM), at=at + timedelta(minutes=2))
    assert len(events(city, "jam")) == 2


def test_water_above_its_mark_is_an_event_with_the_highest_level(city: Screens) -> None:
    with city.database.writing() as db:
        who = db.scalars(select(Account)).first()
        assert who is not None
        db.add(
            WaterMark(
                device=DEVICE, camera=CAMERA, gauge="papan", level_m=1.5, set_by=who.id, set_at=city.clock()
            )
        )
    for minutes, level_m in ((0, 1.2), (1, 1.6), (2, 1.9), (3, 1.7)):
        reading = GaugeReading(camera=CAMERA, gauge="papan", state=GaugeState.READ, level_m=level_m)
        city.city.say(DEVICE, reading, at=city.clock() + timedelta(minutes=minutes))
    (event,) = events(city, "water")
    assert event.value == 1.9
    assert event.ended_at is None


def test_stills_before_and_after_are_kept_under_their_digest(city: Screens) -> None:
    at = city.clock()
    keep_older_still(city.folder, DEVICE, CAMERA, at - timedelta(minutes=1), "sebelum")
    city.city.say(DEVICE, picture(PictureState.COVERED), at=at)
    keep(city)
    (event,) = events(city, "covered")
    assert event.before
    assert not event.after
    assert event.is_still_wanted, "the one after has not come"
    keep_older_still(city.folder, DEVICE, CAMERA, at + timedelta(seconds=20), "sesudah")
    keep(city)
    (event,) = events(city, "covered")
    assert event.before_at == at - timedelta(minutes=1)
    assert event.after_at == at + timedelta(seconds=20)
    assert not event.is_still_wanted
    for digest in (event.before, event.after):
        assert store.find(city.folder, digest).read_bytes().startswith(b"\xff\xd8")


def test_what_never_comes_is_not_waited_for(city: Screens) -> None:
    city.city.say(DEVICE, picture(PictureState.BLACK), at=city.clock())
    city.clock.advance(seconds=WAIT_FOR_STILL.total_seconds() + 1)
    keep(city)
    (event,) = events(city, "black")
    assert not event.is_still_wanted
    assert not event.after


def test_a_still_that_ingest_took_away_meanwhile_is_asked_for_again(
    city: Screens, caplog: pytest.LogCaptureFixture
) -> None:
    at = city.clock()
    keep_older_still(city.folder, DEVICE, CAMERA, at - timedelta(minutes=1))
    held = recent_stills(city.folder, DEVICE, CAMERA)[-1].path
    held.unlink()
    held.mkdir()
    city.city.say(DEVICE, picture(PictureState.COVERED), at=at)
    keep(city)
    assert "cannot be kept" in caplog.text
    assert events(city, "covered")[0].is_still_wanted


def test_only_a_few_older_stills_are_held_apart_in_time(city: Screens) -> None:
    at = city.clock()
    for second in range(0, 15 * (MOST + 5), 5):
        keep_older_still(city.folder, DEVICE, "sungai", at + timedelta(seconds=second))
    held = recent_stills(city.folder, DEVICE, "sungai")
    assert len(held) == MOST
    assert all(later.at - earlier.at >= timedelta(seconds=15) for earlier, later in pairwise(held))


def test_stills_are_forgotten_by_age_and_the_event_stays(city: Screens) -> None:
    with city.database.reading() as db:
        before = db.get_one(CameraEvent, 1).before
    assert store.find(city.folder, before).is_file()
    city.clock.advance(days=31)
    forget(city)
    with city.database.reading() as db:
        event = db.get_one(CameraEvent, 1)
        assert (event.before, event.after) == ("", "")
    with pytest.raises(NotFoundError):
        store.find(city.folder, before)


def test_stills_are_forgotten_by_count_oldest_first(city: Screens) -> None:
    at = city.clock()
    keep_older_still(city.folder, DEVICE, CAMERA, at - timedelta(minutes=1))
    city.city.say(DEVICE, picture(PictureState.COVERED), at=at)
    keep(city)
    with city.database.writing() as db:
        # The smallest number a configuration allows is 100: the limit itself is what is tried here.
        forget_stills(db, city.folder, EventStore(max_events=1), now=at)
        assert db.get_one(CameraEvent, 1).before == ""
    assert events(city, "covered")[0].before


def test_events_are_forgotten_after_their_pictures_but_not_what_a_finding_shows(city: Screens) -> None:
    began = city.clock() - timedelta(days=100)
    with city.database.writing() as db:
        finding = db.get_one(Finding, 1)

        def event(**changes: object) -> int:
            row = CameraEvent(
                **{
                    "device": DEVICE, "camera": CAMERA, "kind": "jam", "began_at": began, "ended_at": began,
                    "is_still_wanted": False, **changes,
                }
            )  # fmt: skip
            db.add(row)
            db.flush()
            return row.id

        gone = event()
        kept = [event(open_key="x"), event(began_at=began + timedelta(days=10)), event()]
        finding.event = kept[2]
    forget(city, EventStore(remember_days=95))
    with city.database.reading() as db:
        assert db.get(CameraEvent, gone) is None
        assert all(db.get(CameraEvent, number) is not None for number in kept)


def test_a_picture_that_a_finding_or_another_event_shows_is_kept(city: Screens) -> None:
    at = city.clock()
    with city.database.writing() as db:
        first = db.get_one(CameraEvent, 1)
        again = CameraEvent(
            device=DEVICE, camera=CAMERA, kind="moved", began_at=at + timedelta(days=20), before=first.before
        )
        db.add(again)
        digest = first.before
    city.clock.advance(days=31)
    forget(city)
    assert store.find(city.folder, digest).is_file()


def test_pictures_that_nobody_marked_are_forgotten_after_a_day(city: Screens) -> None:
    with city.database.writing() as db:
        who = db.scalars(select(Account)).first()
        assert who is not None
        digest = store.keep(city.folder, b"\xff\xd8\xff a picture")
        look = PictureLook(
            account_id=who.id, purpose="service", device=DEVICE, camera=CAMERA, source="still", digest=digest,
            taken_at=city.clock(), at=city.clock(),
        )  # fmt: skip
        db.add(look)
    forget(city)
    assert store.find(city.folder, digest).is_file()
    city.clock.advance(seconds=UNUSED_FOR.total_seconds() + 1)
    forget(city)
    with pytest.raises(NotFoundError):
        store.find(city.folder, digest)
    with city.database.reading() as db:
        look = db.scalars(select(PictureLook)).one()
        assert look.purpose == "service", "who looked is not forgotten"
