"""The hub's own key: signs rosters, camera settings and badges. Must not be written by the hub."""

from pathlib import Path

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.serialization import load_pem_private_key

from hub.errors import ConfigError

# The number that doors know the hub's own key by, for badges.
BADGE_KEY_NUMBER = 1


def read_signing_key(path: Path) -> Ed25519PrivateKey:
    """Read the key that documents for devices are signed with.

    Raises:
        ConfigError: missing, garbled or of another kind.
    """
    try:
        key = load_pem_private_key(path.read_bytes(), password=None)
    except (OSError, ValueError, TypeError) as error:
        raise ConfigError(f"signing_key {path}: cannot be read as a private key: {error}") from error
    if not isinstance(key, Ed25519PrivateKey):
        raise ConfigError(f"signing_key {path}: not an Ed25519 key; let provisioning make one")
    return key
