"""The folder lock, ports and addresses of the machine."""

import socket
import subprocess
import sys
from contextlib import ExitStack
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path
from threading import Event, Thread

import pytest

from provisioning.cities import machine
from provisioning.errors import ProvisioningError


@pytest.fixture
def taken_port():
    with socket.socket() as server:
        server.bind(("127.0.0.1", 0))
        server.listen()
        yield server.getsockname()[1]


def test_a_port_in_use_is_named_with_the_option(taken_port: int) -> None:
    with pytest.raises(
        ProvisioningError, match=rf"port {taken_port} cannot be used .*--port {taken_port + 1}"
    ):
        machine.check_port_is_free(taken_port)


def test_a_free_port_is_fine_and_nobody_listens_there(taken_port: int) -> None:
    assert machine.is_listening(taken_port)
    free = machine._bind(0)
    machine.check_port_is_free(free)
    assert not machine.is_listening(free)


def test_a_part_gets_another_port_when_its_usual_one_is_taken(taken_port: int) -> None:
    with ExitStack() as held:
        assert machine.hold_port(taken_port, held) > taken_port


def test_two_cities_that_start_together_get_two_ports_although_nobody_listens_yet(taken_port: int) -> None:
    with ExitStack() as one:
        first = machine.hold_port(taken_port, one)
        with ExitStack() as other:
            assert machine.hold_port(first, other) > first
    with ExitStack() as later:
        assert machine.hold_port(first, later) == first


def test_it_says_so_when_no_port_is_left(taken_port: int, monkeypatch) -> None:
    monkeypatch.setattr(machine, "_PORTS_TRIED", 1)
    with ExitStack() as held, pytest.raises(ProvisioningError, match=f"ports {taken_port} to"):
        machine.hold_port(taken_port, held)


def test_the_folder_is_held_by_one_city_at_a_time(tmp_path: Path, monkeypatch) -> None:
    monkeypatch.setattr(machine, "LOCK_WAIT_S", 0.0)
    said: list[str] = []
    path = tmp_path / "new" / "city.lock"
    with machine.hold_lock(path, said.append, Event()):
        holds_it = "import fcntl, sys; fcntl.flock(open(sys.argv[1]), fcntl.LOCK_EX | fcntl.LOCK_NB)"
        other = subprocess.run([sys.executable, "-c", holds_it, str(path)], capture_output=True)
        assert b"BlockingIOError" in other.stderr
        with (
            pytest.raises(ProvisioningError, match=r"another city runs in .*new: .*--data"),
            machine.hold_lock(path, said.append, Event()),
        ):
            pass
    assert len(said) == 1
    with machine.hold_lock(path, said.append, Event()):
        pass


def test_a_folder_that_cannot_be_made_is_named(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    with (
        pytest.raises(ProvisioningError, match=r"file/data cannot be written .*--data"),
        machine.hold_lock(tmp_path / "file/data/city.lock", print, Event()),
    ):
        pass


class Refuses(BaseHTTPRequestHandler):
    """Answers everything with 503, as a hub without ingest does."""

    def do_GET(self) -> None:
        self.send_response(200 if self.path == "/good" else 503)
        self.end_headers()

    def log_message(self, *_args: object) -> None:
        """Stay silent."""


def test_only_a_good_answer_is_well() -> None:
    server = HTTPServer(("127.0.0.1", 0), Refuses)
    thread = Thread(target=server.serve_forever)
    thread.start()
    url = f"http://127.0.0.1:{server.server_port}/"
    try:
        assert machine.is_well(url + "good")
        assert not machine.is_well(url + "healthz")
    finally:
        server.shutdown()
        thread.join()
        server.server_close()
    assert not machine.is_well(url + "good")


def test_a_browser_needs_a_display_and_a_program(monkeypatch) -> None:
    monkeypatch.setattr(machine.shutil, "which", lambda name: "/usr/bin/" + name)
    monkeypatch.delenv("WAYLAND_DISPLAY", raising=False)
    monkeypatch.setenv("DISPLAY", ":0")
    assert machine.has_display()
    monkeypatch.delenv("DISPLAY")
    assert not machine.has_display()
