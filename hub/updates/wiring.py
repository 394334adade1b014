"""What ingest runs for updates: the source of documents, and the step of the rollouts."""

from datetime import UTC, datetime, timedelta
from pathlib import Path

from hub.config import HubConfig
from hub.db import Database
from hub.ingest.chores import Chore
from hub.signing import read_signing_key
from hub.updates.rollouts import advance_rollouts
from hub.updates.serving.permits import permit_key
from hub.updates.serving.source import ReleaseSource, hub_address
from hub.web.guarding.secret import load_or_make_secret

ADVANCE_EVERY_S = 5.0


def release_source(config: HubConfig, database: Database) -> ReleaseSource:
    """Return the source of release documents.

    Raises:
        ConfigError: one of the hub's keys cannot be used.
    """
    return ReleaseSource(
        database=database,
        signing_key=read_signing_key(Path(config.signing_key)),
        certificates=Path(config.device_certificates),
        address=hub_address(config),
        key=permit_key(load_or_make_secret(Path(config.secret_file))),
        life=timedelta(hours=config.updates.permit_hours),
        now=_utc_now,
    )


def update_chores(database: Database) -> tuple[Chore, ...]:
    """Return what is done about rollouts."""

    def advance() -> None:
        with database.writing() as db:
            advance_rollouts(db, now=_utc_now())

    return (Chore("advancing rollouts", every_s=ADVANCE_EVERY_S, act=advance),)


def _utc_now() -> datetime:
    return datetime.now(UTC)
