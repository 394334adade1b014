"""A device without a network, a phone, and the real hub over HTTP: enrolled, and the Wi-Fi is gone."""

import http.client
import re
import threading
import time
import urllib.parse
from collections.abc import Iterator
from pathlib import Path

import pytest
from werkzeug.serving import make_server

from edge.config_file import load_config
from edge.setup_by_phone.command import run_by_phone
from edge.setup_by_phone.simulated import PlayedNetwork, SimulatedRadio
from hub.enrolment.models import DeviceClaim
from tests.hub.enrolment.conftest import Office
from tests.mosquitto import free_port

PATIENCE_S = 240.0
WIFI = {"cara": "wifi", "nama": "Titik Jawi", "sandi": "kapal-layar"}


@pytest.fixture
def hub_address(office: Office) -> Iterator[str]:
    server = make_server("127.0.0.1", 0, office.screens.app, threaded=True)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    thread.join()
    server.server_close()


def ask(port: int, method: str = "GET", fields: dict[str, str] | None = None) -> tuple[int, str]:
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=60)
    try:
        kind = {"Content-Type": "application/x-www-form-urlencoded"} if fields else {}
        connection.request(method, "/", urllib.parse.urlencode(fields or {}), kind)
        with connection.getresponse() as answer:
            return answer.status, answer.read().decode()
    finally:
        connection.close()


def until(port: int, words: str) -> str:
    ends_at_s = time.monotonic() + PATIENCE_S
    text = ""
    while time.monotonic() < ends_at_s:
        try:
            if words in (text := ask(port)[1]):
                return text
        except OSError:
            pass
        time.sleep(0.05)
    raise AssertionError(f"the page never said {words!r}: {text}")


def post(port: int, fields: dict[str, str]) -> None:
    found = re.search(r'name="token" value="([^"]+)"', until(port, 'name="token"'))
    assert found is not None
    assert ask(port, "POST", {"token": found[1], **fields})[0] == 303


def test_without_a_network_a_phone_brings_the_device_into_the_city(
    office: Office, hub_address: str, tmp_path: Path, monkeypatch
) -> None:
    monkeypatch.setattr("edge.setup_by_phone.session.LEAVE_S", 0.0)
    radio, port, said = SimulatedRadio(PlayedNetwork("Titik Jawi", "kapal-layar")), free_port(), []
    config = tmp_path / "data" / "edge.toml"
    thread = threading.Thread(
        target=lambda: said.append(
            run_by_phone(
                config,
                radio=radio,
                claim_path=None,
                label_folder=tmp_path,
                for_s=PATIENCE_S,
                address="127.0.0.1",
                ports=(port, free_port()),
            )
        )
    )
    thread.start()
    code = office.code("pi-jawi-9")
    expired = office.code("pi-jawi-8")
    with office.screens.database.writing() as db:
        claim = db.query(DeviceClaim).filter_by(id=expired.id).one()
        claim.expires_at = office.screens.clock()
    until(port, "Titik Jawi")
    assert radio.point is not None
    for typed, words in (
        ({**WIFI, "hub": "http://127.0.0.1:1", "kode": str(code)}, "hub tidak menjawab"),
        ({**WIFI, "hub": f"{hub_address}/v", "kode": str(code)}, "bukan sebagai hub"),
        ({**WIFI, "hub": hub_address, "kode": str(expired)}, "Hub menolak: "),
    ):
        post(port, typed)
        until(port, words)
    post(port, {**WIFI, "hub": hub_address, "kode": str(code)})
    thread.join(PATIENCE_S)
    assert said[0].startswith("pi-jawi-9 di ")
    assert load_config(config).device == "pi-jawi-9"
    assert radio.point is None, "the access point is gone"
    with pytest.raises(OSError, match="refused"):
        ask(port)
