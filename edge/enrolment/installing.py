"""Puts a device's new identity in its place; ``edge.toml`` comes last, as the sign of completeness.

What a technician wrote into ``edge.toml`` beforehand stays; name and hub are the hub's to say.
"""

from pathlib import Path
from typing import Any

from cryptography import x509
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import ec
from msgspec import to_builtins

from edge.config import HubLink
from edge.config_file import load_config
from edge.enrolment.files import PRIVATE_MODE, remove, write_whole
from edge.errors import ConfigError, EdgeError
from edge.shown_config import as_toml
from edge.wire.joining.certificates import CertificateError, common_name, find_root
from edge.wire.joining.enrolment import Enrolled
from edge.wire.strict_toml import TomlError, read_table

CLOCK_FLOOR = "clock-floor"
_DEFAULTS = HubLink()


class InstallError(EdgeError):
    """What came cannot be put in place; says what and the remedy."""


def install(folder: Path, config_name: str, enrolled: Enrolled, key: ec.EllipticCurvePrivateKey) -> Path:
    """Write key, certificate, trust, the hub's key, the time floor and the settings.

    Args:
        folder: Where they lie.
        config_name: Of the settings in it.
        enrolled: What the hub gave.
        key: Our own.

    Returns:
        The path of the settings.

    Raises:
        InstallError: the certificate is not ours, the settings cannot be used, the disk refuses.
    """
    _check(enrolled, key)
    try:
        folder.mkdir(parents=True, exist_ok=True)
        draft = _draft_settings(folder, config_name, enrolled)
        write_whole(folder / _DEFAULTS.key, _pem_of(key), mode=PRIVATE_MODE)
        write_whole(folder / _DEFAULTS.certificate, enrolled.certificate.encode())
        write_whole(folder / _DEFAULTS.ca, enrolled.ca.encode())
        write_whole(folder / _DEFAULTS.hub_key, enrolled.hub_key.encode())
        floor = Path(load_config(draft).outbox.path).parent / CLOCK_FLOOR
        floor.parent.mkdir(parents=True, exist_ok=True)
        write_whole(floor, f"{enrolled.at.isoformat()}\n".encode())
        path = folder / config_name
        write_whole(path, draft.read_bytes(), mode=PRIVATE_MODE)
        remove(draft)
    except OSError as error:
        raise InstallError(f"{folder}: {error.strerror}; free the disk or let this user write") from error
    return path


def _draft_settings(folder: Path, config_name: str, enrolled: Enrolled) -> Path:
    draft = folder / f"{config_name}.draft"
    write_whole(draft, settings_text(folder / config_name, enrolled).encode(), mode=PRIVATE_MODE)
    try:
        load_config(draft)
    except ConfigError as error:
        remove(draft)
        raise InstallError(f"the settings of the hub cannot be used: {error}") from error
    return draft


def settings_text(path: Path, enrolled: Enrolled) -> str:
    """Return ``edge.toml``: what is in ``path`` already, with name and hub as the hub gives them.

    Raises:
        InstallError: what is there is no TOML.
    """
    table: dict[str, Any] = {}
    if path.exists():
        try:
            table = read_table(path)
        except (TomlError, UnicodeDecodeError) as error:
            raise InstallError(f"{error}; put it right, or remove it and enrol again") from error
    files = {name: getattr(_DEFAULTS, name) for name in ("ca", "certificate", "key", "hub_key")}
    link = {"host": enrolled.broker_host, "port": enrolled.broker_port}
    table = {**table, "device": enrolled.device, "hub": {**table.get("hub", {}), **link, **files}}
    if not (table.get("cameras") or table.get("doors")):
        table["cameras"] = [to_builtins(camera) for camera in enrolled.cameras]
        table["doors"] = [to_builtins(door) for door in enrolled.doors]
    return "# Name and [hub] were written by pontive-edge enrol; the rest is yours.\n" + as_toml(table)


def _check(enrolled: Enrolled, key: ec.EllipticCurvePrivateKey) -> None:
    try:
        certificate = x509.load_pem_x509_certificate(enrolled.certificate.encode())
        trusted = x509.load_pem_x509_certificates(enrolled.ca.encode())
        name = common_name(certificate.subject)
    except (ValueError, CertificateError) as error:
        raise InstallError(f"the certificate of the hub is garbled ({error}); enrol again") from error
    if certificate.public_key() != key.public_key() or name != enrolled.device:
        raise InstallError("the certificate of the hub is for another device; enrol again")
    if find_root(certificate, trusted) is None:
        raise InstallError(
            "the certificate of the hub is not issued by the roots it gives; tell the hub's admin"
        )


def _pem_of(key: ec.EllipticCurvePrivateKey) -> bytes:
    return key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
