"""Downloads from a real web server: resumed, cut off, refused, too long, and onto a full disk."""

import errno
import os
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread

import pytest

from edge.update.download import FetchError, HttpSource, download
from edge.wire.updates import UpdateFault

CONTENT = bytes(range(256)) * 2000


class Hub(ThreadingHTTPServer):
    """Serves one file with ranges, as badly as it is told to."""

    daemon_threads = True
    answers_ranges = True
    status = 200
    cut_after = len(CONTENT)
    content = CONTENT

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), _Handler)
        self.asked: list[str] = []

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.server_address[1]}/rilis/abc?izin=x"


class _Handler(BaseHTTPRequestHandler):
    server: Hub

    def do_GET(self) -> None:
        wanted = self.headers.get("Range", "")
        self.server.asked.append(f"{self.path} {wanted}".strip())
        if self.server.status != 200:
            self.send_error(self.server.status)
            return
        start = int(wanted.removeprefix("bytes=").rstrip("-")) if wanted and self.server.answers_ranges else 0
        body = self.server.content[start:]
        self.send_response(206 if start else 200)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body[: self.server.cut_after])

    def log_message(self, *_: object) -> None:
        """Stay silent."""


@pytest.fixture
def hub() -> Iterator[Hub]:
    server = Hub()
    thread = Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True)
    thread.start()
    yield server
    server.shutdown()
    server.server_close()
    thread.join()


def fetch(hub: Hub, path: Path, *, size: int = len(CONTENT), wanted: bool = True) -> bool:
    source = HttpSource(timeout_s=60)
    return download(source, hub.url, path, size_bytes=size, is_wanted=lambda: wanted)


def test_a_file_is_fetched_whole_and_not_asked_for_again(hub: Hub, tmp_path: Path) -> None:
    path = tmp_path / "a.bundle"
    assert fetch(hub, path)
    assert path.read_bytes() == CONTENT
    assert fetch(hub, path)
    assert hub.asked == ["/rilis/abc?izin=x"]


def test_a_link_that_breaks_goes_on_where_it_broke(hub: Hub, tmp_path: Path) -> None:
    path = tmp_path / "a.bundle"
    hub.cut_after = 150_000
    for _ in range(3):
        with pytest.raises(FetchError) as caught:
            fetch(hub, path)
        assert caught.value.fault is UpdateFault.UNREACHABLE
    hub.cut_after = len(CONTENT)
    assert fetch(hub, path)
    assert path.read_bytes() == CONTENT
    assert [line.partition("bytes=")[2] for line in hub.asked] == ["", "150000-", "300000-", "450000-"]


def test_a_server_without_ranges_begins_anew(hub: Hub, tmp_path: Path) -> None:
    path = tmp_path / "a.bundle"
    path.write_bytes(b"?" * 5000)
    hub.answers_ranges = False
    assert fetch(hub, path)
    assert path.read_bytes() == CONTENT


def test_a_download_ends_when_it_is_not_wanted_any_more(hub: Hub, tmp_path: Path) -> None:
    path = tmp_path / "a.bundle"
    assert not fetch(hub, path, wanted=False)
    assert 0 < path.stat().st_size < len(CONTENT)


@pytest.mark.parametrize(
    ("status", "fault"),
    [
        (403, UpdateFault.NOT_PERMITTED),
        (404, UpdateFault.GONE),
        (416, UpdateFault.DAMAGED),
        (503, UpdateFault.UNREACHABLE),
    ],
)
def test_each_no_of_the_hub_has_its_reason(hub: Hub, tmp_path: Path, status: int, fault: UpdateFault) -> None:
    hub.status = status
    with pytest.raises(FetchError) as caught:
        fetch(hub, tmp_path / "a.bundle")
    assert caught.value.fault is fault


def test_a_file_longer_than_signed_is_thrown_away(hub: Hub, tmp_path: Path) -> None:
    path = tmp_path / "a.bundle"
    with pytest.raises(FetchError) as caught:
        fetch(hub, path, size=100_000)
    assert caught.value.fault is UpdateFault.DAMAGED
    assert path.stat().st_size == 0
    path.write_bytes(b"?" * 200_000)
    with pytest.raises(FetchError):
        fetch(hub, path, size=100_000)


def test_nobody_there_is_said_with_both_schemes(tmp_path: Path) -> None:
    for scheme in ("http", "https"):
        with pytest.raises(FetchError, match="tidak menjawab"):
            download(
                HttpSource(timeout_s=1),
                f"{scheme}://127.0.0.1:9/x",
                tmp_path / "a",
                size_bytes=9,
                is_wanted=lambda: True,
            )


@pytest.mark.parametrize(
    ("number", "fault"), [(errno.ENOSPC, UpdateFault.NO_ROOM), (errno.EIO, UpdateFault.DISK)]
)
def test_a_disk_that_refuses_is_named(
    hub: Hub, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, number: int, fault: UpdateFault
) -> None:
    def refuse(*_: object) -> int:
        raise OSError(number, os.strerror(number))

    monkeypatch.setattr(os, "pwrite", refuse)
    with pytest.raises(FetchError) as caught:
        fetch(hub, tmp_path / "a.bundle")
    assert caught.value.fault is fault
