"""The mirror: behind a list, and behind a real VictoriaMetrics through influxdb-client."""

import json
import threading
import urllib.parse
import urllib.request
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from sqlalchemy import func, select

from hub.config import MirrorSettings
from hub.db import Database
from hub.telemetry.mirroring.mirror import (
    InfluxSink,
    MemorySink,
    Mirror,
    MirrorError,
    forget_old_feed,
    mirror_of,
    refill,
)
from hub.telemetry.models import TelemetryFeed, TelemetryMirror
from hub.telemetry.store import Channel, Reading, ms_of_instant
from hub.telemetry.tables import TableTelemetry
from tests.hub.telemetry.waiting import until
from tests.mosquitto import free_port

NOW = datetime(2026, 11, 21, 3, 0, tzinfo=UTC)
CHANNEL = Channel("pi-01", "air-1", ("water_level_m",))


def append(database: Database, *values: float, first: int = 0) -> None:
    rows = [
        Reading(
            CHANNEL, ms_of_instant(NOW) + (first + place) * 1000, first + place, (value,), ms_of_instant(NOW)
        )
        for place, value in enumerate(values)
    ]
    with database.writing() as session:
        TableTelemetry(session, has_feed=True).append(rows)


class Rig:
    def __init__(self, database: Database) -> None:
        self.sink = MemorySink()
        self.now_s = 0.0
        self.database = database
        self.mirror = self.restart()

    def restart(self) -> Mirror:
        self.mirror = Mirror(name="m", database=self.database, sink=self.sink, monotonic_s=lambda: self.now_s)
        return self.mirror

    def take_row(self) -> bytes:
        with self.database.reading() as session:
            return session.scalars(select(TelemetryFeed.packed)).one()

    def put_row(self, number: int, packed: bytes) -> None:
        with self.database.writing() as session:
            session.add(TelemetryFeed(id=number, packed=packed))

    def feed_rows(self) -> int:
        with self.database.reading() as session:
            return session.scalar(select(func.count()).select_from(TelemetryFeed)) or 0


@pytest.fixture
def rig(database: Database) -> Rig:
    return Rig(database)


def test_committed_readings_are_copied_once_in_a_run(rig: Rig) -> None:
    append(rig.database, 1.5, 2.0)
    assert rig.mirror.copy_some()
    assert not rig.mirror.copy_some()
    at_ms = ms_of_instant(NOW)
    assert rig.sink.lines == [
        f"telemetry,device=pi-01,source=air-1 water_level_m=1.5 {at_ms}",
        f"telemetry,device=pi-01,source=air-1 water_level_m=2 {at_ms + 1000}",
    ]


def test_the_cursor_lags_so_that_what_a_server_forgot_is_written_again(rig: Rig) -> None:
    append(rig.database, 1.5)
    rig.mirror.copy_some()
    rig.now_s = 59
    rig.mirror.copy_some()
    rig.restart()
    rig.mirror.copy_some()
    assert len(rig.sink.lines) == 2, "the server may have been killed before its disk had the first"

    rig.now_s = 59 + 61
    rig.mirror.copy_some()
    assert rig.feed_rows() == 1, "all but the one the cursor stands on"
    rig.restart()
    append(rig.database, 9.0, first=1)
    rig.mirror.copy_some()
    assert len(rig.sink.lines) == 3


def test_a_number_of_the_feed_that_commits_late_is_copied_too(rig: Rig) -> None:
    append(rig.database, 1.5)
    rig.mirror.copy_some()
    packed = rig.take_row()
    for place in (2, 4):  # another worker has number 3 and has not committed
        rig.put_row(place, packed)
    rig.mirror.copy_some()
    assert len(rig.sink.lines) == 3
    rig.put_row(3, packed)
    assert rig.mirror.copy_some()
    assert len(rig.sink.lines) == 4
    assert not rig.mirror.copy_some()

    rig.put_row(6, packed)
    rig.mirror.copy_some()
    rig.now_s += 61
    rig.mirror.copy_some()
    rig.put_row(5, packed)
    assert not rig.mirror.copy_some(), "no transaction lasts so long: it was rolled back"


def test_only_the_worker_that_leads_copies(rig: Rig) -> None:
    append(rig.database, 1.5)
    stop, looks = threading.Event(), [False, True]

    def is_ours() -> bool:
        if not looks:
            stop.set()
            return True
        return looks.pop(0)

    rig.mirror.run(stop, is_ours)
    assert len(rig.sink.lines) == 1


def test_a_mirror_that_is_away_loses_nothing(rig: Rig) -> None:
    append(rig.database, 1.5)
    rig.sink.is_reachable = False
    with pytest.raises(MirrorError):
        rig.mirror.copy_some()
    rig.sink.is_reachable = True
    rig.mirror.copy_some()
    assert len(rig.sink.lines) == 1


def test_the_thread_of_the_mirror_outlives_a_server_that_is_away(
    rig: Rig, caplog: pytest.LogCaptureFixture
) -> None:
    append(rig.database, 1.5)
    rig.sink.is_reachable = False
    stop = threading.Event()
    thread = threading.Thread(target=rig.mirror.run, args=(stop,))
    thread.start()
    until(lambda: "falls behind" in caplog.text)
    rig.sink.is_reachable = True
    until(lambda: bool(rig.sink.lines))
    stop.set()
    thread.join()
    assert caplog.text.count("falls behind") == 1


def test_a_feed_that_nobody_follows_is_cut_and_said_to_have_a_hole(rig: Rig) -> None:
    for place in range(5):
        append(rig.database, 1.0, first=place)
    assert not forget_old_feed(rig.database, most=5)
    assert forget_old_feed(rig.database, most=3)
    assert rig.feed_rows() == 3


def test_the_mirror_can_be_filled_again_from_the_store(rig: Rig) -> None:
    append(rig.database, *[float(place) for place in range(10)])
    with rig.database.reading() as session:
        written = refill(
            TableTelemetry(session), rig.sink, begin=NOW - timedelta(days=2), end=NOW + timedelta(seconds=8)
        )
    assert written == len(rig.sink.lines) == 8
    rig.mirror.copy_some()
    assert set(rig.sink.lines[:8]) == set(rig.sink.lines[8:16]), "the same points, line for line"


def test_without_an_address_there_is_no_mirror(database: Database, tmp_path: Path) -> None:
    assert mirror_of(MirrorSettings(), database=database) is None
    (tmp_path / "token").write_text("secret\n")
    mirror = mirror_of(
        MirrorSettings(url="http://127.0.0.1:9", token_file=str(tmp_path / "token")), database=database
    )
    assert mirror is not None


# --- a real server ------------------------------------------------------------------------------


def exported(url: str) -> list[dict[str, object]]:
    query = urllib.parse.urlencode({"match[]": '{device!=""}'})
    with urllib.request.urlopen(f"{url}/api/v1/export?{query}", timeout=60) as answer:
        return [json.loads(line) for line in answer.read().splitlines()]


def test_a_real_server_has_what_was_committed_and_replays_change_nothing(
    database: Database, victoria: str
) -> None:
    append(database, 1.5, 2.25)
    settings = MirrorSettings(url=victoria)
    for _ in range(3):  # a hub that was restarted twice within a minute
        mirror = mirror_of(settings, database=database)
        assert mirror is not None
        assert mirror.copy_some()
        mirror._sink.close()
    until(lambda: bool(exported(victoria)))
    (series,) = exported(victoria)
    assert series["metric"] == {
        "__name__": "telemetry_water_level_m",
        "device": "pi-01",
        "source": "air-1",
    }
    # Copies are stored until they are merged; each answer is deduplicated.
    points = dict(zip(series["timestamps"], series["values"], strict=True))  # type: ignore[call-overload]
    at_ms = ms_of_instant(NOW)
    assert points == {at_ms: 1.5, at_ms + 1000: 2.25}
    with database.reading() as session:
        assert session.scalars(select(TelemetryMirror)).all() == [], "not yet safe"


def test_a_server_that_refuses_is_an_error_of_the_mirror_only(victoria: str) -> None:
    sink = InfluxSink(url=victoria + "/nowhere", token="", org="o", bucket="b")
    with pytest.raises(MirrorError, match="took nothing"):
        sink.write(["telemetry,device=pi-01 load=1 1"])
    sink.close()


def test_a_server_that_is_not_there_is_an_error_of_the_mirror_only() -> None:
    sink = InfluxSink(url=f"http://127.0.0.1:{free_port()}", token="", org="o", bucket="b")
    with pytest.raises(MirrorError, match="took nothing"):
        sink.write(["telemetry,device=pi-01 load=1 1"])
    sink.close()
