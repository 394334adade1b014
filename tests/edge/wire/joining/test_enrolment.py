"""Codes, proofs, answers and bundles of enrolment: what is good, and everything that is not."""

import base64
import hashlib
import os
from datetime import UTC, datetime, timedelta

import msgspec
import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID

from edge.wire.joining import bundle, certificates, claims
from edge.wire.joining.enrolment import (
    Camera,
    Enrolled,
    EnrolmentError,
    EnrolRequest,
    answer_request,
    open_answer,
)

NOW = datetime(2026, 11, 22, tzinfo=UTC)
SECRET = bytes(range(10))


def named(name: str) -> x509.Name:
    return x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name)])


def authority(name: str, parent=None, key=None):
    """Return (certificate, key) of a root, or of an issuer under ``parent``."""
    key = key or ec.generate_private_key(ec.SECP256R1())
    issuer, issuer_key = parent or (None, key)
    signed = (
        x509.CertificateBuilder()
        .subject_name(named(name))
        .issuer_name(named(name) if issuer is None else issuer.subject)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(NOW)
        .not_valid_after(NOW + timedelta(days=900))
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
        .sign(issuer_key, hashes.SHA256())
    )
    return signed, key


ROOT = authority("Root")
ISSUER = authority("Issuing", ROOT)
KEY = ec.generate_private_key(ec.SECP256R1())
CODE = claims.make_claim_code(SECRET, certificates.fingerprint(ROOT[0]))


def question(**changes) -> EnrolRequest:
    request = certificates.make_request(KEY, "unnamed")
    asked = EnrolRequest(
        claim=CODE.id,
        request=request.decode(),
        nonce="0" * 32,
        proof=claims.prove(CODE.proof_key, request, "0" * 32),
    )
    return msgspec.structs.replace(asked, **changes)


def leaf(**options) -> x509.Certificate:
    given = {
        "issuer": ISSUER[0],
        "issuer_key": ISSUER[1],
        "begins": NOW,
        "ends": NOW + timedelta(days=90),
        "usage": ExtendedKeyUsageOID.CLIENT_AUTH,
        **options,
    }
    return certificates.sign_leaf("pi-satu", KEY.public_key(), **given)


LEAF = certificates.to_pem(leaf()).decode()


def enrolled() -> Enrolled:
    return Enrolled(
        device="pi-satu",
        site="Tugu",
        at=NOW,
        certificate=LEAF,
        ca=certificates.to_pem(ROOT[0]).decode(),
        hub_key="x",
        broker_host="hub",
        broker_port=8883,
        cameras=(Camera(id="utara", source="picamera:0"),),
    )


def answer(asked: EnrolRequest, *, chain=(ISSUER[0], ROOT[0]), issuer_key=ISSUER[1], key=KEY) -> bytes:
    made = answer_request(
        asked,
        enrolled(),
        device_key=key.public_key(),
        chain=[certificates.to_pem(one) for one in chain],
        issuer_key=issuer_key,
    )
    return msgspec.json.encode(made)


def test_a_code_is_read_back_however_it_is_typed() -> None:
    text = str(CODE)
    assert len(text.split("-")) == 9
    for typed in (text, text.lower(), text.replace("-", ""), f"  {text.replace('-', ' ')}\n"):
        assert claims.read_claim_code(typed) == CODE
    assert CODE.trusts(certificates.fingerprint(ROOT[0]))
    assert not CODE.trusts(certificates.fingerprint(ISSUER[0]))
    assert SECRET.hex() not in CODE.id + CODE.proof_key.hex()


def test_every_single_slip_of_the_pen_is_found() -> None:
    letters = str(CODE).replace("-", "")
    for place, letter in enumerate(letters):
        other = claims.ALPHABET[(claims.ALPHABET.index(letter) + 7) % 32]
        with pytest.raises(claims.ClaimCodeError, match="mistyped"):
            claims.read_claim_code(letters[:place] + other + letters[place + 1 :])


@pytest.mark.parametrize(
    ("typed", "words"),
    [("", "0 letters"), ("ABC", "3 letters"), ("O" * 36, "no letter of a code"), ("é" * 36, "no letter")],
)
def test_what_is_no_code_says_why(typed: str, words: str) -> None:
    with pytest.raises(claims.ClaimCodeError, match=words):
        claims.read_claim_code(typed)
    with pytest.raises(ValueError, match="10 bytes"):
        claims.make_claim_code(b"x", bytes(32))


def test_a_proof_holds_for_one_request_one_nonce_and_one_code() -> None:
    proof = claims.prove(CODE.proof_key, b"csr", "n")
    assert claims.is_proven(CODE.proof_key, b"csr", "n", proof)
    assert not claims.is_proven(CODE.proof_key, b"csr2", "n", proof)
    assert not claims.is_proven(CODE.proof_key, b"csr", "m", proof)
    assert not claims.is_proven(hashlib.sha256(b"").digest(), b"csr", "n", proof)


def test_an_answer_is_read_by_who_asked_and_knows_the_root() -> None:
    asked = question()
    assert open_answer(answer(asked), asked, code=CODE, device_key=KEY) == enrolled()


def test_answers_of_others_to_others_and_damaged_ones_are_refused() -> None:
    asked, other = question(), question(nonce="1" * 32)
    good = msgspec.json.decode(answer(asked))
    strange_root = authority("Root")
    strange = authority("Issuing", strange_root)
    damaged = {**good, "sealed": base64.b64encode(os.urandom(80)).decode()}
    cases = {
        "damaged": [
            answer(other),
            answer(asked, key=ec.generate_private_key(ec.SECP256R1())),
            msgspec.json.encode(damaged),
            answer(asked, issuer_key=KEY),
        ],
        "not the hub of this code": [
            answer(asked, chain=(strange[0], strange_root[0]), issuer_key=strange[1]),
            answer(asked, chain=(strange[0], ROOT[0]), issuer_key=strange[1]),
            answer(asked, chain=(ISSUER[0],)),
        ],
        "garbled": [b"", b"<html>", b"[" * 5000, msgspec.json.encode({**good, "chain": "x"})],
    }
    for words, payloads in cases.items():
        for payload in payloads:
            with pytest.raises(EnrolmentError, match=words):
                open_answer(payload, asked, code=CODE, device_key=KEY)


def test_an_issuer_with_another_kind_of_key_is_refused() -> None:
    weak = authority("Issuing", ROOT, rsa.generate_private_key(65537, 2048))
    asked = question()
    with pytest.raises(EnrolmentError, match="wrong kind"):
        open_answer(answer(asked, chain=(weak[0], ROOT[0])), asked, code=CODE, device_key=KEY)


def test_a_leaf_does_not_outlive_its_issuer_and_names_what_it_is_for() -> None:
    assert leaf(ends=NOW + timedelta(days=9000)).not_valid_after_utc == ISSUER[0].not_valid_after_utc
    names = x509.SubjectAlternativeName([x509.DNSName("hub")])
    server = leaf(usage=ExtendedKeyUsageOID.SERVER_AUTH, names=names)
    assert server.extensions.get_extension_for_class(x509.SubjectAlternativeName).value == names
    assert certificates.is_issued_by(server, ISSUER[0])
    assert not certificates.is_issued_by(server, ROOT[0])
    assert certificates.find_root(server, [ROOT[0], ISSUER[0]]) == ROOT[0]
    assert certificates.find_root(server, [ROOT[0]]) is None
    assert certificates.serial_text(server) == f"{server.serial_number:x}"
    assert len(certificates.key_digest(KEY.public_key())) == 64


def test_certificates_that_vouch_for_each_other_in_a_ring_have_no_root() -> None:
    one, other = (ec.generate_private_key(ec.SECP256R1()) for _ in range(2))

    def signed(name: str, key, issuer: str, issuer_key) -> x509.Certificate:
        return certificates.sign_leaf(
            name,
            key.public_key(),
            issuer=authority(issuer, key=issuer_key)[0],
            issuer_key=issuer_key,
            begins=NOW,
            ends=NOW + timedelta(days=1),
            usage=ExtendedKeyUsageOID.CLIENT_AUTH,
        )

    ring = [signed("A", one, "B", other), signed("B", other, "A", one)]
    assert certificates.find_root(ring[0], ring) is None


def test_requests_that_cannot_be_used_say_why() -> None:
    with pytest.raises(certificates.CertificateError, match="not readable"):
        certificates.read_request(b"x")
    csr = certificates.make_request(KEY, "pi-satu")
    der = bytearray(x509.load_pem_x509_csr(csr).public_bytes(serialization.Encoding.DER))
    der[der.index(b"pi-satu")] = ord("x")
    tampered = x509.load_der_x509_csr(bytes(der)).public_bytes(serialization.Encoding.PEM)
    with pytest.raises(certificates.CertificateError, match="own key"):
        certificates.read_request(tampered)
    weak = ec.generate_private_key(ec.SECP384R1())
    with pytest.raises(certificates.CertificateError, match="EC P-256"):
        certificates.read_request(certificates.make_request(weak, "pi-satu"))
    with pytest.raises(certificates.CertificateError, match="0 common names"):
        certificates.common_name(x509.Name([]))


PASSPHRASE = "kapal layar kuning"


def test_a_bundle_is_opened_by_its_passphrase_alone() -> None:
    inside = bundle.Bundle(enrolled=enrolled(), key="PRIVATE")
    file = bundle.seal_bundle(inside, PASSPHRASE)
    assert bundle.open_bundle(file, PASSPHRASE) == inside
    with pytest.raises(bundle.BundleError, match="12 letters"):
        bundle.seal_bundle(inside, "pendek")
    with pytest.raises(bundle.BundleError, match="passphrase is wrong"):
        bundle.open_bundle(file, PASSPHRASE + "!")
    plain = msgspec.json.decode(file)
    for garbled in (
        b"",
        file[:-10],
        b" " * (bundle.MAX_BUNDLE_BYTES + 1),
        msgspec.json.encode({**plain, "salt": "AA=="}),
        msgspec.json.encode({**plain, "nonce": "%"}),
        msgspec.json.encode({**plain, "pontive_bundle": 2}),
    ):
        with pytest.raises(bundle.BundleError, match="copy it again"):
            bundle.open_bundle(garbled, PASSPHRASE)
