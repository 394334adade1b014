"""A checked table waits a day for a decision, one an account."""

from datetime import timedelta

from sqlalchemy import select

from hub.db import Database
from hub.people.importing.drafts import drop_draft, find_draft, keep_draft
from hub.people.importing.models import StaffDraft
from hub.people.permissions import Role
from hub.people.service import add_account
from tests.hub.people.importing.conftest import GOOD, NIP, NOW, table_of


def test_a_draft_is_found_by_its_account_for_a_day_and_holds_no_nip(database: Database) -> None:
    table = table_of(GOOD, GOOD.replace("2026", "x"))
    with database.writing() as db:
        mine, others = (
            add_account(db, name=name, display_name="", roles=(Role.ADMIN,), now=NOW, actor="t").account.id
            for name in ("dewi", "budi")
        )
        keep_draft(db, account_id=mine, file_name="lama.csv", table=table_of(GOOD), now=NOW)
        keep_draft(db, account_id=mine, file_name="baru.csv", table=table, now=NOW)
        assert find_draft(db, mine, NOW + timedelta(hours=23)) == ("baru.csv", table)
        assert find_draft(db, others, NOW) is None
        (row,) = db.scalars(select(StaffDraft))
        assert NIP not in row.body
        assert find_draft(db, mine, NOW + timedelta(hours=24)) is None
        keep_draft(db, account_id=others, file_name="x.csv", table=table, now=NOW + timedelta(hours=25))
        assert [one.account_id for one in db.scalars(select(StaffDraft))] == [others]
        drop_draft(db, others)
        assert find_draft(db, others, NOW) is None
