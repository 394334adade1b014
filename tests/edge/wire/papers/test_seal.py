"""Tests of the seal of letters: whatever is altered is refused."""

import base64
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from typing import Any

import msgspec
import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from edge.wire.hadir.codes import public_bytes_of
from edge.wire.papers.seal import (
    DOMAIN,
    LetterClaim,
    LetterError,
    code_of,
    looks_like_letter,
    masked_name,
    read_seal,
    seal_letter,
)
from edge.wire.papers.trust import (
    EndedKey,
    LetterStanding,
    LetterTrust,
    decode_trust,
    encode_trust,
    judge,
    kept_digests,
)

ADDRESS = "HTTPS://PONTIVE.EXAMPLE.ID/V/"
KEY = Ed25519PrivateKey.from_private_bytes(bytes(range(32)))
OTHER = Ed25519PrivateKey.from_private_bytes(bytes(range(1, 33)))
TODAY = date(2026, 11, 22)
CLAIM = LetterClaim(
    key_number=1,
    code=code_of(b"\x01\x02\x03\x04\x05"),
    kind="Keterangan Domisili",
    number="400.12/0001/KEL-BML/XI/2026",
    kelurahan="61.71.04.1004",
    issued_on=TODAY,
    last_day=TODAY + timedelta(days=30),
    body_hash=bytes(range(10)),
    holder="SI** RA**",
    nik_tail="0004",
)
TRUST = LetterTrust(
    version=1,
    issued_at=datetime(2026, 11, 22, tzinfo=UTC),
    addresses=(ADDRESS,),
    keys=((1, public_bytes_of(KEY)), (2, public_bytes_of(OTHER))),
)
TEXT = seal_letter(KEY, CLAIM, address=ADDRESS)
_LETTERS = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567"

ALTERED_FACTS: dict[str, Any] = {
    "key_number": 2,
    "code": code_of(b"\x01\x02\x03\x04\x06"),
    "kind": "Keterangan Usaha",
    "number": "400.12/0002/KEL-BML/XI/2026",
    "kelurahan": "61.71.04.1005",
    "issued_on": TODAY - timedelta(days=1),
    "last_day": None,
    "body_hash": bytes(10),
    "holder": "SI** RO**",
    "nik_tail": "0005",
}


def standing(text: str, trust: LetterTrust = TRUST, today: date | None = TODAY) -> LetterStanding:
    return judge(text, trust, today=today).standing


def test_a_seal_says_what_was_sealed() -> None:
    judged = judge(TEXT, TRUST, today=TODAY)
    assert judged.standing is LetterStanding.GENUINE
    assert judged.claim == CLAIM
    bare = replace(CLAIM, kelurahan="", last_day=None, nik_tail="", holder="", code=code_of(bytes(5)))
    assert judge(seal_letter(KEY, bare, address=ADDRESS), TRUST, today=TODAY).claim == bare


def test_a_seal_of_the_longest_fields_is_short_enough_for_the_doors_decoder() -> None:
    longest = replace(CLAIM, kind="k" * 40, number="9" * 60, holder="H" * 24)
    assert len(seal_letter(KEY, longest, address="HTTPS://" + "A" * 100 + "/V/")) <= 512


@pytest.mark.parametrize("field", ALTERED_FACTS)
def test_any_altered_field_under_the_old_signature_is_refused(field: str) -> None:
    altered = replace(CLAIM, **{field: ALTERED_FACTS[field]})
    forged = seal_letter(KEY, altered, address=ADDRESS)
    signature = read_seal(TEXT).signature
    seal = replace(read_seal(forged), signature=signature)
    assert not any(seal.is_signed_by(key) for _number, key in TRUST.keys)


def test_every_altered_bit_of_claim_and_signature_is_refused() -> None:
    body = TEXT.removeprefix(ADDRESS)
    payload = base64.b32decode(body + "=" * (-len(body) % 8))
    for place in range(len(payload) * 8):
        altered = bytearray(payload)
        altered[place // 8] ^= 1 << place % 8
        text = ADDRESS + base64.b32encode(altered).decode().rstrip("=")
        found = judge(text, TRUST, today=TODAY)
        assert found.standing in (LetterStanding.ALTERED, LetterStanding.UNKNOWN), place
        assert found.claim is None


def test_every_altered_missing_or_added_character_is_refused() -> None:
    for place, letter in enumerate(TEXT):
        other = _LETTERS[(_LETTERS.find(letter) + 1) % 32]
        for text in (TEXT[:place] + other + TEXT[place + 1 :], TEXT[:place] + TEXT[place + 1 :]):
            assert standing(text) in (LetterStanding.ALTERED, LetterStanding.UNKNOWN), place
    for text in (TEXT + "A", TEXT.lower(), TEXT[: len(TEXT) // 2], TEXT + "=", ADDRESS, ADDRESS + "A" * 81):
        assert standing(text) in (LetterStanding.ALTERED, LetterStanding.UNKNOWN), text


def test_only_the_last_character_of_one_text_counts_the_unused_bits_must_be_zero() -> None:
    twins = [TEXT[:-1] + letter for letter in _LETTERS if letter != TEXT[-1]]
    assert {standing(text) for text in twins} == {LetterStanding.ALTERED}


def test_a_seal_of_another_city_or_of_an_unknown_key_is_not_known() -> None:
    assert standing(TEXT.replace("PONTIVE", "PALSU")) is LetterStanding.UNKNOWN
    assert standing(seal_letter(KEY, replace(CLAIM, key_number=9), address=ADDRESS)) is LetterStanding.UNKNOWN
    assert standing("https://example.id/") is LetterStanding.UNKNOWN


def test_a_signature_for_another_purpose_is_no_seal() -> None:
    signature = KEY.sign(b"PTK-HADIR-BADGE-1\0" + CLAIM.packed)
    text = ADDRESS + base64.b32encode(CLAIM.packed + signature).decode().rstrip("=")
    assert standing(text) is LetterStanding.ALTERED
    assert DOMAIN == b"PTK-LETTER-1\0"


def test_revoked_and_expired_letters_are_told_apart_and_revoked_comes_first() -> None:
    revoked = replace_trust(revoked=(CLAIM.code,))
    late = TODAY + timedelta(days=31)
    assert standing(TEXT, today=late - timedelta(days=1)) is LetterStanding.GENUINE
    assert standing(TEXT, today=late) is LetterStanding.EXPIRED
    assert standing(TEXT, revoked, today=late) is LetterStanding.REVOKED
    assert standing(TEXT, today=None) is LetterStanding.GENUINE
    ever = seal_letter(KEY, replace(CLAIM, last_day=None), address=ADDRESS)
    assert standing(ever, today=date(2099, 1, 1)) is LetterStanding.GENUINE


def test_seals_of_a_former_key_stay_good() -> None:
    fresh = seal_letter(OTHER, replace(CLAIM, key_number=2), address=ADDRESS)
    assert standing(fresh) is LetterStanding.GENUINE
    assert standing(TEXT) is LetterStanding.GENUINE


@pytest.mark.parametrize(
    "wrong",
    [
        {"kind": "k" * 41},
        {"number": "a\nb"},
        {"code": "ABC"},
        {"code": "AAAAAAAAAAAAAAAA"},
        {"key_number": 256},
        {"issued_on": date(2023, 1, 1)},
        {"kelurahan": "99.99.99.99999999"},
        {"nik_tail": "70000"},
        {"body_hash": bytes(11)},
        {"body_hash": bytes(9) + b"\x01" + b"\x02"},
    ],
    ids=lambda wrong: next(iter(wrong)),
)
def test_facts_that_do_not_fit_are_refused_not_cut(wrong: dict[str, Any]) -> None:
    with pytest.raises(LetterError):
        seal_letter(KEY, replace(CLAIM, **wrong), address=ADDRESS)


def test_an_address_of_another_form_seals_nothing() -> None:
    with pytest.raises(LetterError, match="no seal"):
        seal_letter(KEY, CLAIM, address="https://pontive.example.id/v/")


def test_damaged_texts_inside_a_seal_are_refused() -> None:
    for packed in (CLAIM.packed[:-1], CLAIM.packed + b"x", CLAIM.packed[:28] + b"\x02\xff\xff", b"1" * 60):
        text = ADDRESS + base64.b32encode(packed + bytes(64)).decode().rstrip("=")
        with pytest.raises(LetterError):
            read_seal(text)


def test_names_are_masked_and_short() -> None:
    assert masked_name("Siti Rahmawati") == "SI** RA**"
    assert masked_name("Ali bin Abdul Karim Harun") == "A** B** AB** KA**"
    assert masked_name("") == ""
    assert masked_name("D'Arcy Ñ") == "DA**"


def test_what_wants_to_be_a_letter_is_recognised() -> None:
    assert looks_like_letter(TEXT)
    assert looks_like_letter("https://palsu.example/v/abc")
    assert not looks_like_letter("H1:ABC")
    assert not looks_like_letter("https://example.id/berita/v/")


def test_the_trust_of_a_device_survives_the_way_and_garbage_is_refused() -> None:
    assert decode_trust(encode_trust(TRUST)) == TRUST
    for plain in (b"", b"{}", b"[1]"):
        with pytest.raises(LetterError, match="no list"):
            decode_trust(plain)


def replace_trust(**facts: Any) -> LetterTrust:
    return msgspec.structs.replace(TRUST, **facts)


def test_of_a_stolen_key_only_what_the_archive_had_before_stays_good() -> None:
    kept = kept_digests([seal_letter(KEY, replace(CLAIM, number="1"), address=ADDRESS), TEXT])
    ended = EndedKey(
        number=1, key=public_bytes_of(KEY), ended_at=datetime(2026, 11, 22, tzinfo=UTC), kept=kept
    )
    trust = decode_trust(encode_trust(msgspec.structs.replace(TRUST, keys=TRUST.keys[1:], ended=(ended,))))
    assert judge(TEXT, trust, today=TODAY) == judge(TEXT, TRUST, today=TODAY)
    # The thief dates back, or takes the code of a letter that is good.
    forged = seal_letter(KEY, replace(CLAIM, holder="PEN** CUR**"), address=ADDRESS)
    judged = judge(forged, trust, today=TODAY)
    assert (judged.standing, judged.claim) == (LetterStanding.DISTRUSTED, None)
    assert judge(TEXT[:-1] + "A", trust, today=TODAY).standing is LetterStanding.ALTERED
    other = seal_letter(OTHER, replace(CLAIM, key_number=2), address=ADDRESS)
    assert judge(other, trust, today=TODAY).standing is LetterStanding.GENUINE
