"""Metrics: what Prometheus reads is true and well formed, and a stranger finds no such page."""

import re
import urllib.error
import urllib.request
from pathlib import Path

import msgspec
import pytest
from flask.testing import FlaskClient

from hub.backup.noting import RunKind, Took, note
from hub.config import HubConfig
from hub.errors import ConfigError
from hub.operating.metrics.guarding import MetricsGuard
from hub.operating.metrics.ingest import ingest_metrics
from hub.operating.metrics.requests import RequestCounts
from hub.operating.metrics.text import Family, exposed
from hub.upkeep import OperatingSettings
from tests.hub.screens import Screens, city, clock, make_config, screens
from tests.mosquitto import free_port

__all__ = ["city", "clock", "screens"]

TOKEN = "kunci-panjang-untuk-prometheus"
# A name, labels, a value: the three things of a line (Prometheus text format 0.0.4).
LINE = re.compile(r'([a-z_]+)(?:\{([a-z_]+="(?:[^"\\]|\\.)*"(?:,[a-z_]+="(?:[^"\\]|\\.)*")*)\})? (\S+)')


def parsed(text: str) -> dict[str, float]:
    found = {}
    for line in text.splitlines():
        if not line.startswith("#"):
            match = LINE.fullmatch(line)
            assert match, line
            found[f"{match[1]}{{{match[2]}}}" if match[2] else match[1]] = float(match[3])
    return found


def scrape(client: FlaskClient, address: str = "127.0.0.1", **headers: str) -> tuple[int, str]:
    answer = client.get("/metrics", environ_base={"REMOTE_ADDR": address}, headers=headers)
    return answer.status_code, answer.text


def test_numbers_of_the_hub_are_there_with_help_type_and_unit(city: Screens, tmp_path: Path) -> None:
    (tmp_path / "b").write_bytes(b"x" * 10)
    with city.database.writing() as db:
        note(db, RunKind.MADE, tmp_path / "b", Took(1, 2.5), actor="test", now=city.clock())
    client = city.stranger()
    client.get("/masuk")
    status, text = scrape(client)
    assert status == 200
    found = parsed(text)
    assert found['pontive_ingest_last_commit_timestamp_seconds{worker="0"}'] > 1_700_000_000
    assert found['pontive_ingest_records_total{worker="0"}'] > 0
    assert found['pontive_devices{state="online"}'] >= 1
    assert found["pontive_backup_size_bytes"] == 10
    assert found['pontive_process_resident_memory_bytes{role="web"}'] > 2**20
    assert found['pontive_web_requests_total{part="people",status="2xx"}'] == 1
    assert found["pontive_disk_free_bytes"] > 0
    for name in {key.partition("{")[0] for key in found}:
        family = re.sub(r"_(bucket|sum|count)$", "", name)
        assert f"# HELP {family} " in text
        assert f"# TYPE {family} " in text
        assert ("# TYPE " + family + " counter") not in text or family.endswith("_total")


def test_a_stranger_finds_no_such_page_and_a_token_opens_it(city: Screens, tmp_path: Path) -> None:
    client = city.stranger()
    missing = client.get("/tidak-ada").status_code
    assert scrape(client, "203.0.113.9")[0] == missing == 404
    (tmp_path / "token").write_text(TOKEN + "\n")
    guard = MetricsGuard(
        OperatingSettings(metrics_from=("10.1.0.0/16",), metrics_token_file=str(tmp_path / "token"))
    )
    assert guard.lets_in("203.0.113.9", f"Bearer {TOKEN}")
    assert guard.lets_in("10.1.2.3", "")
    assert not guard.lets_in("10.1.2.3", "Bearer wrong")
    assert not guard.lets_in("127.0.0.1", "")
    assert not guard.lets_in("::1", "")
    assert not guard.lets_in("nonsense", "Basic x")


def test_settings_that_cannot_be_used_are_named(tmp_path: Path) -> None:
    (tmp_path / "short").write_text("abc")
    for settings, words in (
        (OperatingSettings(metrics_from=("10.1",)), "write it as"),
        (OperatingSettings(metrics_token_file=str(tmp_path / "no")), "No such file"),
        (OperatingSettings(metrics_token_file=str(tmp_path / "short")), "20 letters"),
    ):
        with pytest.raises(ConfigError, match=words):
            MetricsGuard(settings)


def test_the_text_escapes_and_orders_as_the_format_asks() -> None:
    odd = Family("pontive_odd", "gauge", "A \\ and\na line")
    odd.add(1.5, label='a"b\\c\nd')
    odd.add(float("-inf"))
    assert exposed([odd, Family("pontive_none", "gauge", "x")]) == (
        "# HELP pontive_odd A \\\\ and\\na line\n# TYPE pontive_odd gauge\n"
        'pontive_odd{label="a\\"b\\\\c\\nd"} 1.5\npontive_odd -Inf\n'
    )


def test_durations_are_counted_up_to_each_bound() -> None:
    counts = RequestCounts()
    for took_s in (0.001, 0.03, 9.0):
        counts.note("wall", 200, took_s)
    counts.note("wall", 503, 0.2)
    found = parsed(exposed(counts.families()))
    assert found['pontive_web_request_duration_seconds_bucket{part="wall",le="0.05"}'] == 2
    assert found['pontive_web_request_duration_seconds_bucket{part="wall",le="+Inf"}'] == 4
    assert found['pontive_web_request_duration_seconds_count{part="wall"}'] == 4
    assert found['pontive_web_requests_total{part="wall",status="5xx"}'] == 1


@pytest.fixture
def metrics_config(city: Screens) -> HubConfig:
    return make_config(city.folder)


def test_ingest_answers_for_itself_on_a_port_of_its_own(city: Screens, metrics_config: HubConfig) -> None:
    with ingest_metrics(metrics_config, city.database, 0) as nowhere:
        assert nowhere is None
    port = free_port() - 2
    operating = msgspec.structs.replace(metrics_config.operating, ingest_metrics_port=port)
    config = msgspec.structs.replace(metrics_config, operating=operating)
    with ingest_metrics(config, city.database, 2) as listening:
        assert listening == port + 2
        with urllib.request.urlopen(f"http://127.0.0.1:{listening}/metrics") as answer:
            assert 'pontive_process_cpu_seconds_total{role="ingest-2"}' in parsed(answer.read().decode())
        with pytest.raises(urllib.error.HTTPError, match="404") as refused:
            urllib.request.urlopen(f"http://127.0.0.1:{listening}/other")
        refused.value.close()
