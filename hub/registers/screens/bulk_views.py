"""One value for many rows: shown row by row first, then written for all of them or for none."""

from dataclasses import dataclass
from typing import Any

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response as AnyResponse

from hub.errors import InputError
from hub.people.permissions import Permission
from hub.places.importing.cells import BadCell
from hub.registers.keeping.models import RegisterRow
from hub.registers.keeping.service import Given, keep_row
from hub.registers.kind.differing import FieldChange, changes_between
from hub.registers.kind.fields import FieldKind, Kind
from hub.registers.kind.reading import kind_of
from hub.registers.kind.rules import Names, Value, read_value
from hub.registers.screens import access
from hub.web.guarding.guard import needs
from hub.web.transaction import db, roll_back
from hub.web.typed.sure import insist_on_sure
from hub.web.typed.whole_numbers import is_whole_number

blueprint = Blueprint("register_bulk", __name__)

# What somebody can look through before they say yes.
MOST_ROWS = 200


@dataclass(frozen=True, slots=True)
class _Wish:
    """One field set to one value in some rows, each at the version that was seen."""

    field: str
    text: str
    rows: tuple[tuple[int, int], ...]


@blueprint.post("/register/<kind>/massal")
@needs(Permission.REGISTER_EDIT, is_scoped=True)
def check(kind: str) -> AnyResponse | str:
    """Show what one value would change in the rows that were ticked."""
    found = kind_of(kind)
    try:
        wish = _wish(found)
        names = access.names_of(found)
        value = _value(found, wish, names)
        lines = [
            _line(found, access.edited_row(found, number), wish.field, value, names)
            for number, _v in wish.rows
        ]
    except InputError as error:
        roll_back()
        flash(str(error), "bad")
        return redirect(url_for("registers.listing", kind=kind), code=303)
    return render_template("registers/bulk.html", kind=found, wish=wish, lines=lines)


@blueprint.post("/register/<kind>/massal/terapkan")
@needs(Permission.REGISTER_EDIT, is_scoped=True)
def apply(kind: str) -> AnyResponse:
    """Write the value in all rows, or in none."""
    found = kind_of(kind)
    insist_on_sure()
    try:
        wish = _wish(found)
        value = _value(found, wish, access.names_of(found))
        actor, changed = access.actor(), 0
        for number, version in wish.rows:
            row = access.edited_row(found, number)
            given = _given(row, wish.field, value)
            changed += keep_row(db(), row, given, actor, version=version, act="bulk")
    except InputError as error:
        roll_back()
        flash(_("Tidak ada yang diubah. %(why)s", why=error), "bad")
        return redirect(url_for("registers.listing", kind=kind), code=303)
    flash(_("%(count)s baris diubah.", count=changed))
    return redirect(url_for("registers.listing", kind=kind), code=303)


def _wish(kind: Kind) -> _Wish:
    """Read what is wished for.

    Raises:
        InputError: no rows, too many, or a field that cannot be set for many.
    """
    field = request.form.get("kolom", "")
    settable = {one.id for one in kind.filed} - set(kind.key)
    if field not in settable:
        raise InputError(_("Pilih kolom yang akan diisi; kolom kunci tidak dapat sama untuk banyak baris."))
    rows = [part.partition(".") for part in request.form.getlist("baris")]
    numbered = tuple(
        (int(number), int(version))
        for number, _dot, version in rows
        if is_whole_number(number) and is_whole_number(version)
    )
    if not 1 <= len(numbered) <= MOST_ROWS:
        raise InputError(_("Centang 1 sampai %(most)s baris.", most=MOST_ROWS))
    return _Wish(field, "; ".join(request.form.getlist("nilai"))[:2000], numbered)


def _value(kind: Kind, wish: _Wish, names: Names) -> Value | None:
    field = kind.field(wish.field)
    try:
        return read_value(field, wish.text, names)
    except BadCell as bad:
        raise InputError(f"{field.label}: {bad.remedy}") from bad


def _given(row: RegisterRow, field: str, value: Value | None) -> Given:
    values: dict[str, Any] = {**row.values, field: value}
    return Given(
        values={name: one for name, one in values.items() if one not in (None, "", [])},
        valid_from=row.valid_from,
        valid_to=row.valid_to,
        source=row.source,
        quality=row.quality,
    )


def _line(
    kind: Kind, row: RegisterRow, field: str, value: Value | None, names: Names
) -> tuple[RegisterRow, FieldChange | None]:
    becomes = {**row.values, field: value}
    was = dict(row.values)
    found = [one for one in changes_between(kind, was, becomes, names) if one.column == field]
    return row, found[0] if found else None


def settable_fields(kind: Kind) -> list[Any]:
    """Return the fields that may be set for many rows at once."""
    return [one for one in kind.filed if one.id not in kind.key and one.kind is not FieldKind.LONG_TEXT]
