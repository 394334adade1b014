"""The five lists of the inventory, narrowed to what a viewer sees and looks for. Pure but for reading."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy.orm import Session

from hub.places.areas import read_areas
from hub.places.importing.known import Known, read_known
from hub.places.importing.tables import Kind
from hub.places.reach import PlaceReach


@dataclass(frozen=True, slots=True)
class Line:
    """One row of a list; ``row`` is of the database. ``count`` is of cameras at it or on it."""

    row: Any
    kind: Kind
    site: str
    ward: str
    district: str
    owner: str = ""
    count: int = 0

    @property
    def address(self) -> str:
        """The id as people write it."""
        return f"{self.row.device}/{self.row.id}" if hasattr(self.row, "device") else str(self.row.id)


@dataclass(frozen=True, slots=True)
class Wanted:
    """What is looked for; empty is everything on duty."""

    text: str = ""
    district: str = ""
    owner: str = ""
    is_retired: bool = False


class Register:
    """The inventory as one viewer sees it."""

    def __init__(self, db: Session, reach: PlaceReach, today: date) -> None:
        """Read it."""
        self._known: Known = read_known(db, today)
        self._reach = reach
        areas = read_areas()
        self._wards = {area.code: area for area in areas.kelurahan}
        self._districts = {area.code: area.name for area in areas.kecamatan}
        self._lines = {kind: tuple(self._all(kind)) for kind in Kind}

    def lines(self, kind: Kind, wanted: Wanted) -> list[Line]:
        """Return the rows of a list that are wanted, by point and id."""
        found = [line for line in self._lines[kind] if _is_wanted(line, wanted)]
        return sorted(found, key=lambda line: (line.site, line.address))

    def counts(self) -> dict[Kind, int]:
        """Return how many of each are on duty."""
        return {kind: sum(not line.row.is_retired for line in lines) for kind, lines in self._lines.items()}

    def owners(self) -> list[str]:
        """Return the owners of the cameras that are seen."""
        return sorted({line.owner for line in self._lines[Kind.CAMERAS] if line.owner})

    def districts(self) -> list[str]:
        """Return the kecamatan in which something is seen."""
        return sorted({line.district for lines in self._lines.values() for line in lines})

    def _all(self, kind: Kind) -> Iterator[Line]:
        known = self._known
        rows: dict[Kind, dict[Any, Any]] = {
            Kind.SITES: dict(known.sites),
            Kind.DEVICES: dict(known.devices),
            Kind.CAMERAS: dict(known.cameras),
            Kind.DOORS: dict(known.doors),
            Kind.SENSORS: dict(known.sensors),
        }
        for row in rows[kind].values():
            if self._is_seen(kind, row):
                yield self._line(kind, row)

    def _is_seen(self, kind: Kind, row: Any) -> bool:
        match kind:
            case Kind.SITES:
                return self._reach.touches_site(row.id)
            case Kind.DEVICES:
                return self._reach.holds_device(row.id)
            case Kind.CAMERAS:
                return self._reach.holds_camera(row.device, row.id)
            case _:
                return self._reach.holds_device(row.device)

    def _line(self, kind: Kind, row: Any) -> Line:
        device = row.id if kind is Kind.DEVICES else getattr(row, "device", "")
        site = row if kind is Kind.SITES else self._known.sites[self._known.devices[device].site]
        ward = self._wards[site.kelurahan]
        owner = self._known.owners.get((device, row.id)) if kind is Kind.CAMERAS else None
        return Line(
            row=row,
            kind=kind,
            site=site.name,
            ward=ward.name,
            district=self._districts[ward.kecamatan],
            owner=owner.owner if owner else "",
            count=self._cameras_of(kind, row),
        )

    def _cameras_of(self, kind: Kind, row: Any) -> int:
        if kind not in (Kind.SITES, Kind.DEVICES):
            return 0
        devices = self._known.devices
        return sum(
            not camera.is_retired
            and row.id == (devices[camera.device].site if kind is Kind.SITES else camera.device)
            and self._reach.holds_camera(camera.device, camera.id)
            for camera in self._known.cameras.values()
        )


def _is_wanted(line: Line, wanted: Wanted) -> bool:
    words = f"{line.address} {line.row.name} {line.site} {line.ward}".casefold()
    return (
        line.row.is_retired == wanted.is_retired
        and wanted.text.casefold() in words
        and wanted.district in ("", line.district)
        and wanted.owner in ("", line.owner)
    )
