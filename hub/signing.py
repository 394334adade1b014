"""The hub's own keys: they sign rosters, camera settings, letters and badges.

One signs; while keys change a second is trusted. They lie beside each other: ``hub-signing.key``
signs, ``.next.key`` is announced and will, ``.previous.pem`` did and is trusted until the change ends,
``.former.pem`` are all that ever did, for badges that were printed then. Must not be written here;
see :mod:`hub.enrolment.issuing.key_rotation`.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import IntEnum
from pathlib import Path

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat, load_pem_private_key

from edge.wire.desired import DesiredError, hub_keys_of_pem
from hub.errors import ConfigError

# The number that doors know the hub's first key by, for badges.
BADGE_KEY_NUMBER = 1


class KeyStep(IntEnum):
    """How far a change of keys is."""

    NONE = 0
    ANNOUNCED = 1
    SWITCHED = 2


@dataclass(frozen=True, slots=True)
class KeyFiles:
    """Where the keys lie, as ``signing_key`` of the configuration names the first."""

    signing: Path

    @property
    def next(self) -> Path:
        """The private key that is to sign next."""
        return self._beside("next.key")

    @property
    def previous(self) -> Path:
        """The public key that signed before, while it is still trusted."""
        return self._beside("previous.pem")

    @property
    def former(self) -> Path:
        """Public keys that ever signed before, the oldest first."""
        return self._beside("former.pem")

    @property
    def trusted(self) -> Path:
        """What devices trust, for those that are given it as a file."""
        return self._beside("pem")

    def _beside(self, end: str) -> Path:
        return self.signing.with_name(f"{self.signing.stem}.{end}")


@dataclass(frozen=True, slots=True)
class HubKeys:
    """Who signs now, and who else is trusted."""

    signing: Ed25519PrivateKey
    next: Ed25519PrivateKey | None = None
    previous: Ed25519PublicKey | None = None
    former: tuple[Ed25519PublicKey, ...] = ()

    @property
    def step(self) -> KeyStep:
        """How far a change of keys is."""
        if self.next is not None:
            return KeyStep.ANNOUNCED
        return KeyStep.NONE if self.previous is None else KeyStep.SWITCHED

    @property
    def trusted_pem(self) -> bytes:
        """All keys that devices are to trust, the one that signs first."""
        following = None if self.next is None else self.next.public_key()
        also = [key for key in (following, self.previous) if key is not None]
        return public_pem([self.signing.public_key(), *also])

    @property
    def badge_number(self) -> int:
        """The number that doors know the signing key by, for badges."""
        return BADGE_KEY_NUMBER + len(self.former)

    @property
    def badge_keys(self) -> tuple[tuple[int, bytes], ...]:
        """All keys that badges were ever signed with: number, 32 bytes."""
        keys = (*self.former, self.signing.public_key())
        return tuple(
            (BADGE_KEY_NUMBER + place, key.public_bytes(Encoding.Raw, PublicFormat.Raw))
            for place, key in enumerate(keys)
        )


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


def read_hub_keys(path: Path) -> HubKeys:
    """Read the signing key and what lies beside it; a step that was cut short counts as not begun or done.

    Raises:
        ConfigError: one cannot be used.
    """
    files = KeyFiles(path)
    signing = read_signing_key(path)
    own = signing.public_key()
    following = read_signing_key(files.next) if files.next.exists() else None
    previous = [key for key in _public_keys(files.previous) if key != own]
    return HubKeys(
        signing=signing,
        next=None if following is None or following.public_key() == own else following,
        previous=previous[0] if previous else None,
        former=tuple(key for key in _public_keys(files.former) if key != own),
    )


def public_pem(keys: Sequence[Ed25519PublicKey]) -> bytes:
    """Return public keys as one file."""
    return b"".join(key.public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo) for key in keys)


def _public_keys(path: Path) -> tuple[Ed25519PublicKey, ...]:
    if not path.exists():
        return ()
    try:
        return hub_keys_of_pem(path.read_bytes())
    except (OSError, DesiredError) as error:
        raise ConfigError(f"{path}: {error}") from error
