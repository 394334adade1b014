"""What everybody may have of a register: published rows, and of them the public fields only."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import Select, func, select
from sqlalchemy.orm import Session

from hub.registers.keeping.listing import condition_of
from hub.registers.keeping.models import RegisterOwner, RegisterRow
from hub.registers.keeping.names import names_for
from hub.registers.keeping.reach import owned_on
from hub.registers.kind.fields import Field, Kind
from hub.registers.kind.reading import shipped_kinds
from hub.registers.kind.wording import cell_of

_STREAMED = 500


@dataclass(frozen=True, slots=True)
class PublicDataset:
    """A register as open data: its columns and their rows, to be gone through once."""

    kind: Kind
    fields: tuple[Field, ...]
    rows: Iterator[dict[str, str | int | float]]
    changed_at: datetime | None

    @property
    def columns(self) -> tuple[str, ...]:
        """The names of the columns, in order."""
        return ("id", *(field.id for field in self.fields), "opd", "mutu", "sumber")


def public_kinds() -> tuple[Kind, ...]:
    """Return the kinds that are published at all."""
    return tuple(kind for kind in shipped_kinds().values() if kind.is_public)


def public_dataset(db: Session, code: str, *, today: date) -> PublicDataset | None:
    """Return a register as open data, or ``None`` when it is not published.

    Rows are those on the list and in force today; pictures are not among the columns.
    """
    kind = shipped_kinds().get(code)
    if kind is None or not kind.is_public:
        return None
    fields = tuple(field for field in kind.filed if field.is_public)
    newest = db.scalar(select(func.max(RegisterRow.changed_at)).where(RegisterRow.kind == code))
    return PublicDataset(kind, fields, _rows(db, kind, fields, today), newest)


def public_count(db: Session, kind: Kind, *, today: date) -> int:
    """Return how many rows ``public_dataset`` of a kind has; the database counts them by its index."""
    rows = published(kind, today).order_by(None).with_only_columns(RegisterRow.id).subquery()
    return db.scalar(select(func.count()).select_from(rows)) or 0


def published(kind: Kind, today: date) -> Select[RegisterRow, int]:
    """Return the query for published rows with their owners."""
    query = (
        select(RegisterRow, RegisterOwner.opd)
        .join(RegisterOwner, owned_on(today), isouter=True)
        .where(
            RegisterRow.kind == kind.code,
            RegisterRow.is_retired.is_(False),
            func.coalesce(RegisterRow.valid_from, today) <= today,
            func.coalesce(RegisterRow.valid_to, today) >= today,
        )
        .order_by(RegisterRow.title, RegisterRow.id)
    )
    return query.where(condition_of(kind, kind.public_if)) if kind.public_if else query


def _rows(
    db: Session, kind: Kind, fields: tuple[Field, ...], today: date
) -> Iterator[dict[str, str | int | float]]:
    names = names_for(db, kind)
    for row, owner in db.execute(published(kind, today).execution_options(yield_per=_STREAMED)):
        cells: dict[str, str | int | float] = {"id": row.id}
        cells |= {field.id: cell_of(field, row.values.get(field.id), names) for field in fields}
        cells |= {"opd": names.opd_names.get(owner, ""), "mutu": row.quality, "sumber": row.source}
        yield cells
        db.expunge(row)
