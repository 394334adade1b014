"""HS codes: what an office shows for phones to scan."""

import base64
import json
from pathlib import Path
from typing import Any

import pytest
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from edge.wire.hadir.codes import PhoneSigningKey, is_signed_by_phone, public_bytes_of, sign_as_phone
from edge.wire.hadir.workplace import (
    STEP_S,
    WorkplaceCodeError,
    WorkplaceDocument,
    decode_workplace,
    device_key_of,
    encode_workplace,
    make_workplace_code,
    read_workplace_code,
    scan_message,
    site_number_of,
)

ADDRESS = "HTTPS://HADIR.PONTIANAK.GO.ID/S/"
KEY = device_key_of(bytes(32), "pintu-1")
NOW_S = 1_795_216_449
SITE_OF_BALAI_KOTA = 35980


def test_the_vector_holds() -> None:
    vectors = json.loads((Path(__file__).parents[3] / "data/codes/good.json").read_text())
    vector = next(v for v in vectors if v["kind"] == "HS")
    key = device_key_of(bytes.fromhex(vector["hub_key"]), vector["device"])
    made = make_workplace_code(key, site=vector["site"], now_s=vector["now_s"], address=vector["address"])
    assert made == vector["text"]
    code = read_workplace_code(vector["text"], address=vector["address"])
    assert code.site == vector["site"]
    assert code.is_made_with(key)


def test_a_code_is_58_upper_case_characters() -> None:
    text = make_workplace_code(KEY, site=3, now_s=NOW_S, address=ADDRESS)
    assert len(text) == 58
    assert text == text.upper()


def test_a_code_is_fresh_in_its_step_and_the_next() -> None:
    code = read_workplace_code(
        make_workplace_code(KEY, site=3, now_s=NOW_S, address=ADDRESS), address=ADDRESS
    )
    began_s = NOW_S // STEP_S * STEP_S
    answers = {after_s: code.is_fresh(began_s + after_s) for after_s in (-1, 0, 39, 40)}
    assert answers == {-1: False, 0: True, 39: True, 40: False}


def test_a_stolen_device_makes_codes_of_its_own_only() -> None:
    code = read_workplace_code(
        make_workplace_code(KEY, site=3, now_s=NOW_S, address=ADDRESS), address=ADDRESS
    )
    assert code.is_made_with(KEY)
    assert not code.is_made_with(device_key_of(bytes(32), "pintu-2"))


def test_changing_any_character_of_a_code_is_noticed() -> None:
    text = make_workplace_code(KEY, site=3, now_s=NOW_S, address=ADDRESS)
    for place in range(len(text)):
        for character in "A7B":
            changed = text[:place] + character + text[place + 1 :]
            try:
                code = read_workplace_code(changed, address=ADDRESS)
            except WorkplaceCodeError:
                continue
            assert changed == text or not code.is_made_with(KEY), place


@pytest.mark.parametrize(
    "text",
    [
        "",
        ADDRESS,
        "HTTPS://EVIL.EXAMPLE/S/" + "A" * 26,
        ADDRESS + "A" * 25,
        ADDRESS + "1" * 26,
        ADDRESS + "B" * 26,
    ],
)
def test_another_address_or_a_damaged_tail_is_refused(text: str) -> None:
    with pytest.raises(WorkplaceCodeError):
        read_workplace_code(text, address=ADDRESS)


SCANS = json.loads((Path(__file__).parents[3] / "data/codes/hs_scan.json").read_text())


@pytest.mark.parametrize("vector", SCANS, ids=lambda vector: vector["algorithm"])
def test_the_vectors_of_scanned_codes_hold(vector: dict[str, Any]) -> None:
    message = scan_message(vector["code"], vector["signed_at"])
    assert message.hex() == vector["message"]
    assert message == b"PTK-HADIR-HS-1\0" + vector["code"].encode() + vector["signed_at"].to_bytes(4)
    assert is_signed_by_phone(
        bytes.fromhex(vector["public_key"]), bytes.fromhex(vector["signature"]), message
    )


@pytest.mark.parametrize("vector", SCANS, ids=lambda vector: vector["algorithm"])
def test_a_scan_with_any_byte_changed_is_not_signed(vector: dict[str, Any]) -> None:
    key, signature = bytes.fromhex(vector["public_key"]), bytes.fromhex(vector["signature"])
    message = bytes.fromhex(vector["message"])
    for place in range(len(signature)):
        changed = signature[:place] + bytes([signature[place] ^ 1]) + signature[place + 1 :]
        assert not is_signed_by_phone(key, changed, message), place
    for place in range(len(message)):
        changed = message[:place] + bytes([message[place] ^ 1]) + message[place + 1 :]
        assert not is_signed_by_phone(key, signature, changed), place
    assert not is_signed_by_phone(key, signature[:-1], message)
    assert not is_signed_by_phone(key[:-1], signature, message)


@pytest.mark.parametrize("key", [Ed25519PrivateKey.generate(), ec.generate_private_key(ec.SECP256R1())])
def test_both_kinds_of_phones_sign_what_they_scanned(key: PhoneSigningKey) -> None:
    message = scan_message("HTTPS://X/S/A", NOW_S)
    assert is_signed_by_phone(public_bytes_of(key), sign_as_phone(key, message), message)


def test_a_workplace_document_comes_back_and_makes_codes() -> None:
    document = WorkplaceDocument(version=7, key=base64.b64encode(KEY).decode(), site=3, address=ADDRESS)
    read = decode_workplace(encode_workplace(document))
    assert read == document
    assert read.code(NOW_S) == make_workplace_code(KEY, site=3, now_s=NOW_S, address=ADDRESS)


@pytest.mark.parametrize(
    "plain",
    [b"", b"{}", b'{"version":1,"key":"AA==","site":1,"address":"X"}', b'{"version":1,"site":70000}'],
)
def test_other_bytes_are_no_workplace_document(plain: bytes) -> None:
    with pytest.raises(WorkplaceCodeError):
        decode_workplace(plain)


def test_the_number_of_a_site_never_changes() -> None:
    assert site_number_of("balai-kota") == SITE_OF_BALAI_KOTA
    assert all(0 <= site_number_of(f"site-{number}") <= 65_535 for number in range(100))
