"""The form of a row: what was typed as values, each fault beside its field, nothing typed is lost."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

from flask_babel import gettext as _
from werkzeug.datastructures import FileStorage, MultiDict

from hub.cases.attachments.door import keep_upload
from hub.cases.attachments.kept import RefusedUpload
from hub.cases.definition.form import FileKind
from hub.errors import InputError
from hub.places.importing.cells import BadCell
from hub.registers.keeping.service import Given
from hub.registers.kind.days import read_day
from hub.registers.kind.fields import Field, FieldKind, Kind, Quality
from hub.registers.kind.rules import Names, Value, read_opd, read_value
from hub.registers.kind.wording import typed_of

_MOST = 2_000


@dataclass(frozen=True, slots=True)
class ReadForm:
    """A form that was sent: what it says, what it said letter by letter, and what is wrong with it."""

    given: Given
    typed: Mapping[str, str]
    faults: Mapping[str, str]


def typed_values(kind: Kind, values: Mapping[str, Any], names: Names) -> dict[str, str]:
    """Return values as their form shows them."""
    return {field.id: typed_of(field, values.get(field.id), names) for field in kind.fields}


def read_form(
    kind: Kind,
    form: MultiDict[str, str],
    files: MultiDict[str, FileStorage],
    names: Names,
    *,
    was: Mapping[str, Any],
    folder: Path,
) -> ReadForm:
    """Read a form of all fields.

    Args:
        kind: Of the row.
        form: What was typed; a field that was not sent is as if emptied.
        files: Pictures; a field without one keeps what it had.
        names: What fields may name.
        was: The values before, empty for a new row.
        folder: Where pictures are kept.
    """
    values: dict[str, Value] = {}
    typed: dict[str, str] = {}
    faults: dict[str, str] = {}
    for field in kind.fields:
        found: Value | None
        try:
            if field.kind is FieldKind.IMAGE:
                found = _picture(field, files.get(field.id), form, was, folder)
            else:
                typed[field.id] = "; ".join(form.getlist(field.id))[:_MOST]
                found = read_value(field, typed[field.id], names)
        except (BadCell, RefusedUpload) as bad:
            faults[field.id] = bad.remedy if isinstance(bad, BadCell) else bad.reason
            continue
        if found is not None:
            values[field.id] = found
    given = _given(values, form, names, typed, faults)
    return ReadForm(given, typed, faults)


def _given(
    values: Mapping[str, Value],
    form: MultiDict[str, str],
    names: Names,
    typed: dict[str, str],
    faults: dict[str, str],
) -> Given:
    for name in ("opd", "berlaku_dari", "berlaku_sampai", "sumber", "mutu", "catatan"):
        typed[name] = form.get(name, "").strip()[:200]
    quality = typed["mutu"] if typed["mutu"] in {one.value for one in Quality} else Quality.SURE.value
    return Given(
        values=values,
        owner=_owner(typed["opd"], names, faults),
        valid_from=_day("berlaku_dari", typed, faults),
        valid_to=_day("berlaku_sampai", typed, faults),
        source=" ".join(typed["sumber"].split()),
        quality=quality,
        note=" ".join(typed["catatan"].split()),
    )


def _owner(text: str, names: Names, faults: dict[str, str]) -> int | None:
    try:
        return read_opd(text, names) if text else None
    except BadCell as bad:
        faults["opd"] = bad.remedy
        return None


def _day(name: str, typed: Mapping[str, str], faults: dict[str, str]) -> date | None:
    try:
        return read_day(typed[name]) if typed[name] else None
    except BadCell as bad:
        faults[name] = bad.remedy
        return None


def typed_day(text: str) -> date:
    """Read the day of a form that has one field for it.

    Raises:
        InputError: it is none.
    """
    try:
        return read_day(text.strip())
    except BadCell as bad:
        raise InputError(_("Tanggal: %(remedy)s.", remedy=bad.remedy)) from bad


def _picture(
    field: Field,
    file: FileStorage | None,
    form: MultiDict[str, str],
    was: Mapping[str, Any],
    folder: Path,
) -> str | None:
    if file is not None and file.filename:
        return keep_upload(file.stream, kinds=(FileKind.IMAGE,), folder=folder).sha256
    kept = was.get(field.id)
    return None if form.get(f"{field.id}-buang") == "ya" or kept is None else str(kept)
