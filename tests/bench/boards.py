"""Boards on ten million points: the server's time for their pages and drill-downs, and the first load."""

import gc
import itertools
import json
import statistics
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path

import click
from _board_pages import first_load_bytes, page_looks, prepare
from sqlalchemy import text
from sqlalchemy.orm import Session

from hub.config import HubConfig, SignInSettings
from hub.db import Database
from hub.measures.catalogue.reading import shipped
from hub.measures.catalogue.shape import Measure
from hub.measures.keeping.city import rebuild_city
from hub.measures.keeping.periods import Grain, begin_of, end_of, second_of
from hub.measures.keeping.rollups import refresh
from hub.measures.keeping.series import Facets, Side, series_ids
from hub.measures.keeping.sources import SourceKind, source_id
from hub.measures.service import conflicts_of, newest_of, sources_of, values_of
from hub.migrations.schema import upgrade
from hub.places.areas import read_areas
from tests import postgres

NOW = datetime(2026, 11, 22, 5, tzinfo=UTC)
WARM_UP = 3
YEAR = timedelta(days=365)
# So many series are rolled up in one statement.
SERIES_AT_ONCE = 50
TILES = 24


def kept_measures() -> list[Measure]:
    """Return the measures that have points every day or hour."""
    return [one for one in shipped().measures.values() if not one.formula and one.grain_kept <= Grain.DAY]


def fill(database: Database, *, points: int, series: int) -> None:
    """Write points of series, spread over measures, kelurahan and OPDs, up to now, with their roll-ups."""
    wards = [area.code for area in read_areas().kelurahan]
    measures = kept_measures()
    with database.writing() as db:
        source = source_id(db, SourceKind.MODULE, "bench", now=NOW)
        wanted = [(measures[number % len(measures)].code, _about(number, wards)) for number in range(series)]
        numbers = series_ids(db, wanted)
    by_grain: dict[Grain, list[int]] = {}
    for (code, _about_it), number in numbers.items():
        by_grain.setdefault(shipped().one(code).grain_kept, []).append(number)
    with click.progressbar(length=series, label="series", file=sys.stderr) as bar:
        for grain, some in by_grain.items():
            _fill_grain(database, grain, sorted(some), points // series, source, bar.update)
    with database.writing() as db:
        db.execute(text("ANALYZE"))
    _sum_up(database)


def _sum_up(database: Database) -> None:
    # Once for all series: with each chunk of them the city would be added up a hundred times.
    with click.progressbar(kept_measures(), label="city numbers", file=sys.stderr) as measures:
        for measure in measures:
            with database.writing() as db:
                rebuild_city(db, measure)


def _about(number: int, wards: list[str]) -> Facets:
    return Facets(
        kelurahan=wards[number % len(wards)],
        opd=str(1 + number % 69),
        dimension=f"jenis-{number // 290}",
    )


def _fill_grain(
    database: Database,
    grain: Grain,
    numbers: list[int],
    each: int,
    source: int,
    told: Callable[[int], None],
) -> None:
    seconds = list(itertools.islice(_backwards(grain, begin_of(grain, second_of(NOW))), each))
    largest = max((Grain.MONTH if grain is Grain.DAY else Grain.DAY), grain)
    touched = sorted({begin_of(largest, at_s) for at_s in seconds})
    for start in range(0, len(numbers), SERIES_AT_ONCE):
        some = numbers[start : start + SERIES_AT_ONCE]
        with database.writing() as db:
            db.execute(text("CREATE TEMPORARY TABLE moment (at_s BIGINT PRIMARY KEY)"))
            db.execute(text("INSERT INTO moment VALUES (:at_s)"), [{"at_s": at_s} for at_s in seconds])
            db.execute(
                text(
                    "INSERT INTO measure_point (series, at_s, value, weight, quality, source) "
                    "SELECT one.id, moment.at_s, 50 + (one.id * 7919 + moment.at_s / 3600 * 104729) % 1000, "
                    "1000, 0, :source FROM measure_series AS one CROSS JOIN moment "
                    "WHERE one.id BETWEEN :first AND :last AND one.id IN "
                    f"({', '.join(map(str, some))}) ORDER BY one.id, moment.at_s"
                ),
                {"source": source, "first": some[0], "last": some[-1]},
            )
            db.execute(text("DROP TABLE moment"))
            refresh(db, grain, itertools.product(some, touched))
        told(len(some))


def _backwards(grain: Grain, begin_s: int) -> Iterator[int]:
    step_s = end_of(grain, begin_s) - begin_s
    return (begin_s - place * step_s for place in itertools.count())


def looks() -> dict[str, Callable[[Session], object]]:
    """Return what boards ask: each name and how it is asked."""
    codes = [one.code for one in kept_measures()]
    year = {"since": NOW - YEAR, "until": NOW}
    kecamatan = Facets(kecamatan="61.71.05")

    def executive(db: Session) -> object:
        return [
            (newest_of(db, code), values_of(db, code, grain=Grain.MONTH, **year))
            for code in (codes * TILES)[:TILES]
        ]

    return {
        "a year by month, city": lambda db: values_of(db, codes[0], grain=Grain.MONTH, **year),
        "a year by day, city": lambda db: values_of(db, codes[0], grain=Grain.DAY, **year),
        "a year by kelurahan": lambda db: values_of(
            db, codes[0], grain=Grain.YEAR, by=Side.KELURAHAN, **year
        ),
        "a year by OPD and month": lambda db: values_of(db, codes[0], grain=Grain.MONTH, by=Side.OPD, **year),
        "drill-down: a kecamatan by day": lambda db: values_of(
            db, codes[0], scope=kecamatan, grain=Grain.DAY, **year
        ),
        "drill-down: source rows": lambda db: sources_of(db, codes[0], scope=kecamatan, **year),
        "formula by month": lambda db: values_of(db, "camera_availability", grain=Grain.MONTH, **year),
        "contradictions of a year": lambda db: conflicts_of(db, about="camera_installed", **year),
        f"executive board, {TILES} tiles": executive,
    }


def _inside(database: Database, look: Callable[[Session], object]) -> Callable[[], object]:
    def ask() -> object:
        with database.reading() as db:
            return look(db)

    return ask


def measured(ask: Callable[[], object], times: int) -> dict[str, float]:
    """Return how long one look takes, in milliseconds."""
    took_ms = []
    for number in range(WARM_UP + times):
        began_s = time.perf_counter()
        found = ask()
        if number >= WARM_UP:
            took_ms.append((time.perf_counter() - began_s) * 1000)
        assert found is not None
    cuts = statistics.quantiles(took_ms, n=20)
    return {"p50_ms": round(statistics.median(took_ms), 1), "p95_ms": round(cuts[-1], 1)}


@contextmanager
def _address(wanted: str, folder: Path) -> Iterator[str]:
    """Yield the URL of the database that is asked for; a server that was begun for it ends with it."""
    if wanted == "postgresql":
        # A quarter of a small hub's 2 GB, as the manual of PostgreSQL 15 (2022) advises.
        with postgres.running({"shared_buffers": "512MB", "max_wal_size": "2GB"}) as url:
            yield f"{url}/postgres"
        return
    yield f"sqlite:///{folder / 'hub.db'}" if wanted == "sqlite" else wanted


@click.command()
@click.option("--json", "is_json", is_flag=True, help="One JSON object.")
@click.option("--points", default=10_000_000, show_default=True)
@click.option("--series", default=5_000, show_default=True)
@click.option(
    "--database",
    "wanted",
    default="sqlite",
    show_default=True,
    help="sqlite, postgresql (a server of its own, for as long as it runs), or the URL of an empty one.",
)
@click.option("--times", default=30, show_default=True, help="How often each is asked for.")
def command(is_json: bool, points: int, series: int, wanted: str, times: int) -> None:
    """Fill a city with points, ask what boards ask, and print the server's times."""
    with tempfile.TemporaryDirectory() as name, _address(wanted, Path(name)) as url:
        folder = Path(name)
        database = Database(url)
        upgrade(database)
        began_s = time.perf_counter()
        fill(database, points=points, series=series)
        filled_s = time.perf_counter() - began_s
        with database.writing() as db:
            db.execute(text("ANALYZE"))
        token, secret = prepare(database, kept_measures(), NOW)
        gc.collect()
        gc.freeze()
        pages = {name: measured(_inside(database, look), times) for name, look in looks().items()}
        config = HubConfig(
            database=url,
            folder=name,
            secret_file=str(folder / "web.secret"),
            sign_in=SignInSettings(second_factor="optional"),
        )
        asked = page_looks(database, config, kept_measures()[0], token=token, secret=secret, now=NOW)
        pages |= {name: measured(ask, times) for name, ask in asked.items()}
        weight = first_load_bytes(folder, url, secret)
        kind = "sqlite" if database.is_sqlite else "postgresql"
        database.close()
    figures = {
        "worst_p95_ms": max(page["p95_ms"] for page in pages.values()),
        "pages": pages,
        "first_load_bytes": weight,
        "database": kind,
        "points": points,
        "series": series,
        "fill_s": round(filled_s, 1),
        "measured_at": datetime.now(UTC).isoformat(timespec="seconds"),
    }
    if is_json:
        print(json.dumps(figures))
        return
    for name, page in pages.items():
        print(f"{name:36} p50 {page['p50_ms']:7.1f} ms   p95 {page['p95_ms']:7.1f} ms")
    print(f"{'worst p95':36} {figures['worst_p95_ms']:.1f} ms, {kind}, filled in {filled_s:.0f} s")
    print(f"{'first load of a wall':36} {weight / 1024:.1f} KiB")
