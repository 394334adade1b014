"""What tables change in the inventory: new, changed, back, gone; and the rows that cannot be.

Compares only; :mod:`hub.places.importing.apply` writes.
"""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Any

import msgspec

from hub.places.importing.known import Known, SourceKey
from hub.places.importing.tables import CameraRow, InventoryTables, Kind, Mistake, in_order
from hub.places.owning.opds import owner_key


class Action(StrEnum):
    """What becomes of a row of the inventory."""

    NEW = "new"
    CHANGED = "changed"
    BACK = "back"
    GONE = "gone"


@dataclass(frozen=True, slots=True)
class Field:
    """One value that changes; texts as the database has them."""

    name: str
    was: str
    becomes: str


@dataclass(frozen=True, slots=True)
class Change:
    """One row of the inventory; ``line`` is that of the file, 0 for what the file does not name."""

    kind: Kind
    action: Action
    device: str
    id: str
    name: str
    line: int = 0
    fields: tuple[Field, ...] = ()

    @property
    def address(self) -> str:
        """The id as people write it."""
        return f"{self.device}/{self.id}" if self.device else self.id


@dataclass(frozen=True, slots=True)
class Plan:
    """The answer of a dry run. ``gone`` happens only when somebody says so."""

    changes: tuple[Change, ...]
    gone: tuple[Change, ...]
    unchanged: int
    mistakes: tuple[Mistake, ...]

    def counts(self) -> dict[Action, int]:
        """Return how many rows each action is for."""
        counted = Counter(change.action for change in (*self.changes, *self.gone))
        return {action: counted[action] for action in Action if counted[action]}

    @property
    def is_empty(self) -> bool:
        """Whether nothing would change."""
        return not self.changes and not self.gone


# Columns of the tables, fields of their rows and of the database, which have the same names.
_COLUMNS: dict[Kind, dict[str, str]] = {
    Kind.SITES: {"name": "nama", "kelurahan": "kelurahan", "latitude": "lat", "longitude": "lon"},
    Kind.DEVICES: {"site": "titik", "name": "nama"},
    Kind.CAMERAS: {
        "name": "nama",
        "kind": "jenis",
        "medium": "media",
        "heading_deg": "arah_derajat",
        "field_of_view_deg": "sudut_derajat",
        "view_range_m": "jangkauan_m",
        "purposes": "tujuan",
        "is_public": "publik",
        "network_switch": "switch",
    },
    Kind.DOORS: {"name": "nama", "direction": "arah"},
    Kind.SENSORS: {"name": "nama", "quantity": "besaran"},
}


def make_plan(tables: InventoryTables, known: Known, today: date) -> Plan:
    """Return what tables change.

    Args:
        tables: As read; their mistakes are among the plan's.
        known: What the inventory has.
        today: From when a new owner counts where the table does not say.
    """
    mistakes = [*tables.mistakes, *_strangers(tables, known), *_clashes(tables, known)]
    bad = {(mistake.table, mistake.line) for mistake in mistakes}
    changes: list[Change] = []
    unchanged = 0
    for kind, rows in tables_of(tables).items():
        there = _there(known, kind)
        for row in rows:
            if (kind, row.line) in bad:
                continue
            found = _change(kind, row, there.get(key_of(row)), known, today)
            if isinstance(found, Mistake):
                mistakes.append(found)
            elif found is None:
                unchanged += 1
            else:
                changes.append(found)
    # With a bad row nobody knows which rows are really missing.
    gone = () if mistakes else tuple(_gone(tables, known))
    return Plan(tuple(changes), gone, unchanged, in_order(mistakes))


def tables_of(tables: InventoryTables) -> Mapping[Kind, Sequence[Any]]:
    """Return the rows by their table, in the order in which they can be written."""
    return {
        Kind.SITES: tables.sites,
        Kind.DEVICES: tables.devices,
        Kind.CAMERAS: tables.cameras,
        Kind.DOORS: tables.doors,
        Kind.SENSORS: tables.sensors,
    }


def key_of(row: Any) -> Any:
    """Return the key of a row: its id, with the device's where it hangs on one."""
    device = getattr(row, "device", None)
    return row.id if device is None else (device, row.id)


def _there(known: Known, kind: Kind) -> Mapping[Any, Any]:
    there: dict[Kind, Mapping[Any, Any]] = {
        Kind.SITES: known.sites,
        Kind.DEVICES: known.devices,
        Kind.CAMERAS: known.cameras,
        Kind.DOORS: known.doors,
        Kind.SENSORS: known.sensors,
    }
    return there[kind]


def _change(kind: Kind, row: Any, there: Any, known: Known, today: date) -> Change | Mistake | None:
    device = getattr(row, "device", "")
    if there is None:
        return Change(kind, Action.NEW, device, row.id, row.name, row.line)
    fields = [
        Field(column, _text(getattr(there, name)), _text(getattr(row, name)))
        for name, column in _COLUMNS[kind].items()
        if getattr(row, name) is not msgspec.UNSET and getattr(there, name) != getattr(row, name)
    ]
    if isinstance(row, CameraRow):
        owner = _owner_field(row, known, today)
        if isinstance(owner, Mistake):
            return owner
        fields += [owner] if owner else []
    if there.is_retired:
        return Change(kind, Action.BACK, device, row.id, row.name, row.line, tuple(fields))
    if not fields:
        return None
    return Change(kind, Action.CHANGED, device, row.id, row.name, row.line, tuple(fields))


def owner_moves(row: CameraRow, known: Known) -> bool:
    """Return whether a row names another owner than the last one, who may begin in the future.

    A list that still names today's owner, and no day, does not take back what was decided since.
    """
    key = owner_key(row.owner)
    last, now = known.last_owners.get((row.device, row.id)), known.owners.get((row.device, row.id))
    if last is not None and owner_key(last.owner) == key:
        return False
    if now is not None and owner_key(now.owner) == key:
        return row.owner_since not in (None, now.valid_from)
    return True


def _owner_field(row: CameraRow, known: Known, today: date) -> Field | Mistake | None:
    if not owner_moves(row, known):
        return None
    last = known.last_owners.get((row.device, row.id))
    if last is None:
        return Field("pemilik", "", row.owner)
    since = row.owner_since or today
    if since < last.valid_from:
        told = f"lebih awal daripada {last.owner} sejak {last.valid_from}; isi tanggal sesudahnya"
        return Mistake(Kind.CAMERAS, row.line, "pemilik_sejak", str(row.owner_since or ""), told)
    return Field("pemilik", last.owner, f"{row.owner} ({since})")


def _strangers(tables: InventoryTables, known: Known) -> Iterator[Mistake]:
    """Yield rows that name a point or a device that is nowhere, not even in a row with a mistake."""
    sites = {row.id for row in tables.sites} | _on_duty(known.sites) | _unread(tables, Kind.SITES)
    devices = {row.id for row in tables.devices} | _on_duty(known.devices) | _unread(tables, Kind.DEVICES)
    for device in tables.devices:
        if device.site not in sites:
            told = "titik ini tidak ada; tambahkan di tabel titik"
            yield Mistake(Kind.DEVICES, device.line, "titik", device.site, told)
    for kind in (Kind.CAMERAS, Kind.DOORS, Kind.SENSORS):
        for row in tables_of(tables)[kind]:
            if row.device not in devices:
                told = "perangkat ini tidak ada; tambahkan di tabel perangkat"
                yield Mistake(kind, row.line, "perangkat", row.device, told)


def _clashes(tables: InventoryTables, known: Known) -> Iterator[Mistake]:
    """Yield sources of which another kind of the same device has the id: the wire knows one of them."""
    kinds = (Kind.CAMERAS, Kind.DOORS, Kind.SENSORS)
    owner_of: dict[SourceKey, Kind] = {}
    for kind in kinds:
        for key, there in _there(known, kind).items():
            if not there.is_retired:
                owner_of[key] = kind
    for kind in kinds:
        for row in tables_of(tables)[kind]:
            other = owner_of.setdefault((row.device, row.id), kind)
            if other is not kind:
                told = f"sudah dipakai tabel {other} pada perangkat ini; beri id lain"
                yield Mistake(kind, row.line, "id", row.id, told)


def _gone(tables: InventoryTables, known: Known) -> Iterator[Change]:
    """Yield what stands in a table's place and is not named by it; other tables stay as they are."""
    for kind in tables.kinds:
        named = {key_of(row) for row in tables_of(tables)[kind]} | _needed(tables, kind)
        for key, there in sorted(_there(known, kind).items()):
            if key not in named and not there.is_retired:
                device = there.device if kind not in (Kind.SITES, Kind.DEVICES) else ""
                yield Change(kind, Action.GONE, device, there.id, there.name)


def _needed(tables: InventoryTables, kind: Kind) -> set[str]:
    """Return points and devices on which something hangs that the tables name."""
    if kind is Kind.SITES:
        return {device.site for device in tables.devices}
    if kind is Kind.DEVICES:
        return {row.device for rows in (tables.cameras, tables.doors, tables.sensors) for row in rows}
    return set()


def _unread(tables: InventoryTables, kind: Kind) -> set[str]:
    return {name for table, name in tables.unread if table is kind}


def _on_duty(there: Mapping[str, Any]) -> set[str]:
    return {name for name, row in there.items() if not row.is_retired}


def _text(value: object) -> str:
    match value:
        case None:
            return ""
        case bool():
            return "ya" if value else "tidak"
        case _:
            return str(value)
