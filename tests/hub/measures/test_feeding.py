"""Modules feed measures: what they count comes out, corrections too, and one broken feed stops no other."""

from collections import Counter
from datetime import datetime, timedelta

import pytest
from sqlalchemy.orm import Session

from edge.wire.records.bodies import FlowLevel, SceneMeasures, ZoneMeasure
from hub.cctv.models import CameraPicture
from hub.cctv.outages.windows.service import open_window
from hub.cctv.rules import CameraState
from hub.cctv.service import list_cameras, list_standings
from hub.ingest.models import DevicePresence
from hub.measures.catalogue.reading import shipped
from hub.measures.feeding import Fed, Feeder, kept_since
from hub.measures.keeping.periods import WIB, Grain, moment_of
from hub.measures.keeping.points import Said, keep
from hub.measures.keeping.series import Facets, Side
from hub.measures.keeping.sources import SourceKind, source_id
from hub.measures.service import newest_of, sources_of, values_of
from hub.measuring import FEEDS
from hub.people.models import Opd
from hub.registers.keeping.reach import EVERYTHING
from hub.registers.keeping.service import Actor, Given, add_row
from hub.registers.kind.reading import kind_of
from hub.registers.kind.rules import Value
from tests.hub.screens import Screens

JAWI, PARIT = Facets(kelurahan="61.71.05.1004"), Facets(kelurahan="61.71.01.1003")


def test_what_a_module_takes_back_is_gone_and_what_was_published_stays(screens: Screens) -> None:
    now = screens.clock()
    month = now.astimezone(WIB).replace(day=1, hour=0, minute=0, second=0, microsecond=0)
    counts = {JAWI: 3, PARIT: 2}

    def feed(_db: Session, _now: datetime) -> list[Fed]:
        return [Fed("letter_issued", month, tuple(Said(one, month, count) for one, count in counts.items()))]

    with screens.database.writing() as db:
        source = source_id(db, SourceKind.FILE, "uraian kota", now=now)
        published = Said(Facets(dimension="terbit"), month, 100)
        keep(db, shipped().one("letter_issued"), [published], source=source)
    feeder = Feeder(database=screens.database, feeds={"modul uji": [feed]}, now=screens.clock)
    feeder()
    del counts[PARIT]
    counts[JAWI] = 5
    feeder()
    with screens.database.reading() as db:
        values = values_of(db, "letter_issued", grain=Grain.MONTH, by=Side.KELURAHAN)
        sources = {row.value: row.source.name for row in sources_of(db, "letter_issued")}
    assert {one.key: one.value for one in values} == {JAWI.kelurahan: 5, "": 100}
    assert sources == {5: "modul uji", 100: "uraian kota"}


def test_one_broken_feed_stops_no_other_and_is_told(screens: Screens) -> None:
    def broken(_db: Session, _now: datetime) -> list[Fed]:
        raise LookupError("no such table")

    def well(_db: Session, now: datetime) -> list[Fed]:
        return [Fed("letter_issued", now - timedelta(days=1), (Said(JAWI, now, 1),))]

    feeder = Feeder(database=screens.database, feeds={"rusak": [broken], "baik": [well]}, now=screens.clock)
    with pytest.raises(RuntimeError, match="rusak"):
        feeder()
    with screens.database.reading() as db:
        assert [one.value for one in newest_of(db, "letter_issued")] == [1]


def test_every_module_of_the_city_is_counted(city: Screens) -> None:
    Feeder(database=city.database, feeds=FEEDS, now=city.clock)()
    with city.database.reading() as db:
        total, live, dark = (
            newest_of(db, f"camera_{part}")[0].value or 0 for part in ("installed", "online", "offline")
        )
        [availability] = newest_of(db, "camera_availability")
        rows = sources_of(db, "camera_availability")
    assert total == live + dark > 0
    assert availability.value == pytest.approx(100 * live / total)
    assert {row.source.address for row in rows} == {"/cctv"}
    before = city.dump()
    Feeder(database=city.database, feeds=FEEDS, now=city.clock)()
    assert city.dump() == before, "what did not change is not written"


def test_content_of_the_register_is_counted_by_kind_and_channel(screens: Screens) -> None:
    now = screens.clock()
    actor = Actor(name="uji", now=now, today=now.date(), reach=EVERYTHING)
    rows: tuple[tuple[str, str, list[str], str], ...] = (
        ("2026-11-02", "pemberitaan", ["instagram"], "tayang"),
        ("2026-11-03", "pemberitaan", ["instagram"], "tayang"),
        ("2026-11-04", "ucapan", ["instagram", "facebook"], "tayang"),
        ("2026-11-05", "ucapan", [], "draf"),
        ("2026-11-30", "ucapan", ["youtube"], "tayang"),  # not yet
        ("2026-10-31", "infografis", [], "tayang"),
    )
    with screens.database.writing() as db:
        db.add(Opd(number=1, name="Diskominfo"))
        db.flush()
        for number, (day, kind, channels, status) in enumerate(rows):
            values: dict[str, Value] = {"nomor": f"K{number}", "judul": "x", "tanggal": day, "jenis": kind}
            given = Given(values={**values, "kanal": channels, "status": status}, owner=1)
            add_row(db, kind_of("konten"), given, actor)
    Feeder(
        database=screens.database, feeds={"register konten": FEEDS["register konten"]}, now=screens.clock
    )()
    with screens.database.reading() as db:
        found = values_of(db, "content_items", grain=Grain.MONTH, by=Side.DIMENSION)
    assert {(f"{one.begin.astimezone(WIB):%m}", one.key): one.value for one in found} == {
        ("11", "pemberitaan|instagram"): 2,
        ("11", "ucapan|beberapa kanal"): 1,
        ("10", "infografis|tanpa kanal"): 1,
    }
    page = screens.stranger().get("/konten/statistik").get_data(as_text=True)
    assert "beberapa kanal" in page


def test_what_is_counted_of_cameras_is_what_is_shown_of_them(city: Screens) -> None:
    now = city.clock()
    with city.database.writing() as db:
        db.get_one(DevicePresence, "pi-balai").is_online = False
        db.merge(
            CameraPicture(
                device="pi-jawi",
                camera="utara",
                picture="black",
                fault="none",
                detail="",
                since=now,
                at=now,
                epoch="0" * 16,
                seq=1,
            )
        )
        db.flush()
        open_window(
            db,
            site="jawi",
            device="",
            camera="",
            begins_at=now,
            ends_at=now + timedelta(hours=1),
            why="kabel",
            by="uji",
            now=now,
        )
    with city.database.reading() as db:
        shown = Counter(
            (one.site_id, one.kind, one.medium, one.verdict.state) for one in list_cameras(db, now)
        )
        counted = Counter((one.site, one.kind, one.medium, one.state) for one in list_standings(db, now))
    assert counted == shown
    assert {CameraState.OFFLINE, CameraState.MAINTENANCE} <= {state for *_place, state in counted}


def test_traffic_of_every_hour_that_may_still_change_is_kept(city: Screens) -> None:
    over = city.clock().replace(minute=0, second=0, microsecond=0)
    said = (
        (72, FlowLevel.JAM),
        (5, FlowLevel.FREE),
        (5, FlowLevel.SLOW),
        (3, FlowLevel.JAM),
        (1, FlowLevel.FREE),
    )
    for number, (back, flow) in enumerate(said):
        zones = tuple(
            ZoneMeasure(zone=name, occupancy=0.5, cover=0.3, flow=flow) for name in ("lajur", "bahu")
        )
        body = SceneMeasures(camera="utara", period_s=60.0, zones=zones)
        at = over - timedelta(hours=back) + timedelta(minutes=10 + number)
        city.city.say("pi-jawi", body, at=at)
    feeds = {"modul lalu lintas": FEEDS["modul lalu lintas"]}
    Feeder(database=city.database, feeds=feeds, now=city.clock)()
    held = {}
    with city.database.reading() as db:
        for (about, at_s), point in kept_since(db, "traffic_clear", over - timedelta(hours=80)).items():
            if about.site == "jawi":
                held[(over - moment_of(at_s)) // timedelta(hours=1)] = (point.value, point.weight)
    # Free is whole, slow a half, jam nothing; two zones each.
    assert {back: held[back] for back in (72, 5, 3, 1)} == {72: (0, 2), 5: (3, 4), 3: (0, 2), 1: (2, 2)}
    before = city.dump()
    Feeder(database=city.database, feeds=feeds, now=city.clock)()
    assert city.dump() == before, "what did not change is not written"
