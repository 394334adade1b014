"""What devices, doors, sensors, gauges and the hub itself are found to be."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

import msgspec
import pytest
from sqlalchemy import update

from edge.wire.records.bodies import (
    ClockQuality,
    DeviceHealth,
    DoorReading,
    GaugeReading,
    GaugeState,
    SensorReading,
)
from hub.alarms.kinds import AlarmKind, Severity
from hub.alarms.settings import AlarmSettings, SensorLimit
from hub.alarms.watching.conditions import Condition, Sight, Source
from hub.alarms.watching.devices import DeviceWatch
from hub.alarms.watching.doors import DoorWatch
from hub.alarms.watching.hub_health import HubWatch, ingest_watch
from hub.alarms.watching.sensors import SensorWatch, WaterMark
from hub.ingest.models import IngestHealth
from hub.notify.models import OutboxMessage
from hub.notify.service import Channel, Recipient, State, queue
from hub.places.models import CityCamera, Device, DeviceCondition
from hub.telemetry.models import TelemetryFeed, TelemetryMirror
from tests.hub.screens import FakeClock, Screens

MINUTE = timedelta(minutes=1)
WELL = DeviceHealth(
    uptime_s=60,
    load=0.4,
    memory_free_mib=500,
    disk_free_mib=9_000,
    outbox_rows=3,
    outbox_bytes=900,
    temperature_c=52.0,
    under_voltage=False,
    disk_life_used_share=0.1,
    clock=ClockQuality.SYNCED,
)


@dataclass
class Looking:
    """Looks with a source and finds its conditions."""

    city: Screens

    def at(self, source: Source, kind: AlarmKind, about: str, now: datetime | None = None) -> Condition:
        with self.city.database.reading() as db:
            found: Iterable[Condition] = list(source(db, now or self.city.clock()))
        return next(one for one in found if (one.kind, one.about) == (kind, about))


@pytest.fixture
def look(city: Screens) -> Looking:
    return Looking(city)


class TestDevices:
    """Health of a device against the limits."""

    @pytest.mark.parametrize(
        ("change", "kind", "severity"),
        [
            ({"temperature_c": 81.0}, AlarmKind.DEVICE_HOT, Severity.MEDIUM),
            ({"temperature_c": 91.0}, AlarmKind.DEVICE_HOT, Severity.HIGH),
            ({"disk_free_mib": 100}, AlarmKind.DEVICE_DISK_FULL, Severity.HIGH),
            ({"disk_life_used_share": 0.9}, AlarmKind.DEVICE_DISK_WORN, Severity.MEDIUM),
            ({"outbox_rows": 50_000}, AlarmKind.DEVICE_BACKLOG, Severity.MEDIUM),
            ({"clock": ClockQuality.UNKNOWN}, AlarmKind.DEVICE_CLOCK, Severity.MEDIUM),
            ({"under_voltage": True}, AlarmKind.DEVICE_POWER, Severity.HIGH),
        ],
    )
    def test_each_limit_is_seen(
        self, look: Looking, change: dict[str, object], kind: AlarmKind, severity: Severity
    ) -> None:
        city, watch = look.city, DeviceWatch(AlarmSettings())
        city.city.say("pi-jawi", WELL, at=city.clock())
        assert look.at(watch, kind, "pi-jawi").sight is Sight.GOOD
        city.city.say("pi-jawi", msgspec.structs.replace(WELL, **change), at=city.clock())
        found = look.at(watch, kind, "pi-jawi")
        assert (found.sight, found.severity, found.site) == (Sight.BAD, severity, "jawi")
        assert found.facts["name"] == "Pi Sungai Jawi"

    def test_what_a_board_cannot_tell_is_not_seen(self, look: Looking) -> None:
        blind = msgspec.structs.replace(
            WELL, temperature_c=None, under_voltage=None, disk_life_used_share=None, clock=None
        )
        look.city.city.say("pi-jawi", blind, at=look.city.clock())
        for kind in (
            AlarmKind.DEVICE_HOT,
            AlarmKind.DEVICE_POWER,
            AlarmKind.DEVICE_DISK_WORN,
            AlarmKind.DEVICE_CLOCK,
        ):
            assert look.at(DeviceWatch(AlarmSettings()), kind, "pi-jawi").sight is Sight.UNSEEN

    def test_old_words_and_devices_that_are_away_say_nothing_of_now(self, look: Looking) -> None:
        city, watch = look.city, DeviceWatch(AlarmSettings())
        hot = msgspec.structs.replace(WELL, temperature_c=91.0)
        city.city.say("pi-jawi", hot, at=city.clock())
        assert (
            look.at(watch, AlarmKind.DEVICE_HOT, "pi-jawi", city.clock() + 6 * MINUTE).sight is Sight.UNSEEN
        )
        city.city.will("pi-jawi", city.clock())
        assert look.at(watch, AlarmKind.DEVICE_HOT, "pi-jawi").sight is Sight.UNSEEN

    def test_a_clock_that_is_ahead_hides_nothing_that_is_said_later(self, look: Looking) -> None:
        city, watch = look.city, DeviceWatch(AlarmSettings())
        ahead = city.clock() + timedelta(days=90)
        hot = msgspec.structs.replace(WELL, temperature_c=91.0)
        city.city.say("pi-jawi", hot, at=ahead, received_at=city.clock())
        assert look.at(watch, AlarmKind.DEVICE_HOT, "pi-jawi").sight is Sight.BAD
        with city.database.writing() as db:
            # As an older version of the hub kept it.
            db.get_one(DeviceCondition, "pi-jawi").at = ahead
        assert look.at(watch, AlarmKind.DEVICE_HOT, "pi-jawi").sight is Sight.UNSEEN
        city.city.say("pi-jawi", WELL, at=city.clock())
        assert look.at(watch, AlarmKind.DEVICE_HOT, "pi-jawi").sight is Sight.GOOD


def reading(read: int = 10, unreadable: int = 0) -> DoorReading:
    return DoorReading(
        door="pintu",
        period_s=60,
        frames=600,
        looked_at=300,
        read=read,
        misses=0,
        unreadable=unreadable,
        decode_p50_ms=5,
        decode_p95_ms=9,
    )


class TestDoors:
    """Readers that are silent, and those that see codes they cannot read."""

    WATCH = DoorWatch(AlarmSettings())

    def at(self, look: Looking, kind: AlarmKind, now: datetime | None = None) -> Condition:
        return look.at(self.WATCH, kind, "pi-balai/pintu", now)

    def test_a_reader_that_never_spoke_is_not_judged(self, look: Looking) -> None:
        assert self.at(look, AlarmKind.DOOR_READER).sight is Sight.UNSEEN
        assert self.at(look, AlarmKind.DOOR_UNREADABLE).sight is Sight.UNSEEN

    def test_a_silent_reader_is_found_only_while_its_device_is_there(self, look: Looking) -> None:
        city = look.city
        city.city.birth("pi-balai", city.clock())
        city.city.say("pi-balai", reading(), at=city.clock())
        assert self.at(look, AlarmKind.DOOR_READER).sight is Sight.GOOD
        late = city.clock() + 20 * MINUTE
        city.city.say("pi-balai", WELL, at=late)
        found = self.at(look, AlarmKind.DOOR_READER, late)
        assert (found.sight, found.facts["since"]) == (Sight.BAD, "10.14")
        city.city.will("pi-balai", late)
        assert self.at(look, AlarmKind.DOOR_READER, late).sight is Sight.UNSEEN

    def test_a_device_that_has_just_come_back_has_time_to_speak_of_its_doors(self, look: Looking) -> None:
        city = look.city
        city.city.say("pi-balai", reading(), at=city.clock())
        city.city.will("pi-balai", city.clock())
        late = city.clock() + 20 * MINUTE
        city.city.birth("pi-balai", late)
        assert self.at(look, AlarmKind.DOOR_READER, late).sight is Sight.GOOD

    def test_a_reader_that_sees_codes_and_cannot_read_them_is_found(self, look: Looking) -> None:
        city = look.city
        city.city.say("pi-balai", reading(), at=city.clock())
        assert self.at(look, AlarmKind.DOOR_UNREADABLE).sight is Sight.GOOD
        city.city.say("pi-balai", reading(read=90, unreadable=300), at=city.clock())
        found = self.at(look, AlarmKind.DOOR_UNREADABLE)
        assert (found.sight, found.facts["value"]) == (Sight.BAD, "75")


class TestSensors:
    """Values against limits, marks of gauges, and silence."""

    LIMITS = AlarmSettings(
        sensors=(
            SensorLimit(quantity="water_level_m", high=2.0, low=0.2, clear_by=0.1, device="pi-tugu"),
            SensorLimit(quantity="water_level_m", high=9.0, device="pi-lain"),
        ),
    )

    @staticmethod
    def marks(_db: object) -> tuple[WaterMark, ...]:
        return (WaterMark("pi-tugu", "sungai", "papan", 1.5), WaterMark("pi-tugu", "tidak-ada", "papan", 1.5))

    def say(self, city: Screens, value: float, at: datetime | None = None) -> None:
        body = SensorReading(sensor="air", quantity="water_level_m", value=value)
        city.city.say("pi-tugu", body, at=at or city.clock())

    def sights(self, look: Looking, kind: AlarmKind) -> Sight:
        return look.at(SensorWatch(self.LIMITS), kind, "pi-tugu/air").sight

    def test_limits_above_and_below_have_a_second_one_inside(self, look: Looking) -> None:
        found = []
        for value in (1.0, 2.1, 1.95, 1.9, 0.1, 0.25, 0.31):
            self.say(look.city, value)
            look.city.clock.advance(seconds=1)
            found.append((self.sights(look, AlarmKind.SENSOR_HIGH), self.sights(look, AlarmKind.SENSOR_LOW)))
        good, bad, between = Sight.GOOD, Sight.BAD, Sight.BETWEEN
        assert found == [
            (good, good), (bad, good), (between, good), (good, good),
            (good, bad), (good, between), (good, good),
        ]  # fmt: skip

    def test_an_old_value_says_nothing_and_silence_is_found(self, look: Looking) -> None:
        city = look.city
        assert self.sights(look, AlarmKind.SENSOR_SILENT) is Sight.UNSEEN
        city.city.birth("pi-tugu", city.clock())
        self.say(city, 2.5)
        assert self.sights(look, AlarmKind.SENSOR_SILENT) is Sight.GOOD
        city.clock.advance(minutes=31)
        city.city.say("pi-tugu", WELL, at=city.clock())
        assert self.sights(look, AlarmKind.SENSOR_HIGH) is Sight.UNSEEN
        assert self.sights(look, AlarmKind.SENSOR_SILENT) is Sight.BAD

    def test_water_above_the_mark_of_its_gauge_is_found(self, look: Looking) -> None:
        def at() -> Condition:
            return look.at(SensorWatch(self.LIMITS, self.marks), AlarmKind.WATER_HIGH, "pi-tugu/sungai/papan")

        assert at().sight is Sight.UNSEEN
        level = GaugeReading(camera="sungai", gauge="papan", state=GaugeState.READ, samples=9, level_m=1.62)
        look.city.city.say("pi-tugu", level, at=look.city.clock())
        found = at()
        assert (found.sight, found.severity) == (Sight.BAD, Severity.CRITICAL)
        assert (found.facts["value"], found.camera) == ("1.62", "sungai")

    def test_a_camera_out_of_service_has_no_mark(self, look: Looking) -> None:
        with look.city.database.writing() as db:
            db.execute(update(CityCamera).values(is_retired=True))
        with look.city.database.reading() as db:
            found = list(SensorWatch(self.LIMITS, self.marks)(db, look.city.clock()))
        assert AlarmKind.WATER_HIGH not in {one.kind for one in found}

    def test_devices_out_of_service_have_no_conditions(self, look: Looking) -> None:
        with look.city.database.writing() as db:
            db.execute(update(Device).values(is_retired=True))
        with look.city.database.reading() as db:
            now = look.city.clock()
            for watch in (DeviceWatch(self.LIMITS), DoorWatch(self.LIMITS)):
                assert list(watch(db, now)) == []


class TestHub:
    """The hub looks at itself."""

    def at(self, look: Looking, watch: Source, kind: AlarmKind, about: str = "hub") -> Condition:
        return look.at(watch, kind, about)

    def test_ingest_that_stands_still_is_found(self, look: Looking) -> None:
        city = look.city
        city.city.beat(city.clock())
        assert self.at(look, ingest_watch, AlarmKind.HUB_INGEST).sight is Sight.GOOD
        city.clock.advance(seconds=61)
        found = self.at(look, ingest_watch, AlarmKind.HUB_INGEST)
        assert (found.sight, found.facts["since"]) == (Sight.BAD, "10.14")

    def test_a_hub_on_which_ingest_never_ran_says_nothing(self, screens: Screens) -> None:
        with screens.database.reading() as db:
            assert list(ingest_watch(db, screens.clock())) == []

    def test_dead_letters_that_grow_are_found_and_their_number_alone_is_not(self, look: Looking) -> None:
        watch, clock = HubWatch(AlarmSettings()), look.city.clock

        def letters(count: int) -> Sight:
            with look.city.database.writing() as db:
                db.execute(update(IngestHealth).values(dead_letters=count))
            return self.at(look, watch, AlarmKind.HUB_DEAD_LETTERS).sight

        sights = [letters(5_000)]
        for count in (5_005, 5_025, 5_025):
            clock.advance(minutes=4)
            sights.append(letters(count))
        clock.advance(minutes=11)
        sights += [letters(5_025), letters(0)]
        assert sights == [Sight.GOOD, Sight.BETWEEN, Sight.BAD, Sight.BAD, Sight.GOOD, Sight.GOOD]

    def test_a_mirror_that_falls_behind_is_found(self, look: Looking) -> None:
        with look.city.database.writing() as db:
            db.add(TelemetryMirror(name="http://cermin bucket", feed_id=10))
            db.add(TelemetryFeed(id=10 + 700, packed=b""))
        found = self.at(look, HubWatch(AlarmSettings()), AlarmKind.HUB_MIRROR, "http://cermin bucket")
        assert (found.sight, found.facts["value"]) == (Sight.BAD, "700")

    def test_messages_that_were_given_up_are_found(self, look: Looking, clock: FakeClock) -> None:
        watch = HubWatch(AlarmSettings())
        assert self.at(look, watch, AlarmKind.HUB_NOTIFY).sight is Sight.GOOD
        with look.city.database.writing() as db:
            queue(db, to=Recipient(Channel.EMAIL, "a@b.id"), subject="x", text="y", link="", now=clock())
            db.execute(update(OutboxMessage).values(state=State.DEAD))
        assert self.at(look, watch, AlarmKind.HUB_NOTIFY).sight is Sight.BAD
