"""What the tables of an inventory are called, their columns, and a row of each. Pure.

Files say everything in Indonesian, as the people do who fill them in; the database does not.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

import msgspec

from hub.places.purposes import Purpose


class Kind(StrEnum):
    """The five tables; the values are the names of sheets and of CSV files."""

    SITES = "titik"
    DEVICES = "perangkat"
    CAMERAS = "kamera"
    DOORS = "pintu"
    SENSORS = "sensor"


@dataclass(frozen=True, slots=True)
class Layout:
    """The columns of a table; those that are not needed may be left out, and then stay as they are."""

    needed: tuple[str, ...]
    optional: tuple[str, ...] = ()

    @property
    def columns(self) -> tuple[str, ...]:
        """All, in the order of an export."""
        return (*self.needed, *self.optional)


LAYOUTS: dict[Kind, Layout] = {
    Kind.SITES: Layout(("id", "nama", "kelurahan", "lat", "lon")),
    Kind.DEVICES: Layout(("id", "titik", "nama")),
    Kind.CAMERAS: Layout(
        ("perangkat", "id", "nama", "jenis", "media", "pemilik"),
        ("pemilik_sejak", "arah_derajat", "sudut_derajat", "jangkauan_m", "tujuan", "publik", "switch"),
    ),
    Kind.DOORS: Layout(("perangkat", "id", "nama", "arah")),
    Kind.SENSORS: Layout(("perangkat", "id", "nama", "besaran")),
}

# Words of files and ids of the database; the first word of each is the one that is written out.
CAMERA_KINDS = {"ptz": "ptz", "tetap": "fixed", "fixed": "fixed", "statis": "fixed"}
MEDIA = {
    "fiber": "fibre",
    "fibre": "fibre",
    "fiber optic": "fibre",
    "serat optik": "fibre",
    "nirkabel": "wireless",
    "wireless": "wireless",
}
DIRECTIONS = {
    "masuk": "in",
    "keluar": "out",
    "keduanya": "both",
    "in": "in",
    "out": "out",
    "both": "both",
}
PURPOSE_WORDS = {
    "kinerja": Purpose.PERFORMANCE,
    "disiplin": Purpose.DISCIPLINE,
    "pajak-reklame": Purpose.REVENUE,
    "rawan-bencana": Purpose.DISASTER,
    "pembangunan": Purpose.BUILDING,
    "pelayanan-publik": Purpose.SERVICE,
    "keputusan": Purpose.DECISION,
}


def word_for(words: dict[str, str], value: str) -> str:
    """Return the word that is written out for a value of the database."""
    return next((word for word, known in words.items() if known == value), value)


class SiteRow(msgspec.Struct, frozen=True):
    """A point; ``kelurahan`` is the code."""

    line: int
    id: str
    name: str
    kelurahan: str
    latitude: float
    longitude: float


class DeviceRow(msgspec.Struct, frozen=True):
    """A device."""

    line: int
    id: str
    site: str
    name: str


class CameraRow(msgspec.Struct, frozen=True):
    """A camera; what is unset had no column, and stays."""

    line: int
    device: str
    id: str
    name: str
    kind: str
    medium: str
    owner: str
    owner_since: date | None = None
    heading_deg: float | msgspec.UnsetType | None = msgspec.UNSET
    field_of_view_deg: float | msgspec.UnsetType | None = msgspec.UNSET
    view_range_m: float | msgspec.UnsetType | None = msgspec.UNSET
    purposes: str | msgspec.UnsetType = msgspec.UNSET
    is_public: bool | msgspec.UnsetType = msgspec.UNSET
    network_switch: str | msgspec.UnsetType = msgspec.UNSET


class DoorRow(msgspec.Struct, frozen=True):
    """A door."""

    line: int
    device: str
    id: str
    name: str
    direction: str


class SensorRow(msgspec.Struct, frozen=True):
    """A sensor."""

    line: int
    device: str
    id: str
    name: str
    quantity: str


class Mistake(msgspec.Struct, frozen=True, order=True):
    """Why a row cannot be used: the cell, what stands in it, and what to do."""

    table: str
    line: int
    column: str
    value: str
    remedy: str


def in_order(mistakes: Iterable[Mistake]) -> tuple[Mistake, ...]:
    """Return mistakes as they are best mended: points before what stands there, then by line."""
    place = {kind.value: number for number, kind in enumerate(Kind)}
    return tuple(sorted(mistakes, key=lambda one: (place[Kind(one.table)], one)))


class InventoryTables(msgspec.Struct, frozen=True):
    """What files say, each table apart; ``kinds`` are those that were there at all.

    ``unread`` are the ids of rows that could not be read: whatever names them is not to blame.
    """

    kinds: tuple[Kind, ...] = ()
    sites: tuple[SiteRow, ...] = ()
    devices: tuple[DeviceRow, ...] = ()
    cameras: tuple[CameraRow, ...] = ()
    doors: tuple[DoorRow, ...] = ()
    sensors: tuple[SensorRow, ...] = ()
    mistakes: tuple[Mistake, ...] = ()
    unread: tuple[tuple[Kind, str], ...] = ()

    @property
    def rows(self) -> int:
        """How many rows can be read."""
        return sum(len(rows) for rows in (self.sites, self.devices, self.cameras, self.doors, self.sensors))
