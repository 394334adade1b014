"""``pontive-hub inventory``: check, load and export tables; the example of 147 cameras."""

from collections.abc import Callable
from datetime import date, datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import click
from sqlalchemy import select
from sqlalchemy.orm import Session

from hub.command_line import ReadyDatabase, config_option
from hub.config import HubConfig
from hub.errors import InputError
from hub.places.areas import load_areas
from hub.places.importing.apply import apply_plan
from hub.places.importing.export import cells_of, inventory_workbook, tables_on_duty
from hub.places.importing.files import Upload, read_files
from hub.places.importing.known import read_known
from hub.places.importing.plan import Plan, make_plan
from hub.places.importing.sample import sample_tables
from hub.places.importing.tables import LAYOUTS, InventoryTables
from hub.places.models import CameraOwner
from hub.web.files.tables import csv_text

_FILE = click.Path(path_type=Path, dir_okay=False, exists=True)


def inventory_commands(ready: ReadyDatabase, *, operator: str, now: Callable[[], datetime]) -> click.Group:
    """Return the commands.

    Args:
        ready: Opens the configured database.
        operator: Whose name stands in the audit chain.
        now: The clock, aware UTC.
    """
    desk = _Desk(ready, operator=operator, now=now)

    @click.group()
    def inventory() -> None:
        """Points, devices, cameras, doors and sensors as CSV or XLSX."""

    @inventory.command("check")
    @config_option
    @click.argument("files", type=_FILE, nargs=-1, required=True)
    def check(config_path: Path, files: tuple[Path, ...]) -> None:
        """Say what files would change, and every bad row; change nothing."""
        desk.load(config_path, files, retires=False, is_dry=True)

    @inventory.command("load")
    @config_option
    @click.argument("files", type=_FILE, nargs=-1, required=True)
    @click.option(
        "--retire-others", "retires", is_flag=True, help="What the files do not name goes off duty."
    )
    def load(config_path: Path, files: tuple[Path, ...], retires: bool) -> None:
        """Write what files say: all of it, or with one bad row nothing."""
        desk.load(config_path, files, retires=retires, is_dry=False)

    @inventory.command("export")
    @config_option
    @click.argument("target", type=click.Path(path_type=Path))
    def export(config_path: Path, target: Path) -> None:
        """Write the inventory to an .xlsx file, or to a folder of CSV files."""
        desk.export(config_path, target)

    @inventory.command("sample")
    @click.argument("target", type=click.Path(path_type=Path))
    def sample(target: Path) -> None:
        """Write the example, 147 cameras at 51 points, to an .xlsx file or a folder of CSV files."""
        _write(sample_tables(), target)

    return inventory


class _Desk:
    def __init__(self, ready: ReadyDatabase, *, operator: str, now: Callable[[], datetime]) -> None:
        self._ready, self._operator, self._now = ready, operator, now

    def load(self, config_path: Path, files: tuple[Path, ...], *, retires: bool, is_dry: bool) -> None:
        uploads = [Upload(file.name, file.read_bytes()) for file in files]
        with self._ready(config_path) as (config, database):
            other = next((file for file in files if file.suffix in {".toml", ".json"}), None)
            if other is not None:
                raise InputError(f"{other.name}: untuk TOML dan JSON pakai 'pontive-hub places load'")
            today = self._today(config)
            with database.reading() if is_dry else database.writing() as db:
                tables = read_files(uploads, known_owners=db.scalars(select(CameraOwner.owner).distinct()))
                plan = self._plan(db, tables, today)
                _tell(plan)
                if plan.mistakes:
                    raise InputError(f"{len(plan.mistakes)} baris salah; tidak ada yang ditulis")
                if not is_dry:
                    names = ", ".join(file.name for file in files)
                    self._apply(db, tables, plan, names, retires=retires, today=today)
        click.echo("diperiksa; tidak ada yang ditulis" if is_dry else "ditulis")

    def export(self, config_path: Path, target: Path) -> None:
        with self._ready(config_path) as (config, database), database.reading() as db:
            tables = tables_on_duty(read_known(db, self._today(config)))
        _write(tables, target)

    def _plan(self, db: Session, tables: InventoryTables, today: date) -> Plan:
        return make_plan(tables, read_known(db, today), today)

    def _apply(
        self, db: Session, tables: InventoryTables, plan: Plan, names: str, *, retires: bool, today: date
    ) -> None:
        load_areas(db)
        apply_plan(
            db,
            tables,
            plan,
            read_known(db, today),
            retires=retires,
            file_name=names,
            today=today,
            actor=self._operator,
            now=self._now(),
        )

    def _today(self, config: HubConfig) -> date:
        return self._now().astimezone(ZoneInfo(config.timezone)).date()


def _tell(plan: Plan) -> None:
    for bad in plan.mistakes:
        cell = f" {bad.column}" if bad.column else ""
        shown = f" {bad.value!r}" if bad.value else ""
        click.echo(f"{bad.table} baris {bad.line}{cell}{shown}: {bad.remedy}", err=True)
    for change in (*plan.changes, *plan.gone):
        fields = "; ".join(f"{one.name}: {one.was or '-'} -> {one.becomes or '-'}" for one in change.fields)
        click.echo(f"{change.action} {change.kind} {change.address}{f' ({fields})' if fields else ''}")
    counted = ", ".join(f"{count} {action}" for action, count in plan.counts().items())
    click.echo(f"{counted or 'nothing'}; {plan.unchanged} unchanged")


def _write(tables: InventoryTables, target: Path) -> None:
    if target.suffix == ".xlsx":
        target.write_bytes(inventory_workbook(tables))
        click.echo(f"{target}: {tables.rows} baris")
        return
    if target.suffix:
        raise click.UsageError(f"{target}: beri nama .xlsx, atau sebuah folder untuk berkas CSV")
    target.mkdir(parents=True, exist_ok=True)
    for kind, rows in cells_of(tables).items():
        if rows:
            path = target / f"{kind}.csv"
            path.write_text(csv_text(LAYOUTS[kind].columns, rows), "utf-8", newline="")
            click.echo(f"{path}: {len(rows)} baris")
