"""``pontive-hub people``: employees from a table, codes and badges as sheets to print."""

import json
import os
import resource
import time
from collections.abc import Callable
from datetime import date, datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import click

from hub.command_line import ReadyDatabase, config_option
from hub.errors import InputError
from hub.people import audit
from hub.people.badges import service as badges
from hub.people.badges.sheet import draw_sheets
from hub.people.enrolment.people_file import load_people, read_people
from hub.people.importing.apply import apply_plan
from hub.people.importing.known import read_known
from hub.people.importing.plan import Plan, make_plan
from hub.people.importing.rows import read_staff
from hub.people.reach import Reach
from hub.people.slips.paper import draw_slips
from hub.people.slips.service import hand_out_codes
from hub.people.slips.wording import code_slip
from hub.people.staff.directory import Directory, Standing, Wanted
from hub.signing import read_hub_keys
from hub.web.files.table_file import read_table
from hub.web.formats import moment_text
from hub.web.guarding.secret import load_or_make_secret

_FILE = click.Path(path_type=Path, dir_okay=False, exists=True)
_json_option = click.option("--json", "is_json", is_flag=True, help="Answer for a program.")
_EVERYBODY = Reach(is_city=True)
# A third of a second in which nobody else can write.
CODES_AT_ONCE = 50


class PeopleCommands:
    """What the commands do, given how to open the database and what time it is."""

    def __init__(self, ready: ReadyDatabase, *, operator: str, now: Callable[[], datetime]) -> None:
        """Take the collaborators."""
        self._ready, self._operator, self._now = ready, operator, now

    def import_staff(
        self, config_path: Path, file: Path, *, is_dry: bool, is_partial: bool, is_json: bool
    ) -> None:
        """Say what a table changes, and write it unless it has mistakes or nobody wants that."""
        began_s = time.monotonic()
        with self._ready(config_path) as (config, database):
            key, now = load_or_make_secret(Path(config.secret_file)), self._now()
            today = now.astimezone(ZoneInfo(config.timezone)).date()
            table = read_staff(read_table(file.read_bytes(), file.name), nip_key=key, today=today)
            with database.reading() if is_dry else database.writing() as db:
                known = read_known(db)
                plan = make_plan(table, known, _EVERYBODY)
                _refuse_mistakes(plan, is_allowed=is_dry or is_partial)
                if not is_dry:
                    name = file.name
                    apply_plan(db, plan, known, file_name=name, today=today, actor=self._operator, now=now)
        _tell(plan, is_dry=is_dry, seconds=time.monotonic() - began_s, is_json=is_json)

    def print_codes(
        self, config_path: Path, out: Path, *, opd: int, standing: Standing, address: str, is_json: bool
    ) -> None:
        """Write slips with one-time codes for the employees of an OPD, some of them at a time."""
        began_s, slips = time.monotonic(), []
        with self._ready(config_path) as (config, database):
            zone, now = ZoneInfo(config.timezone), self._now()
            today = now.astimezone(zone).date()
            with database.reading() as db:
                found = Directory(db, _EVERYBODY, today=today, now=now).all(
                    Wanted(opd=opd, standing=standing)
                )
            for first in range(0, len(found), CODES_AT_ONCE):
                some = found[first : first + CODES_AT_ONCE]
                with database.writing() as db:
                    handed = hand_out_codes(db, some, actor=self._operator, now=now)
                slips += [
                    code_slip(one, address, moment_text(one.until, zone, "id"))
                    for one in handed
                    if one.until is not None
                ]
            if not slips:
                raise InputError(f"no active employee of OPD {opd} is '{standing}'; nothing was printed")
            _write_private(out, draw_slips(slips, city=config.city))
        figures = {"codes": len(slips), "seconds": round(time.monotonic() - began_s, 1)}
        said = "{codes} codes, {seconds} s; good for 72 hours, kept nowhere else".format(**figures)
        click.echo(json.dumps(figures) if is_json else f"{out}: {said}")

    def print_badges(
        self, config_path: Path, out: Path, *, opd: int | None, until: date | None, is_json: bool
    ) -> None:
        """Write sheets for everybody who may have a badge; who has none that lasts gets a new one."""
        began_s = time.monotonic()
        with self._ready(config_path) as (config, database):
            keys, now = read_hub_keys(Path(config.signing_key)), self._now()
            today = now.astimezone(ZoneInfo(config.timezone)).date()
            with database.writing() as db:
                made = badges.badges_to_print(
                    db,
                    persons=badges.holders(db, opd=opd),
                    valid_until=until or today + badges.LONGEST,
                    hub_key=keys.badge_number,
                    today=today,
                    actor=self._operator,
                    now=now,
                )
                if not made:
                    raise InputError("no active employee is marked 'tanpa ponsel'; mark them first")
                cards = list(badges.printed(db, made, keys))
            # After the commit: nobody else should wait with writing while pages are drawn.
            printout = draw_sheets(str(out), cards, city=config.city)
        figures = {
            "badges": printout.cards,
            "pages": printout.pages,
            "seconds": round(time.monotonic() - began_s, 1),
            "peak_mib": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024,
        }
        said = "{badges} badges on {pages} pages, {seconds} s, {peak_mib} MiB at most".format(**figures)
        click.echo(json.dumps(figures) if is_json else f"{out}: {said}")


def people_commands(ready: ReadyDatabase, *, operator: str, now: Callable[[], datetime]) -> click.Group:
    """Return the group ``people``."""

    @click.group()
    def people() -> None:
        """Persons and their phone keys, for the doors."""

    @people.command("load")
    @config_option
    @click.argument("file", type=click.Path(path_type=Path, dir_okay=False))
    def load(config_path: Path, file: Path) -> None:
        """Add or change the persons that a file (TOML or JSON) names; the rest stays."""
        with ready(config_path) as (_config, database), database.writing() as db:
            loaded = f"{load_people(db, read_people(file), now())} persons"
            audit.append(db, at=now(), actor=operator, action="people.load", target=file.name, detail=loaded)
        click.echo(loaded)

    does = PeopleCommands(ready, operator=operator, now=now)
    for command in (_import_command(does, "import"), _codes_command(does), _badges_command(does)):
        people.add_command(command)
    return people


def staff_import_command(
    ready: ReadyDatabase, *, operator: str, now: Callable[[], datetime], name: str
) -> click.Command:
    """Return the import under another name, for groups where people look for it."""
    return _import_command(PeopleCommands(ready, operator=operator, now=now), name)


def _import_command(does: PeopleCommands, name: str) -> click.Command:
    @click.command(name)
    @config_option
    @click.argument("file", type=_FILE)
    @click.option("--dry-run", is_flag=True, help="Say every change and every bad row, and write nothing.")
    @click.option("--good-rows", is_flag=True, help="Leave bad rows out and write the others.")
    @_json_option
    def import_now(config_path: Path, file: Path, dry_run: bool, good_rows: bool, is_json: bool) -> None:
        """Add or change employees, OPDs and units from a CSV or XLSX."""
        does.import_staff(config_path, file, is_dry=dry_run, is_partial=good_rows, is_json=is_json)

    return import_now


def _codes_command(does: PeopleCommands) -> click.Command:
    standings = [
        str(standing)
        for standing in (Standing.WITHOUT, Standing.ACTIVE, Standing.REVOKED, Standing.NO_ACCOUNT)
    ]

    @click.command("codes")
    @config_option
    @click.option("--opd", type=click.IntRange(1, 65_535), required=True, help="For whose employees.")
    @click.option("--out", type=click.Path(path_type=Path, dir_okay=False), required=True, help="The PDF.")
    @click.option("--for", "standing", type=click.Choice(standings), default=standings[0], show_default=True)
    @click.option("--address", required=True, help="Where codes are typed, as https://…/hadir/ponsel/daftar.")
    @_json_option
    def codes_now(config_path: Path, opd: int, out: Path, standing: str, address: str, is_json: bool) -> None:
        """Print one-time codes for phones on slips; open codes of the same people die."""
        does.print_codes(
            config_path, out, opd=opd, standing=Standing(standing), address=address, is_json=is_json
        )

    return codes_now


def _badges_command(does: PeopleCommands) -> click.Command:
    @click.command("badges")
    @config_option
    @click.option("--opd", type=click.IntRange(1, 65_535), help="Of one OPD only.")
    @click.option("--out", type=click.Path(path_type=Path, dir_okay=False), required=True, help="The PDF.")
    @click.option("--until", type=click.DateTime(["%Y-%m-%d"]), help="Last day; 24 months by default.")
    @_json_option
    def badges_now(
        config_path: Path, opd: int | None, out: Path, until: datetime | None, is_json: bool
    ) -> None:
        """Print badges for employees without a phone on sheets of A4."""
        does.print_badges(config_path, out, opd=opd, until=until.date() if until else None, is_json=is_json)

    return badges_now


def _write_private(path: Path, data: bytes) -> None:
    """Write a file of secrets that only its owner may read."""
    descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    with os.fdopen(descriptor, "wb") as file:
        file.write(data)


def _refuse_mistakes(plan: Plan, *, is_allowed: bool) -> None:
    if plan.mistakes and not is_allowed:
        listed = "\n".join(f"baris {one.line}: {one.sentence}" for one in plan.mistakes)
        raise InputError(f"{listed}\n{len(plan.mistakes)} baris salah, tidak ada yang ditulis")


def _tell(plan: Plan, *, is_dry: bool, seconds: float, is_json: bool) -> None:
    figures = {
        "rows": len(plan.changes) + plan.unchanged + len({one.line for one in plan.mistakes}),
        "changed": len(plan.changes),
        "unchanged": plan.unchanged,
        "mistakes": len(plan.mistakes),
        "unnamed": len(plan.unnamed),
        "shortened": plan.shortened,
        **{str(kind): count for kind, count in plan.counts().items()},
        "seconds": round(seconds, 1),
    }
    if is_json:
        click.echo(json.dumps(figures))
        return
    for one in plan.mistakes:
        click.echo(f"baris {one.line}: {one.sentence}")
    counted = ", ".join(f"{count} {name}" for name, count in figures.items() if name != "seconds")
    click.echo(f"{'Would be' if is_dry else 'Done'}: {counted}; {seconds:.1f} s")
