"""The cases of a simulated city: filed once, at several stages, seen by the first account alone."""

from collections import Counter

from sqlalchemy import select

from hub.cases.desk.listing import Inbox, Shelf, Wanted
from hub.cases.editor.service import live_drafts
from hub.cases.examples import add_examples
from hub.cases.keeping.models import CaseRecord
from hub.people import audit
from hub.people.models import Account
from tests.hub.cases.office import Office


def test_examples_are_filed_once_and_stand_at_several_stages(office: Office) -> None:
    first = office.account("admin")
    with office.writing() as db:
        filed = add_examples(db, office.engine, now=office.now)
        assert filed > 10
        assert add_examples(db, office.engine, now=office.now) == 0
        stages = Counter(db.scalars(select(CaseRecord.stage)))
        assert len(stages) > 6
        assert stages["peninjauan"] == 1, "an inspector has something to do"
        [draft] = live_drafts(db)
        assert draft.code == "surat-keterangan-usaha"
        assert all(title.startswith("contoh") for title in db.scalars(select(CaseRecord.title)))
        assert audit.first_broken(db) is None
        inbox = Inbox(db, account_id=first.account_id, now=office.now)
        assert len(inbox.page(Wanted(Shelf.ALL)).cases) == filed
        officers = db.scalars(select(Account).where(Account.name.startswith("contoh.")))
        assert all(account.is_disabled for account in officers)
