"""Letters put together for one process: who seals, where files lie, what seals begin with."""

import secrets
from collections.abc import Callable
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from zoneinfo import ZoneInfo

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from flask import Flask, current_app

from hub.cases.citizens.nik import NikBox
from hub.cases.letters.certified.gateway import GatewaySigning
from hub.cases.letters.certified.port import CertifiedSigning
from hub.cases.letters.issuing.holders import citizens_known_to, readable
from hub.cases.letters.issuing.issuer import LetterIssuer, folder_of
from hub.config import HubConfig, LetterSettings
from hub.errors import ConfigError
from hub.signing import read_signing_key

_EXTENSION = "pontive-letters"


@dataclass(frozen=True, slots=True)
class LetterDesk:
    """What the pages of letters work with; ``addresses`` begin seals, the present one first."""

    issuer: LetterIssuer
    addresses: tuple[str, ...]
    certified: CertifiedSigning | None = None


def open_letters(config: HubConfig, *, nik_box: Callable[[], NikBox]) -> LetterDesk:
    """Return the desk of letters; keys are read when the first letter needs them.

    Args:
        config: With absolute paths.
        nik_box: Opens what citizens' NIKs are sealed with.

    Raises:
        ConfigError: a gateway of certified signatures is named, but not its password.
    """

    @cache
    def key() -> Ed25519PrivateKey:
        return read_signing_key(Path(config.signing_key))

    issuer = LetterIssuer(
        key=key,
        address=config.letters.address,
        city=config.city,
        zone=ZoneInfo(config.timezone),
        folder=folder_of(config.folder),
        random_bytes=secrets.token_bytes,
        holder_of=citizens_known_to(nik_box),
        reveal=lambda kept: readable(nik_box(), kept),
    )
    addresses = (config.letters.address, *config.letters.former_addresses)
    return LetterDesk(issuer, addresses, _gateway(config.letters))


def install_letters(app: Flask, desk: LetterDesk) -> None:
    """Let the pages of letters find what they work with."""
    app.extensions[_EXTENSION] = desk


def letter_desk() -> LetterDesk:
    """Return the desk of the application that answers this request."""
    found: LetterDesk = current_app.extensions[_EXTENSION]
    return found


def _gateway(settings: LetterSettings) -> GatewaySigning | None:
    if not settings.gateway:
        return None
    path = Path(settings.gateway_password_file)
    try:
        password = path.read_text("utf-8").strip()
    except (OSError, UnicodeDecodeError) as error:
        raise ConfigError(f"letters.gateway_password_file {path}: cannot be read") from error
    return GatewaySigning(settings.gateway, settings.gateway_user, password)
