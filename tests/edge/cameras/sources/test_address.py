"""Addresses of network cameras: what is allowed, and where the password may be seen."""

from pathlib import Path

import pytest

from edge.cameras.port import CameraError
from edge.cameras.sources.address import label_of, split_address, with_password
from edge.wire.records.bodies import CameraFault

RTSP = ("rtsp", "rtsps")


@pytest.mark.parametrize(
    "source",
    [
        "rtsp://",
        "rtsp:///path",
        "rtsp://host:0/x",
        "rtsp://host:99999/x",
        "rtsp://host:port/x",
        "rtsp://[::1/x",
        "http://host/x",
        "file:///etc/passwd",
        "concat:a|b",
        "",
    ],
)
def test_what_is_no_address_of_the_scheme_is_refused(source: str) -> None:
    with pytest.raises(CameraError, match="rtsp://host/path") as caught:
        split_address(source, schemes=RTSP)
    assert caught.value.fault is CameraFault.NOT_FOUND


@pytest.mark.parametrize(
    ("source", "label"),
    [
        ("rtsp://admin:s3cret@10.1.2.3:554/stream?x=s3cret", "rtsp://10.1.2.3:554/stream"),
        ("rtsp://host/user=admin&password=s3cret&channel=1", "rtsp://host/user=admin&password=***&channel=1"),
        ("rtsp://host/pwd=s3cret/live", "rtsp://host/pwd=***/live"),
        ("rtsp://a:s3c:ret@host/x", "rtsp://host/x"),
        ("rtsp://a:s3c@ret@host/x", "rtsp://host/x"),
    ],
)
def test_the_label_shows_neither_user_nor_password(source: str, label: str) -> None:
    assert label_of(split_address(source, schemes=RTSP)) == label


def test_the_password_is_put_in_quoted(tmp_path: Path) -> None:
    file = tmp_path / "password"
    file.write_text("p@ss/wörd:1\n", "utf-8")
    parts = split_address("rtsp://admin@[::1]:554/a", schemes=RTSP)
    assert with_password(parts, str(file)) == "rtsp://admin:p%40ss%2Fw%C3%B6rd%3A1@[::1]:554/a"


def test_without_a_file_the_address_is_used_as_it_is() -> None:
    address = "rtsp://admin:x@host/a?b=c"
    assert with_password(split_address(address, schemes=RTSP), None) == address


def test_a_password_without_a_user_is_an_error(tmp_path: Path) -> None:
    file = tmp_path / "password"
    file.write_text("x")
    with pytest.raises(CameraError, match="names no user") as caught:
        with_password(split_address("rtsp://host/a", schemes=RTSP), str(file))
    assert caught.value.fault is CameraFault.UNAUTHORISED


@pytest.mark.parametrize(
    ("content", "words"), [(None, "cannot be read"), (b"  \n", "is empty"), (b"\xff", "cannot")]
)
def test_a_password_file_that_holds_none_is_named(tmp_path: Path, content: bytes | None, words: str) -> None:
    file = tmp_path / "password"
    if content is not None:
        file.write_bytes(content)
    with pytest.raises(CameraError, match=words) as caught:
        with_password(split_address("rtsp://a@host/a", schemes=RTSP), str(file))
    assert caught.value.fault is CameraFault.UNAUTHORISED
    assert str(file) in str(caught.value)
