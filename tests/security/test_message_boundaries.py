"""Where one request ends and the next begins: the real server is asked as smugglers ask (RFC 9112, 2022).

What follows an ambiguous head is never answered as a request of its own, and the connection ends. A bare
line feed ends a line, which the standard allows (2.2), and then does so everywhere.
"""

import ssl
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest

from hub.db import Database
from hub.migrations.schema import upgrade
from tests.hub.web.running import running_server
from tests.mosquitto import Mosquitto
from tests.security.rawhttp import GOAWAY, HEADERS, RESET, answers, connected, frames_about

HOST = b"Host: 127.0.0.1\r\n"
PAGE = b"GET /masuk HTTP/1.1\r\n" + HOST
LAST = b"GET /no-such-page HTTP/1.1\r\n" + HOST + b"Connection: close\r\n\r\n"
CHUNKED = b"Transfer-Encoding: chunked\r\n"
END = b"\r\n0\r\n\r\n"

# As a front that reads another boundary would pass them on; none may get the second answer.
AMBIGUOUS = {
    "a length and chunks": b"Content-Length: %d\r\n" % (5 + len(LAST)) + CHUNKED + END,
    "chunks and a length": CHUNKED + b"Content-Length: 4\r\n" + END,
    "two lengths": b"Content-Length: 0\r\nContent-Length: %d\r\n\r\n" % len(LAST),
    "a list of lengths": b"Content-Length: 0, %d\r\n\r\n" % len(LAST),
    "a length with a sign": b"Content-Length: +0\r\n\r\n",
    "a length below nothing": b"Content-Length: -1\r\n\r\n",
    "a length in another base": b"Content-Length: 0x0\r\n\r\n",
    "a blank before the colon of a length": b"Content-Length : 0\r\n\r\n",
    "a blank before the colon of chunks": b"Transfer-Encoding : chunked\r\n" + END,
    "an unknown coding": b"Transfer-Encoding: xchunked\r\n" + END,
    "a coding after chunks": CHUNKED + b"Transfer-Encoding: identity\r\n" + END,
    "a folded coding": b"Transfer-Encoding:\r\n chunked\r\n" + END,
    "a folded length": b"X: a\r\n Content-Length: 0\r\n\r\n",
    "a NUL in a value": b"X: a\0b\r\nContent-Length: 0\r\n\r\n",
    "a bare carriage return": b"X: a\rContent-Length: 0\r\n\r\n",
    "a blank in a name": b"X Y: z\r\n\r\n",
    "a chunk's length ended by a line feed": CHUNKED + b"\r\n1\nx\r\n0\r\n\r\n",
    "a chunk's extension ended by a line feed": CHUNKED + b"\r\n1;a\nx\r\n0\r\n\r\n",
    "a chunk's length below nothing": CHUNKED + b"\r\n-1\r\nx\r\n0\r\n\r\n",
    "a chunk's length in another base": CHUNKED + b"\r\n0x1\r\nx\r\n0\r\n\r\n",
    "a chunk's length that runs over": CHUNKED + b"\r\n10000000000000001\r\nx\r\n0\r\n\r\n",
    "a chunk longer than it says": CHUNKED + b"\r\n1\r\nxy\r\n0\r\n\r\n",
}
ASKED = [(b":method", b"GET"), (b":scheme", b"https"), (b":authority", b"localhost"), (b":path", b"/masuk")]
POSTED = [(b":method", b"POST"), *ASKED[1:]]


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("boundaries")
    database = Database(f"sqlite:///{path}/hub.db")
    upgrade(database)
    database.close()
    return path


@pytest.fixture(scope="module")
def plain_port(folder: Path) -> Iterator[int]:
    with running_server(folder) as address:
        yield int(address.rsplit(":", 1)[1])


@pytest.fixture(scope="module")
def authority(tmp_path_factory: pytest.TempPathFactory) -> Path:
    broker = Mosquitto(tmp_path_factory.mktemp("authority"))
    return broker.folder / "broker"


@pytest.fixture(scope="module")
def tls_port(folder: Path, authority: Path) -> Iterator[int]:
    files = (authority / "server.pem", authority / "server.key", authority / "ca.pem")
    with running_server(folder, tls=files) as address:
        yield int(address.rsplit(":", 1)[1])


def context(authority: Path, *protocols: str) -> ssl.SSLContext:
    made = ssl.create_default_context(cafile=str(authority / "ca.pem"))
    made.set_alpn_protocols(protocols or ("h2",))
    return made


def test_two_requests_in_a_row_are_two(plain_port: int) -> None:
    assert answers(plain_port, PAGE + b"\r\n" + LAST) == [200, 404]
    assert answers(plain_port, PAGE + CHUNKED + b"\r\n1\r\nx" + END + LAST) == [200, 404]


@pytest.mark.parametrize("head", AMBIGUOUS.values(), ids=AMBIGUOUS.keys())
def test_what_follows_an_ambiguous_head_is_no_request(plain_port: int, head: bytes) -> None:
    said = answers(plain_port, PAGE + head + LAST)
    assert len(said) <= 1, said
    assert 404 not in said


def test_old_http_knows_no_chunks(plain_port: int) -> None:
    old = PAGE.replace(b"HTTP/1.1", b"HTTP/1.0") + b"Connection: keep-alive\r\n" + CHUNKED
    assert answers(plain_port, old + END + LAST) == [400]


def test_a_bare_line_feed_ends_a_line_and_a_length_behind_it_counts(plain_port: int) -> None:
    hidden = PAGE + b"X: a\nContent-Length: %d\r\n\r\n" % len(PAGE)
    assert answers(plain_port, hidden + PAGE + LAST) == [200, 404]
    assert answers(plain_port, (PAGE + b"\r\n" + LAST).replace(b"\r\n", b"\n")) == [200, 404]


def test_http2_takes_no_boundaries_of_http1(tls_port: int, authority: Path) -> None:
    tls = context(authority)
    assert frames_about(tls_port, tls, ASKED) == [HEADERS]
    for bad in ((b"transfer-encoding", b"chunked"), (b"Upper", b"x"), (b"x", b"a\r\nb: c")):
        assert frames_about(tls_port, tls, [*ASKED, bad])[-1] in (RESET, GOAWAY), bad
    said = frames_about(tls_port, tls, [*POSTED, (b"content-length", b"3")], b"more than three")
    assert said[-1] in (RESET, GOAWAY)


def test_a_port_with_tls_answers_nothing_in_the_clear_and_sends_nobody_on(tls_port: int) -> None:
    for path in (b"/", b"/masuk", b"/healthz", b"/api/3/action/package_list"):
        assert answers(tls_port, b"GET %s HTTP/1.1\r\n" % path + HOST + b"\r\n") == []


def test_the_screens_speak_tls_1_3_only(tls_port: int, authority: Path) -> None:
    with closing(connected(tls_port, context(authority))) as connection:
        assert isinstance(connection, ssl.SSLSocket)
        cipher = connection.cipher()
        assert cipher is not None
        assert cipher[0] in {
            "TLS_AES_256_GCM_SHA384",
            "TLS_AES_128_GCM_SHA256",
            "TLS_CHACHA20_POLY1305_SHA256",
        }
    old = context(authority)
    old.maximum_version = ssl.TLSVersion.TLSv1_2
    with pytest.raises(ssl.SSLError):
        connected(tls_port, old)
