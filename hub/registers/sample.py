"""Rows to look at in a simulated city, each marked "contoh"; only where there are none.

They come from files beside this and go the way that every file goes.
"""

from datetime import datetime
from pathlib import Path
from zoneinfo import ZoneInfo

from sqlalchemy import select
from sqlalchemy.orm import Session

from hub.errors import InputError
from hub.people.models import Opd
from hub.places.owning.opds import known_opds, owner_key
from hub.registers.importing.apply import apply_plan
from hub.registers.importing.plan import make_plan
from hub.registers.importing.rows import MAX_ROWS, read_rows
from hub.registers.keeping.models import RegisterRow
from hub.registers.keeping.names import names_for
from hub.registers.keeping.reach import EVERYTHING
from hub.registers.keeping.service import Actor, Given, add_row
from hub.registers.kind.fields import Quality
from hub.registers.kind.reading import kind_of, shipped_kinds
from hub.registers.kind.rules import Value
from hub.web.files.table_file import read_table

EXAMPLES = Path(__file__).with_name("examples")
_ACTOR = "contoh"
_SORTS = ("Dinas", "Badan", "Sekretariat", "Kecamatan", "Kelurahan")


def add_examples(db: Session, *, now: datetime, zone: ZoneInfo, folder: Path = EXAMPLES) -> int:
    """Fill every register from a folder of files, the OPDs first; return how many rows were written.

    Raises:
        InputError: a file has a mistake; names the first.
    """
    if db.scalars(select(RegisterRow.id).limit(1)).first() is not None:
        return 0
    actor = Actor(name=_ACTOR, now=now, today=now.astimezone(zone).date(), reach=EVERYTHING)
    written = _add_offices(db, actor)
    return written + sum(load_file(db, path, actor) for path in _in_order(folder))


def load_file(db: Session, path: Path, actor: Actor) -> int:
    """Write a file that is called as its kind; return how many rows changed.

    Raises:
        InputError: it has mistakes; names the first, and nothing is written.
        NotFoundError: no kind is called so.
    """
    kind = kind_of(path.stem)
    names = names_for(db, kind)
    table = read_table(path.read_bytes(), path.name, most_rows=MAX_ROWS, is_literal=True)
    plan = make_plan(db, kind, read_rows(kind, table, names), names, actor)
    if plan.mistakes:
        bad = plan.mistakes[0]
        where = f"baris {bad.line}, kolom {bad.column or '-'}"
        raise InputError(f"{path.name}: {len(plan.mistakes)} sel salah; {where}: {bad.remedy}")
    return apply_plan(db, kind, plan, file_name=path.name, actor=actor)


def _in_order(folder: Path) -> list[Path]:
    """Return the files with what others refer to first."""
    found = {path.stem: path for path in sorted(folder.glob("*.csv"))}
    order: list[str] = []

    def add(code: str) -> None:
        if code in order or code not in found:
            return
        for field in shipped_kinds()[code].fields:
            if field.of:
                add(field.of)
        order.append(code)

    for code in found:
        add(code)
    return [found[code] for code in order]


def _add_offices(db: Session, actor: Actor) -> int:
    """Add the OPDs that the product knows; those of the database keep their numbers."""
    kind = kind_of("opd")
    numbers = {owner_key(opd.name): opd.number for opd in db.scalars(select(Opd))}
    free = max(numbers.values(), default=0)
    for opd in known_opds():
        number = numbers.get(owner_key(opd.name))
        if number is None:
            free += 1
            number = free
        sort = opd.name.partition(" ")[0]
        values: dict[str, Value] = {
            "nomor": number,
            "nama": opd.name,
            "singkatan": opd.short_names[0] if opd.short_names else "",
            "jenis": sort.casefold() if sort in _SORTS else "lainnya",
        }
        quality = Quality.EXAMPLE if opd.is_example else Quality.PROVISIONAL
        add_row(db, kind, Given(values=values, quality=quality.value, source="daftar Pontive"), actor)
    return len(known_opds())
