"""Measures to look at in a simulated city, from a source marked "contoh"; only where there are none."""

import math
import random
from collections.abc import Iterable, Iterator, Sequence
from datetime import date, datetime, timedelta
from itertools import pairwise
from pathlib import Path

from sqlalchemy import select
from sqlalchemy.orm import Session

from hub.measures.catalogue.reading import shipped
from hub.measures.environment.keeper import AIR, LATE, RAIN, RIVER, Probe, keep_index, probes_of
from hub.measures.keeping.importing import import_figures
from hub.measures.keeping.models import MeasureSource
from hub.measures.keeping.periods import WIB, Grain, begin_of, begin_of_day, moment_of, second_of
from hub.measures.keeping.points import Said, keep
from hub.measures.keeping.series import Facets
from hub.measures.keeping.sources import SourceKind, source_id
from hub.measures.performance.models import BudgetLine
from hub.measures.performance.rules import MONTHS, Month
from hub.measures.performance.service import keep_months
from hub.measures.prices.goods import Commodity, commodities, markets
from hub.measures.prices.service import MEASURE, USUAL_DAYS, note_calm
from hub.measures.spbe import service as spbe
from hub.people.models import Opd
from hub.places.areas import read_areas

PUBLISHED = Path(__file__).with_name("published.csv")
_ACTOR = "system"
_KINDS = {"pemberitaan": 921, "informasi": 702, "ucapan": 515, "konten kreatif": 402, "infografis": 292}
_CHANNELS = ("instagram", "facebook", "youtube")
# One rises beyond its limit, and one nobody renews: so that both are seen.
_RISING, _FORGOTTEN = "cabai-rawit", "daging-sapi"
_HOUR = timedelta(hours=1)
_WORKS = ("Pemeliharaan jaringan", "Rehabilitasi gedung", "Pelatihan pegawai")


def add_examples(db: Session, *, now: datetime, seed: int = 7) -> bool:
    """Fill a hub that has no measures yet; return whether it was one.

    Args:
        db: A writing session.
        now: The present.
        seed: The same one invents the same numbers.
    """
    if db.scalars(select(MeasureSource.id).where(MeasureSource.is_example.is_(True)).limit(1)).first():
        return False
    chance = random.Random(seed)  # noqa: S311 - no secret: the same seed gives the same city
    wards = {area.code for area in read_areas().kelurahan}
    import_figures(
        db,
        PUBLISHED.read_bytes(),
        PUBLISHED.name,
        catalogue=shipped(),
        kelurahan=wards,
        actor=_ACTOR,
        now=now,
    )
    source = source_id(db, SourceKind.MODULE, "contoh: kota simulasi", now=now, is_example=True)
    _prices(db, now, chance, source)
    _environment(db, now, chance, source)
    keep(db, shipped().one("content_items"), list(_content(chance)), source=source)
    _assessments(db, now)
    _budgets(db, now, chance)
    return True


def _prices(db: Session, now: datetime, chance: random.Random, source: int) -> None:
    today = now.astimezone(WIB).date()
    said = [
        Said(Facets(kelurahan=market.kelurahan, market=market.code, dimension=code), moment, price)
        for market in markets().values()
        for code, one in commodities().items()
        for moment, price in _walk(one, today, chance)
    ]
    keep(db, shipped().one(MEASURE), said, source=source)
    for back in range(7, -1, -1):
        note_calm(db, today - timedelta(days=back), source=source)


def _walk(commodity: Commodity, today: date, chance: random.Random) -> Iterator[tuple[datetime, float]]:
    """Return a price for each day of the last month, as sellers round it."""
    usual = commodity.lowest * 1.7
    price = usual * chance.uniform(0.96, 1.04)
    for back in range(USUAL_DAYS, -1, -1):
        price += (usual - price) * 0.2 + usual * chance.gauss(0, 0.01)
        if commodity.code == _RISING and back <= 2:
            price *= 1.14
        if commodity.code == _FORGOTTEN and back <= 2:
            continue
        yield moment_of(begin_of_day(today - timedelta(days=back))), round(price / 500) * 500.0


def _environment(db: Session, now: datetime, chance: random.Random, source: int) -> None:
    probes = probes_of(db)
    end = moment_of(begin_of(Grain.HOUR, second_of(now)))
    hours = [end - back * _HOUR for back in range(LATE // _HOUR, 0, -1)]
    for code in (AIR, RIVER, RAIN):
        said = [
            Said(probe.about, at, value)
            for probe in probes
            if probe.measure == code
            for at, value in _curve(probe, hours, chance)
        ]
        keep(db, shipped().one(code), said, source=source)
    keep_index(db, {probe.about for probe in probes if probe.measure == AIR}, now, source=source)


def _curve(
    probe: Probe, hours: Iterable[datetime], chance: random.Random
) -> Iterator[tuple[datetime, float]]:
    for at in hours:
        turn = math.sin(2 * math.pi * at.astimezone(WIB).hour / 24)
        swing = {AIR: 38 + 14 * turn, RIVER: 1.2 + 0.5 * turn, RAIN: max(0.0, 3 * turn)}[probe.measure]
        yield at, round(max(0.0, swing * chance.uniform(0.9, 1.1)), 3)


def _content(chance: random.Random) -> Iterator[Said]:
    """Return a year of content whose sums are those that the city published; the months are invented."""
    for kind, total in _KINDS.items():
        shares = [chance.uniform(0.7, 1.3) for _ in range(12 * len(_CHANNELS))]
        for place, count in enumerate(_parted(total, shares)):
            month, channel = place // len(_CHANNELS) + 1, _CHANNELS[place % len(_CHANNELS)]
            at = moment_of(begin_of_day(date(2021, month, 1)))
            yield Said(Facets(dimension=f"{kind}|{channel}"), at, count)


def _parted(total: int, shares: Sequence[float]) -> list[int]:
    """Return whole parts that together are ``total``."""
    whole = sum(shares)
    bounds = [round(total * sum(shares[:place]) / whole) for place in range(len(shares) + 1)]
    return [after - before for before, after in pairwise(bounds)]


def _assessments(db: Session, now: datetime) -> None:
    year = now.astimezone(WIB).year
    for back, kind, of_services, others in (
        (1, "mandiri", 4, 3),
        (1, "eksternal", 3, 3),
        (0, "mandiri", 4, 0),
    ):
        made = spbe.begin(db, year=year - back, kind=kind, actor=_ACTOR, now=now)
        for number, (aspect, _one) in spbe.sheet_of(db, made.id).framework.indicators.items():
            level = of_services if aspect.domain == "Layanan SPBE" else others
            if level:
                sheet = spbe.sheet_of(db, made.id)
                spbe.give_level(db, sheet, number, level, "contoh", actor=_ACTOR, now=now)
        if back:
            spbe.close(db, spbe.sheet_of(db, made.id), actor=_ACTOR, now=now)


def _budgets(db: Session, now: datetime, chance: random.Random) -> None:
    """Give each OPD a few sub kegiatan; how far each is behind differs."""
    local = now.astimezone(WIB).date()
    for opd in db.scalars(select(Opd.number).order_by(Opd.number)).all():
        for place, name in enumerate(_WORKS, start=1):
            ceiling = chance.randrange(200, 5_000) * 1_000_000
            line = BudgetLine(
                year=local.year,
                opd=opd,
                code=f"contoh.{opd}.{place:04}",
                name=f"contoh: {name}",
                ceiling=ceiling,
            )
            db.add(line)
            db.flush()
            pace = chance.choice((1.0, 0.97, 0.92, 0.8, 0.7))
            months = {n: _month(n, ceiling, pace, is_over=n < local.month) for n in MONTHS}
            keep_months(db, line, months, source_name="contoh: kota simulasi", actor=_ACTOR, now=now)


def _month(number: int, ceiling: int, pace: float, *, is_over: bool) -> Month:
    def until(n: int) -> float:
        # Slow, then fast, then slow: as years of works go.
        return (1 - math.cos(math.pi * n / 12)) / 2

    planned = (until(number) - until(number - 1)) * ceiling
    work = round(100 * until(number), 1)
    if not is_over:
        return Month(round(planned), 0.0, work, None)
    return Month(round(planned), round(planned * pace), work, round(work * pace, 1))
