"""What a mirror throws away is noticed."""

import pytest

from hub.telemetry.mirroring.mirror import InfluxSink
from hub.telemetry.mirroring.watch import WATCHED, MirrorWatch, read_metrics, thrown_away
from tests.hub.telemetry.waiting import until
from tests.mosquitto import free_port

INVALID, OLD, AHEAD = WATCHED


def test_counters_are_read_from_the_servers_text() -> None:
    text = f"# comment\n{INVALID} 3\nvm_other 9\n{AHEAD} 1.5e2\n"
    assert thrown_away(text) == {INVALID: 3.0, AHEAD: 150.0}


def test_only_a_rise_is_said(caplog: pytest.LogCaptureFixture) -> None:
    texts = [f"{OLD} 7", f"{OLD} 7", "", f"{OLD} 9", f"{OLD} 1", f"{OLD} 2"]
    watch = MirrorWatch(read=lambda: texts.pop(0))
    assert [watch.look() for _ in range(6)] == [{}, {}, {}, {OLD: 2.0}, {}, {OLD: 1.0}]
    assert caplog.text.count("threw 2 points away") == 1


def test_a_server_that_is_not_there_shows_nothing() -> None:
    assert read_metrics(f"http://127.0.0.1:{free_port()}") == ""


def test_a_real_server_that_answers_success_and_stores_nothing_is_found_out(victoria: str) -> None:
    watch = MirrorWatch(read=lambda: read_metrics(victoria))
    watch.look()
    sink = InfluxSink(url=victoria, token="", org="o", bucket="b")
    far_ahead_ms = 4_000_000_000_000
    sink.write([f"telemetry,device=pi-01 load=1 {far_ahead_ms}"])
    sink.close()
    risen: dict[str, float] = {}
    until(lambda: bool(risen.update(watch.look()) or risen))
    assert risen == {AHEAD: 1.0}
