"""The page's server on this machine: what it gives, what it takes, whom it refuses."""

import http.client
import json
import logging
import socket
from collections.abc import Iterator
from pathlib import Path

import pytest

from edge.clock import SettableClock
from edge.config import DoorSettings, EdgeConfig, KioskSettings, OutboxSettings
from edge.hadir.kiosk.kiosk import Kiosk, open_kiosk
from edge.hadir.kiosk.server import _MOST_STREAMS
from edge.supervision.messages import PinTyped, Told, Witnessed
from edge.wire.messages import Desired

Touched = tuple[str, PinTyped | Witnessed]


def no_document(_desired: Desired) -> bytes:
    raise AssertionError("nothing is unsealed here")


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def kiosk_of(folder: Path, port: int, touched: list[Touched], *, doors: int = 1) -> Kiosk:
    config = EdgeConfig(
        device="pi-1",
        outbox=OutboxSettings(path=str(folder / "outbox.db")),
        doors=tuple(DoorSettings(id=f"pintu-{n}", source="test") for n in range(1, doors + 1)),
        kiosk=KioskSettings(port=port),
    )
    return open_kiosk(
        config,
        clock=SettableClock(),
        unseal=no_document,
        waiting=lambda: None,
        workers=lambda: (),
        touched=lambda door, message: touched.append((door, message)),
    )


class Screen:
    """A kiosk that runs, and what was touched on it."""

    def __init__(self, folder: Path) -> None:
        self.port = free_port()
        self.touched: list[Touched] = []
        self.kiosk = kiosk_of(folder, self.port, self.touched)
        self.kiosk.start()

    def ask(
        self, method: str, path: str, body: str = "", **headers: str
    ) -> tuple[http.client.HTTPResponse, bytes]:
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=120)
        named = {name.replace("_", "-"): value for name, value in headers.items()}
        connection.request(method, path, body.encode() or None, named)
        answer = connection.getresponse()
        content = answer.read()
        connection.close()
        return answer, content

    def post(self, path: str, body: str, **headers: str) -> int:
        return self.ask("POST", path, body, **{"Content_Type": "application/json", **headers})[0].status

    def stream(self) -> http.client.HTTPResponse:
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=120)
        connection.request("GET", "/pintu-1/events")
        return connection.getresponse()


@pytest.fixture
def screen(tmp_path: Path) -> Iterator[Screen]:
    screen = Screen(tmp_path)
    yield screen
    screen.kiosk.stop()


def next_event(answer: http.client.HTTPResponse) -> dict[str, object]:
    while not (line := answer.readline()).startswith(b"data: "):
        assert line, "the stream ended"
    event = json.loads(line.removeprefix(b"data: "))
    assert isinstance(event, dict)
    return event


def test_the_page_and_its_files_are_there_and_run_nothing_else(screen: Screen) -> None:
    for path, kind in (
        ("/pintu-1", "text/html"),
        ("/page/kiosk.js", "text/javascript"),
        ("/page/kiosk.css", "text/css"),
    ):
        answer, content = screen.ask("GET", path)
        assert answer.status == 200
        assert answer.headers["Content-Type"].startswith(kind)
        assert "default-src 'none'" in answer.headers["Content-Security-Policy"]
        assert content
    assert b"http://" not in screen.ask("GET", "/pintu-1")[1]


def test_the_address_alone_leads_to_the_first_door(screen: Screen) -> None:
    answer, _ = screen.ask("GET", "/")
    assert (answer.status, answer.headers["Location"]) == (302, "/pintu-1")
    assert screen.kiosk.url.endswith(f":{screen.port}/pintu-1")


@pytest.mark.parametrize(
    "path", ["/another", "/another/events", "/page/secret.py", "/page/../server.py", "/pintu-1/x"]
)
def test_there_is_nothing_else(screen: Screen, path: str) -> None:
    assert screen.ask("GET", path)[0].status == 404


def test_another_name_for_this_machine_is_a_page_elsewhere(screen: Screen) -> None:
    assert screen.ask("GET", "/pintu-1", Host="evil.example")[0].status == 421
    assert screen.post("/pintu-1/pin", '{"digits":"4821"}', Host="evil.example") == 421
    assert screen.touched == []


def test_pictures_come_as_they_change_and_a_sign_of_life_between(screen: Screen) -> None:
    answer = screen.stream()
    assert answer.headers["Content-Type"] == "text/event-stream"
    first = next_event(answer)
    assert first["notice"] is None
    assert isinstance(first["now_ms"], int)
    screen.kiosk.desk.hear("pintu-1", Told("E06", "Kode tidak sah."))
    while (event := next_event(answer))["notice"] is None:
        continue
    assert event["notice"]["text"] == "Kode tidak sah."  # type: ignore[index]  # JSON
    assert next_event(answer)["notice"] == event["notice"]
    answer.close()


def test_more_pages_than_a_device_has_are_refused(screen: Screen) -> None:
    pages = [screen.stream() for _ in range(_MOST_STREAMS)]
    assert all(page.status == 200 for page in pages)
    assert screen.stream().status == 503
    for page in pages:
        page.close()


def test_a_pin_and_the_guards_word_go_to_the_door_and_not_to_the_log(
    screen: Screen, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    assert screen.post("/pintu-1/pin", '{"digits":"4821"}') == 204
    assert screen.post("/pintu-1/witness", "{}") == 204
    assert screen.touched == [("pintu-1", PinTyped("4821")), ("pintu-1", Witnessed())]
    assert "4821" not in caplog.text
    assert "4821" not in repr(screen.touched)


@pytest.mark.parametrize(
    ("path", "body", "status"),
    [
        ("/pintu-1/pin", '{"digits":"123"}', 422),
        ("/pintu-1/pin", '{"digits":"1234567"}', 422),
        ("/pintu-1/pin", '{"digits":"12a4"}', 422),
        ("/pintu-1/pin", '{"digits":"١٢٣٤"}', 422),
        ("/pintu-1/pin", "not json", 422),
        ("/pintu-1/pin", '{"digits":"' + "1" * 300 + '"}', 415),
        ("/pintu-1/other", "{}", 404),
        ("/another/pin", '{"digits":"4821"}', 404),
    ],
)
def test_nonsense_reaches_no_door(screen: Screen, path: str, body: str, status: int) -> None:
    assert screen.post(path, body) == status
    assert screen.touched == []


def test_a_form_of_another_site_is_not_taken(screen: Screen) -> None:
    answer, _ = screen.ask("POST", "/pintu-1/pin", "digits=4821", Content_Type="text/plain")
    assert answer.status == 415
    assert screen.touched == []


def test_a_port_that_is_taken_is_said_and_the_device_goes_on(
    screen: Screen, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    second = kiosk_of(tmp_path, screen.port, [])
    second.start()
    assert second.url == ""
    assert f"kiosk.port {screen.port}" in caplog.text
    second.stop()


def test_a_device_without_doors_or_port_serves_nothing(tmp_path: Path) -> None:
    for kiosk in (kiosk_of(tmp_path, free_port(), [], doors=0), kiosk_of(tmp_path, 0, [])):
        kiosk.start()
        assert kiosk.url == ""
        kiosk.stop()
        kiosk.stop()
