"""``pontive-hub breach-report``: whose data were touched since a moment."""

import json
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import click

from hub.breach.report import NOTICE_WITHIN, Report, Whose, touched
from hub.breach.table import HEADER, rows_of
from hub.command_line import ReadyDatabase, config_option
from hub.people import audit
from hub.web.files.tables import csv_text

_CSV = click.Path(path_type=Path, dir_okay=False)
_MOMENT = click.DateTime(("%Y-%m-%d", "%Y-%m-%dT%H:%M", "%Y-%m-%dT%H:%M:%S"))


def breach_command(ready: ReadyDatabase, *, operator: str, now: Callable[[], datetime]) -> click.Command:
    """Return the command, on a database that ``ready`` opens; ``operator`` is who the audit names."""

    @click.command("breach-report")
    @config_option
    @click.option("--since", type=_MOMENT, required=True, help="The city's time, as 2026-11-20T08:00.")
    @click.option("--until", type=_MOMENT, help="The first moment that is not asked about; else now.")
    @click.option("--account", default="", help="Only what this account did.")
    @click.option("--csv", "csv_path", type=_CSV, help="A file to write.")
    @click.option("--json", "is_json", is_flag=True, help="Answer for a program.")
    def breach_report(
        config_path: Path,
        since: datetime,
        until: datetime | None,
        account: str,
        csv_path: Path | None,
        is_json: bool,
    ) -> None:
        """Say whose data were touched, by whom and when: for notices within 3 x 24 hours (UU 27/2022)."""
        with ready(config_path) as (config, database), database.writing() as db:
            zone = ZoneInfo(config.timezone)
            begin = since.replace(tzinfo=zone)
            end = until.replace(tzinfo=zone) if until is not None else now()
            report = touched(db, since=begin, until=end, account=account)
            span = f"{begin.astimezone(UTC):%Y-%m-%dT%H:%MZ}..{end.astimezone(UTC):%Y-%m-%dT%H:%MZ}"
            audit.append(
                db, at=now(), actor=operator, action="breach.report", target=account or "all", detail=span
            )
        rows = rows_of(report, zone, str)
        if csv_path is not None:
            csv_path.touch(mode=0o600)
            csv_path.write_text(csv_text(HEADER, rows), "utf-8", newline="")
        if is_json:
            click.echo(json.dumps([dict(zip(HEADER, row, strict=True)) for row in rows]))
        else:
            _tell(report)

    return breach_report


def _tell(report: Report) -> None:
    citizens, employees = report.count(Whose.CITIZEN), report.count(Whose.EMPLOYEE)
    click.echo(f"{citizens} citizens and {employees} employees in {len(report.touches)} acts")
    for one in report.touches:
        click.echo(f"{one.at:%Y-%m-%d %H:%M}Z {one.actor} {one.action} {one.target} {one.name}".rstrip())
    hours = NOTICE_WITHIN.total_seconds() / 3600
    click.echo(f"Pages that were only opened are not noted. Notices are due within {hours:.0f} hours.")
