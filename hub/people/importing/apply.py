"""A plan written down, all of it or nothing: the caller's transaction decides."""

from datetime import date, datetime, timedelta
from itertools import count
from typing import Any

from sqlalchemy import insert
from sqlalchemy.orm import Session

from hub.people import audit
from hub.people.importing.known import Known
from hub.people.importing.plan import Change, Plan
from hub.people.models import Opd, Person, PersonNip, Placement, Unit


def apply_plan(
    db: Session, plan: Plan, known: Known, *, file_name: str, today: date, actor: str, now: datetime
) -> int:
    """Write what a plan says; rows with mistakes are left out. Return how many people changed.

    Args:
        db: A writing session, the one that ``known`` was read with.
        plan: Made of ``known``, in this transaction.
        known: What the plan was compared with.
        file_name: For the audit chain.
        today: Who left before it is inactive at once.
        actor: The account's name.
        now: Doors are sent a new roster for changes of now.
    """
    db.add_all(Opd(number=number, name=name) for number, name in plan.new_opds.items())
    db.flush()
    db.add_all(
        Unit(number=number, opd=row.opd, name=row.unit_name, site=row.site)
        for number, row in plan.new_units.items()
    )
    numbered = _numbered(plan, known)
    for number, change in numbered:
        _put_person(db, known.people.get(number), number, change, today, now)
    db.flush()
    placed = []
    for number, change in numbered:
        _put_nip(db, known, number, change)
        placed += _new_placement(known.newest(number), number, change)
    db.flush()
    if placed:
        # As objects, SQLite would be asked for the id of each row, one by one.
        db.execute(insert(Placement), placed)
    _note(db, plan, file_name, actor, now)
    return len(plan.changes)


def _numbered(plan: Plan, known: Known) -> list[tuple[int, Change]]:
    """Return the changes with the numbers of their people; new ones get the next that are free."""
    taken = [*known.people, *(change.number for change in plan.changes if change.number is not None)]
    free = count(max(taken, default=0) + 1)
    return [(next(free) if one.number is None else one.number, one) for one in plan.changes]


def _put_person(
    db: Session, person: Person | None, number: int, change: Change, today: date, now: datetime
) -> None:
    row = change.row
    is_active = row.until is None or row.until >= today
    if person is None:
        db.add(Person(number=number, short_name=row.name, opd=row.opd, is_active=is_active, changed_at=now))
    elif (person.short_name, person.opd, person.is_active) != (row.name, row.opd, is_active):
        person.short_name, person.opd, person.is_active = row.name, row.opd, is_active
        person.changed_at = now


def _put_nip(db: Session, known: Known, number: int, change: Change) -> None:
    digest = change.row.digest
    if not digest or known.numbers.get(digest) == number:
        return
    if number in known.numbered:
        db.get_one(PersonNip, number).digest = digest
    else:
        db.add(PersonNip(person_number=number, digest=digest))


def _new_placement(newest: Placement | None, number: int, change: Change) -> list[dict[str, Any]]:
    """Change the newest placement of somebody as needed; return the one to add, if any."""
    row = change.row
    is_here = newest is not None and (newest.opd, newest.unit) == (row.opd, row.unit)
    is_again = newest is not None and newest.valid_to is not None and row.since > newest.valid_to
    if newest is not None and not is_again and (is_here or newest.valid_from == row.since):
        newest.opd, newest.unit = row.opd, row.unit
        newest.valid_to = row.until or newest.valid_to
        return []
    if newest is not None and (newest.valid_to is None or newest.valid_to >= row.since):
        newest.valid_to = row.since - timedelta(days=1)
    place = {"opd": row.opd, "unit": row.unit, "valid_from": row.since, "valid_to": row.until}
    return [{"person_number": number, **place}]


def _note(db: Session, plan: Plan, file_name: str, actor: str, now: datetime) -> None:
    counted = ", ".join(f"{found} {kind}" for kind, found in plan.counts().items()) or "nothing"
    detail = f"{counted}; {plan.unchanged} unchanged, {len(plan.mistakes)} refused"
    audit.append(db, at=now, actor=actor, action="staff.import", target=file_name[:120], detail=detail)
