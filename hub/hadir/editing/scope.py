"""For whom a row holds, and whether somebody may say so: nobody edits beyond the reach of a grant."""

from dataclasses import dataclass
from datetime import date

from sqlalchemy import select
from sqlalchemy.orm import Session

from hub.errors import InputError
from hub.hadir.results.calendar import Scope, Subject
from hub.people.models import Opd, Person, Unit
from hub.people.reach import Reach, opds_within, people_within
from hub.web.typed.whole_numbers import is_whole_number


@dataclass(frozen=True, slots=True)
class Choice:
    """One part of the city to choose; ``value`` is as ``opd:3``."""

    value: str
    name: str


def choices_of(db: Session, reach: Reach, today: date) -> tuple[Choice, ...]:
    """Return what somebody may choose, the widest first; persons are typed by number."""
    opds = db.scalars(select(Opd).order_by(Opd.number)) if reach.is_city else opds_within(db, reach, today)
    found = [Choice("city:0", "Seluruh kota")] if reach.is_city else []
    units = list(db.scalars(select(Unit).order_by(Unit.name)))
    for opd in opds:
        if reach.is_city or opd.number in reach.opds:
            found.append(Choice(f"opd:{opd.number}", opd.name))
        mine = [unit for unit in units if unit.opd == opd.number and reach.holds(opd.number, unit.number)]
        found += [Choice(f"unit:{unit.number}", f"{opd.name} · {unit.name}") for unit in mine]
    return tuple(found)


def read_subject(db: Session, text: str, person: str, *, reach: Reach, today: date) -> Subject:
    """Read whom a row is for: a choice, or a person's number, which goes before it.

    Raises:
        InputError: nobody, or beyond reach.
    """
    subject = _subject(text, person.strip())
    if not may_edit(db, subject, reach=reach, today=today):
        raise InputError("Bagian itu di luar kewenangan Anda; pilih OPD, unit, atau pegawai Anda sendiri.")
    return subject


def may_edit(db: Session, subject: Subject, *, reach: Reach, today: date) -> bool:
    """Return whether rows of a subject are within reach."""
    match subject.scope:
        case Scope.CITY:
            return reach.is_city
        case Scope.OPD:
            return reach.is_city or subject.number in reach.opds
        case Scope.UNIT:
            unit = db.get(Unit, subject.number)
            return unit is not None and reach.holds(unit.opd, unit.number)
        case Scope.PERSON:
            if reach.is_city:
                return db.get(Person, subject.number) is not None
            return any(one.number == subject.number for one in people_within(db, reach, today, today))


def may_see(db: Session, subject: Subject, *, reach: Reach, today: date) -> bool:
    """Return whether rows of a subject concern people within reach; those of the city concern all."""
    if subject.scope is Scope.CITY or reach.is_city:
        return True
    if subject.scope is Scope.OPD and reach.units:
        own = db.scalars(select(Unit.opd).where(Unit.number.in_(reach.units)))
        return subject.number in reach.opds or subject.number in set(own)
    return may_edit(db, subject, reach=reach, today=today)


def name_of(db: Session, subject: Subject) -> str:
    """Say whom a row is for."""
    match subject.scope:
        case Scope.CITY:
            return "Seluruh kota"
        case Scope.OPD:
            opd = db.get(Opd, subject.number)
            return opd.name if opd else f"OPD {subject.number}"
        case Scope.UNIT:
            unit = db.get(Unit, subject.number)
            return unit.name if unit else f"unit {subject.number}"
        case Scope.PERSON:
            person = db.get(Person, subject.number)
            return f"{person.short_name} ({person.number})" if person else f"pegawai {subject.number}"


def _subject(text: str, person: str) -> Subject:
    if person:
        if not is_whole_number(person):
            raise InputError(f"Nomor pegawai {person!r} bukan nomor; cari di halaman Cari pegawai.")
        return Subject(Scope.PERSON, int(person))
    scope, _, number = text.partition(":")
    if scope not in set(Scope) or not is_whole_number(number):
        raise InputError("Pilih untuk siapa berlakunya.")
    return Subject(Scope(scope), int(number))
