"""Day results: worked out, compared with what was published, published, frozen.

Published results are rows with revisions; a day that is not over yet is worked out anew each time
it is looked at. Whoever publishes a change sees first whom it changes.
"""

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from decimal import Decimal
from zoneinfo import ZoneInfo

from sqlalchemy import Select, func, insert, or_, select, update
from sqlalchemy.orm import Session

from hub.errors import InputError
from hub.hadir.models import DayAdjustment, DayOutcome, MonthClosing
from hub.hadir.results.publishing.lock import lock_results
from hub.hadir.results.publishing.published import PersonDay, PublishedRow, adjusted_days, published_days
from hub.hadir.results.reading.inputs import DayInputs
from hub.hadir.results.reading.rows import digest_of, month_of, percent_of, result_of, result_text
from hub.hadir.results.rules import DayResult, DayStatus, is_unserved
from hub.people.models import Placement

# So many people at once: few queries, and memory that does not grow with the city.
PEOPLE_AT_ONCE = 500
UNKNOWN = DayStatus.INCOMPLETE.value


@dataclass(frozen=True, slots=True)
class Change:
    """A day whose result is new, or another than the published one.

    ``old_revision`` 0: nothing was published. ``is_frozen``: its month is closed.
    """

    person: int
    day: date
    old_code: str
    old_percent: Decimal
    old_revision: int
    new: DayResult
    text: str
    complete_until: datetime | None
    is_frozen: bool


@dataclass(frozen=True, slots=True)
class Recount:
    """Some people's days worked out anew.

    ``open_days`` are not to be published; ``unserved_days`` of them never will: nobody could scan.
    ``unknown`` are the days that show ``?``, whose readers may or may not deliver yet.
    """

    computed: int
    open_days: int
    unserved_days: int
    unknown: tuple[date, ...]
    changes: tuple[Change, ...]

    @property
    def retroactive(self) -> tuple[Change, ...]:
        """Days that were published with another result: whom publishing would change."""
        return tuple(change for change in self.changes if change.old_revision or change.is_frozen)

    def only_new(self) -> "Recount":
        """Return the same without the retroactive changes."""
        retroactive = set(map(id, self.retroactive))
        return replace(self, changes=tuple(one for one in self.changes if id(one) not in retroactive))


def recount(
    db: Session, *, persons: Collection[int] | None, first: date, last: date, zone: ZoneInfo
) -> Iterator[Recount]:
    """Work days out anew and compare them with what is published; writes nothing.

    Args:
        db: Any session.
        persons: Their numbers; ``None``: everybody.
        first: The first day.
        last: The last day, included.
        zone: The city's.

    Yields:
        One recount for each few hundred people.
    """
    everybody = sorted(persons) if persons is not None else sorted(db.scalars(_placed(first, last)))
    closed = set(db.scalars(select(MonthClosing.first)))
    for place in range(0, len(everybody), PEOPLE_AT_ONCE):
        some = everybody[place : place + PEOPLE_AT_ONCE]
        inputs = DayInputs(db, persons=some, first=first, last=last, zone=zone)
        yield _recount_some(
            inputs, some, published_days(db, some, first, last), adjusted_days(db, some), closed
        )


def publish(db: Session, counted: Recount, *, now: datetime, zone: ZoneInfo) -> int:
    """Publish what a recount found; in closed months as adjustments of the open one.

    Returns:
        How many rows were written.
    """
    frozen = [change for change in counted.changes if change.is_frozen]
    free = [change for change in counted.changes if not change.is_frozen]
    _supersede(db, [change for change in free if change.old_revision])
    if free:
        # The table, not the class: the session need not know 186,000 objects.
        db.connection().execute(
            DayOutcome.metadata.tables["day_outcome"].insert(), [_outcome_values(one, now) for one in free]
        )
    if frozen:
        booked_in = _open_month(db, month_of(now.astimezone(zone).date()))
        db.execute(insert(DayAdjustment), [_adjustment_values(one, booked_in, now) for one in frozen])
    return len(counted.changes)


def settle(
    db: Session, *, persons: Collection[int] | None, first: date, last: date, zone: ZoneInfo, now: datetime
) -> int:
    """Work out and publish at once, as for a correction that was applied; return the rows written."""
    lock_results(db)
    return sum(
        publish(db, counted, now=now, zone=zone)
        for counted in list(recount(db, persons=persons, first=first, last=last, zone=zone))
    )


def close_month(db: Session, *, month: date, actor: str, now: datetime, zone: ZoneInfo) -> None:
    """Freeze a month; later changes become adjustments.

    Raises:
        InputError: the month is not over, closed already, has days that are not complete, or no
            result at all.
    """
    lock_results(db)
    first = month_of(month)
    last = last_of(first)
    if last >= now.astimezone(zone).date():
        raise InputError(f"bulan {first:%Y-%m} belum selesai; tutup setelah hari terakhirnya")
    if db.get(MonthClosing, first) is not None:
        raise InputError(f"bulan {first:%Y-%m} sudah ditutup")
    missing = open_days = 0
    for counted in recount(db, persons=None, first=first, last=last, zone=zone):
        missing += len(counted.changes)
        open_days += counted.open_days - counted.unserved_days
    if missing or open_days:
        raise InputError(
            f"bulan {first:%Y-%m}: {open_days} hari belum lengkap, {missing} hasil belum diterbitkan; "
            "lengkapi kiriman pembaca dan terbitkan hasilnya dulu"
        )
    if not count_published(db, first):
        raise InputError(f"bulan {first:%Y-%m} belum punya hasil yang terbit; tidak ada yang dapat ditutup")
    db.add(MonthClosing(first=first, closed_at=now, closed_by=actor))
    db.flush()


def results(
    db: Session, *, persons: Collection[int], first: date, last: date, zone: ZoneInfo
) -> tuple[DayInputs, dict[PersonDay, DayResult]]:
    """Return what screens show: the published result of a day, or as it stands now.

    Days on which a person did not belong to the city have no result.
    """
    inputs = DayInputs(db, persons=persons, first=first, last=last, zone=zone)
    published = published_days(db, persons, first, last)
    found: dict[PersonDay, DayResult] = {}
    for person in persons:
        for day in inputs.days:
            row = published.get((person, day))
            if row is not None:
                found[person, day] = result_of(row.body)
                continue
            result = inputs.result(person, day)
            if result is not None:
                found[person, day] = result
    return inputs, found


def count_published(db: Session, month: date) -> int:
    """Return how many results of a month stand for the whole city."""
    within = (DayOutcome.is_current.is_(True), DayOutcome.day.between(month_of(month), last_of(month)))
    return db.scalar(select(func.count()).select_from(DayOutcome).where(*within)) or 0


def last_of(month: date) -> date:
    """Return the last day of a month."""
    return month_of(month_of(month) + timedelta(days=31)) - timedelta(days=1)


def _recount_some(
    inputs: DayInputs,
    persons: Sequence[int],
    published: dict[PersonDay, PublishedRow],
    adjusted: dict[PersonDay, str],
    closed: Collection[date],
) -> Recount:
    computed = open_days = unserved_days = 0
    unknown: list[date] = []
    changes: list[Change] = []
    for person in persons:
        for day in inputs.days:
            result = inputs.result(person, day)
            if result is None:
                continue
            computed += 1
            if not inputs.is_settled(person, result):
                open_days += 1
                unserved_days += is_unserved(result)
                if result.status is DayStatus.INCOMPLETE and (person, day) not in published:
                    unknown.append(day)
                continue
            change = _change(person, result, published.get((person, day)), inputs)
            if change is None or _is_adjusted(adjusted.get((person, day)), change):
                continue
            changes.append(change if month_of(day) not in closed else _frozen(change))
    kept = tuple(change for change in changes if not change.is_frozen or _matters(change))
    return Recount(computed, open_days, unserved_days, tuple(unknown), kept)


def _change(person: int, result: DayResult, old: PublishedRow | None, inputs: DayInputs) -> Change | None:
    text, place = result_text(result), inputs.place_on(person, result.day)
    until = None if place is None else inputs.complete_until(place)
    if old is None:
        return Change(person, result.day, UNKNOWN, Decimal(0), 0, result, text, until, is_frozen=False)
    if old.body == text:
        return None
    before = result_of(old.body)
    percent = percent_of(before)
    return Change(
        person, result.day, before.code, percent, old.revision, result, text, until, is_frozen=False
    )


def _is_adjusted(digest: str | None, change: Change) -> bool:
    return digest is not None and digest == digest_of(change.text)


def _frozen(change: Change) -> Change:
    return replace(change, is_frozen=True)


def _matters(change: Change) -> bool:
    """Whether an adjustment would say anything: other words alone do not reopen a closed month."""
    return (change.new.code, percent_of(change.new)) != (change.old_code, change.old_percent)


def _placed(first: date, last: date) -> Select[int]:
    is_before_end = or_(Placement.valid_to.is_(None), Placement.valid_to >= first)
    return select(Placement.person_number).where(Placement.valid_from <= last, is_before_end).distinct()


def _supersede(db: Session, changes: Sequence[Change]) -> None:
    for change in changes:
        db.execute(
            update(DayOutcome)
            .where(
                DayOutcome.person_number == change.person,
                DayOutcome.day == change.day,
                DayOutcome.revision == change.old_revision,
            )
            .values(is_current=False)
        )


def _outcome_values(change: Change, now: datetime) -> dict[str, object]:
    return {
        "person_number": change.person,
        "day": change.day,
        "revision": change.old_revision + 1,
        "is_current": True,
        "status": change.new.status,
        "late_min": change.new.late_min,
        "code": change.new.code,
        "tariff_version": change.new.tariff_version,
        "body": change.text,
        "digest": digest_of(change.text),
        "complete_until": change.complete_until,
        "computed_at": now,
    }


def _adjustment_values(change: Change, booked_in: date, now: datetime) -> dict[str, object]:
    return {
        "person_number": change.person,
        "day": change.day,
        "booked_in": booked_in,
        "old_code": change.old_code,
        "new_code": change.new.code,
        "percent_hundredths": int((percent_of(change.new) - change.old_percent) * 100),
        "body": change.text,
        "digest": digest_of(change.text),
        "computed_at": now,
    }


def _open_month(db: Session, month: date) -> date:
    while db.get(MonthClosing, month) is not None:
        month = last_of(month) + timedelta(days=1)
    return month
