"""Conditions with hysteresis: what a source sees now, and the keeper that raises and clears by it.

A value beyond its limit raises only after it lasted; it clears only inside a second limit; what
cannot be seen now (a device that is away) leaves the alarm as it is. Names no device and no table.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import StrEnum
from typing import TypeVar

from sqlalchemy import select
from sqlalchemy.orm import Session

from hub.alarms.kinds import AlarmKind, Severity
from hub.alarms.models import Alarm
from hub.alarms.service import clear_alarm, raise_alarm
from hub.db import Database, pass_alone

PREFIX = "watch:"
# An alarm that stands is told its newest value this often, not at every look.
RENEW_EVERY = timedelta(minutes=5)
# Alarms that are raised or cleared in one transaction; each takes a few milliseconds.
_MOST_AT_ONCE = 20
_T = TypeVar("_T")


class Sight(StrEnum):
    """What a look at one thing gave."""

    BAD = "bad"
    GOOD = "good"
    BETWEEN = "between"  # inside the limit, not inside the second one
    UNSEEN = "unseen"


@dataclass(frozen=True, slots=True)
class Condition:
    """One thing that is watched, as it is now; ``lasting`` is how long bad must last to be raised."""

    kind: AlarmKind
    about: str  # with the kind, its key
    sight: Sight
    severity: Severity = Severity.MEDIUM
    facts: Mapping[str, str] = field(default_factory=dict)
    site: str | None = None
    device: str | None = None
    camera: str | None = None
    link: str = "/"
    lasting: timedelta = timedelta()

    @property
    def key(self) -> str:
        """The key of its alarm."""
        return f"{PREFIX}{self.kind.value}:{self.about}"


Source = Callable[[Session, datetime], Iterable[Condition]]


def beyond(value: float | None, limit: float, clear: float) -> Sight:
    """Return what a value is to a limit above it; ``clear`` is the second limit, at or below it."""
    if value is None:
        return Sight.UNSEEN
    if value >= limit:
        return Sight.BAD
    return Sight.GOOD if value <= clear else Sight.BETWEEN


def below(value: float | None, limit: float, clear: float) -> Sight:
    """Return what a value is to a limit below it; ``clear`` is the second limit, at or above it."""
    return beyond(None if value is None else -value, -limit, -clear)


def _some_of(all_of_them: Sequence[_T]) -> Iterator[Sequence[_T]]:
    for start in range(0, len(all_of_them), _MOST_AT_ONCE):
        yield all_of_them[start : start + _MOST_AT_ONCE]


class Keeper:
    """Looks at all sources now and then, and keeps the alarms to what it saw."""

    def __init__(
        self,
        *,
        database: Database,
        sources: Sequence[Source],
        now: Callable[[], datetime],
        kinds: Iterable[AlarmKind] = AlarmKind,
    ) -> None:
        """Take collaborators; ``kinds`` are those that this keeper answers for, when several watch."""
        self._database = database
        self._sources = sources
        self._now = now
        self._heads = tuple(f"{PREFIX}{kind.value}:" for kind in kinds)
        self._bad_since: dict[str, datetime] = {}
        self._renewed_at: dict[str, datetime] = {}

    def __call__(self) -> None:
        """Look once; writes only when something is to be raised or cleared."""
        for _ in self.steps():
            pass

    def steps(self) -> Iterator[None]:
        """Look once, a source at a step: between two of them a process can do something else."""
        now = self._now()
        seen: dict[str, Condition] = {}
        for source in self._sources:
            with self._database.reading() as db:
                seen.update((one.key, one) for one in source(db, now))
            yield
        yield from self._conclude(seen, now)

    def _conclude(self, seen: Mapping[str, Condition], now: datetime) -> Iterator[None]:
        with self._database.reading() as db:
            active = self._active(db)
        to_raise = [one for one in seen.values() if self._is_due(one, active, now)]
        to_clear = [key for key in active if self._is_over(key, seen)]
        # A part of the city that goes has hundreds of them: records come between.
        for some in _some_of(to_raise):
            self._write(some, (), now)
            yield
        for keys in _some_of(to_clear):
            self._write((), keys, now)
            yield

    def _active(self, db: Session) -> dict[str, Severity]:
        query = select(Alarm.key, Alarm.severity).where(
            Alarm.cleared_at.is_(None), Alarm.key.startswith(PREFIX, autoescape=True)
        )
        rows = db.execute(query).all()
        return {key: Severity(severity) for key, severity in rows if key.startswith(self._heads)}

    def _is_due(self, one: Condition, active: Mapping[str, Severity], now: datetime) -> bool:
        if one.sight is not Sight.BAD:
            if one.sight is not Sight.UNSEEN:
                self._bad_since.pop(one.key, None)
            return False
        since = self._bad_since.setdefault(one.key, now)
        if one.key not in active:
            return now - since >= one.lasting
        if active[one.key] != one.severity:
            return True
        return now - self._renewed_at.get(one.key, now) >= RENEW_EVERY

    def _is_over(self, key: str, seen: Mapping[str, Condition]) -> bool:
        # What no source names any more was taken out of service.
        return key not in seen or seen[key].sight is Sight.GOOD

    def _write(self, to_raise: Sequence[Condition], to_clear: Sequence[str], now: datetime) -> None:
        with self._database.writing() as db:
            # Several web processes see at once that ingest stands still.
            pass_alone(db, "raising alarms")
            self._change(db, to_raise, to_clear, now)

    def _change(
        self, db: Session, to_raise: Sequence[Condition], to_clear: Sequence[str], now: datetime
    ) -> None:
        for one in to_raise:
            self._renewed_at[one.key] = now
            raise_alarm(
                db,
                key=one.key,
                kind=one.kind,
                severity=one.severity,
                facts=one.facts,
                site=one.site,
                device=one.device,
                camera=one.camera,
                link=one.link,
                now=now,
            )
        for key in to_clear:
            self._renewed_at.pop(key, None)
            clear_alarm(db, key=key, now=now)
