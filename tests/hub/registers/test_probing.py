"""Looks at addresses: what answers, what does not, and what is never asked."""

import ssl
import threading
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from ipaddress import ip_address

import pytest

from hub.db import Database
from hub.notify.channels.outside import is_outside
from hub.registers.market.chores import market_chores
from hub.registers.probing.asking import Look, Standing, WebsiteLooker
from hub.registers.probing.chores import Prober, probe_chores
from hub.registers.probing.models import RegisterProbe
from hub.registers.probing.service import Due, ask_soon, due_rows, keep_look, probe_of
from tests.hub.registers.conftest import add_application
from tests.hub.screens import START


class _Site(BaseHTTPRequestHandler):
    def do_GET(self) -> None:
        self.send_response(int(self.path.strip("/") or 200))
        self.send_header("Last-Modified", "Sat, 21 Nov 2026 03:00:00 GMT")
        self.send_header("Content-Length", "0")
        self.end_headers()

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002 (the name of the library)
        """Say nothing."""


@pytest.fixture(scope="module")
def port() -> Iterator[int]:
    server = ThreadingHTTPServer(("127.0.0.1", 0), _Site)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    yield server.server_address[1]
    server.shutdown()
    thread.join()
    server.server_close()


def looker(**more: object) -> WebsiteLooker:
    options = {"resolve": lambda _host, _port: ["127.0.0.1"], "is_allowed": lambda _address: True, **more}
    return WebsiteLooker(**options)  # type: ignore[arg-type]  # what a test needs


@pytest.mark.parametrize(
    ("status", "standing"),
    [
        (200, Standing.REACHABLE),
        (302, Standing.REACHABLE),
        (403, Standing.REACHABLE),
        (503, Standing.FAILING),
    ],
)
def test_what_answers_says_how_and_when_it_changed(port: int, status: int, standing: Standing) -> None:
    look = looker().look(f"http://gencil.contoh.example:{port}/{status}")
    assert (look.standing, look.status, look.changed_on) == (standing, status, date(2026, 11, 21))
    assert look.took_ms is not None


@pytest.mark.parametrize(
    "address",
    ["127.0.0.1", "10.1.2.3", "169.254.169.254", "::1", "::ffff:10.0.0.1", "64:ff9b::a00:1", "224.0.0.1"],
)
def test_our_own_network_is_never_asked(port: int, address: str) -> None:
    look = WebsiteLooker(resolve=lambda _host, _port: ["8.8.8.8", address]).look(f"http://x.example:{port}/")
    assert look.standing is Standing.REFUSED
    assert not is_outside(ip_address(address))


def test_who_does_not_answer_is_told_with_the_reason(port: int) -> None:
    def unknown(_host: str, _port: int) -> list[str]:
        raise OSError("no such name")

    assert "no such name" in looker(resolve=unknown).look("https://x.example/").detail
    closed = looker(timeout_s=1.0).look("http://x.example:1/")
    assert closed.standing is Standing.UNREACHABLE
    plain = looker(timeout_s=1.0).look(f"https://x.example:{port}/")
    assert plain.standing is Standing.UNREACHABLE, "no TLS there"
    assert looker().look("http://x.example:99999/").standing is Standing.UNREACHABLE


def test_a_certificate_that_no_browser_takes_is_its_own_state(monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*_arguments: object) -> None:
        error = ssl.SSLCertVerificationError("bad")
        error.verify_message = "certificate has expired"
        raise error

    monkeypatch.setattr("hub.registers.probing.asking.opened", refuse)
    look = looker().look("https://x.example/")
    assert (look.standing, look.detail) == (
        Standing.CERTIFICATE,
        "sertifikat ditolak: certificate has expired",
    )


def test_a_round_looks_at_what_is_due_and_keeps_since_when_it_is_so(database: Database) -> None:
    first = add_application(database, "Satu", alamat="http://satu.example/")
    add_application(database, "Tanpa alamat")
    looks = iter([Look(Standing.REACHABLE, "menjawab 200"), Look(Standing.UNREACHABLE, "diam")])

    class Replay(WebsiteLooker):
        def look(self, address: str) -> Look:
            assert address == "http://satu.example/"
            return next(looks)

    now = [START]
    prober = Prober(database=database, looker=Replay(), now=lambda: now[0])
    assert [prober(), prober()] == [1, 0]
    now[0] += timedelta(hours=24)
    assert prober() == 1
    with database.writing() as db:
        probe = probe_of(db, first)
        assert probe is not None
        assert (probe.standing, probe.since) == ("unreachable", now[0])
        keep_look(db, Due(first, probe.url), Look(Standing.UNREACHABLE, "diam"), now[0] + timedelta(hours=1))
        assert probe.since == now[0], "still so"
        ask_soon(db, first)
        ask_soon(db, 999)
        assert [one.row_id for one in due_rows(db, now[0] + timedelta(hours=1))] == [first]
        assert db.get(RegisterProbe, 999) is None


def test_the_chores_of_registers_run_on_an_empty_hub(database: Database) -> None:
    for chore in (
        *probe_chores(database, lambda: datetime.now(UTC)),
        *market_chores(database, lambda: START),
    ):
        chore.act()
        wait = getattr(chore.act, "wait", None)
        if wait is not None:
            wait()
