"""Persons and their phone keys from a file: who may show a Hadir code at a door.

No NIK, no NIP: a person is an internal number and a short name.
"""

import base64
import binascii
from collections import Counter
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path
from typing import Annotated, Literal

import msgspec
from sqlalchemy import select
from sqlalchemy.orm import Session

from edge.wire.records.bodies import PersonNumber
from edge.wire.strict_toml import Section, TomlError, read_toml
from hub.errors import InputError
from hub.people.models import Person, PhoneKey

# Bytes of a public key as the roster carries it.
KEY_LENGTHS = {"ed25519": 32, "p256": 33}


class KeyEntry(Section, frozen=True):
    """One phone; ``public_key`` is base64 of 32 bytes (Ed25519) or 33 (compressed P-256)."""

    algorithm: Literal["ed25519", "p256"]
    public_key: str
    slot: Annotated[int, msgspec.Meta(ge=0, le=7)] = 0
    is_revoked: bool = False


class PersonEntry(Section, frozen=True):
    """One person."""

    number: PersonNumber
    short_name: Annotated[str, msgspec.Meta(min_length=1, max_length=20)]
    opd: Annotated[int, msgspec.Meta(ge=0, le=65_535)] = 0
    is_active: bool = True
    may_use_badge: bool = False
    keys: tuple[KeyEntry, ...] = ()


class PeopleFile(Section, frozen=True):
    """A whole file, TOML or JSON."""

    persons: tuple[PersonEntry, ...] = ()


def read_people(path: Path) -> PeopleFile:
    """Read a people file.

    Raises:
        InputError: not readable, or a key unknown, missing or out of range; names the key's path.
    """
    try:
        if path.suffix == ".json":
            return msgspec.json.decode(path.read_bytes(), type=PeopleFile, strict=True)
        return read_toml(path, PeopleFile)
    except TomlError as error:
        raise InputError(str(error)) from error
    except (OSError, msgspec.MsgspecError) as error:
        raise InputError(f"{path}: {error}") from error


def load_people(db: Session, people: PeopleFile, now: datetime) -> int:
    """Add or change the persons of a file; others stay. Return how many were written.

    Raises:
        InputError: all mistakes of the file, one a line; nothing was written.
    """
    mistakes = list(_mistakes(people))
    if mistakes:
        raise InputError("\n".join(mistakes))
    for entry in people.persons:
        _put_person(db, entry, now)
        for key in entry.keys:
            _put_key(db, entry.number, key, now)
    return len(people.persons)


def _put_person(db: Session, entry: PersonEntry, now: datetime) -> None:
    person = db.get(Person, entry.number)
    if person is None:
        person = Person(number=entry.number, changed_at=now)
        db.add(person)
    before = (person.short_name, person.opd, person.is_active, person.may_use_badge)
    after = (entry.short_name, entry.opd, entry.is_active, entry.may_use_badge)
    if before != after:
        # Doors are sent a new roster when this moves, so it moves only for a reason.
        person.short_name, person.opd, person.is_active, person.may_use_badge = after
        person.changed_at = now
    db.flush()


def _put_key(db: Session, number: int, entry: KeyEntry, now: datetime) -> None:
    is_this = (PhoneKey.person_number == number, PhoneKey.slot == entry.slot)
    key = db.scalars(select(PhoneKey).where(*is_this)).first() or PhoneKey(
        person_number=number, slot=entry.slot
    )
    public_key = base64.b64decode(entry.public_key)
    if key.public_key != public_key:
        key.public_key, key.algorithm, key.enrolled_at = public_key, entry.algorithm, now
    if not entry.is_revoked:
        key.revoked_at = None
    elif key.revoked_at is None:
        key.revoked_at = now
    db.add(key)
    db.flush()


def _mistakes(people: PeopleFile) -> Iterator[str]:
    times = Counter(entry.number for entry in people.persons)
    for number in sorted(number for number, count in times.items() if count > 1):
        yield f"persons: number {number} is used twice; numbers are unique"
    for place, entry in enumerate(people.persons):
        slots = [key.slot for key in entry.keys]
        if len(set(slots)) != len(slots):
            yield f"persons[{place}].keys: a slot is used twice; slots are 0 to 7, one a phone"
        for key_place, key in enumerate(entry.keys):
            if not _is_key(key):
                yield (
                    f"persons[{place}].keys[{key_place}].public_key: not base64 of "
                    f"{KEY_LENGTHS[key.algorithm]} bytes, as {key.algorithm} needs"
                )


def _is_key(entry: KeyEntry) -> bool:
    try:
        raw = base64.b64decode(entry.public_key, validate=True)
    except (binascii.Error, ValueError):
        return False
    return len(raw) == KEY_LENGTHS[entry.algorithm]
