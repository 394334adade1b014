"""Uploaded files as tables of the inventory: which table each is, and a row or a mistake for each line.

Looks at the files alone; what the hub knows already is compared in :mod:`hub.places.importing.plan`.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import partial
from pathlib import PurePath
from typing import Any

import msgspec

from hub.errors import InputError
from hub.places.importing import cells
from hub.places.importing.cells import BadCell
from hub.places.importing.tables import (
    CAMERA_KINDS,
    DIRECTIONS,
    LAYOUTS,
    MEDIA,
    CameraRow,
    DeviceRow,
    DoorRow,
    InventoryTables,
    Kind,
    Mistake,
    SensorRow,
    SiteRow,
    in_order,
)
from hub.web.files.table_file import XLSX_MAGIC, read_table
from hub.web.files.workbook_file import SheetTable, read_book

MAX_FILES = 5
_SHOWN_LETTERS = 60


@dataclass(frozen=True, slots=True)
class Upload:
    """One file as the browser named it."""

    name: str
    data: bytes


@dataclass
class _Found:
    rows: dict[Kind, list[Any]] = field(default_factory=dict)
    mistakes: list[Mistake] = field(default_factory=list)
    unread: list[tuple[Kind, str]] = field(default_factory=list)


def read_files(uploads: Sequence[Upload], *, known_owners: Iterable[str] = ()) -> InventoryTables:
    """Read one workbook with a sheet a table, or CSV files with a table each.

    Args:
        uploads: What was uploaded.
        known_owners: Owners that the inventory has already, besides the OPDs.

    Raises:
        InputError: no table of an inventory, or one twice; mistakes of rows are in the answer.
    """
    if not 1 <= len(uploads) <= MAX_FILES:
        raise InputError(f"unggah satu XLSX atau sampai {MAX_FILES} CSV")
    owners = frozenset(name.casefold() for name in known_owners)
    found = _Found()
    for upload in uploads:
        for sheet in _sheets(upload):
            _add(found, sheet, _kind_of(sheet, upload.name), owners)
    return InventoryTables(
        kinds=tuple(kind for kind in Kind if kind in found.rows),
        **{_FIELDS[kind]: tuple(rows) for kind, rows in found.rows.items()},
        mistakes=in_order(found.mistakes),
        unread=tuple(found.unread),
    )


def read_row(kind: Kind, values: Mapping[str, str], *, known_owners: Iterable[str] = ()) -> Any:
    """Read one row that was typed, with all columns of its table: a row, or its first mistake."""
    owners = frozenset(name.casefold() for name in known_owners)
    try:
        return _reader(kind, owners)(0, values)
    except BadCell as wrong:
        return Mistake(kind, 0, wrong.column, values.get(wrong.column, "")[:_SHOWN_LETTERS], wrong.remedy)


def _reader(kind: Kind, owners: frozenset[str]) -> Callable[..., Any]:
    return partial(_READERS[kind], owners=owners) if kind is Kind.CAMERAS else _READERS[kind]


def _sheets(upload: Upload) -> Sequence[SheetTable]:
    if upload.data.startswith(XLSX_MAGIC):
        return read_book(upload.data, upload.name)
    return (SheetTable(PurePath(upload.name).stem, read_table(upload.data, upload.name)),)


def _kind_of(sheet: SheetTable, filename: str) -> Kind:
    """Return which table a sheet is: by its name, else by its columns."""
    named = [kind for kind in Kind if kind.value in sheet.title.casefold()]
    if len(named) == 1:
        _check_columns(sheet, named[0], filename)
        return named[0]
    for kind in (Kind.CAMERAS, Kind.SITES, Kind.SENSORS, Kind.DOORS, Kind.DEVICES):
        if set(LAYOUTS[kind].needed) <= set(sheet.table.columns):
            return kind
    raise InputError(
        f"{filename} [{sheet.title}]: bukan tabel inventaris; beri nama lembar atau berkas "
        f"{', '.join(Kind)}, dengan kolom seperti pada contoh"
    )


def _check_columns(sheet: SheetTable, kind: Kind, filename: str) -> None:
    """Check the columns of a sheet.

    Raises:
        InputError: one is missing.
    """
    try:
        sheet.table.needs(LAYOUTS[kind].needed)
    except InputError as error:
        raise InputError(f"{filename} [{sheet.title}]: {error}") from error


def _add(found: _Found, sheet: SheetTable, kind: Kind, owners: frozenset[str]) -> None:
    if kind in found.rows:
        raise InputError(f"tabel {kind} ada dua kali; gabungkan menjadi satu")
    rows = found.rows.setdefault(kind, [])
    read = _reader(kind, owners)
    strange = sorted(set(sheet.table.columns) - set(LAYOUTS[kind].columns))
    if strange:
        known = ", ".join(LAYOUTS[kind].columns)
        found.mistakes.append(Mistake(kind, 1, strange[0], "", f"kolom tidak dikenal; yang ada: {known}"))
    for line, bad, values in _lines(sheet, kind):
        if bad is not None:
            found.mistakes.append(bad)
            found.unread.append((kind, values.get("id", "").strip()))
            continue
        try:
            rows.append(read(line, values))
        except BadCell as wrong:
            shown = values.get(wrong.column, "")[:_SHOWN_LETTERS]
            found.mistakes.append(Mistake(kind, line, wrong.column, shown, wrong.remedy))
            found.unread.append((kind, values.get("id", "").strip()))
    found.mistakes += _doubled(kind, rows)


def _lines(sheet: SheetTable, kind: Kind) -> Iterable[tuple[int, Mistake | None, Mapping[str, str]]]:
    for row in sheet.table.rows:
        bad: Mistake | None = None
        formula = next(((name, text) for name, text in row.cells.items() if text.startswith("=")), None)
        if row.complaint:
            bad = Mistake(kind, row.number, "", "", row.complaint)
        elif row.number in sheet.merged:
            area = sheet.merged[row.number]
            bad = Mistake(kind, row.number, "", area, "sel digabung; pisahkan dan isi setiap baris")
        elif formula is not None:
            told = "berisi rumus; salin lalu tempel sebagai nilai"
            bad = Mistake(kind, row.number, formula[0], formula[1][:_SHOWN_LETTERS], told)
        yield row.number, bad, {name: text.removeprefix("'") for name, text in row.cells.items()}


def _doubled(kind: Kind, rows: Iterable[Any]) -> Iterable[Mistake]:
    lines: dict[tuple[str, str], list[int]] = {}
    for row in rows:
        lines.setdefault((getattr(row, "device", ""), row.id), []).append(row.line)
    for (_device, name), same in lines.items():
        for line in same if len(same) > 1 else ():
            others = ", ".join(str(other) for other in same if other != line)
            yield Mistake(kind, line, "id", name, f"dipakai juga di baris {others}; beri id sendiri")


def _cell(values: Mapping[str, str], column: str, read: Callable[[str], Any]) -> Any:
    try:
        return read(values[column].strip())
    except BadCell as bad:
        raise BadCell(bad.remedy, bad.column or column) from bad


def _maybe(values: Mapping[str, str], column: str, read: Callable[[str], Any]) -> Any:
    return _cell(values, column, read) if column in values else msgspec.UNSET


_DEVICE_ID = partial(cells.read_id, is_device=True)
_SOURCE_ID = partial(cells.read_id, is_device=False)


def _site(line: int, values: Mapping[str, str]) -> SiteRow:
    latitude, longitude = cells.read_place(values["lat"], values["lon"])
    return SiteRow(
        line,
        _cell(values, "id", _DEVICE_ID),
        _cell(values, "nama", cells.read_name),
        _cell(values, "kelurahan", cells.read_kelurahan),
        latitude,
        longitude,
    )


def _device(line: int, values: Mapping[str, str]) -> DeviceRow:
    return DeviceRow(
        line,
        _cell(values, "id", _DEVICE_ID),
        _cell(values, "titik", _DEVICE_ID),
        _cell(values, "nama", cells.read_name),
    )


def _camera(line: int, values: Mapping[str, str], *, owners: frozenset[str]) -> CameraRow:
    return CameraRow(
        line=line,
        device=_cell(values, "perangkat", _DEVICE_ID),
        id=_cell(values, "id", _SOURCE_ID),
        name=_cell(values, "nama", cells.read_name),
        kind=_cell(values, "jenis", partial(cells.read_choice, words=CAMERA_KINDS)),
        medium=_cell(values, "media", partial(cells.read_choice, words=MEDIA)),
        owner=_cell(values, "pemilik", partial(cells.read_owner, known=owners)),
        owner_since=_cell(values, "pemilik_sejak", cells.read_day) if "pemilik_sejak" in values else None,
        heading_deg=_maybe(values, "arah_derajat", cells.read_heading),
        field_of_view_deg=_maybe(values, "sudut_derajat", partial(cells.read_above, most=360)),
        view_range_m=_maybe(values, "jangkauan_m", partial(cells.read_above, most=cells.MAX_RANGE_M)),
        purposes=_maybe(values, "tujuan", cells.read_purposes),
        is_public=_maybe(values, "publik", cells.read_yes),
        network_switch=_maybe(values, "switch", _switch),
    )


def _switch(text: str) -> str:
    return cells.read_name(text, cells.MAX_SWITCH) if text else ""


def _door(line: int, values: Mapping[str, str]) -> DoorRow:
    return DoorRow(
        line,
        _cell(values, "perangkat", _DEVICE_ID),
        _cell(values, "id", _SOURCE_ID),
        _cell(values, "nama", cells.read_name),
        _cell(values, "arah", partial(cells.read_choice, words=DIRECTIONS)),
    )


def _sensor(line: int, values: Mapping[str, str]) -> SensorRow:
    return SensorRow(
        line,
        _cell(values, "perangkat", _DEVICE_ID),
        _cell(values, "id", _SOURCE_ID),
        _cell(values, "nama", cells.read_name),
        _cell(values, "besaran", cells.read_quantity),
    )


_READERS: dict[Kind, Callable[..., Any]] = {
    Kind.SITES: _site,
    Kind.DEVICES: _device,
    Kind.CAMERAS: _camera,
    Kind.DOORS: _door,
    Kind.SENSORS: _sensor,
}
_FIELDS = {
    Kind.SITES: "sites",
    Kind.DEVICES: "devices",
    Kind.CAMERAS: "cameras",
    Kind.DOORS: "doors",
    Kind.SENSORS: "sensors",
}
