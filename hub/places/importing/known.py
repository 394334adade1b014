"""What the hub has of the inventory already, read in a few queries for any number of rows."""

from dataclasses import dataclass, field
from datetime import date

from sqlalchemy import select
from sqlalchemy.orm import Session

from hub.places.models import CameraOwner, CityCamera, Device, Door, Sensor, Site
from hub.places.owning.opds import owner_key
from hub.places.owning.service import owners_on

SourceKey = tuple[str, str]


@dataclass
class Known:
    """Rows by their ids, retired ones too. ``last_owners`` are those without an end, perhaps to come."""

    sites: dict[str, Site] = field(default_factory=dict)
    devices: dict[str, Device] = field(default_factory=dict)
    cameras: dict[SourceKey, CityCamera] = field(default_factory=dict)
    doors: dict[SourceKey, Door] = field(default_factory=dict)
    sensors: dict[SourceKey, Sensor] = field(default_factory=dict)
    owners: dict[SourceKey, CameraOwner] = field(default_factory=dict)
    last_owners: dict[SourceKey, CameraOwner] = field(default_factory=dict)

    def spelling(self, owner: str) -> str:
        """Return an owner as the inventory spells it already, so that lists show one owner once."""
        key = owner_key(owner)
        return next((row.owner for row in self.last_owners.values() if owner_key(row.owner) == key), owner)


def read_known(db: Session, today: date) -> Known:
    """Read the inventory, with the owners of a day."""
    open_ended = db.scalars(select(CameraOwner).where(CameraOwner.valid_to.is_(None)))
    return Known(
        sites={row.id: row for row in db.scalars(select(Site))},
        devices={row.id: row for row in db.scalars(select(Device))},
        cameras={(row.device, row.id): row for row in db.scalars(select(CityCamera))},
        doors={(row.device, row.id): row for row in db.scalars(select(Door))},
        sensors={(row.device, row.id): row for row in db.scalars(select(Sensor))},
        owners=owners_on(db, today),
        last_owners={(row.device, row.camera): row for row in open_ended},
    )
