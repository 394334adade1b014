"""H1 and HB codes: the vectors every implementation must agree on, and what tampering does."""

import json
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from hypothesis import given
from hypothesis import strategies as st

from edge.wire import base45
from edge.wire.hadir.codes import (
    BadgeCode,
    CodeError,
    PhoneCode,
    Purpose,
    digest_of,
    make_badge_code,
    make_phone_code,
    public_bytes_of,
    read_code,
    write_code,
)

DATA = Path(__file__).parents[3] / "data/codes"
ED25519 = Ed25519PrivateKey.from_private_bytes(bytes(range(32)))
P256 = ec.derive_private_key(0x1234567890ABCDEF, ec.SECP256R1())


def vectors(name: str, kind: str | None = None) -> list[Any]:
    return [v for v in json.loads((DATA / f"{name}.json").read_text()) if kind in (None, v.get("kind"))]


@pytest.mark.parametrize("vector", vectors("good", "H1"), ids=lambda v: v["text"][:12])
def test_a_phone_code_says_what_the_vector_says(vector: dict[str, Any]) -> None:
    code = read_code(vector["text"])
    assert isinstance(code, PhoneCode)
    fields = ("person", "issued_at_s", "key_slot", "purpose", "is_clock_corrected", "nonce")
    assert {name: getattr(code, name) for name in fields} == {name: vector[name] for name in fields}
    assert code.is_signed_by(bytes.fromhex(vector["public_key"]), vector["challenge"].encode())
    assert code.issued_at.timestamp() == vector["issued_at_s"]
    assert write_code(code) == vector["text"]
    assert len(vector["text"]) == 117


@pytest.mark.parametrize("vector", vectors("good", "HB"), ids=lambda v: v["valid_until"])
def test_a_badge_code_says_what_the_vector_says(vector: dict[str, Any]) -> None:
    code = read_code(vector["text"])
    assert isinstance(code, BadgeCode)
    expected = (vector["hub_key"], vector["person"], vector["serial"], vector["valid_until"])
    assert (code.hub_key, code.person, code.serial, code.valid_until.isoformat()) == expected
    assert code.is_signed_by(bytes.fromhex(vector["public_key"]))
    assert write_code(code) == vector["text"]
    assert len(vector["text"]) == 114


@pytest.mark.parametrize("vector", vectors("bad"), ids=lambda v: v["name"])
def test_a_text_that_is_no_code_is_refused(vector: dict[str, Any]) -> None:
    with pytest.raises(CodeError) as refused:
        read_code(vector["text"])
    assert refused.value.is_ours is vector["is_ours"]


@pytest.mark.parametrize("vector", vectors("forged"), ids=lambda v: v["name"])
def test_a_forged_code_is_not_signed(vector: dict[str, Any]) -> None:
    code = read_code(vector["text"])
    assert isinstance(code, PhoneCode)
    assert not code.is_signed_by(bytes.fromhex(vector["public_key"]), vector["challenge"].encode())


def is_genuine(text: str, public_key: bytes, challenge: bytes) -> bool:
    try:
        code = read_code(text)
    except CodeError:
        return False
    if isinstance(code, PhoneCode):
        return code.is_signed_by(public_key, challenge)
    return code.is_signed_by(public_key)


@pytest.mark.parametrize(
    "vector", vectors("good", "H1") + vectors("good", "HB"), ids=lambda v: v["text"][:12]
)
def test_changing_any_byte_of_any_code_is_noticed(vector: dict[str, Any]) -> None:
    prefix, payload = vector["text"][:3], base45.decode(vector["text"][3:])
    key, challenge = bytes.fromhex(vector["public_key"]), vector.get("challenge", "").encode()
    assert is_genuine(vector["text"], key, challenge)
    for place in range(len(payload)):
        for flip in (0x01, 0x80, 0xFF):
            changed = bytearray(payload)
            changed[place] ^= flip
            assert not is_genuine(prefix + base45.encode(bytes(changed)), key, challenge), (place, flip)


def test_changing_any_character_of_a_code_is_noticed() -> None:
    vector = vectors("good", "H1")[0]
    text, key = vector["text"], bytes.fromhex(vector["public_key"])
    for place in range(len(text)):
        for character in "0A:€":
            changed = text[:place] + character + text[place + 1 :]
            assert changed == text or not is_genuine(changed, key, b""), place


@given(
    person=st.integers(1, 2**32 - 1),
    issued_at_s=st.integers(0, 2**32 - 1),
    nonce=st.integers(0, 65_535),
    key_slot=st.integers(0, 7),
    purpose=st.sampled_from(Purpose),
    is_corrected=st.booleans(),
    key=st.sampled_from([ED25519, P256]),
)
def test_what_a_phone_draws_is_what_a_door_reads(
    person: int, issued_at_s: int, nonce: int, key_slot: int, purpose: Purpose, is_corrected: bool, key: Any
) -> None:
    text = make_phone_code(
        key,
        person=person,
        issued_at_s=issued_at_s,
        nonce=nonce,
        key_slot=key_slot,
        purpose=purpose,
        is_clock_corrected=is_corrected,
    )
    code = read_code(text)
    assert isinstance(code, PhoneCode)
    assert (code.person, code.issued_at_s, code.nonce) == (person, issued_at_s, nonce)
    assert (code.key_slot, code.purpose, code.is_clock_corrected) == (key_slot, purpose, is_corrected)
    assert code.is_signed_by(public_bytes_of(key))


@given(st.text(max_size=200))
def test_no_text_whatever_stops_the_reader(text: str) -> None:
    for prefix in ("", "H1:", "HB:"):
        try:
            read_code(prefix + text)
        except CodeError:
            continue


def test_two_signatures_of_one_code_count_as_one_use() -> None:
    texts = [make_phone_code(P256, person=5, issued_at_s=9, nonce=3) for _ in range(2)]
    codes = [read_code(text) for text in texts]
    assert texts[0] != texts[1], "ECDSA signs with fresh randomness"
    digests = {digest_of(code) for code in codes if isinstance(code, PhoneCode)}
    assert len(digests) == 1
    assert len(digests.pop()) == 32


def test_codes_of_one_second_differ_by_their_nonce() -> None:
    codes = [read_code(make_phone_code(ED25519, person=5, issued_at_s=9, nonce=n)) for n in (1, 2)]
    assert digest_of(codes[0]) != digest_of(codes[1])  # type: ignore[arg-type]  # both are phones


def test_a_badge_with_a_key_of_the_wrong_kind_is_not_genuine() -> None:
    badge = read_code(make_badge_code(ED25519, hub_key=1, person=2, serial=3, valid_until=date(2027, 1, 1)))
    assert isinstance(badge, BadgeCode)
    assert not badge.is_signed_by(b"short")
