"""What cells may name in this database: its OPDs, and the keys that rows of other kinds have."""

from collections.abc import Iterable

from sqlalchemy import select
from sqlalchemy.orm import Session

from hub.people.models import Opd
from hub.places.owning.opds import known_opds, owner_key
from hub.registers.keeping.models import RegisterRow
from hub.registers.kind.fields import FieldKind, Kind
from hub.registers.kind.reading import kind_of
from hub.registers.kind.rules import Names, plain


def names_for(db: Session, kind: Kind) -> Names:
    """Return what rows of a kind may name."""
    numbers = {opd.number: opd.name for opd in db.scalars(select(Opd).order_by(Opd.number))}
    wanted = {field.of for field in kind.fields if field.kind is FieldKind.REFERENCE}
    return Names(
        opds=_spellings(numbers), opd_names=numbers, keys={code: _keys(db, code) for code in sorted(wanted)}
    )


def _spellings(numbers: dict[int, str]) -> dict[str, int]:
    """Return the number of each OPD by all that it is called."""
    by_key = {owner_key(name): number for number, name in numbers.items()}
    found = {
        plain(spelled): by_key[owner_key(opd.name)]
        for opd in known_opds()
        if owner_key(opd.name) in by_key
        for spelled in (opd.name, *opd.short_names)
    }
    return found | {plain(name): number for number, name in numbers.items()}


def _keys(db: Session, code: str) -> dict[str, str]:
    """Return the keys of a kind's rows as people spell them, by their plain text."""
    field = kind_of(code).key[0]
    query = select(RegisterRow.values[field].as_string()).where(
        RegisterRow.kind == code, RegisterRow.is_retired.is_(False)
    )
    return {plain(spelled): spelled for spelled in db.scalars(query)}


def referring_fields(code: str, kinds: Iterable[Kind]) -> Iterable[tuple[Kind, str]]:
    """Yield each field of any kind that points to rows of this one."""
    for kind in kinds:
        yield from ((kind, field.id) for field in kind.fields if field.of == code)
