"""What a simulated city is given to look at: once, marked as examples, and never over what is there."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

from click.testing import CliRunner
from sqlalchemy import delete, select

from edge.wire.records.bodies import GaugeReading, GaugeState
from hub.cctv.commands import camera_commands
from hub.cctv.events.models import WaterMark
from hub.cctv.findings.models import Billboard, Finding, FindingStep
from hub.cctv.traffic.twin import expected
from hub.config import HubConfig
from hub.db import Database
from hub.people.models import Account
from hub.people.permissions import Role
from hub.shifts.commands import shift_commands
from hub.shifts.models import Shift, ShiftEntry
from tests.hub.screens import START, Screens, make_config


def run(city: Screens, name: str) -> str:
    """Run ``examples`` of a group of commands."""

    @contextmanager
    def ready(_path: Path) -> Iterator[tuple[HubConfig, Database]]:
        yield make_config(city.folder), city.database

    group = {"cctv": camera_commands, "shifts": shift_commands}[name](ready, now=city.clock)
    result = CliRunner().invoke(group, ["examples"])
    assert result.exit_code == 0, result.output
    return result.output


def empty_room(city: Screens) -> None:
    with city.database.writing() as db:
        for table in (Billboard, FindingStep, Finding, ShiftEntry, Shift):
            db.execute(delete(table))


def test_an_empty_room_gets_findings_marks_and_a_past_once(city: Screens) -> None:
    empty_room(city)
    reading = GaugeReading(camera="utara", gauge="papan", state=GaugeState.READ, level_m=1.1)
    city.city.say("pi-jawi", reading, at=city.clock())
    said = run(city, "cctv")
    # The crossing's northern arm has a past of its own; two other lines have none.
    assert f"{2 * (28 * 24 + 24)} hours of counts, 1 water marks, 3 findings" in said
    with city.database.reading() as db:
        findings = db.scalars(select(Finding)).all()
        assert {finding.state for finding in findings} == {"new", "sent"}
        assert all(finding.note.startswith("contoh") for finding in findings)
        assert db.scalars(select(WaterMark)).one().level_m == 1.3
    assert "0 hours of counts, 0 water marks, 0 findings" in run(city, "cctv")
    page = city.signed_in(Role.OPERATOR).get("/lalu-lintas/pi-jawi/selatan").get_data(as_text=True)
    assert "terlalu sedikit" not in page


def test_a_still_whose_file_is_gone_is_passed_over(city: Screens) -> None:
    empty_room(city)
    for path in (city.folder / "stills").rglob("*.jpg"):
        path.unlink()
    assert "0 findings" in run(city, "cctv")


def test_a_hub_without_accounts_gets_nothing(screens: Screens) -> None:
    assert "no account yet" in run(screens, "cctv")
    assert "0 entries" in run(screens, "shifts")


def test_a_shift_is_begun_where_there_is_none(city: Screens) -> None:
    assert "0 entries" in run(city, "shifts")
    empty_room(city)
    assert "3 entries" in run(city, "shifts")
    with city.database.reading() as db:
        assert db.scalars(select(Shift)).one().running == 1
        assert db.scalars(select(Account)).first() is not None


def test_the_invented_day_has_two_rushes_and_a_calm_sunday() -> None:
    monday = START.astimezone(ZoneInfo("Asia/Pontianak")).replace(hour=0, minute=0) + timedelta(days=2)
    day = [expected(monday + timedelta(hours=hour)) for hour in range(24)]
    assert day[7] > 2 * day[12] > 4 * day[3]
    assert day[16] > 2 * day[12]
    assert expected(monday - timedelta(days=1) + timedelta(hours=7)) < day[7]
