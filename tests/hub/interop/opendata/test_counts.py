"""How many rows a dataset has is known without reading them, and is what reading them gives."""

from collections.abc import Iterator
from datetime import timedelta

from sqlalchemy import event

from hub.interop.opendata.from_measures import measure_datasets
from hub.interop.opendata.from_registers import register_datasets
from hub.interop.opendata.search import Question, Row, answer
from hub.measures.catalogue.reading import shipped
from hub.measures.examples import add_examples as add_measures
from hub.measures.keeping.points import Said, keep
from hub.measures.keeping.series import Facets
from hub.measures.keeping.sources import SourceKind, source_id
from tests.hub.interop.opendata.test_api import result
from tests.hub.screens import START, Screens

TODAY = START.date()


def test_every_count_is_that_of_the_rows_and_follows_them(portal: Screens) -> None:
    with portal.database.writing() as db:
        add_measures(db, now=START)
    datasets = (*register_datasets(), *measure_datasets())
    with portal.database.reading() as db:
        counted = {one.name: one.count(db, TODAY) for one in datasets}
        read = {one.name: sum(1 for _row in one.rows(db, TODAY)) for one in datasets}
    assert counted == read
    assert sum(1 for count in read.values() if count) >= 15
    measure, market = shipped().one("food_price"), Facets(market="mawar", dimension="beras-medium")
    with portal.database.writing() as db:
        source = source_id(db, SourceKind.ENTRY, "Pasar Mawar", now=START)
        keep(db, measure, [Said(market, START + timedelta(days=1), 15_000)], source=source)
    prices = next(one for one in datasets if one.name == "ukuran-food_price")
    with portal.database.reading() as db:
        after = prices.count(db, TODAY)
        assert after == sum(1 for _row in prices.rows(db, TODAY))
    assert after > read["ukuran-food_price"]  # type: ignore[operator]  # counted, see above


def test_a_count_that_is_kept_reads_no_point_again(portal: Screens) -> None:
    with portal.database.writing() as db:
        add_measures(db, now=START)
    prices = next(one for one in measure_datasets() if one.name == "ukuran-food_price")
    asked: list[str] = []
    event.listen(
        portal.database.engine, "before_cursor_execute", lambda _c, _u, text, *_rest: asked.append(text)
    )
    with portal.database.reading() as db:
        prices.count(db, TODAY)
        assert any("measure_point" in one for one in asked)
        asked.clear()
        prices.count(db, TODAY)
    assert asked
    assert not any("measure_point" in one for one in asked)


def test_no_row_after_the_page_is_read_when_the_count_is_known() -> None:
    def rows() -> Iterator[Row]:
        for number in range(3):
            yield {"n": number}
        raise AssertionError("read beyond the page")

    found = answer(rows(), Question(filters={}, offset=1, limit=2, columns=("n",)), total=1_000_000)
    assert ([row["n"] for row in found.rows], found.total) == ([1, 2], 1_000_000)
    assert answer(iter(({"n": 1},)), Question(filters={}, offset=9), total=1).rows == ()


def test_the_api_tells_the_count(portal: Screens) -> None:
    package = result(portal, "package_show", id="register-aplikasi")
    resource = package["resources"][0]["id"]
    info = result(portal, "datastore_info", id=resource)
    page = result(portal, "datastore_search", resource_id=resource, limit=1)
    assert info["meta"]["count"] == page["total"] >= len(page["records"])
