"""The hub changes the key it signs with, in three steps that leave no device behind.

Announce: every device learns to trust the next key too. Switch: the next key signs. Retire: devices
forget the old one. A device says that it took a step by using the certificate that came with it, so
no step is done before all have taken the one before. Each step is one rename at its end: cut short, it
is done again. Must not speak to a device; ingest does, from its next start on.
"""

import os
from collections.abc import Sequence
from datetime import datetime
from pathlib import Path

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat
from sqlalchemy import select
from sqlalchemy.orm import Session

from hub.enrolment.issuing.files import replace_file
from hub.enrolment.issuing.register import newest_good
from hub.errors import InputError
from hub.ingest.models import DevicePresence
from hub.places.models import Device
from hub.signing import HubKeys, KeyFiles, KeyStep, public_pem, read_hub_keys

# Doors name the key of a badge by one byte.
_MOST_KEYS = 255


def rotate(path: Path, *, new_key: Ed25519PrivateKey) -> KeyStep:
    """Do the next step; return which one was done. The hub follows when it is started again.

    Args:
        path: Of the signing key.
        new_key: Taken when a change begins.

    Raises:
        ConfigError: a key that is there cannot be used.
        InputError: 255 keys signed badges already.
        OSError: the folder cannot be written.
    """
    files, keys = KeyFiles(path), read_hub_keys(path)
    if keys.step is KeyStep.NONE:
        if keys.badge_number >= _MOST_KEYS:
            raise InputError(f"{files.former}: 255 keys; print badges anew and remove this file")
        _clean(files)
        _write_private(files.next, new_key, files.signing.stat())
        done = KeyStep.ANNOUNCED
    elif keys.step is KeyStep.ANNOUNCED:
        _switch(files, keys)
        done = KeyStep.SWITCHED
    else:
        _clean(files)
        done = KeyStep.NONE
    replace_file(files.trusted, read_hub_keys(path).trusted_pem)
    return done


def not_there_yet(db: Session, trust_digest: str, now: datetime) -> Sequence[str]:
    """Return the devices in service that did not say yet that they trust what the hub trusts now.

    One without a certificate that is good needs a new code anyway.
    """
    behind = []
    for device in db.scalars(select(Device.id).where(Device.is_retired.is_(False)).order_by(Device.id)):
        row, presence = newest_good(db, device), db.get(DevicePresence, device)
        if row is None or row.ends_at <= now:
            continue
        is_told = row.trust_digest == trust_digest
        if not is_told or presence is None or presence.certificate != row.serial:
            behind.append(device)
    return behind


def _switch(files: KeyFiles, keys: HubKeys) -> None:
    assert keys.next is not None
    own = keys.signing.public_key()
    replace_file(files.former, public_pem([*keys.former, own]))
    replace_file(files.previous, public_pem([own]))
    _write_private(files.signing, keys.next, files.signing.stat())
    files.next.unlink(missing_ok=True)


def _clean(files: KeyFiles) -> None:
    """Remove what a step that was cut short left, or what a change that ends leaves."""
    files.previous.unlink(missing_ok=True)
    files.next.unlink(missing_ok=True)


def _write_private(path: Path, key: Ed25519PrivateKey, owner: os.stat_result) -> None:
    # An administrator may be root; the key is the hub's.
    pem = key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
    draft = path.with_name(f".{path.name}.part")
    draft.unlink(missing_ok=True)
    with open(os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as file:
        file.write(pem)
        os.fchown(file.fileno(), owner.st_uid, owner.st_gid)
        file.flush()
        os.fsync(file.fileno())
    draft.replace(path)
