"""The way from a claim code to a device that works; each step may be the last before a power cut.

Key and question are kept in ``enrolling/`` until everything is in place, so that the same question
is asked again and the hub gives the same answer. Must not print or log code or key.
"""

import secrets
from collections.abc import Callable
from pathlib import Path

import msgspec
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import ec

from edge.enrolment.asking import Hub, RefusedError
from edge.enrolment.claim_file import ClaimError
from edge.enrolment.files import PRIVATE_FOLDER_MODE, PRIVATE_MODE, remove, write_whole
from edge.enrolment.installing import InstallError, install
from edge.errors import EdgeError
from edge.wire.joining.bundle import BundleError, open_bundle
from edge.wire.joining.certificates import make_request
from edge.wire.joining.claims import ClaimCode, prove
from edge.wire.joining.enrolment import Enrolled, EnrolmentError, EnrolRequest, open_answer
from edge.wire.strict_toml import TomlError, read_table

PENDING = "enrolling"
# What a request is called before the hub has given a name; it is not taken over.
_NAMELESS = "unnamed"


def enrol(
    folder: Path,
    config_name: str,
    *,
    code: ClaimCode,
    hub: Hub,
    hardware: str,
    random_hex: Callable[[int], str] = secrets.token_hex,
) -> Enrolled:
    """Get an identity from the hub and put it in place.

    Args:
        folder: Where settings and keys lie.
        config_name: Of the settings, as ``edge.toml``.
        code: Of the claim.
        hub: Where to ask.
        hardware: What the board is, for the hub's list.
        random_hex: Makes a nonce of so many bytes.

    Raises:
        EdgeError: refused, unreachable, not the code's hub, or the disk cannot be written. After a
            refusal nothing is left of the try; after anything else the same call goes on with it.
    """
    pending = folder / PENDING
    try:
        key, asked = _question(folder / config_name, pending, code, hardware, random_hex)
    except OSError as error:
        raise InstallError(f"{folder}: {error.strerror}; free the disk or let this user write") from error
    try:
        enrolled = open_answer(hub.ask(asked), asked, code=code, device_key=key)
    except EnrolmentError as error:
        raise ClaimError(str(error)) from error
    except RefusedError:
        remove(pending)
        raise
    install(folder, config_name, enrolled, key)
    remove(pending)
    return enrolled


def enrol_from_bundle(folder: Path, config_name: str, file: Path, passphrase: str) -> Enrolled:
    """Put the identity of a bundle in place; needs no network.

    Raises:
        EdgeError: no bundle, a wrong passphrase, or the disk cannot be written.
    """
    try:
        bundle = open_bundle(file.read_bytes(), passphrase)
        key = serialization.load_pem_private_key(bundle.key.encode(), password=None)
    except BundleError as error:
        raise ClaimError(str(error)) from error
    except (OSError, ValueError, TypeError) as error:
        raise ClaimError(f"bundle {file}: cannot be read ({error}); copy it again") from error
    if not isinstance(key, ec.EllipticCurvePrivateKey):
        raise ClaimError(f"bundle {file}: holds a key of another kind; make it again")
    card = _name_on_card(folder / config_name)
    if card and card != bundle.enrolled.device:
        raise ClaimError(
            f"this card is for {card}, the bundle {file.name} for {bundle.enrolled.device};"
            " use the card or the bundle that fits"
        )
    install(folder, config_name, bundle.enrolled, key)
    return bundle.enrolled


def is_pending(folder: Path) -> bool:
    """Return whether an enrolment was begun here and not finished."""
    return (folder / PENDING).exists()


def _question(
    config: Path, pending: Path, code: ClaimCode, hardware: str, random_hex: Callable[[int], str]
) -> tuple[ec.EllipticCurvePrivateKey, EnrolRequest]:
    """Return the question that was asked before with this code, or a new one, kept on the disk."""
    card = _name_on_card(config)
    kept = _kept(pending)
    if kept is not None and kept[1].claim == code.id and kept[1].card == card:
        return kept
    remove(pending)
    pending.mkdir(parents=True, mode=PRIVATE_FOLDER_MODE)
    key = ec.generate_private_key(ec.SECP256R1())
    request, nonce = make_request(key, _NAMELESS), random_hex(16)
    asked = EnrolRequest(
        claim=code.id,
        request=request.decode(),
        nonce=nonce,
        proof=prove(code.proof_key, request, nonce),
        hardware=hardware[:64],
        card=card,
    )
    pem = key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
    write_whole(pending / "device.key", pem, mode=PRIVATE_MODE)
    write_whole(pending / "request.json", msgspec.json.encode(asked), mode=PRIVATE_MODE)
    return key, asked


def _kept(pending: Path) -> tuple[ec.EllipticCurvePrivateKey, EnrolRequest] | None:
    """Return the question of an earlier try; a half written one is as good as none."""
    try:
        asked = msgspec.json.decode((pending / "request.json").read_bytes(), type=EnrolRequest, strict=True)
        key = serialization.load_pem_private_key((pending / "device.key").read_bytes(), password=None)
    except (OSError, ValueError, TypeError, msgspec.MsgspecError):
        return None
    return (key, asked) if isinstance(key, ec.EllipticCurvePrivateKey) else None


def _name_on_card(config: Path) -> str:
    """Return the device that a prepared card is for; empty when it does not say."""
    if not config.exists():
        return ""
    try:
        return str(read_table(config).get("device", ""))[:63]
    except (TomlError, UnicodeDecodeError) as error:
        raise EdgeError(f"{error}; put it right, or remove it and enrol again") from error
