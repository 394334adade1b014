"""Scans of doors as the rules take them: read in one query, merged by person."""

from collections import defaultdict
from collections.abc import Callable
from datetime import datetime
from typing import Any

from sqlalchemy import Select, select
from sqlalchemy.orm import Session

from edge.wire.records.bodies import Assurance, ClockQuality
from hub.hadir.models import DoorScan
from hub.hadir.results.merging import Merged, ReaderScan, merge
from hub.hadir.results.rules import Direction, Scan
from hub.places.models import Door

_Query = Select[*tuple[Any, ...]]
_DIRECTIONS = {"in": Direction.IN, "out": Direction.OUT}
_COLUMNS = (
    DoorScan.person, DoorScan.id, DoorScan.at, DoorScan.clock,
    DoorScan.assurance, DoorScan.device, DoorScan.door, DoorScan.token,
)  # fmt: skip


def merged_scans(
    db: Session, *, first: datetime, until: datetime, narrowed: Callable[[_Query], _Query]
) -> dict[int, Merged]:
    """Return what counts of each person.

    Args:
        db: Any session.
        first: From when on.
        until: Up to when, excluded.
        narrowed: Narrows a query of scans to some people, as far as that is quicker.
    """
    doors = select(Door.device, Door.id, Door.direction)
    directions = {(device, door): direction for device, door, direction in db.execute(doors)}
    query = select(*_COLUMNS).where(DoorScan.at >= first, DoorScan.at < until)
    by_person: dict[int, list[ReaderScan]] = defaultdict(list)
    for person, number, at, clock, assurance, device, door, token in db.execute(narrowed(query)):
        scan = Scan(
            number,
            at,
            _DIRECTIONS.get(directions.get((device, door), ""), Direction.EITHER),
            clock != ClockQuality.UNKNOWN,
            assurance == Assurance.WEAK,
        )
        by_person[person].append(ReaderScan(scan, f"{device}/{door}", token))
    return {person: merge(seen) for person, seen in by_person.items()}
