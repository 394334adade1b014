"""Definitions in the database: kept once used, renewed before, and a case goes the way it began."""

import msgspec
import pytest

from hub.cases.keeping.models import DefinitionVersion
from hub.cases.keeping.versions import (
    all_kept,
    all_newest,
    definition_of,
    keep_version,
    load_shipped,
    newest,
    of_case,
)
from hub.errors import ConfigError
from tests.hub.cases.office import Office
from tests.hub.cases.shipped import SHIPPED


def test_what_ships_is_loaded_once_and_offered_by_label(office: Office) -> None:
    with office.writing() as db:
        assert load_shipped(db, now=office.now) == 0, "nothing is new the second time"
        assert {each.code for each in all_newest(db)} == {each.code for each in SHIPPED}
        labels = [each.label.casefold() for each in all_newest(db)]
        assert labels == sorted(labels)
        assert newest(db, "tidak-ada") is None


def test_a_version_that_a_case_uses_never_changes_and_one_that_none_uses_may(office: Office) -> None:
    case = office.file("pengaduan")
    with office.writing() as db:
        complaint, permit = newest(db, "pengaduan"), newest(db, "pbg")
        assert complaint is not None
        assert permit is not None
        with pytest.raises(ConfigError, match=r"'pengaduan' versi 1 sudah dipakai.*version = 2"):
            keep_version(
                db,
                msgspec.structs.replace(complaint, label="Lain"),
                author="x",
                now=office.now,
                is_published=True,
            )
        changed = msgspec.structs.replace(permit, label="PBG baru")
        assert keep_version(db, changed, author="x", now=office.now, is_published=True)
        assert definition_of(db, "pbg", 1).label == "PBG baru"
        second = msgspec.structs.replace(complaint, version=2, label="Pengaduan dua")
        assert keep_version(db, second, author="x", now=office.now, is_published=False)
        assert newest(db, "pengaduan") == complaint, "a draft is no version yet"
        assert not keep_version(db, second, author="x", now=office.now, is_published=True)
        assert newest(db, "pengaduan") == second
        assert of_case(db, case) == complaint, "a case goes the way it began"
        assert {each.version for each in all_kept(db) if each.code == "pengaduan"} == {1, 2}
        assert db.get_one(DefinitionVersion, ("pengaduan", 2)).author == "x"
