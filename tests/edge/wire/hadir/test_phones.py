"""Keys of simulated phones."""

import base64
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat

from edge.wire.hadir.codes import PhoneCode, read_code
from edge.wire.hadir.phones import (
    PhonesError,
    SimulatedBadge,
    SimulatedPhone,
    load_codes,
    load_phones,
    new_phone,
    save_phones,
)


@pytest.mark.parametrize("is_p256", [False, True])
def test_a_phone_draws_codes_that_its_public_key_proves(is_p256: bool) -> None:
    phone = new_phone(1001, key_slot=2, is_p256=is_p256)
    code = read_code(phone.code(1_795_216_449, 7))
    assert isinstance(code, PhoneCode)
    assert (code.person, code.key_slot) == (1001, 2)
    assert code.is_signed_by(phone.public_key)


def test_phones_come_back_from_a_file_that_only_its_owner_reads(tmp_path: Path) -> None:
    phones = (new_phone(1), new_phone(2, is_p256=True))
    path = tmp_path / "phones.json"
    save_phones(path, phones)
    assert load_phones(path) == phones
    assert path.stat().st_mode & 0o077 == 0


def test_a_missing_file_is_named(tmp_path: Path) -> None:
    with pytest.raises(PhonesError, match=r"phones\.json: cannot be read"):
        load_phones(tmp_path / "phones.json")


@pytest.mark.parametrize("content", [b"", b"[]", b'{"phones": 1}', b"\xff\xfe"])
def test_a_file_that_holds_no_phones_is_refused(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "phones.json"
    path.write_bytes(content)
    with pytest.raises(PhonesError, match="no file of phones"):
        load_phones(path)


def test_a_damaged_key_names_the_person_only() -> None:
    with pytest.raises(PhonesError, match="key of person 9 is damaged"):
        SimulatedPhone(person=9, key="AAAA").code(0, 0)


def test_a_key_of_another_kind_is_refused() -> None:
    der = X25519PrivateKey.generate().private_bytes(Encoding.DER, PrivateFormat.PKCS8, NoEncryption())
    with pytest.raises(PhonesError, match="neither Ed25519 nor P-256"):
        _ = SimulatedPhone(person=9, key=base64.b64encode(der).decode()).public_key


def test_badges_are_shown_beside_phones_or_alone_and_never_nothing(tmp_path: Path) -> None:
    path = tmp_path / "phones.json"
    badge = SimulatedBadge(text="HB:ABC")
    assert badge.code(1, 2) == badge.code(3, 4) == "HB:ABC"
    save_phones(path, (), (badge,))
    assert load_codes(path).badges == (badge,)
    with pytest.raises(PhonesError, match="no phone in it"):
        load_phones(path)
    save_phones(path, ())
    with pytest.raises(PhonesError, match="neither a phone nor a badge"):
        load_codes(path)
