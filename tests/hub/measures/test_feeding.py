"""Modules feed measures: what they count comes out, corrections too, and one broken feed stops no other."""

from datetime import datetime, timedelta

import pytest
from sqlalchemy.orm import Session

from hub.measures.catalogue.reading import shipped
from hub.measures.feeding import Fed, Feeder
from hub.measures.keeping.periods import WIB, Grain
from hub.measures.keeping.points import Said, keep
from hub.measures.keeping.series import Facets, Side
from hub.measures.keeping.sources import SourceKind, source_id
from hub.measures.service import newest_of, sources_of, values_of
from hub.measuring import FEEDS
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
    feeder = Feeder(database=screens.database, feeds={"modul uji": feed}, now=screens.clock)
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

    feeder = Feeder(database=screens.database, feeds={"rusak": broken, "baik": well}, now=screens.clock)
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
