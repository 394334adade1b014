"""SOAP questions: the digest, strangers' answers, and who may be asked at all."""

import socket
import threading
from collections.abc import Callable, Iterator
from contextlib import closing
from datetime import UTC, datetime

import pytest

from edge.ptz.onvif import OnvifTurning
from edge.ptz.port import TurningError
from edge.ptz.soap import (
    Login,
    SoapCamera,
    digest_of,
    envelope_of,
    login_of,
    printable,
    private_address,
    split_service,
)

Stranger = Callable[[bytes], str]


@pytest.fixture
def stranger() -> Iterator[Stranger]:
    """A function that starts a server which answers anything with the same bytes."""
    sockets: list[socket.socket] = []

    def serve(listener: socket.socket, answer: bytes) -> None:
        while True:
            try:
                link, _ = listener.accept()
            except OSError:
                return
            with link:
                asked = b""
                while b"</s:Envelope>" not in asked and asked[:1] != b"\x16" and (piece := link.recv(65_536)):
                    asked += piece
                link.sendall(answer)

    def start(answer: bytes) -> str:
        listener = socket.create_server(("127.0.0.1", 0))
        sockets.append(listener)
        threading.Thread(target=serve, args=(listener, answer), daemon=True).start()
        return f"http://127.0.0.1:{listener.getsockname()[1]}/onvif/device_service"

    yield start
    for one in sockets:
        one.shutdown(socket.SHUT_RDWR)
        one.close()


def camera_at(address: str, timeout_s: float = 60.0) -> SoapCamera:
    return SoapCamera(address, Login(), timeout_s=timeout_s, now=lambda: datetime.now(UTC))


def http(body: bytes, status: str = "200 OK") -> bytes:
    return f"HTTP/1.1 {status}\r\nContent-Length: {len(body)}\r\n\r\n".encode() + body


def test_the_digest_is_that_of_the_profile() -> None:
    # printf '0123456789abcdef2026-11-22T01:02:03Zrahasia' | openssl dgst -sha1 -binary | base64
    expected = "+uJbt7/ts85WJ/I4FDpJurXUPgg="
    assert digest_of(b"0123456789abcdef", "2026-11-22T01:02:03Z", "rahasia") == expected
    envelope = envelope_of(
        "<x/>", Login("a<b", "rahasia"), created=datetime(2026, 11, 22, 1, 2, 3, tzinfo=UTC), nonce=b"1" * 16
    ).decode()
    assert "<w:Username>a&lt;b</w:Username>" in envelope
    assert "2026-11-22T01:02:03Z" in envelope
    assert "rahasia" not in envelope


def test_a_question_without_a_login_carries_no_token() -> None:
    assert b"Security" not in envelope_of("<x/>", Login(), created=datetime.now(UTC))


@pytest.mark.parametrize(
    ("answer", "words"),
    [
        (b"SSH-2.0-dropbear\r\n", "cannot be asked"),
        (http(b"<html>login</html>"), "no SOAP"),
        (http(b"not xml"), "no SOAP"),
        (http(b'<!DOCTYPE x [<!ENTITY a "b">]><x>&a;</x>'), "no SOAP"),
        (http(b"", "401 Unauthorized"), "password_file"),
        (b"HTTP/1.1 200 OK\r\n\r\n" + b"x" * 300_000, "more than"),
    ],
)
def test_what_is_no_answer_is_named(stranger: Stranger, answer: bytes, words: str) -> None:
    with pytest.raises(TurningError, match=words):
        camera_at(stranger(answer)).ask("/", "<x/>")


def test_a_camera_that_says_nothing_is_left_in_time() -> None:
    with closing(socket.create_server(("127.0.0.1", 0))) as mute:
        address = f"http://127.0.0.1:{mute.getsockname()[1]}/"
        with pytest.raises(TurningError, match="no answer in time"):
            camera_at(address, timeout_s=0.5).ask("/", "<x/>")


def test_nobody_there_is_named_without_the_password() -> None:
    with closing(socket.create_server(("127.0.0.1", 0))) as taken:
        port = taken.getsockname()[1]
    camera = OnvifTurning(f"http://a:rahasia@127.0.0.1:{port}/", Login("a", "rahasia"))
    with pytest.raises(TurningError, match="cannot be asked") as caught:
        camera.pose()
    assert "rahasia" not in str(caught.value)


@pytest.mark.parametrize(
    "address", ["", "rtsp://10.0.0.1/", "http:///x", "http://[::1", "http://10.0.0.1:0/"]
)
def test_an_address_that_is_none_is_an_error(address: str) -> None:
    with pytest.raises(TurningError, match="onvif"):
        split_service(address)


@pytest.mark.parametrize("host", ["8.8.8.8", "0.0.0.0"])
def test_only_private_addresses_are_asked(host: str) -> None:
    with pytest.raises(TurningError, match="no private address"):
        private_address(host, 80)
    with pytest.raises(TurningError, match="no private address"):
        camera_at(f"https://{host}/").ask("/", "<x/>")


def test_an_encrypted_camera_with_its_own_certificate_is_asked(stranger: Stranger) -> None:
    address = stranger(b"no TLS").replace("http:", "https:")
    with pytest.raises(TurningError, match="cannot be asked"):
        camera_at(address).ask("/", "<x/>")


@pytest.mark.parametrize(
    ("address", "source", "password", "login"),
    [
        ("http://a:x@10.0.0.1/", "rtsp://b:y@10.0.0.1/", None, Login("a", "x")),
        ("http://10.0.0.1/", "rtsp://b:y%40@10.0.0.1/", None, Login("b", "y@")),
        ("http://10.0.0.1/", "rtsp://b@10.0.0.1/", "z", Login("b", "z")),
        ("http://10.0.0.1/", "scene:street", "z", Login()),
    ],
)
def test_who_asks_is_named_by_the_address_or_the_source(
    address: str, source: str, password: str | None, login: Login
) -> None:
    assert login_of(address, source=source, password=password) == login


def test_what_a_camera_says_is_short_and_printable() -> None:
    assert printable(" a\x1b[31mb\n" + "c" * 500) == "a[31mb" + "c" * 114
