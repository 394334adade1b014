"""Boards are kept version by version, and two editors never overwrite each other unseen."""

import msgspec
import pytest
from sqlalchemy import select

from hub.boards.keeping.service import (
    OtherEditorError,
    all_boards,
    board_of,
    history_of,
    save,
    take_off,
    version_of,
)
from hub.boards.plan.shipped import shipped_plans
from hub.errors import InputError, NotFoundError
from hub.people.models import AuditEntry
from tests.hub.screens import Screens


def test_what_ships_counts_until_the_city_saves_its_own(screens: Screens) -> None:
    shipped = shipped_plans()["eksekutif"]
    with screens.database.writing() as db:
        assert board_of(db, "eksekutif").plan == shipped
        own = msgspec.structs.replace(shipped, title="Papan wali kota", tiles=shipped.tiles[:2])
        assert save(db, own, base=0, actor="siti", now=screens.clock()) == 1
        assert board_of(db, "eksekutif").plan == own
        assert version_of(db, "eksekutif", 0).plan == shipped
        assert [(row.version, row.author) for row in history_of(db, "eksekutif")] == [(1, "siti")]
        entry = db.scalars(select(AuditEntry).where(AuditEntry.action == "board.save")).one()
        assert (entry.actor, entry.object, entry.detail) == ("siti", "board:eksekutif", "versi 1: 2 ubin")


def test_a_second_editor_is_told_who_saved_before_and_nothing_is_kept(screens: Screens) -> None:
    plan = shipped_plans()["pontive"]
    with screens.database.writing() as db:
        save(db, plan, base=0, actor="siti", now=screens.clock())
        with pytest.raises(OtherEditorError) as caught:
            save(db, plan, base=0, actor="budi", now=screens.clock())
        assert (caught.value.newest.author, caught.value.newest.version) == ("siti", 1)
        assert len(history_of(db, "pontive")) == 1


def test_a_board_taken_off_the_list_is_gone_and_comes_back_with_an_older_version(screens: Screens) -> None:
    with screens.database.writing() as db:
        take_off(db, "kios", actor="siti", now=screens.clock())
        assert "kios" not in {one.plan.code for one in all_boards(db)}
        with pytest.raises(NotFoundError):
            board_of(db, "kios")
        save(db, version_of(db, "kios", 0).plan, base=1, actor="siti", now=screens.clock())
        assert board_of(db, "kios").version == 2


def test_a_new_board_needs_a_code_of_its_own(screens: Screens) -> None:
    plan = shipped_plans()["kios"]
    with screens.database.writing() as db:
        with pytest.raises(InputError, match="sudah dipakai"):
            save(db, plan, base=None, actor="siti", now=screens.clock())
        own = msgspec.structs.replace(plan, code="kios-mal", title="Kios mal")
        save(db, own, base=None, actor="siti", now=screens.clock())
        assert all_boards(db)[-1].plan == own
        with pytest.raises(NotFoundError):
            version_of(db, "kios-mal", 9)
