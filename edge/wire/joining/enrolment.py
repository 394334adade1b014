"""What a blank device and the hub say to each other once, over HTTP or on a stick: ``POST /enrol``.

The device proves that it holds a claim code; the hub's answer is sealed to the device's new key and
signed by the issuing authority, so that nothing rests on TLS, on names or on a clock: a device that
wakes up in 1970 enrols like any other. Pure.
"""

import base64
import hashlib
from collections.abc import Iterable
from enum import StrEnum
from typing import Annotated

import msgspec
from cryptography import x509
from cryptography.exceptions import InvalidSignature, InvalidTag
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec

from edge.wire.desired import seal, unseal
from edge.wire.joining.certificates import find_root, fingerprint
from edge.wire.joining.claims import ClaimCode
from edge.wire.records.fields import DeviceId, Instant, Message, ShortText, SourceId, Text

PATH = "/enrol"
MAX_REQUEST_BYTES = 8_192
_SIGN_DOMAIN = b"PTK-ENROL-1\0"
_SEAL_DOMAIN = b"PTK-ENROL-SEAL-1\0"

Pem = Annotated[str, msgspec.Meta(max_length=4_000)]
PemBundle = Annotated[str, msgspec.Meta(max_length=20_000)]
Source = Annotated[str, msgspec.Meta(min_length=1, max_length=300)]


class EnrolmentError(ValueError):
    """An answer that must not be used; says why."""


class Role(StrEnum):
    """What a device is at its site."""

    CAMERA = "camera"
    DOOR = "door"


class RefusalReason(StrEnum):
    """Why the hub gives no certificate; each has a sentence for the technician."""

    UNKNOWN = "unknown"
    USED = "used"
    EXPIRED = "expired"
    CANCELLED = "cancelled"
    SITE_GONE = "site-gone"
    OTHER_CARD = "other-card"
    RIGHTS = "rights"
    GARBLED = "garbled"
    NO_AUTHORITY = "no-authority"


class EnrolRequest(Message, frozen=True):
    """``claim`` finds the code; ``card`` is the device a prepared card is for, if it says so."""

    claim: Annotated[str, msgspec.Meta(pattern=r"\A[0-9a-f]{16}\Z")]
    request: Pem
    nonce: Annotated[str, msgspec.Meta(pattern=r"\A[0-9a-f]{32}\Z")]
    proof: Annotated[str, msgspec.Meta(pattern=r"\A[0-9a-f]{64}\Z")]
    hardware: ShortText = ""
    card: Annotated[str, msgspec.Meta(max_length=63)] = ""
    v: Annotated[int, msgspec.Meta(ge=1, le=1)] = 1


class Camera(Message, frozen=True):
    """A camera that the device is to read."""

    id: SourceId
    source: Source


class Door(Message, frozen=True):
    """A door that the device is to serve."""

    id: SourceId
    source: Source
    direction: Annotated[str, msgspec.Meta(pattern=r"\A(?:in|out|both)\Z")] = "both"


class Enrolled(Message, frozen=True):
    """All that a device needs to begin; ``at`` is the hub's time, below which no clock is believed."""

    device: DeviceId
    site: ShortText
    at: Instant
    certificate: Pem
    ca: PemBundle
    hub_key: Pem
    broker_host: Annotated[str, msgspec.Meta(min_length=1, max_length=253)]
    broker_port: Annotated[int, msgspec.Meta(ge=1, le=65535)]
    cameras: Annotated[tuple[Camera, ...], msgspec.Meta(max_length=32)] = ()
    doors: Annotated[tuple[Door, ...], msgspec.Meta(max_length=8)] = ()


class EnrolAnswer(Message, frozen=True):
    """``sealed`` is an :class:`Enrolled`; ``chain`` leads from who signed to the city's root."""

    sealed: Annotated[str, msgspec.Meta(max_length=60_000)]
    chain: PemBundle
    signature: Annotated[str, msgspec.Meta(max_length=200)]
    v: Annotated[int, msgspec.Meta(ge=1, le=1)] = 1


class EnrolRefused(Message, frozen=True):
    """No; ``detail`` is a sentence for the technician."""

    reason: RefusalReason
    detail: Text


def answer_request(
    asked: EnrolRequest,
    enrolled: Enrolled,
    *,
    device_key: ec.EllipticCurvePublicKey,
    chain: Iterable[bytes],
    issuer_key: ec.EllipticCurvePrivateKey,
) -> EnrolAnswer:
    """Seal and sign an answer.

    Args:
        asked: What it answers; it is good for no other question.
        enrolled: What the device gets.
        device_key: Of the certificate request.
        chain: PEM of the issuer and of what leads on to the root.
        issuer_key: The issuer's.
    """
    label = _SEAL_DOMAIN + _digest(asked)
    sealed = seal(msgspec.json.encode(enrolled), label, device_key)
    signature = issuer_key.sign(_SIGN_DOMAIN + _digest(asked) + sealed, ec.ECDSA(hashes.SHA256()))
    return EnrolAnswer(
        sealed=base64.b64encode(sealed).decode(),
        chain=b"".join(chain).decode(),
        signature=base64.b64encode(signature).decode(),
    )


def open_answer(
    payload: bytes, asked: EnrolRequest, *, code: ClaimCode, device_key: ec.EllipticCurvePrivateKey
) -> Enrolled:
    """Check an answer against the code's pin and read it.

    Args:
        payload: What the hub sent.
        asked: What we asked; the answer to anything else is refused.
        code: With the pin of the city's root.
        device_key: Of our request.

    Raises:
        EnrolmentError: not from the city the code is of, not for us, or damaged.
    """
    try:
        answer = msgspec.json.decode(payload, type=EnrolAnswer, strict=True)
        sealed = base64.b64decode(answer.sealed, validate=True)
        signature = base64.b64decode(answer.signature, validate=True)
        chain = x509.load_pem_x509_certificates(answer.chain.encode())
    except (msgspec.MsgspecError, ValueError, RecursionError) as error:
        raise EnrolmentError(
            f"the answer is garbled ({str(error)[:100]}); is this the hub's address?"
        ) from error
    issuer_key = _issuer_key(chain, code)
    try:
        issuer_key.verify(signature, _SIGN_DOMAIN + _digest(asked) + sealed, ec.ECDSA(hashes.SHA256()))
        plain = unseal(sealed, _SEAL_DOMAIN + _digest(asked), device_key)
        return msgspec.json.decode(plain, type=Enrolled, strict=True)
    except (InvalidSignature, InvalidTag, ValueError, msgspec.MsgspecError) as error:
        raise EnrolmentError("the answer is damaged, or not for this device; try again") from error


def _issuer_key(chain: list[x509.Certificate], code: ClaimCode) -> ec.EllipticCurvePublicKey:
    issuer = chain[0]
    root = find_root(issuer, chain)
    if root is None or not code.trusts(fingerprint(root)):
        raise EnrolmentError(
            "whoever answers is not the hub of this code (another city's root); check the hub's address"
        )
    key = issuer.public_key()
    if not isinstance(key, ec.EllipticCurvePublicKey):
        raise EnrolmentError("the hub signs with a key of the wrong kind; update the hub")
    return key


def _digest(asked: EnrolRequest) -> bytes:
    return hashlib.sha256(msgspec.json.encode(asked)).digest()
