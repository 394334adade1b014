"""What of a month should be looked at, by kind. Reads rows, decides nothing."""

from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from enum import StrEnum
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import select
from sqlalchemy.orm import Session

from edge.wire.records.bodies import Assurance, ClockQuality
from hub.hadir.models import DoorScan
from hub.hadir.results.publishing.outcomes import last_of
from hub.hadir.results.reading.inputs import MAX_ASKED
from hub.hadir.results.rules import DayStatus
from hub.hadir.results.showing.recap import Recap
from hub.hadir.review.pairs import Passing, pairs_of
from hub.hadir.workplace.models import ScanPosition
from hub.people.reach import PlacedPerson

# Two colleagues may stand side by side; three at one and the same metre are worth a look.
SAME_POSITION_FROM = 3


class Kind(StrEnum):
    """What was found; the value is its name in addresses."""

    MISSING = "tanpa-pindaian"
    CLOCK = "jam-tidak-pasti"
    LATE_RECORD = "susulan"
    WEAK = "bukti-lemah"
    DOUBLED = "kode-ganda"
    TOGETHER = "bersamaan"
    SAME_POSITION = "posisi-sama"


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing to look at.

    ``others`` are colleagues it also concerns, ``at`` when, ``detail`` what else there is to say, as
    values that the screen makes words of.
    """

    kind: Kind
    person: PlacedPerson
    day: date
    at: datetime | None = None
    others: tuple[PlacedPerson, ...] = ()
    place: str = ""
    count: int = 0
    total: int = 0
    other_at: datetime | None = None
    other_place: str = ""


@dataclass(frozen=True, slots=True)
class _Seen:
    """What of a scan matters here; a tenth of the cost of a mapped row."""

    person: int
    at: datetime
    device: str
    door: str
    token: str
    clock: str
    assurance: str
    received_at: datetime
    is_late: bool
    is_repeated: bool


_COLUMNS = (
    DoorScan.person, DoorScan.at, DoorScan.device, DoorScan.door, DoorScan.token,
    DoorScan.clock, DoorScan.assurance, DoorScan.received_at, DoorScan.is_late, DoorScan.is_repeated,
)  # fmt: skip


def findings_of(
    db: Session, *, people: Sequence[PlacedPerson], recap: Recap, month: date, zone: ZoneInfo
) -> dict[Kind, tuple[Finding, ...]]:
    """Return everything found, by kind, each in order of days.

    Args:
        db: Any session.
        people: Whose month; of pairs and groups only these are named.
        recap: Of the same people and month.
        month: Its first day.
        zone: The city's.
    """
    by_number = {person.number: person for person in people}
    scans = _scans(db, by_number, month, zone)
    found = {
        Kind.MISSING: list(_missing(recap)),
        Kind.CLOCK: [
            _of_scan(Kind.CLOCK, by_number, s, zone) for s in scans if s.clock == ClockQuality.UNKNOWN
        ],
        Kind.LATE_RECORD: [
            _of_scan(Kind.LATE_RECORD, by_number, s, zone, other_at=s.received_at) for s in scans if s.is_late
        ],
        Kind.WEAK: list(_weak(by_number, scans, zone)),
        Kind.DOUBLED: list(_doubled(db, by_number, scans, zone)),
        Kind.TOGETHER: list(_together(by_number, scans, zone)),
        Kind.SAME_POSITION: list(_same_position(db, by_number, month, zone)),
    }
    return {kind: tuple(some) for kind, some in found.items()}


def _scans(db: Session, people: Mapping[int, PlacedPerson], month: date, zone: ZoneInfo) -> list[_Seen]:
    first, until = _span(month, zone)
    query = select(*_COLUMNS).where(DoorScan.at >= first, DoorScan.at < until)
    if len(people) <= MAX_ASKED:
        query = query.where(DoorScan.person.in_(people))
    rows = db.execute(query.order_by(DoorScan.at, DoorScan.id))
    return [_seen(row) for row in rows if row[0] in people]


def _seen(row: Sequence[Any]) -> _Seen:
    return _Seen(*row)


def _span(month: date, zone: ZoneInfo) -> tuple[datetime, datetime]:
    after = last_of(month) + timedelta(days=1)
    return _midnight(month, zone), _midnight(after, zone)


def _midnight(day: date, zone: ZoneInfo) -> datetime:
    return datetime.combine(day, time(), zone).astimezone(UTC)


def _missing(recap: Recap) -> Iterator[Finding]:
    for line in recap.lines:
        for day in line.days:
            if day is not None and day.status in (DayStatus.NO_OUT_SCAN, DayStatus.NO_IN_SCAN):
                yield Finding(Kind.MISSING, line.person, day.day, at=day.arrived_at, other_at=day.left_at)


def _of_scan(
    kind: Kind,
    people: Mapping[int, PlacedPerson],
    scan: _Seen,
    zone: ZoneInfo,
    *,
    other_at: datetime | None = None,
) -> Finding:
    return Finding(
        kind, people[scan.person], _day(scan.at, zone), scan.at, place=_door(scan), other_at=other_at
    )


def _weak(people: Mapping[int, PlacedPerson], scans: Sequence[_Seen], zone: ZoneInfo) -> Iterator[Finding]:
    total = Counter(scan.person for scan in scans)
    weak = Counter(scan.person for scan in scans if scan.assurance == Assurance.WEAK)
    newest = {scan.person: scan.at for scan in scans if scan.assurance == Assurance.WEAK}
    for number, count in sorted(weak.items(), key=lambda one: (-one[1] / total[one[0]], one[0])):
        day = _day(newest[number], zone)
        yield Finding(Kind.WEAK, people[number], day, count=count, total=total[number])


def _doubled(
    db: Session, people: Mapping[int, PlacedPerson], scans: Sequence[_Seen], zone: ZoneInfo
) -> Iterator[Finding]:
    again = [scan for scan in scans if scan.is_repeated]
    tokens = {scan.token for scan in again}
    first: dict[str, _Seen] = {}
    query = select(*_COLUMNS).where(DoorScan.token.in_(tokens)).order_by(DoorScan.at, DoorScan.id)
    for row in db.execute(query) if tokens else ():
        used = _seen(row)
        first.setdefault(used.token, used)
    for scan in again:
        one = first[scan.token]
        yield Finding(
            Kind.DOUBLED,
            people[scan.person],
            _day(scan.at, zone),
            scan.at,
            place=_door(scan),
            other_at=one.at,
            other_place=_door(one),
        )


def _together(
    people: Mapping[int, PlacedPerson], scans: Sequence[_Seen], zone: ZoneInfo
) -> Iterator[Finding]:
    passings = [Passing(_door(scan), _day(scan.at, zone), scan.person, scan.at) for scan in scans]
    for pair in pairs_of(passings):
        others = (people[pair.other],)
        yield Finding(Kind.TOGETHER, people[pair.one], pair.days[-1], others=others, count=len(pair.days))


def _same_position(
    db: Session, people: Mapping[int, PlacedPerson], month: date, zone: ZoneInfo
) -> Iterator[Finding]:
    first, until = _span(month, zone)
    query = (
        select(ScanPosition)
        .where(ScanPosition.at >= first, ScanPosition.at < until)
        .order_by(ScanPosition.at, ScanPosition.scan)
    )
    groups: dict[tuple[str, str], list[ScanPosition]] = defaultdict(list)
    for position in db.scalars(query):
        if position.person in people:
            groups[position.site, position.cell].append(position)
    for (site, _cell), some in sorted(groups.items(), key=lambda group: (-len(group[1]), group[0])):
        numbers = sorted({position.person for position in some})
        if len(numbers) >= SAME_POSITION_FROM:
            last = some[-1]
            yield Finding(
                Kind.SAME_POSITION,
                people[numbers[0]],
                _day(last.at, zone),
                last.at,
                others=tuple(people[number] for number in numbers[1:]),
                place=site,
                count=len(some),
            )


def _door(scan: _Seen) -> str:
    return f"{scan.device}/{scan.door}"


def _day(at: datetime, zone: ZoneInfo) -> date:
    return at.astimezone(zone).date()
