"""OPDs and units are added and renamed; none is deleted, because past days refer to them."""

from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import func, or_, select
from sqlalchemy.orm import Session

from hub.errors import InputError
from hub.people import audit
from hub.people.importing.cells import MAX_OPD, MAX_UNIT
from hub.people.models import Opd, Placement, Unit
from hub.people.reach import Reach
from hub.places.models import Device, Door, Site

MAX_NAME = 120
CITY = ""


@dataclass(frozen=True, slots=True)
class UnitLine:
    """A unit and how many people work there today.

    ``has_reader``: a door stands where its people work; a unit without a site passes those of the city.
    """

    number: int
    name: str
    site: str
    people: int
    has_reader: bool = True


@dataclass(frozen=True, slots=True)
class OfficeLine:
    """An OPD, its units, and how many people work there today, in units or not."""

    number: int
    name: str
    people: int
    units: tuple[UnitLine, ...]


def list_offices(db: Session, reach: Reach, today: date) -> tuple[OfficeLine, ...]:
    """Return what is within reach, with numbers of people; four queries for any number of offices."""
    is_now = (
        Placement.valid_from <= today,
        or_(Placement.valid_to.is_(None), Placement.valid_to >= today),
    )
    counted = select(Placement.opd, Placement.unit, func.count()).where(*is_now)
    counts = {
        (opd, unit): people
        for opd, unit, people in db.execute(counted.group_by(Placement.opd, Placement.unit))
    }
    sites = sites_with_readers(db)
    units: dict[int, list[UnitLine]] = {}
    for unit in db.scalars(select(Unit).order_by(Unit.number)):
        if reach.holds(unit.opd, unit.number):
            line = UnitLine(
                unit.number,
                unit.name,
                unit.site,
                counts.get((unit.opd, unit.number), 0),
                has_reader=(unit.site or CITY) in sites,
            )
            units.setdefault(unit.opd, []).append(line)
    return tuple(
        OfficeLine(
            opd.number,
            opd.name,
            sum(people for (number, _unit), people in counts.items() if number == opd.number),
            tuple(units.get(opd.number, ())),
        )
        for opd in db.scalars(select(Opd).order_by(Opd.number))
        if reach.holds(opd.number, 0) or opd.number in units
    )


def sites_with_readers(db: Session) -> frozenset[str]:
    """Return the sites where a door stands; :data:`CITY` is among them when there is any."""
    in_use = (Door.is_retired.is_(False), Device.is_retired.is_(False))
    found = frozenset(db.scalars(select(Device.site).join(Door, Door.device == Device.id).where(*in_use)))
    return found | {CITY} if found else found


def put_opd(db: Session, *, number: int, name: str, actor: str, now: datetime) -> None:
    """Add an OPD, or rename it.

    Raises:
        InputError: the number or the name cannot be.
    """
    _check(number, MAX_OPD, name)
    db.merge(Opd(number=number, name=" ".join(name.split())))
    db.flush()
    audit.append(db, at=now, actor=actor, action="opd.put", target=f"opd:{number}", detail=name)


def put_unit(db: Session, *, number: int, opd: int, name: str, site: str, actor: str, now: datetime) -> None:
    """Add a unit to an OPD, or rename it and say where its people work.

    Raises:
        InputError: the number, name or site cannot be, or the unit is another OPD's.
    """
    _check(number, MAX_UNIT, name)
    if db.get(Opd, opd) is None:
        raise InputError(f"OPD {opd} tidak ada; pilih dari daftar.")
    unit = db.get(Unit, number)
    if unit is not None and unit.opd != opd:
        raise InputError(f"Nomor unit {number} sudah dipakai OPD {unit.opd}; pilih nomor lain.")
    if site and db.get(Site, site) is None:
        raise InputError(f"Titik {site!r} tidak ada; pilih dari daftar titik.")
    db.merge(Unit(number=number, opd=opd, name=" ".join(name.split()), site=site))
    db.flush()
    audit.append(
        db, at=now, actor=actor, action="unit.put", target=f"unit:{number}", detail=f"{name}; {site}"
    )


def _check(number: int, largest: int, name: str) -> None:
    if not 1 <= number <= largest:
        raise InputError(f"Nomor harus dari 1 sampai {largest}.")
    if not 1 <= len(" ".join(name.split())) <= MAX_NAME or not name.isprintable():
        raise InputError(f"Isi nama, paling banyak {MAX_NAME} huruf.")
