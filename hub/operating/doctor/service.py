"""Asks every check; the page leaves out what may keep it waiting."""

from collections.abc import Sequence
from datetime import datetime
from pathlib import Path

from hub.config import HubConfig, load_config
from hub.db import Database
from hub.errors import HubError
from hub.operating.doctor.files import look_at_files
from hub.operating.doctor.machine import look_at_broker, look_at_disk, look_at_time, look_at_units
from hub.operating.doctor.records import look_at_database
from hub.operating.findings import Finding, trouble
from hub.operating.words import Check, Problem


def examine(config_path: Path, *, now: datetime) -> tuple[Finding, ...]:
    """Look at everything, from the configuration on.

    Args:
        config_path: ``hub.toml``.
        now: The time.

    Returns:
        The gravest first.
    """
    try:
        config = load_config(config_path)
    except HubError as error:
        return (trouble(Check.CONFIG, Problem.CONFIG_BROKEN, why=error),)
    database = Database(config.database)
    try:
        found = [*look(config, database, now), look_at_broker(config.broker), *look_at_units()]
    finally:
        database.close()
    return in_order(found)


def look(config: HubConfig, database: Database, now: datetime) -> tuple[Finding, ...]:
    """Look at what answers at once: the database, files, the disk, the clock."""
    found = [*look_at_database(config, database, now), *look_at_files(config, now), look_at_disk(config)]
    return in_order([*found, *look_at_time()])


def in_order(found: Sequence[Finding]) -> tuple[Finding, ...]:
    """Return findings, the gravest first, then in the order of the checks."""
    checks = list(Check)
    return tuple(sorted(found, key=lambda one: (one.state.rank, checks.index(one.check))))
