"""The Open311 client of PyPI (georeport) against the real server in a process of its own."""

import os
import subprocess
import sys
import time
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest
import requests
from georeport import GeoReport

from tests.mosquitto import free_port

START_S = 240.0
HOLE = {"service_code": "jalan", "lat": "0.0", "long": "109.322", "description": "Lubang besar di jalan"}


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The address of a hub that serves."""
    folder, port = tmp_path_factory.mktemp("georeport"), free_port()
    (folder / "hub.toml").write_text(
        f'database = "sqlite:///{folder}/hub.db"\nfolder = "{folder}"\nsecret_file = "{folder}/web.secret"\n'
        f'[web]\nhost = "127.0.0.1"\nport = {port}\ntrusted_hosts = ["127.0.0.1"]\n'
    )
    command = [sys.executable, "-m", "hub.cli"]
    root = Path(__file__).parents[5]
    run = {"cwd": root, "env": os.environ | {"PYTHONPATH": str(root)}}
    subprocess.run([*command, "migrate", "--config", str(folder / "hub.toml")], check=True, **run)
    log = (folder / "log").open("wb")
    process = subprocess.Popen(
        [*command, "web", "--config", str(folder / "hub.toml")], stdout=log, stderr=log, **run
    )
    address = f"http://127.0.0.1:{port}/open311/v2"
    try:
        _wait_for(address, process, folder / "log")
        yield address
    finally:
        process.terminate()
        process.wait(timeout=240)
        log.close()


def _wait_for(address: str, process: subprocess.Popen[bytes], log: Path) -> None:
    until = time.monotonic() + START_S
    while time.monotonic() < until:
        assert process.poll() is None, log.read_text("utf-8")
        try:
            requests.get(f"{address}/services.json", timeout=120).raise_for_status()
        except requests.RequestException:
            time.sleep(0.2)
            continue
        return
    pytest.fail(log.read_text("utf-8"))


def test_the_client_reads_what_another_program_filed_in_both_formats(server: str) -> None:
    with requests.post(f"{server}/requests.json", data=HOLE, timeout=60) as answer:
        answer.raise_for_status()
        [filed] = answer.json()
    with requests.post(f"{server}/requests.xml", data=HOLE | {"service_code": "lampu"}, timeout=60) as answer:
        answer.raise_for_status()
    number = filed["service_request_id"]
    for form in ("json", "xml"):
        client = GeoReport(server, output_format=form)
        codes = {one["service_code"] for one in client.get_service_list()}
        assert {"jalan", "lampu"} <= codes
        definition = client.get_service_definition("jalan")
        assert definition["service_code"] == "jalan"
        one = client.get_service_request(number)
        assert (one["service_request_id"], one["status"]) == (number, "open")
        assert datetime.fromisoformat(one["requested_datetime"]).astimezone(UTC).year >= 2026
        listed = client.get_service_requests(status="open")
        assert number in {each["service_request_id"] for each in listed}
        with pytest.raises(requests.HTTPError) as caught:
            client.get_service_request("PGD-1999-000001")
        assert caught.value.response.status_code == 404
