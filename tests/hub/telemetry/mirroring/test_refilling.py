"""A mirror that lost everything comes back from committed rows, hot and sealed, on a real server."""

import json
import urllib.parse
import urllib.request
from datetime import UTC, datetime, timedelta
from pathlib import Path

from click.testing import CliRunner

from hub.cli import main
from hub.config import load_config
from hub.db import Database
from hub.telemetry.store import Channel, Reading, ms_of_instant
from hub.telemetry.tables import TableTelemetry
from tests.hub.backup.small_hub import make_hub
from tests.hub.telemetry.waiting import until
from tests.mosquitto import free_port

BEGIN = datetime(2026, 11, 19, 22, tzinfo=UTC)
Points = dict[str, dict[int, float]]


def exported(url: str) -> Points:
    query = urllib.parse.urlencode({"match[]": '{device!=""}', "reduce_mem_usage": 1})
    found: Points = {}
    with urllib.request.urlopen(f"{url}/api/v1/export?{query}", timeout=120) as answer:
        for line in answer.read().splitlines():
            series = json.loads(line)
            points = dict(zip(series["timestamps"], series["values"], strict=True))
            found.setdefault(str(series["metric"]), {}).update(points)
    return found


def fill(database: Database) -> int:
    """Four hours on both sides of a midnight, two devices; the first day is sealed."""
    channels = [Channel(f"pi-{n}", "cam-1", ("motion_share", "lines")) for n in range(2)]
    rows = [
        Reading(channel, (at := ms_of_instant(BEGIN) + 600_000 * n), n, (n / 8, float(n)), at)
        for channel in channels
        for n in range(24)
    ]
    with database.writing() as db:
        TableTelemetry(db).append(rows)
    with database.writing() as db:
        assert TableTelemetry(db).seal((BEGIN + timedelta(days=1)).date())
    return 2 * len(rows)


def test_every_reading_is_written_again_and_twice_is_once(tmp_path: Path, victoria: str) -> None:
    hub = make_hub(tmp_path / "hub", word="x")

    def rebuild() -> tuple[int, str]:
        result = CliRunner().invoke(main, ["rebuild", "mirror", "--config", str(hub)])
        return result.exit_code, result.output

    assert "hub.toml names none" in rebuild()[1]
    hub.write_text(f'{hub.read_text()}[mirror]\nurl = "http://127.0.0.1:{free_port()}"\n')
    database = Database(load_config(hub).database)
    lines = fill(database)
    database.close()
    code, said = rebuild()
    assert code == 1
    assert "start again when it answers" in said
    hub.write_text(hub.read_text().rpartition("url")[0] + f'url = "{victoria}"\n')
    for _ in range(2):
        assert rebuild() == (0, f"mirror: {lines} rows in 2 steps\n")
        until(lambda: sum(len(points) for points in exported(victoria).values()) >= lines)
    found = exported(victoria)
    assert len(found) == 4
    wanted = {ms_of_instant(BEGIN) + 600_000 * n: n / 8 for n in range(24)}
    assert [points for name, points in found.items() if "motion_share" in name] == [wanted, wanted]
