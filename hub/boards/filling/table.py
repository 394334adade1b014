"""A tile of rows of a register, as far as the viewer sees them; on screens only what is published."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from itertools import islice

from flask_babel import gettext as _

from hub.boards.filling.look import NO_RIGHT, NOT_ON_SCREENS, Absent, BoardLook, Content
from hub.boards.filling.scope import wards_of
from hub.boards.plan.shape import PlacedTile
from hub.errors import NotFoundError
from hub.people.permissions import Permission
from hub.people.sessions import Viewer
from hub.registers.keeping.names import names_for
from hub.registers.kind.fields import Kind
from hub.registers.kind.wording import words_of
from hub.registers.service import RegisterReach, Wanted, kind_of, public_dataset, reach_for, rows_of
from hub.web.i18n import language

_MOST_COLUMNS = 3


@dataclass(frozen=True, slots=True)
class TableData:
    """Rows as people read them; each with the page of the row, or nothing."""

    rows: tuple[tuple[str, tuple[str, ...]], ...]
    total: int


def fill_table(tile: PlacedTile, look: BoardLook) -> Content | Absent:
    """Return the first rows of the tile's register."""
    try:
        kind = kind_of(tile.subject)
    except NotFoundError:
        return Absent(_("Register ini tidak ada."), tile.subject)
    if look.viewer is None:
        return _of_public(tile, look, kind)
    if not look.viewer.may_somewhere(Permission.REGISTER_SEE):
        return Absent(_(NO_RIGHT), kind.label, is_denied=True)
    return _of_viewer(tile, look, kind, look.viewer)


def _of_viewer(tile: PlacedTile, look: BoardLook, kind: Kind, viewer: Viewer) -> Content | Absent:
    opd = int(look.scope.key) if look.scope.kind == "opd" else None
    page = rows_of(
        look.db,
        kind.code,
        filters=Wanted(sort="-diubah", opd=opd),
        viewer=_reach(look, viewer),
        today=_today(look),
        per_page=tile.most,
    )
    if not page.rows:
        return Absent(_("Belum ada baris."), kind.label)
    fields = [kind.field(name) for name in _columns(kind)]
    names = names_for(look.db, kind)
    rows = [
        (
            look.link("register_row.show", kind=kind.code, number=row.id),
            tuple(words_of(field, row.values.get(field.id), names, language()) for field in fields),
        )
        for row in page.rows
    ]
    newest = max(row.changed_at for row in page.rows)
    return _content(kind, [field.label for field in fields], rows, page.total, newest, look)


def _reach(look: BoardLook, viewer: Viewer) -> RegisterReach:
    reach = reach_for(look.db, viewer, lambda: look.now)
    wards = wards_of(look.scope)
    return RegisterReach(is_city=False, wards=frozenset(wards)) if reach.is_city and wards else reach


def _of_public(tile: PlacedTile, look: BoardLook, kind: Kind) -> Content | Absent:
    found = public_dataset(look.db, kind.code, today=_today(look))
    if found is None:
        return Absent(_(NOT_ON_SCREENS), kind.label, is_denied=True)
    shown = [field for field in found.fields if field.id in _columns(kind)]
    rows = [("", tuple(str(row[field.id]) for field in shown)) for row in islice(found.rows, tile.most)]
    if not rows or not shown:
        return Absent(_("Belum ada baris."), kind.label)
    return _content(kind, [field.label for field in shown], rows, len(rows), found.changed_at, look)


def _content(
    kind: Kind,
    header: Sequence[str],
    rows: Sequence[tuple[str, tuple[str, ...]]],
    total: int,
    changed_at: datetime | None,
    look: BoardLook,
) -> Content:
    return Content(
        title=kind.label,
        data=TableData(tuple(rows), total),
        header=tuple(header),
        rows=tuple(cells for _link, cells in rows),
        at=changed_at,
        link=look.link("registers.listing", kind=kind.code),
    )


def _columns(kind: Kind) -> tuple[str, ...]:
    others = kind.columns or tuple(field.id for field in kind.fields)
    return (kind.title, *(name for name in others if name != kind.title))[:_MOST_COLUMNS]


def _today(look: BoardLook) -> date:
    return look.now.astimezone(look.zone).date()
