"""How the alarms themselves are doing: load, time to acknowledge, what stands for too long."""

import json
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from statistics import median

from sqlalchemy import select
from sqlalchemy.orm import Session

from hub.alarms.kinds import AlarmKind
from hub.alarms.models import Alarm, AlarmStep
from hub.alarms.reach import AlarmReach
from hub.alarms.rules import STALE_AFTER
from hub.alarms.steps import Step
from hub.places.models import Site
from hub.places.reach import EVERYWHERE
from hub.web.i18n import N_
from hub.web.tiles import Figure, Look, Tile, Tone, figure_tile

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
    for alarm, site in _came_since(db, reach, now - _WEEK):
        times[alarm.key] += 1
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


def _load(db: Session, reach: AlarmReach, now: datetime) -> int:
    return len(_came_since(db, reach, now - LOAD_OVER))


def _came_since(db: Session, reach: AlarmReach, since: datetime) -> list[tuple[Alarm, str]]:
    query = (
        select(Alarm, Site.name)
        .join(AlarmStep, AlarmStep.alarm_id == Alarm.id)
        .join(Site, Site.id == Alarm.site, isouter=True)
        .where(
            AlarmStep.at > since,
            AlarmStep.what.in_((Step.RAISED, Step.RETURNED)),
            Alarm.parent_id.is_(None),
        )
        .order_by(AlarmStep.id)
    )
    return [(row[0], row[1] or "") for row in db.execute(query) if reach.holds(row[0])]


def _to_acknowledge_s(db: Session, reach: AlarmReach, now: datetime) -> float | None:
    query = select(Alarm).where(Alarm.acknowledged_at > now - _DAY, Alarm.parent_id.is_(None))
    spans = [
        (row.acknowledged_at - row.active_since).total_seconds()
        for row in db.scalars(query)
        if row.acknowledged_at is not None and row.acknowledged_at >= row.active_since and reach.holds(row)
    ]
    return median(spans) if spans else None
