"""What a simulated city shows: every page of measures has something on it, marked as an example."""

from click.testing import CliRunner

from hub.config import HubConfig
from hub.measures.commands import measure_commands
from hub.measures.examples import add_examples
from hub.measures.keeping.periods import Grain
from hub.measures.prices.rules import Movement
from hub.measures.prices.service import price_lines
from hub.measures.service import sources_of, values_of
from hub.measures.spbe.service import sheets
from hub.measuring import FEEDS
from hub.places.models import Sensor
from tests.hub.screens import Screens, make_config


def test_a_new_city_is_filled_once_and_everything_is_marked(city: Screens) -> None:
    now = city.clock()
    with city.database.writing() as db:
        db.add(Sensor(device="pi-tugu", id="debu-9", name="Debu", quantity="pm2_5_ug_m3"))
        db.flush()
        assert add_examples(db, now=now)
        assert not add_examples(db, now=now)
    with city.database.reading() as db:
        states = {line.commodity.code: line.movement for line in price_lines(db, now.date())}
        assert (states["cabai-rawit"], states["daging-sapi"]) == (Movement.ALERT, Movement.STALE)
        content = values_of(db, "content_items", grain=Grain.YEAR)
        assert [one.value for one in content] == [2832]
        assert all(row.source.is_example for row in sources_of(db, "food_price"))
        results = [(one.assessment.kind, str(one.result.index), one.result.is_whole) for one in sheets(db)]
    assert results[1:] == [("mandiri", "3.455", True), ("eksternal", "3.000", True)]
    assert results[0][0] == "mandiri"
    assert not results[0][2], "this year's is still open"
    page = city.stranger().get("/lingkungan").get_data(as_text=True)
    assert "Sedang" in page
    assert "Cabai rawit" in city.stranger().get("/harga").get_data(as_text=True)


def test_commands_bring_figures_in_rebuild_and_fill(screens: Screens) -> None:
    from collections.abc import Iterator
    from contextlib import contextmanager
    from pathlib import Path

    from hub.db import Database

    @contextmanager
    def ready(_path: Path) -> Iterator[tuple[HubConfig, Database]]:
        yield make_config(screens.folder), screens.database

    group = measure_commands(ready, feeds=FEEDS, now=screens.clock)
    file = screens.folder / "angka.csv"
    file.write_text(
        "ukuran,periode,nilai,sumber\nsp4n_received,2021,123,kota\nsp4n_disposed,2021,94,kota\n"
        "sp4n_archived,2021,30,kota\n"
    )
    run = CliRunner().invoke
    said = run(group, ["import", str(file)]).output
    assert "3 figures kept" in said
    assert "does not add up: sp4n_received 2021-01: 123.0 and 124.0" in said
    assert "points" in run(group, ["rebuild"]).output
    assert "Examples of measures." in run(group, ["examples"]).output
    assert "already" in run(group, ["examples"]).output
