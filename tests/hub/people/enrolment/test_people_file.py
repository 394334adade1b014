"""Persons and phone keys from a file."""

import base64
import json
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import select

from edge.wire.hadir.phones import new_phone
from hub.db import Database
from hub.errors import InputError
from hub.people.enrolment.people_file import load_people, read_people
from hub.people.models import Person, PhoneKey

NOW = datetime(2026, 11, 21, 3, 14, tzinfo=UTC)


def key(algorithm: str = "ed25519", **more: Any) -> dict[str, Any]:
    phone = new_phone(1, is_p256=algorithm == "p256")
    return {"algorithm": algorithm, "public_key": base64.b64encode(phone.public_key).decode(), **more}


def write(path: Path, *persons: dict[str, Any]) -> Path:
    path.write_text(json.dumps({"persons": persons}))
    return path


def load(database: Database, path: Path, now: datetime = NOW) -> int:
    with database.writing() as db:
        return load_people(db, read_people(path), now)


def test_persons_and_their_keys_are_kept(database: Database, tmp_path: Path) -> None:
    file = write(
        tmp_path / "p.json",
        {"number": 101, "short_name": "Siti", "opd": 7, "keys": [key(), key("p256", slot=1)]},
        {"number": 102, "short_name": "Budi", "may_use_badge": True},
    )
    assert load(database, file) == 2
    with database.reading() as db:
        person = db.get_one(Person, 101)
        assert (person.short_name, person.opd, person.is_active) == ("Siti", 7, True)
        keys = db.scalars(select(PhoneKey).order_by(PhoneKey.slot)).all()
        assert [(row.algorithm, len(row.public_key)) for row in keys] == [("ed25519", 32), ("p256", 33)]


def test_loading_the_same_file_again_changes_nothing(database: Database, tmp_path: Path) -> None:
    file = write(tmp_path / "p.json", {"number": 101, "short_name": "Siti", "keys": [key()]})
    load(database, file)
    load(database, file, NOW + timedelta(days=1))
    with database.reading() as db:
        assert db.get_one(Person, 101).changed_at == NOW
        assert db.scalars(select(PhoneKey.enrolled_at)).one() == NOW


def test_a_key_is_revoked_once_and_can_come_back(database: Database, tmp_path: Path) -> None:
    phone = key()
    for days, is_revoked, revoked_at in ((0, False, None), (1, True, 1), (2, True, 1), (3, False, None)):
        person = {"number": 101, "short_name": "Siti", "keys": [phone | {"is_revoked": is_revoked}]}
        load(database, write(tmp_path / "p.json", person), NOW + timedelta(days=days))
        with database.reading() as db:
            at = db.scalars(select(PhoneKey.revoked_at)).one()
        assert at == (None if revoked_at is None else NOW + timedelta(days=revoked_at))


def test_toml_works_too(database: Database, tmp_path: Path) -> None:
    (tmp_path / "p.toml").write_text('[[persons]]\nnumber = 5\nshort_name = "Ani"\n')
    assert load(database, tmp_path / "p.toml") == 1


@pytest.mark.parametrize(
    ("persons", "named"),
    [
        ([{"number": 1, "short_name": "A"}, {"number": 1, "short_name": "B"}], "number 1 is used twice"),
        ([{"number": 1, "short_name": "A", "keys": [key(), key()]}], r"persons\[0\].keys: a slot"),
        (
            [{"number": 1, "short_name": "A", "keys": [key() | {"public_key": "xx"}]}],
            r"persons\[0\].keys\[0\].public_key",
        ),
        (
            [{"number": 1, "short_name": "A", "keys": [key("p256") | {"algorithm": "ed25519"}]}],
            "32 bytes, as ed25519 needs",
        ),
        ([{"number": 0, "short_name": "A"}], "number"),
        ([{"number": 1, "short_name": "x" * 21}], "short_name"),
        ([{"number": 1, "short_name": "A", "nik": "6171"}], "nik"),
    ],
)
def test_each_mistake_is_named(
    database: Database, tmp_path: Path, persons: list[dict[str, Any]], named: str
) -> None:
    with pytest.raises(InputError, match=named):
        load(database, write(tmp_path / "p.json", *persons))
    with database.reading() as db:
        assert db.scalars(select(Person)).all() == []


@pytest.mark.parametrize(("name", "text"), [("a.json", "{"), ("a.toml", "x ="), ("a.toml", "y = 1")])
def test_a_file_that_is_none_is_named(tmp_path: Path, name: str, text: str) -> None:
    (tmp_path / name).write_text(text)
    with pytest.raises(InputError, match=name):
        read_people(tmp_path / name)
    with pytest.raises(InputError, match=r"nirgends\.json"):
        read_people(tmp_path / "nirgends.json")
