"""What ingest runs for enrolment: renewal, revocation, clones; nothing without an issuing authority."""

import logging
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

from hub.config import HubConfig
from hub.db import Database
from hub.enrolment.claiming.surroundings import issuing_authority
from hub.enrolment.issuing.authority import IssuingAuthority
from hub.enrolment.issuing.clones import LOOK_EVERY_S, CloneWatch
from hub.enrolment.issuing.renewal import RENEW_EVERY_S, RenewalSource
from hub.enrolment.issuing.revocation import TELL_EVERY_S, BrokerNews
from hub.ingest.chores import Chore
from hub.ingest.saying.desired import DesiredSource, NothingDesired
from hub.ingest.taking.address import address_of
from hub.ingest.taking.subscriber import take_over
from hub.signing import read_signing_key

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class EnrolmentParts:
    """The source of documents and the chores."""

    source: DesiredSource
    chores: tuple[Chore, ...]


def enrolment_parts(config: HubConfig, database: Database) -> EnrolmentParts:
    """Return what ingest does for enrolment; clones are looked for even without an authority.

    Raises:
        ConfigError: the authority or one of the hub's keys is there and cannot be used.
    """
    clones = Chore(
        "looking for clones", every_s=LOOK_EVERY_S, act=CloneWatch(database=database, now=_utc_now)
    )
    authority = authority_of(config)
    if authority is None:
        log.warning("no issuing authority in %s: nobody is enrolled or revoked", config.enrolment.folder)
        return EnrolmentParts(NothingDesired(), (clones,))
    source = RenewalSource(
        database=database,
        authority=authority,
        signing_key=read_signing_key(Path(config.signing_key)),
        certificates=Path(config.device_certificates),
        life=timedelta(days=config.enrolment.certificate_days),
        now=_utc_now,
    )
    news = BrokerNews(
        database=database,
        authority=authority,
        folder=Path(config.enrolment.broker_files),
        kick=_Kicker(config),
        now=_utc_now,
    )
    renew = Chore("renewing certificates", every_s=RENEW_EVERY_S, act=source.renew)
    return EnrolmentParts(
        source, (clones, renew, Chore("telling the broker of revocations", every_s=TELL_EVERY_S, act=news))
    )


def authority_of(config: HubConfig) -> IssuingAuthority | None:
    """Return the issuing authority, or ``None`` when this hub has none.

    Raises:
        ConfigError: it is there and cannot be used.
    """
    has_one = (Path(config.enrolment.folder) / "issuing.pem").exists()
    return issuing_authority(config) if has_one else None


class _Kicker:
    """Ends the two connections that a device has: its own, and the one for live pictures."""

    def __init__(self, config: HubConfig) -> None:
        self._config = config

    def __call__(self, device: str) -> None:
        try:
            address = address_of(self._config.broker)
        except OSError as error:
            log.error("connections of %s cannot be ended: %s", device, error)
            return
        for client_id in (device, f"{device}-live"):
            take_over(address, client_id)


def _utc_now() -> datetime:
    return datetime.now(UTC)
