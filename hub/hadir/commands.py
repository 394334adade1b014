"""``pontive-hub hadir``: hours, employees and leave from files; day results worked out and published."""

import json
from collections.abc import Callable
from datetime import date, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import click

from hub.command_line import ReadyDatabase, config_option
from hub.config import HubConfig
from hub.errors import InputError
from hub.hadir.editing.files.hours import EXAMPLES, load_hours, read_hours
from hub.hadir.editing.files.leave import load_leave, read_leave
from hub.hadir.editing.files.people import KnownPeople
from hub.hadir.payroll.commands import token_commands
from hub.hadir.results.publishing.lock import lock_results
from hub.hadir.results.publishing.outcomes import Change, close_month, publish, recount
from hub.hadir.results.reading.rows import month_of
from hub.hadir.twin.month import has_past, simulate_past
from hub.people import audit
from hub.people.commands import staff_import_command
from hub.people.reach import Reach
from hub.web.files.table_file import read_table
from hub.web.guarding.secret import load_or_make_secret
from hub.web.typed.dates import typed_month

# Late scans come within the 72 h that outboxes keep at least; a month covers leave handed in late.
LOOK_BACK = timedelta(days=31)
_FILE = click.Path(path_type=Path, dir_okay=False, exists=True)
_dry_option = click.option("--dry-run", is_flag=True, help="Name every bad row, and write nothing.")


class AttendanceCommands:
    """What the commands do, given how to open the database and what time it is."""

    def __init__(self, ready: ReadyDatabase, *, operator: str, now: Callable[[], datetime]) -> None:
        """Take the collaborators."""
        self._ready, self._operator, self._now = ready, operator, now

    def load_hours(self, config_path: Path, file: Path | None) -> None:
        """Add or change calendars, holidays, periods and tariffs."""
        with self._ready(config_path) as (_config, database), database.writing() as db:
            loaded = load_hours(db, read_hours(file or EXAMPLES), is_example=file is None)
            name = file.name if file else EXAMPLES.name
            audit.append(db, at=self._now(), actor=self._operator, action="hours.load", target=name)
        click.echo(f"{loaded} rows{'' if file else ', all of them examples (contoh)'}")

    def import_leave(self, config_path: Path, file: Path, *, is_dry: bool) -> None:
        """Add or change leave and duties."""
        with (
            self._ready(config_path) as (config, database),
            database.reading() if is_dry else database.writing() as db,
        ):
            key, today = load_or_make_secret(Path(config.secret_file)), self._today(config)
            people = KnownPeople(db, reach=Reach(is_city=True), nip_key=key, today=today)
            table = read_table(file.read_bytes(), file.name)
            read = read_leave(table, people, approver=self._operator)
            if read.mistakes:
                raise InputError("\n".join(read.mistakes))
            count = len(read.rows) if is_dry else load_leave(db, read)
            if not is_dry:
                audit.append(
                    db, at=self._now(), actor=self._operator, action="leave.import", target=file.name
                )
        click.echo(f"{'Would be' if is_dry else 'Done'}: {count} rows of leave")

    def _today(self, config: HubConfig) -> date:
        return self._now().astimezone(ZoneInfo(config.timezone)).date()

    def compute(
        self, config_path: Path, first: date | None, last: date | None, *, is_publishing: bool, is_json: bool
    ) -> None:
        """Publish days that are over for the first time; list, or publish, what else changed."""
        changed: list[Change] = []
        computed = written = open_days = 0
        with self._ready(config_path) as (config, database):
            zone, now = ZoneInfo(config.timezone), self._now()
            last = last or now.astimezone(zone).date()
            first = first or last - LOOK_BACK
            with database.writing() as db:
                lock_results(db)
                for counted in recount(db, persons=None, first=first, last=last, zone=zone):
                    computed, open_days = computed + counted.computed, open_days + counted.open_days
                    changed += counted.retroactive
                    wanted = counted if is_publishing else counted.only_new()
                    written += publish(db, wanted, now=now, zone=zone)
        if is_json:
            figures = {"computed": computed, "published": written, "open": open_days, "changes": len(changed)}
            click.echo(json.dumps(figures))
            return
        for change in changed:
            click.echo(f"{change.day} person {change.person}: {change.old_code} -> {change.new.code}")
        click.echo(f"{computed} days, {written} published, {open_days} not complete, {len(changed)} changes")

    def simulate(
        self, config_path: Path, first: date | None, *, seed: int, is_if_new: bool, is_json: bool
    ) -> None:
        """Invent a past month for a demonstration."""
        with self._ready(config_path) as (config, database), database.writing() as db:
            if is_if_new and has_past(db):
                return
            zone, now = ZoneInfo(config.timezone), self._now()
            last = now.astimezone(zone).date() - timedelta(days=1)
            first = first or month_of(month_of(last) - timedelta(days=1))
            made = simulate_past(db, first=first, last=last, zone=zone, seed=seed, now=now)
            note = f"{first} to {last}: {made.scans} scans"
            audit.append(
                db, at=now, actor=self._operator, action="attendance.simulate", target="city", detail=note
            )
        figures = {"scans": made.scans, "results": made.results, "corrections": made.corrections}
        click.echo(json.dumps(figures) if is_json else f"{note}, all of them examples (contoh)")

    def close(self, config_path: Path, month: str) -> None:
        """Freeze a month."""
        try:
            first = typed_month(month)
        except ValueError as error:
            raise click.BadParameter("write the month as 2026-11") from error
        with self._ready(config_path) as (config, database), database.writing() as db:
            zone, now = ZoneInfo(config.timezone), self._now()
            close_month(db, month=first, actor=self._operator, now=now, zone=zone)
            audit.append(db, at=now, actor=self._operator, action="month.close", target=month)
        click.echo(f"{month} is closed.")


def attendance_commands(ready: ReadyDatabase, *, operator: str, now: Callable[[], datetime]) -> click.Group:
    """Return the group ``hadir``."""
    does = AttendanceCommands(ready, operator=operator, now=now)
    day = click.DateTime(["%Y-%m-%d"])

    @click.group()
    def hadir() -> None:
        """Attendance: hours, employees, leave, day results."""

    @hadir.command("load-hours")
    @config_option
    @click.argument("file", type=_FILE, required=False)
    def load_hours_now(config_path: Path, file: Path | None) -> None:
        """Load calendars, holidays, periods and tariffs from a TOML file; without one: the examples."""
        does.load_hours(config_path, file)

    @hadir.command("import-leave")
    @config_option
    @click.argument("file", type=_FILE)
    @_dry_option
    def import_leave_now(config_path: Path, file: Path, dry_run: bool) -> None:
        """Add or change leave and duties from a CSV."""
        does.import_leave(config_path, file, is_dry=dry_run)

    @hadir.command("compute")
    @config_option
    @click.option("--from", "first", type=day, help="First day; 31 days ago by default.")
    @click.option("--to", "last", type=day, help="Last day; today by default.")
    @click.option("--publish", "is_publishing", is_flag=True, help="Also publish changed results.")
    @click.option("--json", "is_json", is_flag=True, help="Answer for a program.")
    def compute_now(
        config_path: Path, first: datetime | None, last: datetime | None, is_publishing: bool, is_json: bool
    ) -> None:
        """Publish the results of days that are over, and list whom later changes would change."""
        days = [None if at is None else at.date() for at in (first, last)]
        does.compute(config_path, days[0], days[1], is_publishing=is_publishing, is_json=is_json)

    @hadir.command("close")
    @config_option
    @click.argument("month")
    def close_now(config_path: Path, month: str) -> None:
        """Freeze a month, as 2026-11: later changes become adjustments."""
        does.close(config_path, month)

    hadir.add_command(_simulate_command(does))
    # People look for it here too; it is "people import".
    hadir.add_command(staff_import_command(ready, operator=operator, now=now, name="import-employees"))
    hadir.add_command(token_commands(ready, operator=operator, now=now))
    return hadir


def _simulate_command(does: AttendanceCommands) -> click.Command:
    day = click.DateTime(["%Y-%m-%d"])

    @click.command("simulate")
    @config_option
    @click.option("--from", "first", type=day, help="First day; the first of last month by default.")
    @click.option("--seed", type=int, default=1, show_default=True, help="The same number, the same past.")
    @click.option("--if-new", "is_if_new", is_flag=True, help="Do nothing where somebody scanned already.")
    @click.option("--json", "is_json", is_flag=True, help="Answer for a program.")
    def simulate_now(
        config_path: Path, first: datetime | None, seed: int, is_if_new: bool, is_json: bool
    ) -> None:
        """Invent past scans up to yesterday for a demonstration; only where nobody ever scanned."""
        does.simulate(
            config_path, first.date() if first else None, seed=seed, is_if_new=is_if_new, is_json=is_json
        )

    return simulate_now
