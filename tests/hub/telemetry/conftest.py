"""A real server for the mirror."""

import shutil
import subprocess
import urllib.request
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.hub.telemetry.waiting import until
from tests.mosquitto import free_port


@pytest.fixture
def victoria(tmp_path: Path) -> Iterator[str]:
    """A fresh VictoriaMetrics; its address."""
    program = shutil.which("victoria-metrics")
    if program is None:
        pytest.skip("VictoriaMetrics is not installed (apt-get install victoria-metrics)")
    port = free_port()
    with (tmp_path / "victoria.log").open("wb") as log:
        server = subprocess.Popen(
            [
                program,
                f"-storageDataPath={tmp_path / 'victoria'}",
                f"-httpListenAddr=127.0.0.1:{port}",
                "-retentionPeriod=100y",
                "-dedup.minScrapeInterval=1ms",
                "-search.latencyOffset=0s",
                "-memory.allowedBytes=128MB",
            ],
            stdout=log,
            stderr=log,
        )
    try:
        until(lambda: is_healthy(port))
        yield f"http://127.0.0.1:{port}"
    finally:
        server.terminate()
        server.wait()


def is_healthy(port: int) -> bool:
    try:
        with urllib.request.urlopen(f"http://127.0.0.1:{port}/health", timeout=60) as answer:
            return bool(answer.read() == b"OK")
    except OSError:
        return False
