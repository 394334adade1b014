"""``pontive-hub``: the hub's command line. Exit codes: 0 done, 1 refused with a reason, 2 misuse.

All of the hub takes seconds to import, and a command needs a corner of it: each imports its own
when it is asked for, and so do the functions of ``COMMANDS``.
"""

import os
import sys
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import click
import msgspec

from edge.faultpoints import arm
from hub.command_line import LaterGroup, config_option
from hub.config import HubConfig, load_config
from hub.db import Database
from hub.errors import HubError
from hub.logs import set_up_logging

_OPERATOR = "pontive-hub"


@contextmanager
def _refusals() -> Iterator[None]:
    """Turn what the hub refuses into one message and exit code 1."""
    try:
        yield
    except HubError as error:
        raise click.ClickException(str(error)) from error


@contextmanager
def _ready_database(config_path: Path) -> Iterator[tuple[HubConfig, Database]]:
    """Give the configuration and its database, if the database has today's tables."""
    from hub.migrations.schema import is_current

    with _refusals():
        config = load_config(config_path)
        database = Database(config.database)
        try:
            if not is_current(database):
                remedy = f"pontive-hub migrate --config {config_path}"
                raise HubError(f"the database has no tables of this version; run: {remedy}")
            yield config, database
        finally:
            database.close()


@click.group(cls=LaterGroup, context_settings={"help_option_names": ["-h", "--help"]})
def main() -> None:
    """The Pontive hub: takes in what the edge says, keeps it and shows it."""
    set_up_logging("text")


@main.command()
@config_option
def migrate(config_path: Path) -> None:
    """Bring the database to this version's tables."""
    from hub.cases.keeping.versions import load_shipped
    from hub.migrations.schema import upgrade
    from hub.places.areas import load_areas

    with _refusals():
        config = load_config(config_path)
        database = Database(config.database)
        upgrade(database)
        with database.writing() as db:
            load_areas(db)
            load_shipped(db, now=_now())
        database.close()
    click.echo("The database is up to date.")


@main.command("move-database")
@config_option
@click.option(
    "--to",
    "to_path",
    type=click.Path(path_type=Path, dir_okay=False, exists=True),
    required=True,
    help="The hub.toml of afterwards: the same, but for its database.",
)
def move_database(config_path: Path, to_path: Path) -> None:
    """Bring all rows into the empty database that another hub.toml names; the hub must be stopped.

    SQLite to PostgreSQL, or back. All or nothing; the old database stays as it is.
    """
    from hub.migrations.moving import move

    with _refusals():
        old, new = load_config(config_path), load_config(to_path)
        if old.folder != new.folder:
            raise HubError(f"{to_path}: folder is {new.folder}, and the files stay in {old.folder}")
        moved = move(old.database, new.database, now=_now(), actor=_OPERATOR, say=click.echo)
    click.echo(f"{moved.rows:,} rows of {moved.tables} tables are there and compared.")
    click.echo(f"Now: mv {to_path} {config_path}")


@main.command()
@config_option
@click.option(
    "--worker",
    "numbers",
    type=click.IntRange(0, 63),
    multiple=True,
    help="Run only this one of [ingest] workers here; again for more.",
)
@click.option("--keeper", type=int, hidden=True, help="Process that keeps this worker running.")
def ingest(config_path: Path, numbers: tuple[int, ...], keeper: int | None) -> None:
    """Take in what devices say, until stopped; with [ingest] workers above 1 by several processes."""
    from hub.ingest.leading.workers import keep_together

    numbers = _numbers_here(config_path, numbers)
    if len(numbers) > 1:
        with _ready_database(config_path):
            pass
        keep_together({f"ingest-{number}": _worker_command(config_path, number) for number in numbers})
    else:
        _ingest(config_path, numbers[0], keeper)


def _numbers_here(config_path: Path, asked: tuple[int, ...]) -> tuple[int, ...]:
    with _refusals():
        workers = load_config(config_path).ingest.workers
        for number in asked:
            if number >= workers:
                last = workers - 1
                raise HubError(f"--worker {number}: [ingest] workers is {workers}, so they are 0 to {last}")
    return tuple(sorted(set(asked))) or tuple(range(workers))


def _worker_command(config_path: Path, number: int) -> list[str]:
    return [*_own_command("ingest", config_path), "--worker", str(number), "--keeper", str(os.getpid())]


def _ingest(config_path: Path, worker: int, keeper: int | None) -> None:
    from hub.enrolment.wiring import enrolment_parts
    from hub.ingest.process import run_ingest
    from hub.ingest.saying.desired import SeveralSources
    from hub.operating.metrics.ingest import ingest_metrics
    from hub.wiring import HANDLERS, KnownDevices, chores_of_concerns, desired_sources

    arm(os.environ)
    with _ready_database(config_path) as (config, database):
        set_up_logging(config.operating.log)
        enrolment = enrolment_parts(config, database)
        with _refusals(), ingest_metrics(config, database, worker):
            run_ingest(
                config,
                HANDLERS,
                is_known=KnownDevices(database),
                desired=SeveralSources(desired_sources(config, database), enrolment.source),
                worker=worker,
                keeper=keeper,
                chores=(*chores_of_concerns(config, database), *enrolment.chores),
            )


@main.command()
@config_option
def web(config_path: Path) -> None:
    """Serve the screens, until stopped."""
    from hub.web.guarding.secret import load_or_make_secret
    from hub.web.server import serve

    with _ready_database(config_path) as (config, _database):
        load_or_make_secret(Path(config.secret_file))
        scheme = "https" if config.web.tls.certificate else "http"
        click.echo(f"{scheme}://{config.web.host}:{config.web.port}/")
    serve(config_path)


@main.command()
@config_option
def run(config_path: Path) -> None:
    """Ingest and screens together; when one ends, so does the other."""
    from hub.children import run_together

    with _ready_database(config_path):
        pass
    ended = run_together({part: _own_command(part, config_path) for part in ("ingest", "web")})
    if ended is not None:
        raise click.ClickException(f"{ended} ended, so the other was stopped; see its messages above")


def _own_command(part: str, config_path: Path) -> list[str]:
    return [sys.executable, "-m", "hub.cli", part, "--config", str(config_path)]


@main.group()
def places() -> None:
    """Sites, devices, cameras, doors and sensors."""


@places.command("load")
@config_option
@click.argument("file", type=click.Path(path_type=Path, dir_okay=False))
@click.option("--dry-run", is_flag=True, help="Say what would change, and change nothing.")
@click.option("--retire-others", "retires", is_flag=True, help="Take what the file does not name off duty.")
def places_load(config_path: Path, file: Path, dry_run: bool, retires: bool) -> None:
    """Add or change what an inventory file (TOML or JSON) names; the rest stays, unless told otherwise."""
    from hub.people import audit
    from hub.places.inventory import read_inventory
    from hub.places.service import load_inventory, retire_others

    with _ready_database(config_path) as (config, database):
        inventory = read_inventory(file)
        today = _now().astimezone(ZoneInfo(config.timezone)).date()
        scope = database.reading() if dry_run else database.writing()
        with scope as db:
            report = load_inventory(db, inventory, today)
            if retires:
                retire_others(db, inventory, report)
            if not dry_run:
                audit.append(
                    db, at=_now(), actor=_OPERATOR, action="places.load", target=file.name, detail=str(report)
                )
    click.echo(f"{'Would be' if dry_run else 'Done'}: {report}")


@main.command("show-config")
@config_option
def show_config(config_path: Path) -> None:
    """Print the effective configuration, defaults included; secrets are masked."""
    with _refusals():
        config = load_config(config_path)
    shown = msgspec.structs.replace(config, database=_without_password(config.database))
    click.echo(msgspec.json.format(msgspec.json.encode(shown), indent=2).decode())


@main.command("check-config")
@config_option
def check_config(config_path: Path) -> None:
    """Check the configuration and name what is wrong."""
    with _refusals():
        load_config(config_path)
    click.echo(f"{config_path}: good")


def _without_password(url: str) -> str:
    head, at, host = url.rpartition("@")
    if not at:
        return url
    user_part, colon, _password = head.rpartition(":")
    return f"{user_part}:***@{host}" if colon and "//" in user_part else url


def _now() -> datetime:
    return datetime.now(UTC)


def _account() -> click.Command:
    from hub.people.account_commands import account_commands

    return account_commands(_ready_database, operator=_OPERATOR, now=_now)


def _audit() -> click.Command:
    from hub.people.account_commands import audit_commands

    return audit_commands(_ready_database)


def _backup(name: str) -> Callable[[], click.Command]:
    def load() -> click.Command:
        from hub.backup.commands import backup_commands
        from hub.rehearsal import screens_answer

        commands = backup_commands(_now, operator=_OPERATOR, health=screens_answer)
        return next(command for command in commands if command.name == name)

    return load


def _boards() -> click.Command:
    from hub.boards.commands import board_commands

    return board_commands(_ready_database, operator=_OPERATOR, now=_now)


def _breach_report() -> click.Command:
    from hub.breach.commands import breach_command

    return breach_command(_ready_database, operator=_OPERATOR, now=_now)


def _cases() -> click.Command:
    from hub.cases.commands import case_commands
    from hub.casework import case_engine

    return case_commands(_ready_database, now=_now, engine_of=case_engine)


def _cctv() -> click.Command:
    from hub.cctv.commands import camera_commands

    return camera_commands(_ready_database, now=_now)


def _citizens() -> click.Command:
    from hub.cases.citizens.commands import citizen_commands
    from hub.casework import case_engine, nik_key_of

    return citizen_commands(
        _ready_database, operator=_OPERATOR, now=_now, key_of=nik_key_of, engine_of=case_engine
    )


def _complaints() -> click.Command:
    from hub.cases.complaints.commands import complaint_commands
    from hub.casework import case_engine

    return complaint_commands(_ready_database, case_engine, now=_now)


def _doctor() -> click.Command:
    from hub.operating.doctor.commands import doctor_command

    return doctor_command(now=_now)


def _enrolment() -> click.Command:
    from hub.enrolment.commands import enrolment_commands

    return enrolment_commands(_ready_database, operator=_OPERATOR, now=_now)


def _hadir() -> click.Command:
    from hub.hadir.commands import attendance_commands

    return attendance_commands(_ready_database, operator=_OPERATOR, now=_now)


def _install() -> click.Command:
    from hub.install import install

    return install


def _inventory() -> click.Command:
    from hub.places.importing.commands import inventory_commands

    return inventory_commands(_ready_database, operator=_OPERATOR, now=_now)


def _keys() -> click.Command:
    from hub.enrolment.key_commands import key_commands

    return key_commands(_ready_database, operator=_OPERATOR, now=_now)


def _measures() -> click.Command:
    from hub.measures.commands import measure_commands
    from hub.measuring import FEEDS

    return measure_commands(_ready_database, feeds=FEEDS, now=_now)


def _outages() -> click.Command:
    from hub.cctv.outages.commands import outage_commands

    return outage_commands(_ready_database, now=_now)


def _people() -> click.Command:
    from hub.people.commands import people_commands

    return people_commands(_ready_database, operator=_OPERATOR, now=_now)


def _rebuild() -> click.Command:
    from hub.rebuilding import rebuild_command

    return rebuild_command(_ready_database, now=_now)


def _registers() -> click.Command:
    from hub.registers.commands import register_commands

    return register_commands(_ready_database, now=_now)


def _release() -> click.Command:
    from hub.updates.commands import release_commands

    return release_commands(_ready_database, operator=_OPERATOR, now=_now)


def _retention() -> click.Command:
    from hub.operating.retention.wiring import retention_command

    return retention_command(_ready_database, now=_now)


def _shifts() -> click.Command:
    from hub.shifts.commands import shift_commands

    return shift_commands(_ready_database, now=_now)


def _status() -> click.Command:
    from hub.status import status_command

    return status_command(_ready_database, now=_now)


def _weather() -> click.Command:
    from hub.portal.commands import weather_commands

    return weather_commands(_ready_database, now=_now)


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
main.later.update(COMMANDS)


if __name__ == "__main__":
    main()
