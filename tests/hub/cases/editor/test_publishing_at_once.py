"""Two who publish in the same instant, on a real PostgreSQL: one wins, the other reads a sentence."""

import threading

import pytest
from sqlalchemy import func, select, text
from sqlalchemy.orm import Session

from hub.cases.editor.models import DefinitionDraft
from hub.cases.editor.service import Hand, begin_draft, draft_of, offer_draft, publish_draft
from hub.cases.keeping.models import DefinitionVersion
from hub.cases.keeping.versions import load_shipped, newest
from hub.db import Database
from hub.errors import InputError
from hub.people.models import AuditEntry
from tests.hub.cases.editor.drafts import body_of, checked
from tests.hub.screens import START

CODE = "surat-keterangan-usaha"
pytestmark = [
    pytest.mark.postgres,
    pytest.mark.parametrize("database_url", ["postgresql"], indirect=True),
]


def offered(database: Database) -> int:
    with database.writing() as db:
        source = newest(db, CODE)
        assert source is not None
        draft = begin_draft(db, source, code=CODE, label="", author="ani", now=START)
        offer_draft(db, draft, checked(body_of(CODE)), Hand("ani", 1, 1, START), reason="Perwa baru")
        return draft.id


class Publisher(threading.Thread):
    """Publishes a draft on its own, and keeps what was said."""

    def __init__(self, database: Database, draft: int) -> None:
        super().__init__()
        self._database, self._draft = database, draft
        self.said = ""

    def run(self) -> None:
        try:
            with self._database.writing() as db:
                publish(db, self._draft)
        except InputError as error:
            self.said = str(error)


def publish(db: Session, number: int) -> None:
    draft = draft_of(db, number)
    assert draft is not None
    publish_draft(db, draft, checked(body_of(CODE)), Hand("budi", 2, draft.revision, START))


def wait_until_it_waits(database: Database) -> None:
    """Return once somebody stands before a lock that another transaction holds."""
    waiting = text("SELECT count(*) FROM pg_locks WHERE NOT granted")
    while True:
        with database.reading() as db:
            if db.scalar(waiting):
                return


@pytest.mark.parametrize("is_same_draft", [True, False])
def test_of_two_publications_at_once_the_second_reads_a_sentence(
    database: Database, is_same_draft: bool
) -> None:
    with database.writing() as db:
        load_shipped(db, now=START)
    first = offered(database)
    second = first if is_same_draft else offered(database)
    late = Publisher(database, second)
    with database.writing() as db:
        publish(db, first)
        late.start()
        wait_until_it_waits(database)
    late.join()
    assert "muat ulang" in late.said or "sudah terbit" in late.said
    with database.reading() as db:
        versions = select(func.count()).where(DefinitionVersion.code == CODE)
        assert db.scalar(versions) == 2, "the shipped one and one new"
        states = list(db.scalars(select(DefinitionDraft.state).order_by(DefinitionDraft.id)))
        assert states.count("published") == 1
        published = select(func.count()).where(AuditEntry.action == "definition.publish")
        assert db.scalar(published) == 1
