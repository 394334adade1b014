"""Registers as datasets: published kinds, published rows, public columns."""

from collections.abc import Iterator, Sequence
from datetime import date, datetime

from sqlalchemy.orm import Session

from hub.interop.opendata.shape import CC_BY_4, Column, ColumnType, Dataset, Frequency, Row
from hub.registers.kind.fields import FieldKind, Kind
from hub.registers.service import public_count, public_dataset, public_kinds

_TYPES: dict[FieldKind, ColumnType] = {
    FieldKind.NUMBER: ColumnType.NUMERIC,
    FieldKind.MONEY: ColumnType.NUMERIC,
    FieldKind.YEAR: ColumnType.NUMERIC,
    FieldKind.DATE: ColumnType.DATE,
}
_FREQUENCIES = {one.value: one for one in Frequency}


def register_datasets() -> Sequence[Dataset]:
    """Return every register that is published."""
    return tuple(_dataset(kind) for kind in public_kinds())


def _dataset(kind: Kind) -> Dataset:
    def rows(db: Session, today: date) -> Iterator[Row]:
        found = public_dataset(db, kind.code, today=today)
        return iter(()) if found is None else found.rows

    def changed_at(db: Session, today: date) -> datetime | None:
        found = public_dataset(db, kind.code, today=today)
        return None if found is None else found.changed_at

    return Dataset(
        name=f"register-{kind.code}",
        title=kind.label,
        notes=kind.description,
        group=kind.group,
        columns=_columns(kind),
        rows=rows,
        count=lambda db, today: public_count(db, kind, today=today),
        frequency=_FREQUENCIES.get(kind.frequency, Frequency.IRREGULAR),
        licence=CC_BY_4,
        source=kind.source,
        words=("register", kind.one),
        changed_at=changed_at,
    )


def _columns(kind: Kind) -> tuple[Column, ...]:
    fields = tuple(
        Column(field.id, field.label, _TYPES.get(field.kind, ColumnType.TEXT), field.unit, field.hint)
        for field in kind.filed
        if field.is_public
    )
    return (
        Column("id", "Nomor baris", ColumnType.NUMERIC),
        *fields,
        Column("opd", "Perangkat daerah"),
        Column("mutu", "Mutu baris", notes="sah, sementara, taksiran, kurang atau contoh"),
        Column("sumber", "Sumber baris"),
    )
