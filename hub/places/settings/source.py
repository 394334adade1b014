"""Gives ingest the camera settings that devices should have: signed by the hub, sealed to each device.

A device is due when it says that it has an older version, and when somebody saved a new one.
"""

import logging
from collections.abc import Sequence
from pathlib import Path

import msgspec
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from sqlalchemy import func, select

from edge.wire.camera_settings import DOCUMENT
from edge.wire.messages import Desired
from hub.db import Database
from hub.ingest.saying.sealing import DeviceSealer
from hub.places.models import CameraSettingsVersion
from hub.places.settings.service import document_for

_logger = logging.getLogger(__name__)


class SettingsSource:
    """A :class:`hub.ingest.saying.desired.DesiredSource` of camera settings."""

    def __init__(self, *, database: Database, signing_key: Ed25519PrivateKey, certificates: Path) -> None:
        """Take collaborators.

        Args:
            database: Where versions are.
            signing_key: The hub's.
            certificates: Folder of ``<device>.pem``, to seal to.
        """
        self._database = database
        self._sealer = DeviceSealer(
            DOCUMENT, "camera settings", signing_key=signing_key, certificates=certificates, log=_logger
        )
        self._offered: dict[str, int] = {}

    def for_device(self, device: str, *, roster_version: int, config_version: int) -> Sequence[Desired]:
        """Return the settings if the device has older ones."""
        with self._database.reading() as db:
            document = document_for(db, device)
        if document is None or document.version <= config_version:
            return ()
        sealed = self._sealer.seal(device, document.version, msgspec.json.encode(document))
        return () if sealed is None else (sealed,)

    def changed(self) -> Sequence[str]:
        """Return the devices for which a version was saved since the last call."""
        newest = func.max(CameraSettingsVersion.version)
        with self._database.reading() as db:
            query = select(CameraSettingsVersion.device, newest).group_by(CameraSettingsVersion.device)
            now = {row[0]: int(row[1]) for row in db.execute(query)}
        due = [device for device, version in now.items() if self._offered.get(device) != version]
        self._offered = now
        return sorted(due)
