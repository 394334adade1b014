"""Published figures into the database; the same file twice changes nothing. Never commits."""

from collections.abc import Sequence
from datetime import datetime
from pathlib import Path

from sqlalchemy import select
from sqlalchemy.orm import Session

from hub.cases.complaints.models import PublishedFigure
from hub.cases.complaints.statistics.figures import Figure, read_figures
from hub.people import audit
from hub.web.files.table_file import read_table

# What the city published until 2026; the series by month that fits it is marked as an example.
SHIPPED = Path(__file__).with_name("published.csv")


def import_figures(
    db: Session, data: bytes, filename: str, *, actor: str, now: datetime
) -> tuple[Figure, ...]:
    """Keep the figures of a file; one that is there already is counted anew.

    Raises:
        InputError: the file has a mistake; names every row, nothing is kept.
    """
    figures = read_figures(read_table(data, filename, is_literal=True))
    keep_figures(db, figures, actor=actor, now=now)
    detail = f"{filename[:60]}: {len(figures)}"
    audit.append(
        db, at=now, actor=actor, action="complaint.figures", target="complaint-figures", detail=detail
    )
    return figures


def keep_figures(db: Session, figures: Sequence[Figure], *, actor: str, now: datetime) -> None:
    """Write figures, each once."""
    for one in figures:
        row = db.scalars(
            select(PublishedFigure).where(
                PublishedFigure.subject == one.subject,
                PublishedFigure.period == str(one.period),
                PublishedFigure.part == one.part,
                PublishedFigure.key == one.key,
                PublishedFigure.source == one.source,
            )
        ).first()
        if row is None:
            row = PublishedFigure(
                subject=one.subject, period=str(one.period), part=one.part, key=one.key, source=one.source
            )
            db.add(row)
        row.count, row.is_example = one.count, one.is_example
        row.imported_by, row.imported_at = actor, now
    db.flush()
