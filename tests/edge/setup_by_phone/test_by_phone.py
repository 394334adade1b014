"""A whole set-up by phone over real HTTP and DNS, with a simulated radio: access point, page, end."""

import http.client
import re
import socket
import threading
import time
import urllib.error
import urllib.parse
import urllib.request
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from click.testing import CliRunner

from edge.cli import main
from edge.enrolment.asking import HubUnreachableError
from edge.enrolment.claim_file import claim_of
from edge.errors import EdgeError
from edge.setup_by_phone import command
from edge.setup_by_phone.command import read_card_claim, run_by_phone
from edge.setup_by_phone.label import LABEL_FILE
from edge.setup_by_phone.simulated import SimulatedRadio
from edge.setup_by_phone.sockets import listening_socket
from edge.wire.joining.phone import access_point
from tests.edge.enrolment.conftest import DEVICE, MemoryHub, folder, hub, used
from tests.edge.setup_by_phone.conftest import NETWORKS
from tests.mosquitto import free_port

__all__ = ["folder", "hub"]

PATIENCE_S = 240.0
HUB = "http://hub.contoh"


class NoRedirect(urllib.request.HTTPRedirectHandler):
    def redirect_request(self, *_arguments, **_options):
        return None


class Phone:
    """What a phone's browser does; every answer is kept."""

    def __init__(self, port: int) -> None:
        self.address = f"http://127.0.0.1:{port}"
        self._opener = urllib.request.build_opener(NoRedirect, urllib.request.ProxyHandler({}))

    def get(self, path: str = "/", **headers: str) -> tuple[int, dict[str, str], str]:
        return self._ask(urllib.request.Request(f"{self.address}{path}", headers=headers))

    def post(self, fields: dict[str, str], *, token: str | None = None, **headers: str) -> tuple[int, str]:
        token = self.token() if token is None else token
        body = urllib.parse.urlencode({"token": token, **fields}).encode()
        status, _, text = self._ask(urllib.request.Request(f"{self.address}/", body, headers))
        return status, text

    def token(self) -> str:
        found = re.search(r'name="token" value="([^"]+)"', self.until(lambda text: 'name="token"' in text))
        assert found is not None
        return found[1]

    def until(self, is_so: Callable[[str], bool]) -> str:
        ends_at_s = time.monotonic() + PATIENCE_S
        while time.monotonic() < ends_at_s:
            try:
                if is_so(text := self.get()[2]):
                    return text
            except OSError:
                pass
            time.sleep(0.05)
        raise AssertionError("the page never said so")

    def _ask(self, request: urllib.request.Request) -> tuple[int, dict[str, str], str]:
        try:
            with self._opener.open(request, timeout=60) as answer:
                return answer.status, dict(answer.headers), answer.read().decode()
        except urllib.error.HTTPError as error:
            with error:
                return error.code, dict(error.headers), error.read().decode()


class Device:
    """A device that is set up by phone in a thread of its own."""

    def __init__(self, folder: Path, card: Path) -> None:
        self.folder, self.card = folder, card
        self.radio = SimulatedRadio(*NETWORKS)
        self.ports = (free_port(), free_port())
        self.phone = Phone(self.ports[0])
        self.said: list[str] = []
        self._thread = threading.Thread(target=self._run)

    def start(self) -> None:
        self._thread.start()

    def _run(self) -> None:
        text = run_by_phone(
            self.folder / "edge.toml",
            radio=self.radio,
            claim_path=self.card / "pontive.toml",
            label_folder=self.card,
            for_s=PATIENCE_S,
            address="127.0.0.1",
            ports=self.ports,
        )
        self.said.append(text)

    def wait(self) -> str:
        self._thread.join(PATIENCE_S)
        assert self.said, "it never ended"
        return self.said[0]


@pytest.fixture
def device(folder: Path, tmp_path: Path, hub: MemoryHub, monkeypatch) -> Iterator[Device]:
    monkeypatch.setattr(command, "HttpHub", lambda _address: hub)
    monkeypatch.setattr("edge.setup_by_phone.session.LEAVE_S", 0.0)
    monkeypatch.setattr("edge.setup_by_phone.trying.HUB_WAIT_S", 0.0)
    card = tmp_path / "card"
    card.mkdir()
    made = Device(folder, card)
    yield made
    (folder / "device.pem").parent.mkdir(exist_ok=True)
    (folder / "device.pem").touch()  # whoever enrolled it: the page ends
    made._thread.join(PATIENCE_S)


def typed(hub: MemoryHub, **more: str) -> dict[str, str]:
    return {
        "cara": "wifi",
        "nama": "Titik Jawi",
        "sandi": "kapal-layar",
        "hub": HUB,
        "kode": str(hub.code),
        **more,
    }


def test_from_no_network_to_enrolled_and_the_access_point_is_gone(device: Device, hub: MemoryHub) -> None:
    device.start()
    page = device.phone.until(lambda text: "Titik Jawi (kuat)" in text)
    assert "Kode klaim ada di kartu" not in page
    assert device.radio.point is not None
    label = (device.card / LABEL_FILE).read_text()
    assert device.radio.point.password in label
    assert device.phone.post(typed(hub))[0] == 303
    assert device.wait() == f"{DEVICE} di Tugu Khatulistiwa: terpasang."
    assert device.radio.point is None
    assert (device.folder / "device.key").exists()
    assert (device.folder / "wifi.conf").stat().st_mode & 0o077 == 0
    assert not (device.folder / "phone.secret").exists()
    with pytest.raises(OSError, match="refused"):
        device.phone.get()


def test_a_wrong_password_brings_the_access_point_back_with_the_reason_and_no_secret(
    device: Device, hub: MemoryHub
) -> None:
    device.start()
    assert device.phone.post(typed(hub, sandi="kapal-karam"))[0] == 303
    page = device.phone.until(lambda text: "Sandi Wi-Fi Titik Jawi salah" in text)
    assert device.radio.point is not None
    assert "kapal-karam" not in page
    assert str(hub.code) not in page
    assert not (device.folder / "wifi.conf").exists(), "a network that was not joined is not kept"
    hub.fails = [used()]
    assert device.phone.post(typed(hub))[0] == 303
    device.phone.until(lambda text: "Hub menolak: Kode ini sudah dipakai" in text)
    hub.fails = [HubUnreachableError("no") for _ in range(3)]
    assert device.phone.post(typed(hub))[0] == 303
    device.phone.until(lambda text: "bukan sebagai hub" in text)
    assert device.phone.post(typed(hub))[0] == 303
    device.wait()


def test_a_card_with_a_claim_asks_for_the_network_alone_and_by_cable_the_end_is_shown(
    device: Device, hub: MemoryHub
) -> None:
    (device.card / "pontive.toml").write_text(f'hub = "{HUB}"\ncode = "{hub.code}"\n')
    device.start()
    page = device.phone.until(lambda text: "Kode klaim ada di kartu" in text)
    assert str(hub.code) not in page
    assert device.radio.point == access_point(hub.code.secret), "as its label says"
    assert device.phone.post({"cara": "kabel", "hub": "", "kode": ""})[0] == 303
    device.phone.until(lambda text: "Berhasil" in text and "terpasang" in text)
    device.wait()


def test_a_fixed_address_is_left_for_the_system_and_taken_back(
    device: Device, hub: MemoryHub, monkeypatch
) -> None:
    taken = iter([False, True])
    monkeypatch.setattr("edge.setup_by_phone.trying.ADDRESS_S", 0.5)
    monkeypatch.setattr("edge.setup_by_phone.command.Trying", TryingWith(taken))
    device.start()
    fixed = {"cara": "tetap", "alamat": "192.168.1.20/24", "gerbang": "192.168.1.1"}
    assert device.phone.post(typed(hub, **fixed))[0] == 303
    device.phone.until(lambda text: "Kabel tidak memakai alamat itu" in text)
    kept = device.folder / "address.conf"
    assert kept.read_text() == "address=192.168.1.20/24\ngateway=192.168.1.1\ndns=192.168.1.1\n"
    hub.fails = [used()]
    assert device.phone.post(typed(hub, cara="kabel"))[0] == 303
    device.phone.until(lambda text: "Hub menolak" in text)
    assert kept.read_text() == "", "as DHCP says"
    assert device.phone.post(typed(hub, **fixed))[0] == 303
    device.wait()


class TryingWith:
    """Makes the real one, with a kernel that takes addresses as it is told."""

    def __init__(self, taken: Iterator[bool]) -> None:
        self._taken, self._real = taken, command.Trying

    def __call__(self, **options):
        return self._real(**options, is_own_address=lambda _address: next(self._taken))


def test_phones_are_led_to_the_page_and_no_other_page_may_post(device: Device, hub: MemoryHub) -> None:
    device.start()
    phone = device.phone
    token = phone.token()
    for path, host in (
        ("/generate_204", "connectivitycheck.gstatic.com"),
        ("/hotspot-detect.html", "captive.apple.com"),
        ("/connecttest.txt", "www.msftconnecttest.com"),
        ("/apa-saja", phone.address.removeprefix("http://")),
    ):
        status, headers, _ = phone.get(path, Host=host)
        assert (status, headers["Location"]) == (302, f"{phone.address}/")
    _, headers, _ = phone.get()
    assert "default-src 'none'" in headers["Content-Security-Policy"]
    assert "script-src" not in headers["Content-Security-Policy"]
    assert headers["Cache-Control"] == "no-store"
    assert phone.post(typed(hub), token="salah")[0] == 403
    assert phone.post(typed(hub), token="")[0] == 403
    assert phone.post(typed(hub), token=token, Origin="http://jahat.contoh")[0] == 403
    assert phone.post(typed(hub), token=token, Host="jahat.contoh")[0] == 403
    assert phone.post({"x": "y" * 9000}, token=token)[0] == 413
    assert phone.post({f"x{at}": "" for at in range(30)}, token=token)[0] == 400
    status, text = phone.post(typed(hub, sandi="kurang"), token=token)
    assert (status, "8 sampai 63" in text, "kurang" in text) == (422, True, False)
    assert hub.asked == []


def test_a_name_in_the_neighbourhood_cannot_write_into_the_page(device: Device, hub: MemoryHub) -> None:
    device.start()
    status, text = device.phone.post(typed(hub, nama_lain='"><b>x', sandi=""))
    assert (status, '"><b>x' in text, "&quot;&gt;&lt;b&gt;x" in text) == (422, False, True)


def test_after_six_tries_within_minutes_it_asks_to_wait(device: Device, hub: MemoryHub) -> None:
    device.start()
    for _ in range(6):
        assert device.phone.post(typed(hub, sandi="kapal-karam"))[0] == 303
        device.phone.until(lambda text: "Sandi Wi-Fi Titik Jawi salah" in text)
    status, text = device.phone.post(typed(hub))
    assert (status, "Tunggu lima menit" in text) == (429, True)


def test_it_ends_by_itself_when_nobody_comes(folder: Path, tmp_path: Path) -> None:
    radio = SimulatedRadio(is_broken=False)
    text = run_by_phone(
        folder / "edge.toml",
        radio=radio,
        claim_path=None,
        label_folder=tmp_path,
        for_s=0.0,
        address="127.0.0.1",
        ports=(free_port(), free_port()),
    )
    assert "ended without an enrolment" in text
    assert radio.point is None


def test_every_name_leads_to_the_device(device: Device) -> None:
    device.start()
    device.phone.token()
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as asked:
        asked.settimeout(PATIENCE_S)
        question = b"\0\7\1\0\0\1\0\0\0\0\0\0\1a\2id\0\0\1\0\1"
        asked.sendto(b"nonsense", ("127.0.0.1", device.ports[1]))
        asked.sendto(question, ("127.0.0.1", device.ports[1]))
        assert asked.recv(512).endswith(b"\x7f\0\0\1")


def test_a_port_that_is_taken_is_named(folder: Path, tmp_path: Path) -> None:
    with listening_socket(socket.SOCK_DGRAM, "127.0.0.1", 0, "lo") as taken:
        port = taken.getsockname()[1]
        taken.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 0)
        with pytest.raises(EdgeError, match=f"ports .* and {port} are needed"):
            run_by_phone(
                folder / "edge.toml",
                radio=SimulatedRadio(),
                claim_path=None,
                label_folder=tmp_path,
                for_s=0.0,
                address="127.0.0.1",
                ports=(free_port(), port),
            )


def test_a_request_that_is_no_form_is_refused(device: Device) -> None:
    device.start()
    device.phone.token()
    connection = http.client.HTTPConnection("127.0.0.1", device.ports[0], timeout=60)
    connection.putrequest("POST", "/", skip_host=True)
    connection.putheader("Host", f"127.0.0.1:{device.ports[0]}")
    connection.putheader("Content-Length", "viel")
    connection.endheaders()
    assert connection.getresponse().status == 413
    connection.close()


@pytest.mark.parametrize("text", ["hub = ", 'hub = "h"\ncode = "AAAA"\n', "report = true\n", "\0\0"])
def test_a_card_that_cannot_be_used_is_as_good_as_none(tmp_path: Path, text: str) -> None:
    card = tmp_path / "pontive.toml"
    card.write_text(text)
    assert read_card_claim(card) is None
    assert read_card_claim(None) is None


def test_a_card_is_read_as_the_enrolment_reads_it(tmp_path: Path, hub: MemoryHub) -> None:
    card = tmp_path / "pontive.toml"
    card.write_text(f'hub = "{HUB}"\ncode = "{hub.code}"\n[wifi]\nname = "a"\npassword = "kapal-layar"\n')
    assert read_card_claim(card) == claim_of(HUB, str(hub.code))


def test_the_command_names_the_radio_it_lacks_and_runs_without_one_when_told(folder: Path, tmp_path) -> None:
    words = ["set-up-by-phone", "--config", str(folder / "edge.toml"), "--label", str(tmp_path)]
    result = CliRunner().invoke(main, words)
    assert (result.exit_code, "--simulated" in result.output) == (3, True)
    result = CliRunner().invoke(main, [*words, "--radio", str(tmp_path), "--minutes", "0"])
    assert result.exit_code == 3
    port = str(free_port())
    result = CliRunner().invoke(main, [*words, "--simulated", "--minutes", "0", "--port", port])
    assert (result.exit_code, "ended without an enrolment" in result.output) == (0, True), result.output
