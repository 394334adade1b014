"""From sensor records to the station page: hours, trust, index, staleness."""

from datetime import UTC, datetime, timedelta
from math import isclose

from hub.measures.environment.ispu import parameters
from hub.measures.environment.keeper import AirKeeper, indices_of
from hub.measures.environment.stations import stations, worst_station
from hub.measures.environment.trust import Range, trusted
from hub.measures.keeping.periods import Grain
from hub.measures.keeping.quality import Quality
from hub.measures.keeping.series import Facets
from hub.measures.service import newest_of, values_of
from hub.places.models import Sensor
from hub.telemetry.store import Channel, Hour, MemoryTelemetry, Reading, ms_of_instant
from tests.hub.screens import Screens

BEGIN = datetime(2026, 11, 19, 0, tzinfo=UTC)


def hour(place: int, value: float, *, low: float | None = None) -> Hour:
    return Hour(BEGIN + timedelta(hours=place), 1, value, value if low is None else low, value)


def test_a_sensor_that_is_stuck_jumps_or_says_the_impossible_is_not_believed() -> None:
    limits = Range(0, 1000)

    def said(*values: float) -> list[Quality]:
        found = trusted([hour(place, value) for place, value in enumerate(values)], limits)
        return [quality for _hour, quality in found]

    valid, doubtful, bad = Quality.VALID, Quality.PROVISIONAL, Quality.INSUFFICIENT
    assert said(10, 11, 5000, 12) == [valid, valid, bad, valid]
    assert said(10, 11, 400, 12) == [valid, valid, doubtful, valid]
    assert said(*[7.0] * 7) == [valid] * 5 + [bad] * 2
    dry = trusted([hour(place, 0.0) for place in range(9)], Range(0, 400, may_rest=True))
    assert {quality for _hour, quality in dry} == {valid}


def test_the_others_are_said_twice_a_day() -> None:
    hours = {BEGIN + timedelta(hours=place): 50.0 for place in range(48)}
    first, end = BEGIN + timedelta(hours=24), BEGIN + timedelta(hours=48)
    found = indices_of(parameters()["pm10"], Facets(site="jawi", dimension="pm10"), hours, first, end)
    # 08:00 and 14:00 WIB are 01:00 and 07:00 UTC.
    assert [(one.at.hour, one.value) for one in found] == [(1, 50.0), (7, 50.0)]


def say(memory: MemoryTelemetry, sensor: str, quantity: str, values: list[float], end: datetime) -> None:
    channel = Channel("pi-tugu", sensor, (quantity,))
    begin = end.replace(minute=30) - timedelta(hours=len(values))
    memory.append(
        [
            Reading(channel, ms_of_instant(at), 1, (value,), ms_of_instant(at))
            for place, value in enumerate(values)
            for at in [begin + timedelta(hours=place)]
        ]
    )


def test_records_of_sensors_become_what_the_public_reads(city: Screens) -> None:
    now, memory = city.clock(), MemoryTelemetry()
    with city.database.writing() as db:
        for name, quantity in (
            ("debu-9", "pm2_5_ug_m3"),
            ("air-9", "water_level_m"),
            ("hujan-9", "rain_mm_h"),
        ):
            db.add(Sensor(device="pi-tugu", id=name, name=name, quantity=quantity))
    say(memory, "debu-9", "pm2_5_ug_m3", [90 + place % 3 for place in range(30)], now)
    say(memory, "air-9", "water_level_m", [1.0 + place / 20 for place in range(30)], now)
    say(memory, "hujan-9", "rain_mm_h", [2.5] * 30, now)
    keeper = AirKeeper(database=city.database, telemetry=lambda _db: memory, now=city.clock)
    keeper()
    with city.database.reading() as db:
        [here] = [one for one in stations(db, now) if one.site == "tugu"]
        [newest] = newest_of(db, "ispu")
        [rain] = values_of(db, "rain", grain=Grain.YEAR)
    assert here.worst is not None
    assert isclose(here.worst.index or 0, 100 + 100 / 95 * (91 - 55.4))
    assert newest.value == here.worst.index
    assert here.has_haze
    assert [water.tone for water in here.waters] == ["warn", "good"]
    assert rain.value == 75.0
    page = city.stranger().get("/lingkungan").get_data(as_text=True)
    assert "Tidak Sehat" in page
    assert "Kabut asap" in page
    assert "ispu-3" in page
    shown = city.stranger().get("/lingkungan/tugu").get_data(as_text=True)
    assert "PM2,5" in shown
    assert "tugu" in city.stranger().get("/lingkungan/tugu.csv").headers["Content-Disposition"]
    assert "PM2,5" in city.stranger().get("/lingkungan.csv").get_data(as_text=True)
    assert city.stranger().get("/lingkungan/tidak-ada").status_code == 404
    # The same records again change nothing; after three hours without any, nobody says how the air is.
    before = city.dump()
    keeper()
    assert city.dump() == before
    city.clock.advance(hours=4)
    with city.database.reading() as db:
        assert worst_station(stations(db, city.clock())) is None
    assert "belum mengirim" in city.stranger().get("/lingkungan").get_data(as_text=True)


def test_without_sensors_the_page_says_so(screens: Screens) -> None:
    AirKeeper(database=screens.database, telemetry=lambda _db: MemoryTelemetry(), now=screens.clock)()
    assert "Belum ada titik pantau" in screens.stranger().get("/lingkungan").get_data(as_text=True)
