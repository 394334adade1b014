"""Gives devices with doors what they need to show workplace codes: sealed, at each birth and on change.

The document is small and its content follows from the inventory and the configuration, so that a
device simply gets it again whenever it comes up. Must not log keys.
"""

import base64
import logging
from collections.abc import Callable, Sequence
from datetime import UTC, datetime
from pathlib import Path

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from sqlalchemy import select
from sqlalchemy.orm import Session

from edge.wire.hadir.workplace import (
    DOCUMENT,
    WorkplaceDocument,
    device_key_of,
    encode_workplace,
    site_number_of,
)
from edge.wire.messages import Desired
from hub.db import Database
from hub.ingest.saying.sealing import DeviceSealer
from hub.places.models import Device, Door

_logger = logging.getLogger(__name__)


def sites_of_doors(db: Session, device: str | None = None) -> dict[str, str]:
    """Return the site of each device that has a door; with ``device``: of that one alone."""
    query = (
        select(Device.id, Device.site)
        .join(Door, Door.device == Device.id)
        .where(Door.is_retired.is_(False), Device.is_retired.is_(False))
        .order_by(Device.id)
    )
    if device is not None:
        query = query.where(Device.id == device)
    return {row[0]: row[1] for row in db.execute(query)}


class WorkplaceSource:
    """A :class:`hub.ingest.saying.desired.DesiredSource` of workplace documents."""

    def __init__(
        self,
        *,
        database: Database,
        hub_key: bytes,
        address: str,
        signing_key: Ed25519PrivateKey,
        certificates: Path,
        now: Callable[[], datetime] = lambda: datetime.now(UTC),
    ) -> None:
        """Take collaborators.

        Args:
            database: Where the inventory is.
            hub_key: 32 bytes, of :func:`hub.keyfile.load_or_make_key`.
            address: What codes begin with.
            signing_key: The hub's.
            certificates: Folder of ``<device>.pem``, to seal to.
            now: The clock; the version is its millisecond.
        """
        self._database = database
        self._hub_key = hub_key
        self._address = address
        self._sealer = DeviceSealer(
            DOCUMENT, "workplace key", signing_key=signing_key, certificates=certificates, log=_logger
        )
        self._now = now
        self._offered: dict[str, str] = {}

    def for_device(self, device: str, *, roster_version: int, config_version: int) -> Sequence[Desired]:
        """Return the document of a device with doors, whatever it has already."""
        with self._database.reading() as db:
            site = sites_of_doors(db, device).get(device)
        if site is None:
            return ()
        document = WorkplaceDocument(
            version=int(self._now().timestamp() * 1000),
            key=base64.b64encode(device_key_of(self._hub_key, device)).decode(),
            site=site_number_of(site),
            address=self._address,
        )
        sealed = self._sealer.seal(device, document.version, encode_workplace(document))
        return () if sealed is None else (sealed,)

    def changed(self) -> Sequence[str]:
        """Return the devices that stand at another site than at the last call."""
        with self._database.reading() as db:
            sites = sites_of_doors(db)
        due = [device for device, site in sites.items() if self._offered.get(device) != site]
        self._offered = sites
        return due
