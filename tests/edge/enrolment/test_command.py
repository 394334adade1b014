"""``pontive-edge enrol`` as a person types it, against an HTTP server that answers."""

import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import msgspec
import pytest
from click.testing import CliRunner

from edge.cli import main
from edge.enrolment.asking import HttpHub, HubUnreachableError
from edge.enrolment.command import patiently
from edge.wire.joining.enrolment import EnrolRefused, EnrolRequest, RefusalReason
from tests.edge.enrolment.conftest import DEVICE, MemoryHub


class Answers:
    """What the server says next; the memory hub by default."""

    def __init__(self, hub: MemoryHub) -> None:
        self.hub = hub
        self.status, self.body = 200, b""
        self.paths: list[str] = []


@pytest.fixture
def answers(hub: MemoryHub) -> Answers:
    return Answers(hub)


@pytest.fixture
def address(answers: Answers) -> Iterator[str]:
    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"]))
            answers.paths.append(self.path)
            said = answers.body or answers.hub.ask(msgspec.json.decode(body, type=EnrolRequest))
            self.send_response(answers.status)
            self.end_headers()
            self.wfile.write(said)

        def log_message(self, *_arguments: object) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    yield f"http://127.0.0.1:{server.server_address[1]}"
    server.shutdown()
    thread.join()
    server.server_close()


def enrol(folder: Path, *arguments: object):
    config = ["--config", str(folder / "edge.toml")]
    return CliRunner().invoke(main, ["enrol", *config, *map(str, arguments)])


def test_a_claim_file_enrols_the_device_and_is_wiped(
    folder: Path, answers: Answers, address, tmp_path
) -> None:
    claim = tmp_path / "pontive.toml"
    claim.write_text(f'hub = "{address}/"\ncode = "{answers.hub.code}"\n')
    result = enrol(folder, "--claim", claim)
    assert result.exit_code == 0, result.output
    assert f"{DEVICE} at Tugu Khatulistiwa" in result.output
    assert not claim.exists()
    assert answers.paths == ["/enrol"]
    result = CliRunner().invoke(main, ["reset", "--yes", "--config", str(folder / "edge.toml")])
    assert "things removed" in result.output
    assert not (folder / "device.key").exists()


def test_a_refusal_is_the_hubs_sentence_and_exit_code_3(folder: Path, answers: Answers, address) -> None:
    answers.status = 409
    refused = EnrolRefused(reason=RefusalReason.USED, detail="Kode ini sudah dipakai untuk pi-tugu.")
    answers.body = msgspec.json.encode(refused)
    result = enrol(folder, "--hub", address, "--code", answers.hub.code)
    assert (result.exit_code, "Kode ini sudah dipakai" in result.output) == (3, True)
    answers.body = b"<html>404</html>"
    result = enrol(folder, "--hub", address, "--code", answers.hub.code)
    assert (result.exit_code, "not as a hub does" in result.output) == (3, True)


def test_wrong_use_names_the_ways(folder: Path) -> None:
    result = enrol(folder)
    assert (result.exit_code, "--claim FILE" in result.output) == (3, True)


def test_a_bundle_asks_for_its_passphrase(folder: Path, tmp_path: Path) -> None:
    (tmp_path / "b").write_text("{}")
    result = CliRunner().invoke(
        main,
        ["enrol", "--config", str(folder / "edge.toml"), "--bundle", str(tmp_path / "b")],
        input="kapal layar\n",
    )
    assert (result.exit_code, "copy it again" in result.output) == (3, True)


def test_a_hub_that_is_not_there_is_waited_for_as_long_as_was_said(free_port: int, hub: MemoryHub) -> None:
    tries: list[float] = []
    now_s = [0.0]

    def act():
        tries.append(now_s[0])
        return HttpHub(f"http://127.0.0.1:{free_port}", timeout_s=1).ask(question(hub))

    def sleep(seconds: float) -> None:
        now_s[0] += 10

    with pytest.raises(HubUnreachableError, match="check cable, network and address"):
        patiently(act, 25, monotonic=lambda: now_s[0], sleep=sleep)
    assert tries == [0.0, 10.0, 20.0, 30.0]


def question(hub: MemoryHub) -> EnrolRequest:
    return EnrolRequest(claim=hub.code.id, request="x", nonce="0" * 32, proof="0" * 64)


def test_over_tls_no_name_and_no_clock_counts(hub: MemoryHub) -> None:
    connection = HttpHub("https://hub.contoh/pontive")._connection()
    assert connection.port == 443
    assert not connection._context.check_hostname  # type: ignore[attr-defined]  # http.client keeps it there
