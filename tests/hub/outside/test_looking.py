"""One look at an address: what answers, what does not, and what is never asked."""

import ssl
import threading
from collections.abc import Iterator
from datetime import date
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from ipaddress import ip_address

import pytest

from hub.notify.channels.port import Message, SendError
from hub.notify.channels.webhook import WebhookChannel
from hub.notify.settings import WebhookSettings
from hub.outside.looking import Standing, WebsiteLooker
from hub.outside.opening import is_outside


class _Site(BaseHTTPRequestHandler):
    def do_GET(self) -> None:
        digits = self.path.strip("/")
        self.send_response(int(digits) if digits.isdecimal() else 404)
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
    # People type addresses as they read them; what is no ASCII goes in its own way.
    typed = looker().look(f"http://gencil.contoh.example:{port}/beranda kota/é?q=ü")
    assert typed.standing is Standing.FAILING


@pytest.mark.parametrize(
    "address",
    ["127.0.0.1", "10.1.2.3", "169.254.169.254", "::1", "::ffff:10.0.0.1", "64:ff9b::a00:1", "224.0.0.1"],
)
def test_our_own_network_is_never_asked(port: int, address: str) -> None:
    look = WebsiteLooker(resolve=lambda _host, _port: ["8.8.8.8", address]).look(f"http://x.example:{port}/")
    assert look.standing is Standing.REFUSED
    assert not is_outside(ip_address(address))


def test_a_name_that_points_inside_at_the_second_look_gains_nothing(port: int) -> None:
    """DNS rebinding: the name is asked once, and the connection goes to what was checked."""
    asked: list[str] = []

    def rebinding(host: str, _port: int) -> list[str]:
        asked.append(host)
        return ["192.0.2.1"] if len(asked) == 1 else ["127.0.0.1"]

    look = WebsiteLooker(resolve=rebinding, is_allowed=lambda one: str(one) == "192.0.2.1", timeout_s=1.0)
    found = look.look(f"http://berubah.contoh.id:{port}/200")
    assert (found.standing, asked) == (Standing.UNREACHABLE, ["berubah.contoh.id"])
    assert look.look(f"http://berubah.contoh.id:{port}/200").standing is Standing.REFUSED


@pytest.mark.parametrize(
    "host",
    [
        "[::1]",
        "[::ffff:127.0.0.1]",
        "[::ffff:7f00:1]",
        "[fd00::1]",
        "[fe80::1]",
        "[2002:7f00:1::]",
        "2130706433",
        "0x7f000001",
        "0x7f.1",
        "017700000001",
        "0177.0.0.1",
        "127.1",
        "0",
        "localhost",
    ],
)
def test_no_way_of_writing_our_own_network_leads_there(port: int, host: str) -> None:
    """With the system's own resolver, which reads numbers as C does."""
    look = WebsiteLooker(timeout_s=5.0).look(f"http://{host}:{port}/200")
    assert look.standing is Standing.REFUSED
    channel = WebhookChannel(WebhookSettings(), "")
    with pytest.raises(SendError, match="jaringan sendiri"):
        channel.send(Message(1, f"https://{host}:{port}/", "x", "y", ""))


def test_who_does_not_answer_is_told_with_the_reason(port: int) -> None:
    def unknown(_host: str, _port: int) -> list[str]:
        raise OSError("no such name")

    assert "no such name" in looker(resolve=unknown).look("https://x.contoh.id/").detail
    example = looker(resolve=unknown).look("https://x.contoh.example/")
    assert example.standing is Standing.REFUSED, "a name that belongs to nobody is no dead site"
    closed = looker(timeout_s=1.0).look("http://x.example:1/")
    assert closed.standing is Standing.UNREACHABLE
    plain = looker(timeout_s=1.0).look(f"https://x.example:{port}/")
    assert plain.standing is Standing.UNREACHABLE, "no TLS there"
    for odd in ("http://x.example:99999/", "http://[::1", "http://", "http://b\u00fccher.x\u200b.id/"):
        assert looker(timeout_s=1.0).look(odd).standing.is_down, odd


def test_a_certificate_that_no_browser_takes_is_its_own_state(monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*_arguments: object) -> None:
        error = ssl.SSLCertVerificationError("bad")
        error.verify_message = "certificate has expired"
        raise error

    monkeypatch.setattr("hub.outside.looking.opened", refuse)
    look = looker().look("https://x.example/")
    assert (look.standing, look.detail) == (
        Standing.CERTIFICATE,
        "sertifikat ditolak: certificate has expired",
    )
