"""Names under letters: personnel write them, nobody their own, and only of who signs."""

import pytest
from sqlalchemy import select

from hub.cases.letters.signing.names import name_signer, signers
from hub.errors import InputError
from hub.people.models import AuditEntry
from hub.people.sessions import Viewer
from tests.hub.cases.letters.conftest import LetterOffice
from tests.hub.cases.letters.test_pages import Pages, pages, text_of
from tests.hub.screens import csrf_of

__all__ = ["pages"]


def name(letters: LetterOffice, who: Viewer, by: Viewer, full_name: str = "Hj. Rina, S.Sos.") -> None:
    with letters.writing() as db:
        name_signer(db, who.account_id, full_name=full_name, rank="Penata", viewer=by, now=letters.now)


def test_the_name_that_personnel_wrote_stands_under_the_letter(letters: LetterOffice) -> None:
    lurah, clerk = letters.lurah(), letters.account("personnel")
    with letters.database.reading() as db:
        (one,) = signers(db, letters.now)
        assert (one.account.id, one.is_written) == (lurah.account_id, False)
    name(letters, lurah, clerk)
    case = letters.ready()
    letters.sign(case.number, lurah)
    assert letters.document(case.number).signatory == "Hj. Rina, S.Sos."
    with letters.database.reading() as db:
        entry = db.scalars(select(AuditEntry).where(AuditEntry.action == "letter.signatory")).one()
        assert entry.actor == clerk.name


def test_nobody_names_themselves_a_stranger_or_without_a_name(letters: LetterOffice) -> None:
    lurah, clerk = letters.lurah(), letters.account("personnel")
    with pytest.raises(InputError, match="sendiri"):
        name(letters, lurah, lurah)
    with pytest.raises(InputError, match="tidak menandatangani"):
        name(letters, clerk, lurah)
    with pytest.raises(InputError, match="nama lengkap"):
        name(letters, lurah, clerk, "X")


def test_the_page_is_for_personnel_and_the_signer_only_reads(pages: Pages) -> None:
    lurah = pages.office.lurah()
    path = "/kepegawaian/penanda-tangan"
    assert pages.browser(lurah).get(path).status_code == 404
    client = pages.browser(pages.office.account("personnel"))
    form = {"csrf_token": csrf_of(client, path), "nama": "Hj. Rina, S.Sos.", "pangkat": "Penata"}
    assert "belum ditetapkan" in text_of(client, path)
    wrong = client.post(f"{path}/{lurah.account_id}", data={**form, "nama": "R"})
    assert wrong.status_code == 422
    assert client.post(f"{path}/{lurah.account_id}", data=form).status_code == 303
    assert "Hj. Rina, S.Sos. di bawah surat disimpan" in text_of(client, path)
    queue = text_of(pages.browser(lurah), "/tanda-tangan")
    assert "Hj. Rina, S.Sos." in queue
    assert 'name="nama"' not in queue
