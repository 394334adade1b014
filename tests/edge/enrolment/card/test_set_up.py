"""A card or stick as the only front panel: what it says is done, answered in words and by the lamp."""

import json
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import msgspec
import pytest
from click.testing import CliRunner
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import ec

from edge.cli import main
from edge.enrolment.card.card_file import ANSWER, NAME, REPORT, SETTINGS, Wifi, read_card
from edge.enrolment.card.command import run_set_up, state_of_error
from edge.enrolment.card.wifi import wifi_text
from edge.enrolment.claim_file import ClaimError
from edge.enrolment.installing import InstallError
from edge.errors import EdgeError
from edge.health.probing.link import LinkProbes
from edge.lights.signs import State
from edge.wire.joining.bundle import Bundle, seal_bundle
from edge.wire.joining.enrolment import EnrolRefused, EnrolRequest, RefusalReason
from tests.edge.enrolment.conftest import DEVICE, MemoryHub

PASSPHRASE = "kapal layar tenang"
SECRET = "sandi-wifi-titik"


class Place:
    """A device with a card and a stick before it, and a hub that answers over HTTP."""

    def __init__(self, folder: Path, hub: MemoryHub) -> None:
        self.hub, self.root = hub, folder / "root"
        self.card, self.stick, self.signs = folder / "card", folder / "stick", folder / "signs"
        for each in (self.card, self.stick, self.signs, self.root / "proc/net"):
            each.mkdir(parents=True)
        self.config = folder / "data" / "edge.toml"
        self.refusal: EnrolRefused | None = None
        self.address = ""

    def say(self, text: str, *, where: Path | None = None) -> None:
        ((where or self.card) / NAME).write_text(text, "utf-8")

    def run(self) -> str:
        return run_set_up(
            self.config,
            places=[self.stick, self.card],
            signs=self.signs,
            retry_for_s=0,
            links=LinkProbes(self.root),
            sleep=lambda _s: None,
        )

    @property
    def state(self) -> State:
        return State((self.signs / "set-up.sign").read_text().strip())

    @property
    def answer(self) -> str:
        return (self.card / ANSWER).read_text("utf-8")

    def claim(self) -> str:
        return f'hub = "{self.address}"\ncode = "{self.hub.code}"\n'

    def bundle(self, device: str = DEVICE) -> bytes:
        key = ec.generate_private_key(ec.SECP256R1())
        pem = key.private_bytes(
            serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
        )
        self.hub.device = device
        enrolled = self.hub.enrolled(key.public_key(), self.hub.certificate(key.public_key()))
        return seal_bundle(Bundle(enrolled=enrolled, key=pem.decode()), PASSPHRASE)


@pytest.fixture
def place(tmp_path: Path, hub: MemoryHub) -> Iterator[Place]:
    here = Place(tmp_path, hub)

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"]))
            refused = here.refusal
            self.send_response(200 if refused is None else 409)
            self.end_headers()
            asked = msgspec.json.decode(body, type=EnrolRequest)
            self.wfile.write(hub.ask(asked) if refused is None else msgspec.json.encode(refused))

        def log_message(self, *_arguments: object) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    here.address = f"http://127.0.0.1:{server.server_address[1]}"
    yield here
    server.shutdown()
    thread.join()
    server.server_close()


def test_a_card_with_a_code_and_wifi_makes_the_device_the_citys_and_is_wiped(place: Place, caplog) -> None:
    place.say(f'{place.claim()}report = true\n[wifi]\nname = "Titik Jawi"\npassword = "{SECRET}"\n')
    text = place.run()
    assert f"{DEVICE} di Tugu Khatulistiwa: terpasang." in text
    assert "Wi-Fi 'Titik Jawi' disimpan" in place.answer
    wifi = place.config.parent / "wifi.conf"
    assert wifi.stat().st_mode & 0o077 == 0
    assert not (place.card / NAME).exists()
    assert place.state is State.BUSY
    report = json.loads((place.card / REPORT).read_text())
    assert report["device"] == DEVICE
    everything = caplog.text + place.answer + text + wifi.read_text() + (place.card / REPORT).read_text()
    for secret in (SECRET, str(place.hub.code), "BEGIN"):
        assert secret not in everything


def test_a_stick_with_a_bundle_and_a_card_with_its_passphrase_need_no_network(place: Place) -> None:
    (place.stick / "pi-tugu.pontive").write_bytes(place.bundle())
    place.say(f'passphrase = "{PASSPHRASE}"\n')
    (place.card / SETTINGS).write_text(f'device = "{DEVICE}"\nhealth_every_s = 60\n')
    assert "Setelan dari kartu dipakai." in place.run()
    assert "health_every_s = 60" in place.config.read_text()
    assert (place.config.parent / "device.key").exists()


def test_a_reset_names_its_device_and_no_other_obeys(place: Place) -> None:
    place.say(place.claim())
    place.run()
    place.say('reset = "pi-lain"\n')
    with pytest.raises(ClaimError, match=f"reset is for pi-lain, this is {DEVICE}"):
        place.run()
    assert place.state is State.CARD
    place.say(f'reset = "{DEVICE}"\n')
    assert "cabut sertifikatnya di hub" in place.run()
    assert not (place.config.parent / "device.key").exists()
    place.say(f'reset = "{DEVICE}"\n')
    assert "sudah kosong" in place.run()


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("hub = ", "write it to the card again"),
        ("\x00" * 400, "write it to the card again"),
        ('hub = "http://127.0.0.1:9"\n', "hub and code belong together"),
        ('hub = "http://h.contoh"\ncode = "AAAA"\n', "code"),
        ('hub = "h"\ncode = "AAAA"\npassphrase = "x"\n', "a code and a passphrase"),
        ('passphrase = "kapal"\n', "no bundle NAME.pontive"),
        ("report = false\n", "says nothing to do"),
        ('[wifi]\nname = "a"\npassword = "pendek"\n', "wifi.password"),
        ('code = "x"\nsandi = "y"\n', "sandi"),
    ],
    ids=[
        "half",
        "zeros",
        "no-code",
        "bad-code",
        "both",
        "no-bundle",
        "nothing",
        "short-password",
        "unknown-key",
    ],
)
def test_a_card_that_is_half_written_or_says_nonsense_is_answered_in_words_and_blinks(
    place: Place, text: str, words: str
) -> None:
    place.say(text)
    with pytest.raises(EdgeError, match=words):
        place.run()
    assert words in place.answer
    assert "LED: 1 panjang, 4 pendek" in place.answer
    assert place.state is State.CARD
    assert (place.card / NAME).exists(), "it is tried again at the next start"


def test_what_the_hub_refuses_and_where_nobody_answers_blink_differently(place: Place) -> None:
    place.refusal = EnrolRefused(reason=RefusalReason.USED, detail="Kode ini sudah dipakai; buat yang baru.")
    place.say(place.claim())
    with pytest.raises(EdgeError, match="sudah dipakai"):
        place.run()
    assert "GAGAL: Kode ini sudah dipakai" in place.answer
    assert place.state is State.REFUSED
    place.say(place.claim().replace(place.address, "http://127.0.0.1:1"))
    with pytest.raises(EdgeError, match="check cable, network and address"):
        place.run()
    assert place.state is State.NO_NETWORK
    route = "Iface Destination Gateway Flags RefCnt Use Metric Mask MTU Window IRTT\n"
    route += "eth0 00000000 0100A8C0 0003 0 0 0 00000000 0 0 0\n"
    (place.root / "proc/net/route").write_text(route)
    with pytest.raises(EdgeError, match="check cable"):
        place.run()
    assert place.state is State.NO_HUB


def test_a_bundle_for_another_card_is_refused(place: Place) -> None:
    (place.stick / "b.pontive").write_bytes(place.bundle("pi-balai"))
    place.say(f'passphrase = "{PASSPHRASE}"\n')
    (place.card / SETTINGS).write_text(f'device = "{DEVICE}"\n')
    with pytest.raises(ClaimError, match=r"this card is for pi-tugu, the bundle b\.pontive for pi-balai"):
        place.run()


def test_an_empty_card_a_full_disk_and_a_stick_that_takes_no_answer(place: Place, monkeypatch) -> None:
    with pytest.raises(EdgeError, match=r"no pontive.toml on card or stick"):
        place.run()
    assert place.state is State.BLANK
    place.say('[wifi]\nname = "a"\npassword = "12345678"\n')

    def full(*_arguments: object, **_more: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("edge.enrolment.card.doing.keep_wifi", full)
    with pytest.raises(InstallError, match="No space left on device"):
        place.run()
    assert place.state is State.DISK
    assert (
        state_of_error(InstallError("the settings of the hub cannot be used"), has_network=True) is State.CARD
    )
    monkeypatch.undo()
    (place.card / ANSWER).unlink()
    (place.card / ANSWER).mkdir()
    assert "disimpan" in place.run()


def test_the_key_of_a_network_is_made_as_the_standard_says() -> None:
    # IEEE 802.11-2020, annex J.4.2, first test vector
    card_wifi = Wifi(name="IEEE", password="password")
    assert "psk=f42c6fc52df0ebef9ebb4b90b38a5f902e83fe1b135a70e23aed762e9710a12e" in wifi_text(card_wifi)
    assert "ssid=49454545" in wifi_text(card_wifi)


def test_the_command_says_what_was_done_or_why_not(place: Place) -> None:
    arguments = [
        "set-up",
        "--config",
        str(place.config),
        "--from",
        str(place.card),
        "--signs",
        str(place.signs),
    ]
    result = CliRunner().invoke(main, arguments)
    assert (result.exit_code, "save the text of the hub's page" in result.output) == (3, True)
    place.say(place.claim())
    result = CliRunner().invoke(main, arguments)
    assert (result.exit_code, "terpasang" in result.output) == (0, True)
    assert not read_card_is_left(place)


def read_card_is_left(place: Place) -> bool:
    with pytest.raises(ClaimError):
        read_card([place.card])
    return (place.card / NAME).exists()
