"""What others build on: rows, figures and published data of any kind, in one place.

Boards and open data import this and nothing below it.
"""

from datetime import date

from sqlalchemy.orm import Session

from hub.people.permissions import Permission
from hub.people.sessions import Viewer
from hub.registers.keeping.figures import FigureValue, figures_of
from hub.registers.keeping.history import Change, diff_of, history_of
from hub.registers.keeping.listing import PAGE_ROWS, Page, Row, Wanted, page_of
from hub.registers.keeping.publishing import PublicDataset, public_count, public_dataset, public_kinds
from hub.registers.keeping.reach import EVERYTHING, RegisterReach, register_reach
from hub.registers.keeping.service import Actor, Given, add_row, keep_row
from hub.registers.kind.reading import kind_of
from hub.web.parts import Clock

__all__ = [
    "Actor",
    "Change",
    "FigureValue",
    "Given",
    "Page",
    "PublicDataset",
    "RegisterReach",
    "Row",
    "Wanted",
    "add_row",
    "diff_of",
    "figures_of",
    "history_of",
    "keep_row",
    "kind_of",
    "public_count",
    "public_dataset",
    "public_kinds",
    "reach_for",
    "rows_of",
]


def reach_for(db: Session, viewer: Viewer, now: Clock) -> RegisterReach:
    """Return how much of the registers somebody sees."""
    if viewer.may(Permission.REGISTER_SEE):
        return EVERYTHING
    return register_reach(db, viewer.account_id, Permission.REGISTER_SEE, now())


def rows_of(
    db: Session,
    kind: str,
    *,
    filters: Wanted,
    viewer: RegisterReach,
    today: date,
    page: int = 1,
    per_page: int = PAGE_ROWS,
) -> Page:
    """Return one page of rows of a kind.

    Args:
        db: Any session.
        kind: Its code.
        filters: What is looked for.
        viewer: How far whoever looks sees; :func:`reach_for` tells.
        today: The day in the city.
        page: From 1 on.
        per_page: Rows on a page.

    Raises:
        NotFoundError: there is no such kind.
    """
    return page_of(db, kind_of(kind), filters, viewer, today=today, number=page, per_page=per_page)
