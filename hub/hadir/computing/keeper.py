"""Publishes days when they become complete, a few people at a time, so that records never wait long.

Only first results are published here. What would change a published one is counted and waits for a
person on the page "Terbitkan hasil": nobody's month changes overnight by itself.
"""

import logging
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from sqlalchemy import delete, func, or_, select
from sqlalchemy.orm import Session

from hub.db import Database
from hub.hadir.models import DoorScan, ResultRun
from hub.hadir.results.publishing.lock import lock_results
from hub.hadir.results.publishing.outcomes import publish, recount
from hub.hadir.results.reading.watermarks import complete_until_by_site
from hub.people.models import Placement

log = logging.getLogger(__name__)

# Leave is handed in weeks late; outboxes keep at least 72 h.
LOOK_BACK = timedelta(days=31)
NIGHT_FROM = time(1)
# Forty people and a month of days: a quarter of a second, and records may wait so long.
PEOPLE_AT_ONCE = 40
KEEP_RUNS_FOR = timedelta(days=90)


@dataclass
class _Run:
    """What is being worked out, and how far it came."""

    first: date
    last: date
    started_at: datetime
    is_nightly: bool
    waiting: list[Sequence[int]]
    computed: int = 0
    published: int = 0
    open_days: int = 0
    changes: int = 0


class ResultKeeper:
    """A chore: call it again and again; it says whether there is more to do at once."""

    def __init__(self, *, database: Database, zone: ZoneInfo, now: Callable[[], datetime]) -> None:
        """Take the collaborators; nothing is read yet."""
        self._database, self._zone, self._now = database, zone, now
        self._over: dict[str, date] = {}
        self._last_night: date | None = None
        self._run: _Run | None = None

    def __call__(self) -> bool:
        """Work out the next few people, if something is due."""
        if self._run is None:
            self._run = self._due()
            return self._run is not None
        if self._run.waiting:
            self._step(self._run)
            return True
        self._finish(self._run)
        self._run = None
        return False

    def _due(self) -> _Run | None:
        now = self._now().astimezone(self._zone)
        today = now.date()
        with self._database.reading() as db:
            over = _days_over(complete_until_by_site(db), self._zone)
            is_nightly = now.time() >= NIGHT_FROM and self._last_night != today
            if is_nightly:
                first, last = today - LOOK_BACK, today
            elif newer := {site: day for site, day in over.items() if self._over.get(site) != day}:
                starts = [self._over.get(site, day - LOOK_BACK) for site, day in newer.items()]
                first, last = max(min(starts), today - LOOK_BACK), max(newer.values())
            else:
                return None
            begun = _first_day(db, self._zone)
            if begun is None or begun > last:
                return None
            first = max(first, begun)
            waiting = _slices(_placed(db, first, last))
        self._over = over
        if is_nightly:
            self._last_night = today
        return _Run(first, last, self._now(), is_nightly, waiting)

    def _step(self, run: _Run) -> None:
        persons = run.waiting.pop()
        with self._database.writing() as db:
            lock_results(db)
            for counted in recount(db, persons=persons, first=run.first, last=run.last, zone=self._zone):
                run.computed += counted.computed
                run.open_days += counted.open_days
                run.changes += len(counted.retroactive)
                run.published += publish(db, counted.only_new(), now=self._now(), zone=self._zone)

    def _finish(self, run: _Run) -> None:
        if not run.is_nightly and not run.published:
            return
        with self._database.writing() as db:
            db.execute(delete(ResultRun).where(ResultRun.started_at < self._now() - KEEP_RUNS_FOR))
            db.add(
                ResultRun(
                    first=run.first,
                    last=run.last,
                    started_at=run.started_at,
                    finished_at=self._now(),
                    computed=run.computed,
                    published=run.published,
                    open_days=run.open_days,
                    changes=run.changes,
                )
            )
        log.info("%s day results published, %s changes wait for a person", run.published, run.changes)


def last_run(db: Session) -> ResultRun | None:
    """Return the newest run, for the page on which changes are published."""
    return db.scalars(select(ResultRun).order_by(ResultRun.id.desc()).limit(1)).first()


def _days_over(until_by_site: dict[str, datetime | None], zone: ZoneInfo) -> dict[str, date]:
    """Return the last day of each site of which everything is in; ``""`` is the city."""
    found = {}
    for site, until in until_by_site.items():
        if until is not None:
            found[site] = until.astimezone(zone).date() - timedelta(days=1)
    return found


def _first_day(db: Session, zone: ZoneInfo) -> date | None:
    """Return the day of the first scan ever: before it there were no readers, and nobody was absent."""
    at = db.scalar(select(func.min(DoorScan.at)))
    return None if at is None else at.astimezone(zone).date()


def _placed(db: Session, first: date, last: date) -> list[int]:
    is_before_end = or_(Placement.valid_to.is_(None), Placement.valid_to >= first)
    query = select(Placement.person_number).where(Placement.valid_from <= last, is_before_end).distinct()
    return sorted(db.scalars(query))


def _slices(persons: Sequence[int]) -> list[Sequence[int]]:
    return [persons[place : place + PEOPLE_AT_ONCE] for place in range(0, len(persons), PEOPLE_AT_ONCE)]
