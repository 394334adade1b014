"""How the alarms themselves are doing: load, time to acknowledge, what stands for too long."""

import json
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from statistics import median

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from hub.alarms.kinds import AlarmKind
from hub.alarms.models import Alarm, AlarmStep
from hub.alarms.reach import AlarmReach
from hub.alarms.rules import STALE_AFTER
from hub.alarms.steps import Step
from hub.places.models import Site
from hub.places.reach import EVERYWHERE
from hub.web.contributions.tiles import Figure, Look, Tile, Tone, figure_tile
from hub.web.i18n import N_

# EEMUA 191 (edition 3, 2013): about one alarm in ten minutes is what an operator can act on; ten are a flood.
LOAD_OVER = timedelta(minutes=10)
FLOOD = 10
_DAY = timedelta(hours=24)
_WEEK = timedelta(days=7)
MOST_OFTEN = 10


@dataclass(frozen=True, slots=True)
class Figures:
    """The strip above the list."""

    unacknowledged: int
    load: int
    to_acknowledge_s: float | None
    stale: int
    shelved: int


@dataclass(frozen=True, slots=True)
class Often:
    """A cause that came often in the last week."""

    alarm: int
    kind: AlarmKind
    facts: Mapping[str, str]
    site: str
    times: int


def figures_of(db: Session, reach: AlarmReach, now: datetime) -> Figures:
    """Return the strip for what a viewer may see; what is folded under a common cause counts once."""
    rows = [
        row
        for row in db.scalars(select(Alarm).where(Alarm.open_key.is_not(None), Alarm.parent_id.is_(None)))
        if reach.holds(row)
    ]
    shelved = [row for row in rows if row.shelved_until is not None and row.shelved_until > now]
    listed = [row for row in rows if row not in shelved]
    return Figures(
        unacknowledged=sum(not row.is_acknowledged for row in listed),
        load=_load(db, reach, now),
        to_acknowledge_s=_to_acknowledge_s(db, reach, now),
        stale=sum(row.is_active and now - row.active_since > STALE_AFTER for row in listed),
        shelved=len(shelved),
    )


def come_often(db: Session, reach: AlarmReach, now: datetime) -> list[Often]:
    """Return what came most often in the last week: what to repair first."""
    times: Counter[str] = Counter()
    newest: dict[str, tuple[Alarm, str]] = {}
    for alarm, site, count in _counted_since(db, now - _WEEK):
        if reach.holds(alarm):
            times[alarm.key] += count
            newest[alarm.key] = (alarm, site)
    found = []
    for key, count in times.most_common(MOST_OFTEN):
        alarm, site = newest[key]
        if count > 1:
            found.append(Often(alarm.id, AlarmKind(alarm.kind), json.loads(alarm.facts), site, count))
    return found


def alarm_tiles(look: Look) -> Sequence[Tile]:
    """Give the board its figure."""
    figures = figures_of(look.db, AlarmReach(EVERYWHERE), look.now)
    figure = Figure(
        label=N_("Alarm belum diketahui"),
        value=figures.unacknowledged,
        tone=Tone.BAD if figures.unacknowledged else Tone.GOOD,
        note=N_("banjir alarm") if figures.load > FLOOD else "",
    )
    return (figure_tile("alarms", figure),)


def _counted_since(db: Session, since: datetime) -> list[tuple[Alarm, str, int]]:
    """Return how often each alarm came, counted by the database: one that flaps has thousands of steps."""
    counted = (
        select(AlarmStep.alarm_id, func.count().label("times"))
        .where(AlarmStep.at > since, AlarmStep.what.in_((Step.RAISED, Step.RETURNED)))
        .group_by(AlarmStep.alarm_id)
        .subquery()
    )
    query = (
        select(Alarm, Site.name, counted.c.times)
        .join(counted, counted.c.alarm_id == Alarm.id)
        .join(Site, Site.id == Alarm.site, isouter=True)
        .where(Alarm.parent_id.is_(None))
        .order_by(Alarm.id)
    )
    return [(alarm, site or "", times) for alarm, site, times in db.execute(query)]


def _load(db: Session, reach: AlarmReach, now: datetime) -> int:
    return sum(times for alarm, _site, times in _counted_since(db, now - LOAD_OVER) if reach.holds(alarm))


def _to_acknowledge_s(db: Session, reach: AlarmReach, now: datetime) -> float | None:
    query = select(Alarm).where(Alarm.acknowledged_at > now - _DAY, Alarm.parent_id.is_(None))
    spans = [
        (row.acknowledged_at - row.active_since).total_seconds()
        for row in db.scalars(query)
        if row.acknowledged_at is not None and row.acknowledged_at >= row.active_since and reach.holds(row)
    ]
    return median(spans) if spans else None
