"""A city full of cases, written straight into the tables: complaints and letters of three years."""

import json
import random
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from sqlalchemy.orm import DeclarativeBase, Session

from hub.cases.definition.service import ServiceDefinition
from hub.cases.definition.stages import APPLICANT, SYSTEM, Stage
from hub.cases.keeping.holders import desks
from hub.cases.keeping.models import CaseRecord, CaseStep, CaseWait
from hub.cases.keeping.numbering import CODE_LETTERS
from hub.cases.keeping.versions import load_shipped, newest
from hub.db import Base, Database
from hub.people.models import Account, Opd
from hub.people.permissions import ScopeKind
from hub.places.areas import load_areas, read_areas
from hub.places.models import CityCamera, Device, Site
from hub.places.owning.opds import known_opds

NOW = datetime(2026, 12, 1, 3, tzinfo=UTC)
LETTER = "surat-keterangan-usaha"
# Of all complaints and letters those that are still worked on; the rest is archive.
OPEN_SHARE = 0.06
# Of the open ones those that were given to somebody.
_ASSIGNED_SHARE = 0.1
_CAMERAS = 60
_AT_ONCE = 20_000
_YEARS = 3


@dataclass(frozen=True, slots=True)
class Rows:
    """What one case writes."""

    case: dict[str, object]
    waits: list[dict[str, object]]
    step: dict[str, object]


def fill(database: Database, *, complaints: int, letters: int, seed: int) -> None:
    """Write the city, its OPDs, its cameras and its cases."""
    chance = random.Random(seed)
    tables = [Base.metadata.tables[model.__tablename__] for model in (CaseRecord, CaseStep, CaseWait)]
    indexes = [index for table in tables for index in table.indexes]
    with database.writing() as db:
        # An index made of all rows at once takes a fraction of one that each row is put into.
        for index in indexes:
            index.drop(db.connection())
        load_areas(db)
        load_shipped(db, now=NOW)
        names = [one.name for one in known_opds()][:69]
        db.add_all(Opd(number=number, name=name) for number, name in enumerate(names, start=1))
        who = Account(
            name="bench", display_name="Petugas", password_hash="", must_change_password=False, created_at=NOW
        )
        db.add(who)
        db.flush()
        _cameras(db, chance)
        kinds = [("pengaduan", "PGD", complaints, 0), (LETTER, "SRT", letters, complaints)]
        for code, series, count, first in kinds:
            definition = newest(db, code)
            assert definition is not None
            _write(db, _cases(definition, series, count, first, chance, len(names), who.id))
        for index in indexes:
            index.create(db.connection())


def _cameras(db: Session, chance: random.Random) -> None:
    wards = read_areas().kelurahan
    for number in range(_CAMERAS):
        ward, name = chance.choice(wards), f"pi-{number:03}"
        lat, lon = ward.lat + chance.uniform(-0.005, 0.005), ward.lon + chance.uniform(-0.005, 0.005)
        db.add(Site(id=f"s-{number:03}", name=name, kelurahan=ward.code, latitude=lat, longitude=lon))
        db.flush()
        db.add(Device(id=name, site=f"s-{number:03}", name=name))
        db.flush()
        db.add(CityCamera(device=name, id="utara", name=name, kind="fixed", medium="fibre"))
    db.flush()


def _write(db: Session, rows: Iterator[Rows]) -> None:
    some: list[Rows] = []
    for one in rows:
        some.append(one)
        if len(some) == _AT_ONCE:
            _flush(db, some)
            some = []
    if some:
        _flush(db, some)


def _flush(db: Session, some: list[Rows]) -> None:
    _insert(db, CaseRecord, [one.case for one in some])
    _insert(db, CaseStep, [one.step for one in some])
    _insert(db, CaseWait, [wait for one in some for wait in one.waits])


def _insert(db: Session, model: type[DeclarativeBase], rows: list[dict[str, object]]) -> None:
    """Write rows as the driver takes them fastest: COPY, or one statement for all."""
    if not rows:
        return
    names = list(rows[0])
    if db.get_bind().dialect.name == "postgresql":
        driver = db.connection().connection.driver_connection
        copy = f"COPY {model.__tablename__} ({', '.join(names)}) FROM STDIN"
        assert driver is not None
        with driver.cursor().copy(copy) as lines:
            for row in rows:
                lines.write_row(tuple(row.values()))
        return
    marks = ", ".join("?" * len(names))
    statement = f"INSERT INTO {model.__tablename__} ({', '.join(names)}) VALUES ({marks})"
    db.connection().exec_driver_sql(statement, [tuple(map(_as_text, row.values())) for row in rows])


def _as_text(value: object) -> object:
    if isinstance(value, datetime):
        return value.replace(tzinfo=None).isoformat(sep=" ", timespec="microseconds")
    return value


def _cases(
    definition: ServiceDefinition,
    series: str,
    count: int,
    first: int,
    chance: random.Random,
    opds: int,
    who: int,
) -> Iterator[Rows]:
    wards = read_areas().kelurahan
    ends = [stage for stage in definition.stages if stage.is_end]
    works = [stage for stage in definition.stages if not stage.is_end]
    categories = next((f.choices for f in definition.fields if f.id == "category"), ())
    for number in range(1, count + 1):
        # Old cases are closed, as they are in a city that works.
        at = NOW - timedelta(days=365 * _YEARS * (1 - number / count))
        stage = chance.choice(works if number > count * (1 - OPEN_SHARE) else ends)
        ward = chance.choice(wards)
        opd = chance.randrange(1, opds + 1) if series == "PGD" else None
        category = chance.choice(categories).id if categories else ""
        title = f"contoh {category or 'surat'} {number}"
        answers = {"category": [category], "title": [title], "kind": ["pengaduan"], "text": [title * 3]}
        queue_at = at + timedelta(days=chance.choice([1, 3, 5, 10]))
        place = {ScopeKind.KECAMATAN: ward.kecamatan, ScopeKind.KELURAHAN: ward.code}
        yield _rows(
            first + number, definition, stage, series, number, at, queue_at, place, opd, title, answers,
            (ward.lat + chance.uniform(-0.01, 0.01), ward.lon + chance.uniform(-0.01, 0.01)), chance, who,
        )  # fmt: skip


def _rows(
    key: int,
    definition: ServiceDefinition,
    stage: Stage,
    series: str,
    number: int,
    at: datetime,
    queue_at: datetime,
    place: dict[ScopeKind, str],
    opd: int | None,
    title: str,
    answers: dict[str, list[str]],
    where: tuple[float, float],
    chance: random.Random,
    who: int,
) -> Rows:
    is_end = stage.is_end
    queue_at = at + timedelta(days=3650) if is_end else queue_at
    case = {
        "id": key, "revision": 1, "number": f"{series}-{at.year}-{number:06d}",
        "tracking_code": "".join(chance.choices(CODE_LETTERS, k=6)) + f"{key:04X}"[-4:].rjust(4, "B"),
        "service": definition.code, "version": definition.version, "family": definition.family.value,
        "title": title, "category": answers["category"][0], "stage": stage.id,
        "public_status": stage.public_status.value,
        "applicant_name": "Warga (contoh)", "secrecy": "open", "answers": json.dumps(answers), "opd": opd,
        "kelurahan": place[ScopeKind.KELURAHAN], "kecamatan": place[ScopeKind.KECAMATAN],
        "latitude": where[0], "longitude": where[1], "opened_at": at, "changed_at": at,
        "closed_at": at + timedelta(days=4) if is_end else None, "stage_since": at,
        "due_at": None, "stage_due_at": None if is_end else queue_at, "queue_at": queue_at, "look_at": None,
        "assigned_account": who if not is_end and chance.random() < _ASSIGNED_SHARE else None,
    }  # fmt: skip
    here = {ScopeKind.CITY: "", **place, **({ScopeKind.OPD: str(opd)} if opd is not None else {})}
    roles = [] if is_end else [role for role in stage.roles if role not in (APPLICANT, SYSTEM)]
    waits = [
        {"case_id": key, "desk": desk, "service": definition.code, "stage": stage.id, "queue_at": queue_at}
        for role in roles
        for desk in desks(role, stage.reach, here)
    ]
    step = {
        "id": key, "case_id": key, "seq": 1, "action": "file", "from_stage": "", "to_stage": definition.start,
        "role": "applicant", "capacity": "", "note": "", "remarks": "", "is_public_note": False, "at": at,
    }  # fmt: skip
    return Rows(case, waits, step)
