"""The views of the hub, and how each is worked out anew from committed rows: ``pontive-hub rebuild``.

Composition, as ``hub/measuring.py`` is. A view is rebuilt in steps of one transaction each, so that
the hub may run meanwhile and a kill leaves every row old or new, never half.
"""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import click
from sqlalchemy import delete, func, select

from hub.cases.complaints.models import ComplaintTally, TalliesMade
from hub.cases.complaints.statistics.rolling import changed_sums, keep_sums
from hub.cctv.outages.facts import facts_from
from hub.cctv.outages.models import Outage
from hub.cctv.outages.rules import judge_outage
from hub.command_line import ReadyDatabase, config_option
from hub.config import HubConfig
from hub.db import Database
from hub.errors import HubError
from hub.hadir.models import DoorScan
from hub.hadir.results.publishing.lock import lock_results
from hub.hadir.results.publishing.outcomes import publish, recount
from hub.measures.catalogue.reading import shipped
from hub.measures.keeping.city import rebuild_city
from hub.measures.keeping.models import MeasurePoint, MeasureRollup, MeasureSeries
from hub.measures.keeping.rollups import refresh
from hub.people.models import Placement
from hub.telemetry.mirroring.mirror import MirrorError, sink_of
from hub.telemetry.mirroring.refilling import rebuild_mirror
from hub.telemetry.rollups.rebuilding import rebuild_days, rebuild_hours

_AT_ONCE = 100


@dataclass(frozen=True, slots=True)
class Given:
    """What a rebuild works with."""

    config: HubConfig
    database: Database
    now: datetime


Rebuild = Callable[[Given], Iterator[int]]


@dataclass(frozen=True, slots=True)
class View:
    """``says`` is for people; ``rebuild`` yields how many rows each step wrote."""

    says: str
    rebuild: Rebuild


def attendance(given: Given) -> Iterator[int]:
    """Publish days that have no result; what would change a published one waits for a person, as ever."""
    zone = ZoneInfo(given.config.timezone)
    with given.database.reading() as db:
        first_at = db.scalar(select(func.min(DoorScan.at)))
        persons = sorted(set(db.scalars(select(Placement.person_number))))
    if first_at is None:
        return
    first, last = first_at.astimezone(zone).date(), given.now.astimezone(zone).date()
    for start in range(0, len(persons), _AT_ONCE):
        with given.database.writing() as db:
            lock_results(db)
            some = persons[start : start + _AT_ONCE]
            counted = list(recount(db, persons=some, first=first, last=last, zone=zone))
            yield sum(publish(db, one.only_new(), now=given.now, zone=zone) for one in counted)


def outages(given: Given) -> Iterator[int]:
    """Judge every outage anew from the facts that were kept of it, by the rules of this version."""
    with given.database.reading() as db:
        numbers = db.scalars(select(Outage.id).order_by(Outage.id)).all()
    for start in range(0, len(numbers), _AT_ONCE):
        with given.database.writing() as db:
            rows = db.scalars(select(Outage).where(Outage.id.in_(numbers[start : start + _AT_ONCE]))).all()
            for row in rows:
                verdict = judge_outage(facts_from(row.facts))
                row.cause, row.confidence = verdict.cause, verdict.confidence
                row.evidence = " ".join(verdict.evidence)
        yield len(rows)


def measures(given: Given) -> Iterator[int]:
    """Work out days, months, years and the city's numbers of all measures from their points."""
    for measure in shipped().measures.values():
        if measure.formula:
            continue
        with given.database.reading() as db:
            numbers = db.scalars(select(MeasureSeries.id).where(MeasureSeries.measure == measure.code)).all()
        for start in range(0, len(numbers), _AT_ONCE):
            some = numbers[start : start + _AT_ONCE]
            with given.database.writing() as db:
                # As writers of points do: one at a time for a series.
                db.execute(select(MeasureSeries.id).where(MeasureSeries.id.in_(some)).with_for_update())
                db.execute(delete(MeasureRollup).where(MeasureRollup.series.in_(some)))
                points = select(MeasurePoint.series, MeasurePoint.at_s).where(MeasurePoint.series.in_(some))
                touched = [(series, at_s) for series, at_s in db.execute(points)]
                refresh(db, measure.grain_kept, touched)
            yield len(touched)
        with given.database.writing() as db:
            rebuild_city(db, measure)


def complaints(given: Given) -> Iterator[int]:
    """Count all complaints anew, in one transaction."""
    with given.database.writing() as db:
        db.execute(delete(TalliesMade))
        keep_sums(db, changed_sums(db, ZoneInfo(given.config.timezone), given.now), given.now)
        yield db.scalar(select(func.count()).select_from(ComplaintTally)) or 0


def mirror(given: Given) -> Iterator[int]:
    """Write every reading that is still there to the mirror again; nothing is taken away there."""
    settings = given.config.mirror
    if not settings.url:
        raise HubError("there is no mirror to fill: hub.toml names none ([mirror] url)")
    try:
        sink = sink_of(settings)
        try:
            yield from rebuild_mirror(given.database, sink)
        finally:
            sink.close()
    except (MirrorError, OSError) as error:
        raise HubError(f"{error}; what it took stays, start again when it answers") from error


VIEWS: Mapping[str, View] = {
    "telemetry-hours": View(
        "hours and last values of telemetry (counts of cameras too), from readings",
        lambda given: rebuild_hours(given.database, given.now),
    ),
    "telemetry-days": View(
        "days of telemetry, from hours", lambda given: rebuild_days(given.database, given.now)
    ),
    "attendance": View("results of days that have none, from scans", attendance),
    "outages": View("causes of outages, from the facts kept of them", outages),
    "measures": View("roll-ups and city numbers of measures, from points", measures),
    "complaints": View("complaints added up by month, from cases", complaints),
    "mirror": View("the telemetry mirror (InfluxDB), from readings that are still there", mirror),
}


def rebuild_command(ready: ReadyDatabase, *, now: Callable[[], datetime]) -> click.Command:
    """Return the command, on a database that ``ready`` opens."""
    words = "\n".join(f"  {name:<16} {view.says}" for name, view in VIEWS.items())

    @click.command("rebuild", help=_HELP.format(views=words))
    @config_option
    @click.argument("view", type=click.Choice(list(VIEWS)))
    def rebuild(config_path: Path, view: str) -> None:
        steps = rows = 0
        with ready(config_path) as (config, database):
            for written in VIEWS[view].rebuild(Given(config, database, now())):
                steps, rows = steps + 1, rows + written
        click.echo(f"{view}: {rows} rows in {steps} steps")

    return rebuild


_HELP = """Work a view out anew from committed rows; the hub may run, and a kill does no harm.

\b
{views}
"""
