"""What is typed, what is said, what names are answered, and which Wi-Fi stands on the label."""

import socket
import ssl
import struct
from datetime import UTC, datetime
from ipaddress import IPv4Address
from pathlib import Path

import pytest

from edge.enrolment.asking import HubUnreachableError, RefusedError
from edge.enrolment.claim_file import Claim, ClaimError, claim_of
from edge.enrolment.installing import InstallError
from edge.errors import EdgeError
from edge.setup_by_phone.label import label_text, own_access_point
from edge.setup_by_phone.names import answer
from edge.setup_by_phone.radio import JoinError, JoinFault, RadioError
from edge.setup_by_phone.trying import CableError, sentence
from edge.setup_by_phone.wishes import WishError, read_wish
from edge.setup_by_phone.wpa_radio import heard_networks
from edge.wire.joining.claims import make_claim_code
from edge.wire.joining.enrolment import RefusalReason
from edge.wire.joining.phone import access_point

CODE = str(make_claim_code(b"0123456789", b"x" * 32))
NOW = datetime(2026, 11, 22, tzinfo=UTC)
WIFI = {"cara": "wifi", "nama": "Titik Jawi", "sandi": "kapal-layar", "hub": "https://h.contoh", "kode": CODE}
FIXED = {**WIFI, "cara": "tetap", "alamat": "192.168.1.20/24", "gerbang": "192.168.1.1", "dns": ""}
HERE = IPv4Address("10.86.0.1")


def claim() -> Claim:
    return claim_of("https://kartu.contoh", CODE)


@pytest.mark.parametrize(
    ("typed", "words"),
    [
        ({**WIFI, "cara": "radio"}, "Pilih cara"),
        ({}, "Pilih cara"),
        ({**WIFI, "nama": ""}, "Pilih Wi-Fi"),
        ({**WIFI, "nama": "é" * 17}, "paling panjang 32"),
        ({**WIFI, "sandi": "pendek"}, "8 sampai 63"),
        ({**WIFI, "sandi": "a" * 64}, "8 sampai 63"),
        ({**WIFI, "sandi": "dua\nbaris1"}, "8 sampai 63"),
        ({**WIFI, "sandi": "sändi-lama"}, "8 sampai 63"),
        ({**WIFI, "kode": ""}, "belum diketik"),
        ({**WIFI, "kode": CODE[:-1]}, "salah ketik"),
        ({**WIFI, "kode": CODE.replace(CODE[0], "O", 1)}, "salah ketik"),
        ({**WIFI, "hub": "h.contoh"}, "Alamat hub"),
        ({**WIFI, "hub": ""}, "Alamat hub"),
        ({**FIXED, "alamat": "192.168.1.20"}, "panjang jaringannya"),
        ({**FIXED, "alamat": "192.168.1.300/24"}, "empat angka"),
        ({**FIXED, "gerbang": "10.0.0.1"}, "tidak berada di jaringan"),
        ({**FIXED, "gerbang": "192.168.1.20"}, "tidak berada di jaringan"),
        ({**FIXED, "alamat": "192.168.1.255/24"}, "bukan alamat perangkat"),
        ({**FIXED, "alamat": "192.168.1.20/31"}, "tidak berada di jaringan"),
        ({**FIXED, "dns": "delapan"}, "empat angka"),
    ],
)
def test_each_slip_has_its_sentence(typed: dict[str, str], words: str) -> None:
    with pytest.raises(WishError, match=words) as caught:
        read_wish(typed, None)
    assert typed.get("sandi", "-") not in str(caught.value) or not typed.get("sandi")


def test_what_is_typed_comes_before_the_card_and_the_card_before_nothing() -> None:
    assert read_wish({**WIFI, "kode": "", "hub": ""}, claim()).claim == claim()
    other = str(make_claim_code(b"9876543210", b"x" * 32))
    typed = read_wish({**WIFI, "kode": other, "hub": ""}, claim()).claim
    assert (typed.hub, str(typed.code)) == ("https://kartu.contoh", other)
    wish = read_wish({**FIXED, "kode": CODE.lower().replace("-", " ")}, None)
    assert wish.fixed is not None
    assert wish.fixed.text == "address=192.168.1.20/24\ngateway=192.168.1.1\ndns=192.168.1.1\n"
    assert wish.wifi is None
    assert read_wish({**WIFI, "cara": "kabel"}, None).fixed is None
    hidden = read_wish({**WIFI, "nama_lain": "Tersembunyi"}, None).wifi
    assert hidden is not None
    assert (hidden.name, hidden.is_hidden) == ("Tersembunyi", True)


def test_a_wish_shows_no_secret_when_printed() -> None:
    text = repr(read_wish(WIFI, None))
    assert "kapal-layar" not in text
    assert CODE not in text


def caused(error: EdgeError, cause: BaseException | None) -> EdgeError:
    error.__cause__ = cause
    return error


@pytest.mark.parametrize(
    ("error", "words"),
    [
        (JoinError(JoinFault.WRONG_PASSWORD, "Titik"), "Sandi Wi-Fi Titik salah"),
        (JoinError(JoinFault.NOT_FOUND, "Titik"), "tidak terdengar"),
        (JoinError(JoinFault.REJECTED, "Titik"), "menolak perangkat"),
        (JoinError(JoinFault.NO_ADDRESS, "Titik"), "tidak memberi alamat IP"),
        (RefusedError(RefusalReason.USED, "Kode ini sudah dipakai."), "Hub menolak: Kode ini sudah"),
        (caused(HubUnreachableError("x"), socket.gaierror()), "nama hub tidak dikenal"),
        (caused(HubUnreachableError("x"), TimeoutError()), "hub tidak menjawab"),
        (caused(HubUnreachableError("x"), ssl.SSLError()), "hub tidak menjawab"),
        (HubUnreachableError("x"), "bukan sebagai hub"),
        (CableError("x"), "Kabel tidak memakai"),
        (RadioError("x"), "Radio Wi-Fi"),
        (ClaimError("x"), "bukan hub pembuat kode"),
        (InstallError("x"), "Setelan dari hub"),
        (caused(InstallError("x"), OSError()), "Kartu penuh"),
        (OSError("x"), "Kartu penuh"),
        (EdgeError("x"), "Setelan di kartu rusak"),
    ],
)
def test_each_way_to_fail_has_its_sentence(error: EdgeError | OSError, words: str) -> None:
    assert words in sentence(error, now=NOW)
    assert "1970" not in sentence(error, now=NOW)


def test_a_clock_of_1970_is_named_as_no_reason() -> None:
    text = sentence(caused(HubUnreachableError("x"), TimeoutError()), now=datetime(1970, 1, 1, tzinfo=UTC))
    assert "Jam perangkat masih 1970; itu bukan halangan" in text


def question(name: bytes, kind: int = 1, flags: int = 0x0100) -> bytes:
    labels = b"".join(bytes([len(part)]) + part for part in name.split(b".")) + b"\0"
    return struct.pack("!6H", 7, flags, 1, 0, 0, 0) + labels + struct.pack("!2H", kind, 1)


def test_every_name_is_the_device_and_other_questions_have_no_answer() -> None:
    said = answer(question(b"connectivitycheck.gstatic.com"), HERE)
    assert said is not None
    assert said[-4:] == HERE.packed
    assert struct.unpack_from("!6H", said) == (7, 0x8100, 1, 1, 0, 0)
    six = answer(question(b"contoh.id", kind=28), HERE)
    assert six is not None
    assert struct.unpack_from("!6H", six)[3] == 0


@pytest.mark.parametrize(
    "bad",
    [
        b"",
        b"x" * 12,
        b"x" * 600,
        question(b"a.id", flags=0x8000),
        question(b"a.id")[:-6],
        struct.pack("!6H", 7, 0, 1, 0, 0, 0) + b"\xc0\x0c\0\1\0\1",
        struct.pack("!6H", 7, 0, 2, 0, 0, 0) + b"\0\0\1\0\1",
    ],
)
def test_nonsense_gets_no_answer(bad: bytes) -> None:
    assert answer(bad, HERE) is None


def test_the_wifi_of_a_claim_is_the_same_on_label_and_device_and_hides_the_claim(tmp_path: Path) -> None:
    point = own_access_point(tmp_path, claim())
    assert point == access_point(claim().code.secret)
    assert point.name.startswith("Pontive-")
    assert len(point.name) == 12
    assert len(point.password) == 14
    assert point.password not in repr(point)
    assert point.qr_text == f"WIFI:T:WPA;S:{point.name};P:{point.password};;"
    assert not set(point.password.split("-")) & set(CODE.split("-"))
    assert list(tmp_path.iterdir()) == []


def test_a_device_without_a_claim_keeps_a_secret_of_its_own(tmp_path: Path) -> None:
    first = own_access_point(tmp_path / "data", None)
    assert own_access_point(tmp_path / "data", None) == first
    assert (tmp_path / "data/phone.secret").stat().st_mode & 0o077 == 0
    (tmp_path / "data/phone.secret").write_bytes(b"half")
    assert own_access_point(tmp_path / "data", None) != first
    assert "http://10.86.0.1/" in label_text(first, "10.86.0.1")


def test_what_the_radio_heard_is_read_strongest_first_and_each_once() -> None:
    text = "\n".join(
        [
            "bssid / frequency / signal level / flags / ssid",
            "02:00:00:00:00:00\t2412\t-70\t[WPA2-PSK-CCMP][ESS]\tTitik Jawi",
            "02:00:00:00:00:01\t2437\t-50\t[WPA2-PSK-CCMP][ESS]\tTitik Jawi",
            "02:00:00:00:00:02\t2437\t-40\t[ESS]\tTerbuka",
            "02:00:00:00:00:03\t2437\t-30\t[WPA2-EAP-CCMP][ESS]\tKantor",
            "02:00:00:00:00:04\t2437\tx\t[WPA2-PSK-CCMP][ESS]\t\\xc3\\xa9",
            "02:00:00:00:00:05\t2437\t-45\t[WPA2-PSK-CCMP][ESS]\t",
            "02:00:00:00:00:06\t2437\t-45\t[WPA2-PSK-CCMP][ESS]\t\\x00\\x00",
            "02:00:00:00:00:07\t2437\t-45\t[WPA2-PSK-CCMP][ESS]\t\\xff",
            "half a line",
        ]
    )
    assert [(each.name, each.signal_dbm) for each in heard_networks(text)] == [
        ("Titik Jawi", -50),
        ("é", -999),
    ]
