"""The commands of all concerns by name, each loaded when it is asked for, and what they are given.

All of the hub takes seconds to import, and a command needs a corner of it.
"""

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path

import click

from hub.config import HubConfig, load_config
from hub.db import Database
from hub.errors import HubError

OPERATOR = "pontive-hub"


@contextmanager
def refusals() -> Iterator[None]:
    """Turn what the hub refuses into one message and exit code 1."""
    try:
        yield
    except HubError as error:
        raise click.ClickException(str(error)) from error


@contextmanager
def ready_database(config_path: Path) -> Iterator[tuple[HubConfig, Database]]:
    """Give the configuration and its database, if the database has today's tables."""
    from hub.migrations.schema import is_current

    with refusals():
        config = load_config(config_path)
        database = Database(config.database)
        try:
            if not is_current(database):
                remedy = f"pontive-hub migrate --config {config_path}"
                raise HubError(f"the database has no tables of this version; run: {remedy}")
            yield config, database
        finally:
            database.close()


def now() -> datetime:
    return datetime.now(UTC)


def _account() -> click.Command:
    from hub.people.account_commands import account_commands

    return account_commands(ready_database, operator=OPERATOR, now=now)


def _audit() -> click.Command:
    from hub.people.account_commands import audit_commands

    return audit_commands(ready_database)


def _backup(name: str) -> Callable[[], click.Command]:
    def load() -> click.Command:
        from hub.backup.commands import backup_commands
        from hub.rehearsal import screens_answer

        commands = backup_commands(now, operator=OPERATOR, health=screens_answer)
        return next(command for command in commands if command.name == name)

    return load


def _boards() -> click.Command:
    from hub.boards.commands import board_commands

    return board_commands(ready_database, operator=OPERATOR, now=now)


def _breach_report() -> click.Command:
    from hub.breach.commands import breach_command

    return breach_command(ready_database, operator=OPERATOR, now=now)


def _cases() -> click.Command:
    from hub.cases.commands import case_commands
    from hub.casework import case_engine

    return case_commands(ready_database, now=now, engine_of=case_engine)


def _cctv() -> click.Command:
    from hub.cctv.commands import camera_commands

    return camera_commands(ready_database, now=now)


def _citizens() -> click.Command:
    from hub.cases.citizens.commands import citizen_commands
    from hub.casework import case_engine, nik_key_of

    return citizen_commands(
        ready_database, operator=OPERATOR, now=now, key_of=nik_key_of, engine_of=case_engine
    )


def _complaints() -> click.Command:
    from hub.cases.complaints.commands import complaint_commands
    from hub.casework import case_engine

    return complaint_commands(ready_database, case_engine, now=now)


def _doctor() -> click.Command:
    from hub.operating.doctor.commands import doctor_command

    return doctor_command(now=now)


def _enrolment() -> click.Command:
    from hub.enrolment.commands import enrolment_commands

    return enrolment_commands(ready_database, operator=OPERATOR, now=now)


def _hadir() -> click.Command:
    from hub.hadir.commands import attendance_commands

    return attendance_commands(ready_database, operator=OPERATOR, now=now)


def _install() -> click.Command:
    from hub.install import install

    return install


def _inventory() -> click.Command:
    from hub.places.importing.commands import inventory_commands

    return inventory_commands(ready_database, operator=OPERATOR, now=now)


def _keys() -> click.Command:
    from hub.enrolment.key_commands import key_commands

    return key_commands(ready_database, operator=OPERATOR, now=now)


def _move_database() -> click.Command:
    from hub.migrations.commands import move_command

    return move_command(operator=OPERATOR, now=now)


def _measures() -> click.Command:
    from hub.measures.commands import measure_commands
    from hub.measuring import FEEDS

    return measure_commands(ready_database, feeds=FEEDS, now=now)


def _outages() -> click.Command:
    from hub.cctv.outages.commands import outage_commands

    return outage_commands(ready_database, now=now)


def _people() -> click.Command:
    from hub.people.commands import people_commands

    return people_commands(ready_database, operator=OPERATOR, now=now)


def _rebuild() -> click.Command:
    from hub.rebuilding import rebuild_command

    return rebuild_command(ready_database, now=now)


def _registers() -> click.Command:
    from hub.registers.commands import register_commands

    return register_commands(ready_database, now=now)


def _release() -> click.Command:
    from hub.updates.commands import release_commands

    return release_commands(ready_database, operator=OPERATOR, now=now)


def _retention() -> click.Command:
    from hub.operating.retention.wiring import retention_command

    return retention_command(ready_database, now=now)


def _shifts() -> click.Command:
    from hub.shifts.commands import shift_commands

    return shift_commands(ready_database, now=now)


def _status() -> click.Command:
    from hub.status import status_command

    return status_command(ready_database, now=now)


def _weather() -> click.Command:
    from hub.portal.commands import weather_commands

    return weather_commands(ready_database, now=now)


COMMANDS: Mapping[str, Callable[[], click.Command]] = {
    "audit": _audit,
    "backup": _backup("backup"),
    "boards": _boards,
    "breach-report": _breach_report,
    "cases": _cases,
    "cctv": _cctv,
    "citizens": _citizens,
    "complaints": _complaints,
    "doctor": _doctor,
    "drill": _backup("drill"),
    "enrolment": _enrolment,
    "hadir": _hadir,
    "install": _install,
    "inventory": _inventory,
    "keys": _keys,
    "measures": _measures,
    "move-database": _move_database,
    "outages": _outages,
    "people": _people,
    "rebuild": _rebuild,
    "registers": _registers,
    "release": _release,
    "restore": _backup("restore"),
    "retention": _retention,
    "shifts": _shifts,
    "status": _status,
    "user": _account,
    "verify": _backup("verify"),
    "weather": _weather,
}
