"""``pontive-hub cctv``: what a simulated city is given to look at."""

from collections.abc import Callable
from datetime import datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import click
from sqlalchemy import select
from sqlalchemy.orm import Session

from hub.cctv.findings.desk import FindingDesk
from hub.cctv.findings.examples import add_findings, add_water_marks
from hub.cctv.findings.kinds import read_rules
from hub.cctv.traffic.twin import pretend_past
from hub.command_line import ReadyDatabase, config_option
from hub.config import HubConfig
from hub.people.models import Account
from hub.people.sessions import Viewer
from hub.telemetry.tables import TableTelemetry


def camera_commands(ready: ReadyDatabase, *, now: Callable[[], datetime]) -> click.Group:
    """Return the commands, on a database that ``ready`` opens."""

    @click.group()
    def cctv() -> None:
        """Cameras: examples for a simulated city."""

    @cctv.command("examples")
    @config_option
    def examples(config_path: Path) -> None:
        """Add a past of counts, water marks and findings where there are none, all of them contoh."""
        with ready(config_path) as (config, database), database.writing() as db:
            click.echo(add_examples(config, db, now()))

    return cctv


def add_examples(config: HubConfig, db: Session, at: datetime) -> str:
    """Add all examples and return what was added, in words."""
    who = db.scalars(select(Account).order_by(Account.id)).first()
    if who is None:
        return "no account yet: nothing was added"
    zone, folder = ZoneInfo(config.timezone), Path(config.folder)
    viewer = Viewer(
        account_id=who.id,
        name=who.name,
        display_name=who.display_name,
        session_id=0,
        permissions=frozenset(),
        must_change_password=False,
        is_seen_due=False,
    )
    desk = FindingDesk(db, who=viewer, now=at, zone=zone, folder=folder, rules=read_rules())
    hours = pretend_past(db, TableTelemetry(db), now=at.astimezone(zone), seed=1)
    marks = add_water_marks(db, who=who, now=at)
    found = add_findings(db, folder, desk, who=who, now=at)
    return f"{hours} hours of counts, {marks} water marks, {found} findings (contoh)"
