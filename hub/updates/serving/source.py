"""Gives ingest the releases that devices should have: signed by the hub, sealed to each device.

A device is due while its order is undecided: at each birth, when the rollout changes, and when its
permit is half used up. An order that is not wanted any more is taken back.
"""

import logging
from collections.abc import Callable, Sequence
from datetime import datetime, timedelta
from pathlib import Path

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from sqlalchemy import select
from sqlalchemy.orm import Session

from edge.wire.messages import Desired
from edge.wire.updates import DOCUMENT, ReleaseDocument, encode_release
from hub.config import HubConfig
from hub.db import Database
from hub.ingest.saying.sealing import DeviceSealer
from hub.updates.models import Release, Rollout, RolloutDevice
from hub.updates.rules import DECIDED, RolloutState, order_of
from hub.updates.serving.permits import address_of, make_permit

log = logging.getLogger(__name__)

Asked = tuple[RolloutDevice, Rollout, Release]

_WANTED = frozenset({RolloutState.RUNNING, RolloutState.COMPLETED})


class ReleaseSource:
    """A :class:`hub.ingest.saying.desired.DesiredSource` of releases."""

    def __init__(
        self,
        *,
        database: Database,
        signing_key: Ed25519PrivateKey,
        certificates: Path,
        address: str,
        key: bytes,
        life: timedelta,
        now: Callable[[], datetime],
    ) -> None:
        """Take collaborators.

        Args:
            database: Where rollouts are.
            signing_key: The hub's.
            certificates: Folder of ``<device>.pem``, to seal to.
            address: Of the hub, as devices see it.
            key: Of permits.
            life: Of a permit.
            now: The time, aware UTC.
        """
        self._database = database
        self._sealer = DeviceSealer(
            DOCUMENT, "release", signing_key=signing_key, certificates=certificates, log=log
        )
        self._address = address
        self._key = key
        self._life = life
        self._now = now
        self._offered: dict[str, tuple[str, bool, int]] = {}

    def for_device(self, device: str, *, roster_version: int, config_version: int) -> Sequence[Desired]:
        """Return the release that a device should have, or take back, if it has not decided."""
        with self._database.reading() as db:
            found = _undecided(db, device)
        if not found:
            return ()
        document = self._document(found[0])
        sealed = self._sealer.seal(device, document.version, encode_release(document))
        return () if sealed is None else (sealed,)

    def changed(self) -> Sequence[str]:
        """Return the devices for which something is new since the last call."""
        half_life_s = self._life.total_seconds() / 2
        permit_number = int(self._now().timestamp() // half_life_s)
        now: dict[str, tuple[str, bool, int]] = {}
        with self._database.reading() as db:
            for asked, rollout, _release in _undecided(db):
                is_wanted = rollout.state in _WANTED
                entry = (order_of(rollout.id, asked.attempt), is_wanted, permit_number)
                now.setdefault(asked.device, entry)
        due = [device for device, entry in now.items() if self._offered.get(device) != entry]
        self._offered = now
        return sorted(due)

    def _document(self, found: Asked) -> ReleaseDocument:
        asked, rollout, release = found
        now = self._now()
        permit = make_permit(self._key, device=asked.device, sha256=release.sha256, until=now + self._life)
        return ReleaseDocument(
            version=int(now.timestamp() * 1000),
            order=order_of(rollout.id, asked.attempt),
            number=release.number,
            name=release.name,
            board=release.board,
            sha256=release.sha256,
            size_bytes=release.size_bytes,
            url=address_of(self._address, release.sha256, permit),
            quiet_from=rollout.quiet_from,
            quiet_until=rollout.quiet_until,
            is_withdrawn=rollout.state not in _WANTED,
        )


def hub_address(config: HubConfig) -> str:
    """Return the hub's address as devices see it."""
    web = config.web
    scheme = "https" if web.tls.certificate else "http"
    return config.updates.url or config.enrolment.url or f"{scheme}://{web.host}:{web.port}"


def _undecided(db: Session, device: str | None = None) -> list[Asked]:
    """Return what was asked and not decided, the newest rollout first."""
    query = (
        select(RolloutDevice, Rollout, Release)
        .join(Rollout, Rollout.id == RolloutDevice.rollout)
        .join(Release, Release.id == Rollout.release)
        .where(RolloutDevice.state.not_in([str(state) for state in DECIDED]))
        .order_by(Rollout.id.desc())
    )
    if device is not None:
        query = query.where(RolloutDevice.device == device)
    return [(asked, rollout, release) for asked, rollout, release in db.execute(query)]
