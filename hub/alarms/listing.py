"""Alarms as screens show them: filtered, within somebody's reach, those that need somebody first."""

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from sqlalchemy import ColumnElement, Row, Select, case, func, or_, select, true
from sqlalchemy.orm import Session

from hub.alarms.kinds import AlarmKind, Severity
from hub.alarms.models import Alarm, AlarmStep
from hub.alarms.reach import AlarmReach
from hub.alarms.rules import AlarmState, is_stale, order, state_of
from hub.alarms.words import sentence
from hub.errors import NotFoundError
from hub.people.models import Account
from hub.places.models import Kecamatan, Kelurahan, Site

MOST_ROWS = 500
# Beyond this nobody scrolls; a search finds the rest.
_MOST_READ = 5_000


class Shown(StrEnum):
    """Which part of the alarms a list shows."""

    OPEN = "terbuka"
    NEW = "baru"
    ACTIVE = "aktif"
    SHELVED = "ditunda"
    DONE = "selesai"
    ALL = "semua"


@dataclass(frozen=True, slots=True)
class Filter:
    """What is asked for; empty is everything."""

    shown: Shown = Shown.OPEN
    severity: str = ""
    district: str = ""
    text: str = ""
    mine: int | None = None

    @property
    def is_plain(self) -> bool:
        """Whether nothing was chosen."""
        return self == Filter()


@dataclass(frozen=True, slots=True)
class AlarmView:
    """One alarm as screens show it."""

    id: int
    kind: AlarmKind
    severity: Severity
    state: AlarmState
    facts: Mapping[str, str]
    site: str
    district: str
    device: str
    camera: str
    link: str
    raised_at: datetime
    active_since: datetime
    cleared_at: datetime | None
    occurrences: int
    acknowledged_at: datetime | None
    acknowledged_by: str
    assigned_to: int | None
    assigned_name: str
    shelved_until: datetime | None
    shelved_by: str
    shelved_why: str
    told: int
    folded: int
    folded_active: int
    is_stale: bool
    parent: int | None

    @property
    def is_loud(self) -> bool:
        """Whether a new one of these makes a sound."""
        return self.state is AlarmState.NEW and self.severity in (Severity.CRITICAL, Severity.HIGH)


def list_alarms(db: Session, reach: AlarmReach, wanted: Filter, now: datetime) -> list[AlarmView]:
    """Return the alarms that are asked for; those folded under a common cause are in it.

    Args:
        db: Any session.
        reach: What the viewer may see.
        wanted: What is asked for.
        now: The present.
    """
    query = _query().where(Alarm.parent_id.is_(None), _condition(wanted.shown, now))
    if wanted.severity:
        query = query.where(Alarm.severity == wanted.severity)
    if wanted.mine is not None:
        query = query.where(Alarm.assigned_to == wanted.mine)
    views = _views(db, query.order_by(Alarm.id.desc()).limit(_MOST_READ), reach, now)
    found = [view for view in views if _is_wanted(view, wanted)]
    return sorted(found, key=lambda view: order(view.state, view.severity, view.active_since))[:MOST_ROWS]


def get_alarm(db: Session, reach: AlarmReach, number: int, now: datetime) -> AlarmView:
    """Return one alarm.

    Raises:
        NotFoundError: there is none of this number within reach.
    """
    found = _views(db, _query().where(Alarm.id == number), reach, now)
    if not found:
        raise NotFoundError(f"alarm {number}")
    return found[0]


def folded_under(db: Session, reach: AlarmReach, number: int, now: datetime) -> list[AlarmView]:
    """Return what is folded under a common cause, within reach."""
    views = _views(db, _query().where(Alarm.parent_id == number), reach, now)
    return sorted(views, key=lambda view: (view.cleared_at is not None, view.site, view.id))


def history_of(db: Session, number: int) -> Sequence[AlarmStep]:
    """Return what happened to an alarm, the newest first."""
    query = select(AlarmStep).where(AlarmStep.alarm_id == number).order_by(AlarmStep.id.desc())
    return db.scalars(query.limit(MOST_ROWS)).all()


def rows_within(db: Session, reach: AlarmReach, ids: Iterable[int]) -> list[Alarm]:
    """Return the rows of these numbers that are within reach, for handling them."""
    rows = db.scalars(select(Alarm).where(Alarm.id.in_(sorted(set(ids)))).order_by(Alarm.id))
    return [row for row in rows if reach.holds(row)]


def version_of(db: Session) -> str:
    """Return a text that changes whenever a list of alarms may."""
    step = db.scalar(select(func.max(AlarmStep.id))) or 0
    changed = db.scalar(select(func.max(Alarm.changed_at)))
    return f"{step}-{changed.timestamp() if changed else 0}"


def _condition(shown: Shown, now: datetime) -> ColumnElement[bool]:
    is_off_shelf = or_(Alarm.shelved_until.is_(None), Alarm.shelved_until <= now)
    is_open = Alarm.open_key.is_not(None)
    return {
        Shown.OPEN: is_open & is_off_shelf,
        Shown.NEW: is_open & is_off_shelf & Alarm.acknowledged_at.is_(None),
        Shown.ACTIVE: Alarm.cleared_at.is_(None) & is_off_shelf,
        Shown.SHELVED: is_open & (Alarm.shelved_until > now),
        Shown.DONE: Alarm.open_key.is_(None),
        Shown.ALL: true(),
    }[shown]


# Rows of the alarm, its site, its kecamatan and whom it was given to.
_Alarms = Select[Alarm, str, str, str]


def _query() -> _Alarms:
    return (
        select(Alarm, Site.name, Kecamatan.name, Account.display_name)
        .join(Site, Site.id == Alarm.site, isouter=True)
        .join(Kelurahan, Kelurahan.code == Site.kelurahan, isouter=True)
        .join(Kecamatan, Kecamatan.code == Kelurahan.kecamatan, isouter=True)
        .join(Account, Account.id == Alarm.assigned_to, isouter=True)
    )


def _views(db: Session, query: _Alarms, reach: AlarmReach, now: datetime) -> list[AlarmView]:
    rows = [row for row in db.execute(query) if reach.holds(row[0])]
    folded = _folded(db, [row[0].id for row in rows if row[0].kind == AlarmKind.OUTAGE_MANY])
    return [_view(row, folded.get(row[0].id, (0, 0)), now) for row in rows]


def _folded(db: Session, ids: Sequence[int]) -> dict[int, tuple[int, int]]:
    """Return how many are folded under each, and how many of them are still active."""
    if not ids:
        return {}
    is_active = func.sum(case((Alarm.cleared_at.is_(None), 1), else_=0))
    query = (
        select(Alarm.parent_id, func.count(), is_active)
        .where(Alarm.parent_id.in_(ids))
        .group_by(Alarm.parent_id)
    )
    return {parent or 0: (count, int(active or 0)) for parent, count, active in db.execute(query)}


def _view(row: Row[Alarm, str, str, str], folded: tuple[int, int], now: datetime) -> AlarmView:
    alarm, site, district, assigned = row
    is_shelved = alarm.shelved_until is not None and alarm.shelved_until > now
    return AlarmView(
        id=alarm.id,
        kind=AlarmKind(alarm.kind),
        severity=Severity(alarm.severity),
        state=state_of(is_active=alarm.is_active, is_acknowledged=alarm.is_acknowledged),
        facts=json.loads(alarm.facts),
        site=site or "",
        district=district or "",
        device=alarm.device or "",
        camera=alarm.camera or "",
        link=alarm.link,
        raised_at=alarm.raised_at,
        active_since=alarm.active_since,
        cleared_at=alarm.cleared_at,
        occurrences=alarm.occurrences,
        acknowledged_at=alarm.acknowledged_at,
        acknowledged_by=alarm.acknowledged_by,
        assigned_to=alarm.assigned_to,
        assigned_name=assigned or "",
        shelved_until=alarm.shelved_until if is_shelved else None,
        shelved_by=alarm.shelved_by if is_shelved else "",
        shelved_why=alarm.shelved_why if is_shelved else "",
        told=alarm.escalations,
        folded=folded[0],
        folded_active=folded[1],
        is_stale=is_stale(is_active=alarm.is_active, active_since=alarm.active_since, now=now),
        parent=alarm.parent_id,
    )


def _is_wanted(view: AlarmView, wanted: Filter) -> bool:
    if wanted.district and view.district != wanted.district:
        return False
    if not wanted.text:
        return True
    words = f"{view.site} {view.device} {view.camera} {sentence(view.kind, view.facts)} {view.id}"
    return wanted.text.casefold() in words.casefold()
