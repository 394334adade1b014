"""Where points came from, noted once for each file, entry or module. Never commits."""

from datetime import datetime
from enum import StrEnum

from sqlalchemy import select
from sqlalchemy.orm import Session

from hub.measures.keeping.models import MeasureSource


class SourceKind(StrEnum):
    """What kind of thing said it."""

    FILE = "file"
    ENTRY = "entry"
    MODULE = "module"
    SENSOR = "sensor"


def source_id(
    db: Session,
    kind: SourceKind,
    name: str,
    *,
    now: datetime,
    address: str = "",
    author: str = "system",
    is_example: bool = False,
) -> int:
    """Return the number of a source; the same one is noted once.

    Args:
        db: A writing session.
        kind: What it is.
        name: What people call it: of a file, of a publication, of a module.
        now: When it was first heard of.
        address: Where the rows behind the points are seen, within the hub.
        author: Name of the account, ``system`` for what the hub does by itself.
        is_example: Made up to have something to look at.
    """
    query = select(MeasureSource.id).where(
        MeasureSource.kind == kind,
        MeasureSource.name == name[:200],
        MeasureSource.address == address,
        MeasureSource.author == author,
        MeasureSource.is_example.is_(is_example),
    )
    found = db.scalars(query).first()
    if found is not None:
        return found
    row = MeasureSource(
        kind=kind, name=name[:200], address=address, author=author, is_example=is_example, at=now
    )
    db.add(row)
    db.flush()
    return row.id
