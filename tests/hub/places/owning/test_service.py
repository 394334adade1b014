"""Ownership from a day on: nothing of the past is lost, and the day decides."""

from datetime import date

import pytest

from hub.db import Database
from hub.errors import InputError
from hub.places.owning.service import history_of, owners_on, set_owner
from hub.places.service import load_inventory
from tests.browser.sample import INVENTORY
from tests.hub.places.test_inventory import convert

BEGIN, MOVED = date(2021, 3, 1), date(2026, 12, 1)
CAMERA = ("pi-jawi", "utara")


@pytest.fixture
def owned(database: Database) -> Database:
    """The camera is "Dinas Sosial (lama)"'s."""
    with database.writing() as db:
        load_inventory(db, convert(INVENTORY), BEGIN)
        set_owner(db, CAMERA, "Dinas Sosial (lama)", date(2021, 3, 2))
    return database


def test_a_move_from_a_day_on_keeps_the_history(owned: Database) -> None:
    with owned.writing() as db:
        assert set_owner(db, CAMERA, "Diskominfo", MOVED)
    with owned.reading() as db:
        told = [(row.owner, row.valid_from, row.valid_to) for row in history_of(db, CAMERA)]
        assert told == [
            ("Dinas Perhubungan", BEGIN, date(2021, 3, 2)),
            ("Dinas Sosial (lama)", date(2021, 3, 2), MOVED),
            ("Diskominfo", MOVED, None),
        ]
        assert owners_on(db, date(2026, 11, 30))[CAMERA].owner == "Dinas Sosial (lama)"
        assert owners_on(db, MOVED)[CAMERA].owner == "Diskominfo"
        assert CAMERA not in owners_on(db, date(2020, 1, 1))


def test_the_same_owner_by_another_name_changes_nothing(owned: Database) -> None:
    with owned.writing() as db:
        assert not set_owner(db, CAMERA, "dinsos (lama)", MOVED)
        assert set_owner(db, CAMERA, "Dinas Sosial", MOVED), "the OPD of today is not the former one"
        assert len(history_of(db, CAMERA)) == 3


def test_the_same_day_corrects_and_an_earlier_day_is_refused(owned: Database) -> None:
    with owned.writing() as db:
        assert set_owner(db, CAMERA, "Diskominfo", date(2021, 3, 2))
        assert [row.owner for row in history_of(db, CAMERA)] == ["Dinas Perhubungan", "Diskominfo"]
        with pytest.raises(InputError, match="lebih awal daripada Diskominfo sejak 2021-03-02"):
            set_owner(db, CAMERA, "Dishub", date(2021, 3, 1))
