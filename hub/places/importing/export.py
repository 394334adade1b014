"""The inventory on duty as tables: what comes out can be changed and put in again."""

from collections.abc import Mapping, Sequence
from typing import Any

import msgspec

from hub.places.areas import read_areas
from hub.places.importing.known import Known
from hub.places.importing.tables import (
    CAMERA_KINDS,
    DIRECTIONS,
    LAYOUTS,
    MEDIA,
    PURPOSE_WORDS,
    CameraRow,
    DeviceRow,
    DoorRow,
    InventoryTables,
    Kind,
    SensorRow,
    SiteRow,
    word_for,
)
from hub.places.models import CityCamera
from hub.places.reach import PlaceReach
from hub.web.files.spreadsheet import Sheet, workbook

Cells = Sequence[object]
_WIDTHS = {"id": 22.0, "nama": 32.0, "perangkat": 22.0, "titik": 22.0, "kelurahan": 24.0, "pemilik": 26.0}
_USUAL_WIDTH = 14.0


def tables_on_duty(known: Known) -> InventoryTables:
    """Return what is on duty; the owner of a camera is the last one, who may begin in the future."""
    sites, devices, cameras = _on_duty(known.sites), _on_duty(known.devices), _on_duty(known.cameras)
    doors, sensors = _on_duty(known.doors), _on_duty(known.sensors)
    return InventoryTables(
        kinds=tuple(Kind),
        sites=tuple(
            SiteRow(0, one.id, one.name, one.kelurahan, one.latitude, one.longitude) for one in sites
        ),
        devices=tuple(DeviceRow(0, one.id, one.site, one.name) for one in devices),
        cameras=tuple(camera_row(one, known) for one in cameras),
        doors=tuple(DoorRow(0, one.device, one.id, one.name, one.direction) for one in doors),
        sensors=tuple(SensorRow(0, one.device, one.id, one.name, one.quantity) for one in sensors),
    )


def within(tables: InventoryTables, reach: PlaceReach) -> InventoryTables:
    """Return the rows that somebody sees."""
    return msgspec.structs.replace(
        tables,
        sites=tuple(row for row in tables.sites if reach.touches_site(row.id)),
        devices=tuple(row for row in tables.devices if reach.holds_device(row.id)),
        cameras=tuple(row for row in tables.cameras if reach.holds_camera(row.device, row.id)),
        doors=tuple(row for row in tables.doors if reach.holds_device(row.device)),
        sensors=tuple(row for row in tables.sensors if reach.holds_device(row.device)),
    )


def cells_of(tables: InventoryTables) -> dict[Kind, list[Cells]]:
    """Return the rows of each table in the words and columns of its layout."""
    wards = {area.code: area.name for area in read_areas().kelurahan}
    return {
        Kind.SITES: [
            (row.id, row.name, wards[row.kelurahan], row.latitude, row.longitude) for row in tables.sites
        ],
        Kind.DEVICES: [(row.id, row.site, row.name) for row in tables.devices],
        Kind.CAMERAS: [camera_cells_of(row) for row in tables.cameras],
        Kind.DOORS: [
            (row.device, row.id, row.name, word_for(DIRECTIONS, row.direction)) for row in tables.doors
        ],
        Kind.SENSORS: [(row.device, row.id, row.name, row.quantity) for row in tables.sensors],
    }


def inventory_workbook(tables: InventoryTables) -> bytes:
    """Return an XLSX with a sheet a table."""
    cells = cells_of(tables)
    sheets = [
        Sheet(
            title=kind.value,
            above=(),
            header=LAYOUTS[kind].columns,
            rows=cells[kind],
            widths=[_WIDTHS.get(column, _USUAL_WIDTH) for column in LAYOUTS[kind].columns],
            kept_columns=2,
        )
        for kind in Kind
    ]
    return workbook(*sheets)


def purpose_words(ids: str) -> str:
    """Return purposes of the database as the words of files."""
    words = {purpose.value: word for word, purpose in PURPOSE_WORDS.items()}
    return " ".join(words.get(one, one) for one in ids.split())


def _on_duty(rows: Mapping[Any, Any]) -> list[Any]:
    return [row for _key, row in sorted(rows.items()) if not row.is_retired]


def camera_row(one: CityCamera, known: Known) -> CameraRow:
    """Return a camera of the database as a row of a table."""
    owner = known.last_owners.get((one.device, one.id)) or known.owners.get((one.device, one.id))
    return CameraRow(
        line=0,
        device=one.device,
        id=one.id,
        name=one.name,
        kind=one.kind,
        medium=one.medium,
        owner=owner.owner if owner else "",
        owner_since=owner.valid_from if owner else None,
        heading_deg=one.heading_deg,
        field_of_view_deg=one.field_of_view_deg,
        view_range_m=one.view_range_m,
        purposes=one.purposes,
        is_public=one.is_public,
        network_switch=one.network_switch,
    )


def camera_cells_of(row: CameraRow) -> Cells:
    """Return a camera in the columns of its layout."""
    return (
        row.device,
        row.id,
        row.name,
        word_for(CAMERA_KINDS, row.kind),
        word_for(MEDIA, row.medium),
        row.owner,
        row.owner_since or "",
        _plain(row.heading_deg),
        _plain(row.field_of_view_deg),
        _plain(row.view_range_m),
        "" if isinstance(row.purposes, msgspec.UnsetType) else purpose_words(row.purposes),
        "ya" if row.is_public is True else "tidak",
        _plain(row.network_switch),
    )


def _plain(value: object) -> object:
    return "" if value is None or value is msgspec.UNSET else value
