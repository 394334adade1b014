"""Gives devices with doors what letters are judged by: sealed, at birth, on change and twice a day.

A door that stays without it for days says how old its list is. Must not log what it holds.
"""

import logging
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta, tzinfo
from pathlib import Path

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from sqlalchemy import Select, select
from sqlalchemy.orm import Session

from edge.wire.messages import Desired
from edge.wire.papers.trust import DOCUMENT, encode_trust
from hub.cases.letters.issuing.keys import last_change, trust_of
from hub.db import Database
from hub.ingest.saying.sealing import DeviceSealer
from hub.places.models import Device, Door

_logger = logging.getLogger(__name__)

RENEW_AFTER = timedelta(hours=12)
# A city that comes back has hundreds of doors within a minute: one list, sealed to each.
_REUSED_FOR = timedelta(seconds=60)


@dataclass(frozen=True, slots=True)
class _Made:
    """A list as it is sealed, and of what it was made."""

    state: tuple[object, ...]
    at: datetime
    version: int
    payload: bytes


class LetterSource:
    """A :class:`hub.ingest.saying.desired.DesiredSource` of lists of letters."""

    def __init__(
        self,
        *,
        database: Database,
        addresses: Sequence[str],
        signing_key: Ed25519PrivateKey,
        certificates: Path,
        zone: tzinfo,
        now: Callable[[], datetime] = lambda: datetime.now(UTC),
    ) -> None:
        """Take collaborators.

        Args:
            database: Where letters are.
            addresses: What seals of this city begin with.
            signing_key: The hub's, which signs documents for devices.
            certificates: Folder of ``<device>.pem``, to seal to.
            zone: The city's.
            now: The clock.
        """
        self._database = database
        self._addresses = tuple(addresses)
        self._sealer = DeviceSealer(
            DOCUMENT, "list of letters", signing_key=signing_key, certificates=certificates, log=_logger
        )
        self._zone = zone
        self._now = now
        self._told: tuple[object, ...] = ()
        self._told_at: datetime | None = None
        self._made: _Made | None = None

    def for_device(self, device: str, *, roster_version: int, config_version: int) -> Sequence[Desired]:
        """Return the list for a device with doors, whatever it has already."""
        now = self._now()
        with self._database.reading() as db:
            if db.scalar(_doors().where(Door.device == device).limit(1)) is None:
                return ()
            made = self._list(db, now)
        sealed = self._sealer.seal(device, made.version, made.payload)
        return () if sealed is None else (sealed,)

    def _list(self, db: Session, now: datetime) -> "_Made":
        """Return the list as it is, made anew unless that was a moment ago and nothing changed since."""
        today, made = now.astimezone(self._zone).date(), self._made
        state = (*last_change(db), today)
        if made is None or made.state != state or not timedelta() <= now - made.at < _REUSED_FOR:
            trust = trust_of(db, addresses=self._addresses, today=today, now=now, is_offline=True)
            made = self._made = _Made(state, now, trust.version, encode_trust(trust))
        return made

    def changed(self) -> Sequence[str]:
        """Return the devices with doors when a letter was revoked, a key is new, or half a day went by."""
        now = self._now()
        with self._database.reading() as db:
            doors = sorted(set(db.scalars(_doors())))
            state = (*last_change(db), *doors)
        is_old = self._told_at is None or now - self._told_at >= RENEW_AFTER
        if state == self._told and not is_old:
            return ()
        self._told, self._told_at = state, now
        return doors


def _doors() -> Select[str]:
    return (
        select(Door.device)
        .join(Device, Device.id == Door.device)
        .where(Door.is_retired.is_(False), Device.is_retired.is_(False))
    )
