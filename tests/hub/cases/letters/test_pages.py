"""The signer's screen, the check page and the archive, as browsers see them."""

import io
import re
from dataclasses import dataclass, replace
from pathlib import Path

import msgspec
import pytest
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select
from werkzeug.test import TestResponse

from hub.app import create_app
from hub.cases.keeping.engine import Applicant
from hub.cases.keeping.models import CaseRecord
from hub.cases.keeping.records import remarks_of, steps_of
from hub.cases.letters.issuing.documents import revoke
from hub.cases.letters.models import LetterDocument
from hub.config import LetterSettings
from hub.people import sessions
from hub.people.models import Account, AuditEntry
from hub.people.permissions import ScopeKind
from hub.people.sessions import Viewer
from hub.web.guarding.limits import limiter
from tests.hub.cases.letters.conftest import PIN, LetterOffice
from tests.hub.cases.letters.samples import ADDRESS, KEY
from tests.hub.cases.letters.test_certified import LOCAL, NIK, SECRET
from tests.hub.cases.office import OTHER_WARD, WARD
from tests.hub.screens import Browser, csrf_of, make_config


@dataclass
class Pages:
    """The application behind the office, and browsers of its people."""

    office: LetterOffice
    app: Flask

    def browser(self, who: Viewer | None = None) -> FlaskClient:
        """Return a browser, signed in as somebody or as nobody."""
        client = self.app.test_client()
        if who is not None:
            with self.office.writing() as db:
                account = db.get_one(Account, who.account_id)
                token = sessions.begin(
                    db, account=account, now=self.office.now, address="127.0.0.1", agent="test"
                )
            client.set_cookie("pontive", token)
        return client

    def sign(self, client: FlaskClient, case: CaseRecord, **fields: str) -> TestResponse:
        """Press "Setujui" on the page of a case."""
        page = f"/tanda-tangan/{case.number}"
        form = {"csrf_token": csrf_of(client, page), "revisi": str(case.revision), "pin": PIN, **fields}
        return client.post(page, data=form)

    def issued(self, lurah: Viewer) -> LetterDocument:
        """Return a letter that was signed on the page."""
        case = self.office.ready()
        assert self.sign(self.browser(lurah), case).status_code == 303
        return self.office.document(case.number)


@pytest.fixture
def pages(letters: LetterOffice, tmp_path: Path) -> Pages:
    key = tmp_path / "hub-signing.key"
    key.write_bytes(KEY.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()))
    config = msgspec.structs.replace(
        make_config(tmp_path), signing_key=str(key), letters=LetterSettings(address=ADDRESS)
    )
    app = create_app(config, now=lambda: letters.now, database=letters.database)
    app.test_client_class = Browser
    limiter.reset()
    return Pages(letters, app)


def text_of(client: FlaskClient, path: str, code: int = 200) -> str:
    answer = client.get(path)
    assert answer.status_code == code, path
    return answer.get_data(as_text=True)


def test_a_lurah_signs_from_the_deep_link_with_the_pin_and_the_citizen_downloads(pages: Pages) -> None:
    lurah, case = pages.office.lurah(), pages.office.ready()
    client = pages.browser(lurah)
    assert case.number in text_of(client, "/tanda-tangan")
    facts = text_of(client, f"/tanda-tangan/{case.number}")
    assert "Siti Aminah" in facts
    assert "benar bertempat tinggal di" in facts
    wrong = pages.sign(client, case, pin="9999")
    assert wrong.status_code == 401
    assert "PIN atau kata sandi salah" in wrong.get_data(as_text=True)
    assert pages.sign(client, case).location == "/tanda-tangan"
    assert "terbit." in text_of(client, "/tanda-tangan")
    document = pages.office.document(case.number)
    stranger = pages.browser()
    path = f"/lacak/{case.tracking_code}/surat/{document.code}"
    assert stranger.get(path).status_code == 404
    archive = client.get(f"/arsip-surat/{document.code}/berkas")
    assert (archive.mimetype, archive.data[:5]) == ("application/pdf", b"%PDF-")


def test_many_are_signed_at_once_and_one_that_is_refused_keeps_none_of_the_others(pages: Pages) -> None:
    lurah, cases = pages.office.lurah(), [pages.office.ready() for _ in range(3)]
    client = pages.browser(lurah)
    form = {"csrf_token": csrf_of(client, "/tanda-tangan"), "pin": PIN}
    chosen = [f"{cases[0].number}:{cases[0].revision}", f"{cases[1].number}:1", f"{cases[2].number}:x"]
    chosen += [f"{cases[2].number}:{cases[2].revision}", "SRT-2026-999999:1"]
    none = client.post("/tanda-tangan", data=form, follow_redirects=True).get_data(as_text=True)
    assert "Pilih dulu surat" in none
    bad = client.post("/tanda-tangan", data={**form, "pin": "1", "berkas": chosen})
    assert bad.status_code == 401
    done = client.post("/tanda-tangan", data={**form, "berkas": chosen}, follow_redirects=True)
    page = done.get_data(as_text=True)
    assert "2 surat ditandatangani." in page
    assert f"{cases[1].number}: Berkas ini sudah berubah" in page
    assert "SRT-2026-999999: Berkas ini sudah tidak menunggu" in page
    assert pages.office.read(cases[1].number).stage == "tanda_tangan"


def test_a_case_is_sent_back_with_a_remark_for_a_field_and_never_without_a_reason(
    pages: Pages,
) -> None:
    lurah, case = pages.office.lurah(), pages.office.ready()
    client, page = pages.browser(lurah), f"/tanda-tangan/{case.number}"
    token = csrf_of(client, page)
    empty = client.post(f"{page}/kembalikan", data={"csrf_token": token, "revisi": str(case.revision)})
    assert empty.status_code == 422
    assert "Tulis alasannya" in empty.get_data(as_text=True)
    assert client.post(f"{page}/setuju", data={"csrf_token": token}).status_code == 422
    sent = {"csrf_token": token, "revisi": str(case.revision), "isian-address": "RT belum ditulis"}
    assert client.post(f"{page}/kembalikan", data=sent).status_code == 303
    with pages.office.database.reading() as db:
        moved = db.scalars(select(CaseRecord).where(CaseRecord.number == case.number)).one()
        assert moved.stage == "verifikasi"
        assert remarks_of(steps_of(db, moved)[-1]) == {"address": "RT belum ditulis"}
    assert client.get(page).status_code == 404


def test_strangers_and_lurahs_of_other_wards_find_nothing(pages: Pages) -> None:
    document = pages.issued(pages.office.lurah())
    case = pages.office.ready()
    other = pages.browser(pages.office.account("lurah", kind=ScopeKind.KELURAHAN, scope=OTHER_WARD))
    for path in (f"/tanda-tangan/{case.number}", f"/arsip-surat/{document.code}", "/arsip-surat/AAAAAAAA"):
        assert other.get(path).status_code == 404, path
    assert document.number not in text_of(other, "/arsip-surat")
    assert "Tidak ada yang menunggu" in text_of(other, "/tanda-tangan")
    assert pages.browser().get("/tanda-tangan").status_code == 303


def test_after_five_wrong_pins_even_the_right_one_must_wait(pages: Pages) -> None:
    lurah, case = pages.office.lurah(), pages.office.ready()
    client = pages.browser(lurah)
    assert [pages.sign(client, case, pin="0000").status_code for _ in range(5)] == [401] * 5
    assert pages.sign(client, case).status_code == 429
    assert pages.office.read(case.number).stage == "tanda_tangan"


def test_anybody_checks_a_letter_by_scan_code_or_file_and_sees_no_full_name(pages: Pages) -> None:
    document = pages.issued(pages.office.lurah())
    stranger = pages.browser()
    payload = document.seal.rpartition("/")[2]
    pdf = pages.browser(pages.office.lurah()).get(f"/arsip-surat/{document.code}/berkas").data
    token = csrf_of(stranger, "/v")
    by_file = stranger.post("/v", data={"csrf_token": token, "berkas": (io.BytesIO(pdf), "surat.pdf")}).text
    found = (text_of(stranger, f"/V/{payload}"), text_of(stranger, f"/v?kode={document.code}"), by_file)
    for page in found:
        assert re.search(r"Asli\s*</h2>", page)
        assert "SI** AM**" in page
        assert document.number in page
        assert "Siti Aminah" not in page
    altered = {"csrf_token": token, "berkas": (io.BytesIO(pdf + b" "), "surat.pdf")}
    assert re.search(r"Berubah\s*</h2>", stranger.post("/v", data=altered).text)
    assert re.search(r"Berubah\s*</h2>", text_of(stranger, f"/v/{payload[:-3]}AAA"))
    assert re.search(r"Tidak dikenal\s*</h2>", text_of(stranger, "/v?kode=AAAAAAAA"))
    no_pdf = stranger.post("/v", data={"csrf_token": token, "berkas": (io.BytesIO(b"GIF89a"), "x.pdf")})
    assert no_pdf.status_code == 422


def test_letters_are_found_by_old_names_exported_and_revoked_with_a_reason(pages: Pages) -> None:
    lurah = pages.office.lurah()
    client, document = pages.browser(lurah), pages.issued(lurah)
    assert document.number in text_of(client, "/arsip-surat?cari=siti+domisili&tahun=2026")
    assert document.number not in text_of(client, "/arsip-surat?cari=imb")
    assert document.number not in text_of(client, "/arsip-surat?dicabut=ya&tahun=99999")
    table = client.get("/arsip-surat/srikandi.csv").get_data(as_text=True)
    assert document.file_sha256 in table
    assert "6171" not in table
    page = f"/arsip-surat/{document.code}"
    form = {"csrf_token": csrf_of(client, page), "yakin": "ya", "alasan": "x"}
    assert "Tulis alasan pencabutan" in client.post(f"{page}/cabut", data=form).text
    form["alasan"] = "Alamat pada surat keliru"
    assert client.post(f"{page}/cabut", data={**form, "yakin": ""}).status_code == 422
    head = pages.browser(pages.office.account("ward-section-head", kind=ScopeKind.KELURAHAN, scope=WARD))
    refused = head.post(f"{page}/cabut", data={**form, "csrf_token": csrf_of(head, "/tanda-tangan")})
    assert refused.status_code == 404
    assert client.post(f"{page}/cabut", data=form).status_code == 303
    payload = document.seal.rpartition("/")[2]
    checked = text_of(pages.browser(), f"/v/{payload}")
    assert re.search(r"Dicabut\s*</h2>", checked)
    assert "Alamat pada surat keliru" in checked


def test_the_signatory_adds_a_certified_signature_where_there_is_a_gateway(pages: Pages) -> None:
    lurah = pages.office.lurah()
    client, document = pages.browser(lurah), pages.issued(lurah)
    page = f"/arsip-surat/{document.code}"
    form = {"csrf_token": csrf_of(client, "/tanda-tangan"), "nik": NIK, "passphrase": "salah"}
    assert client.post(f"{page}/tersertifikasi", data=form).status_code == 404, "no gateway"
    desk = pages.app.extensions["pontive-letters"]
    pages.app.extensions["pontive-letters"] = replace(desk, certified=LOCAL)
    assert "Passphrase salah." in client.post(f"{page}/tersertifikasi", data=form).text
    form["passphrase"] = SECRET
    other = pages.browser(pages.office.lurah())
    token = csrf_of(other, "/tanda-tangan")
    assert other.post(f"{page}/tersertifikasi", data={**form, "csrf_token": token}).status_code == 404
    assert client.post(f"{page}/tersertifikasi", data=form).status_code == 303
    pdf = client.get(f"{page}/berkas").data
    stranger = pages.browser()
    token = csrf_of(stranger, "/v")
    answer = stranger.post("/v", data={"csrf_token": token, "berkas": (io.BytesIO(pdf), "surat.pdf")})
    assert re.search(r"Asli\s*</h2>", answer.text)


def test_an_applicant_downloads_the_letter_from_the_tracking_page_alone(
    pages: Pages,
) -> None:
    citizen = pages.office.account()
    case = pages.office.ready(applicant=Applicant(account=citizen.account_id, name="Siti Aminah"))
    lurah = pages.office.lurah()
    assert pages.sign(pages.browser(lurah), case).status_code == 303
    document = pages.office.document(case.number)
    own, path = pages.browser(citizen), f"/lacak/{case.tracking_code}/surat/{document.code}"
    assert "berlaku sampai Sab 22 Mei 2027" in text_of(own, f"/lacak/{case.tracking_code}")
    assert own.get(path).data.startswith(b"%PDF-")
    assert own.get(path.replace(document.code, "AAAAAAAA")).status_code == 404
    assert pages.browser().get(path).status_code == 404
    with pages.office.writing() as db:
        row = db.get_one(LetterDocument, document.id)
        revoke(db, row, account=row.signed_by, actor="lurah", reason="Alamat keliru", now=pages.office.now)
    assert "dicabut: Alamat keliru" in text_of(own, f"/lacak/{case.tracking_code}")
    with pages.office.writing() as db:
        row = db.get_one(LetterDocument, document.id)
        row.revoked_at, row.last_day = None, None
    assert "berlaku tanpa batas waktu" in text_of(own, f"/lacak/{case.tracking_code}")


def test_what_keeps_a_letter_from_being_written_stands_there_before_anybody_signs(pages: Pages) -> None:
    lurah, case = pages.office.lurah(), pages.office.ready()
    with pages.office.writing() as db:
        db.get_one(CaseRecord, case.id).applicant_name = "Siti \u6c34"
    client = pages.browser(lurah)
    assert "tidak ada di huruf surat" in text_of(client, f"/tanda-tangan/{case.number}")
    assert pages.sign(client, case).location == f"/tanda-tangan/{case.number}"
    assert pages.office.read(case.number).stage == "tanda_tangan"


def test_who_only_checked_a_letter_neither_opens_the_signing_page_nor_its_file(pages: Pages) -> None:
    document, case = pages.issued(pages.office.lurah()), pages.office.ready()
    head = pages.browser(pages.office.account("ward-section-head", kind=ScopeKind.KELURAHAN, scope=WARD))
    assert head.get(f"/tanda-tangan/{case.number}").status_code == 404
    assert "Unduh PDF" not in text_of(head, f"/arsip-surat/{document.code}")
    assert head.get(f"/arsip-surat/{document.code}/berkas").status_code == 404
    assert pages.browser(pages.office.lurah()).get(f"/arsip-surat/{document.code}/berkas").status_code == 200
    with pages.office.database.reading() as db:
        noted = db.scalars(select(AuditEntry.object).where(AuditEntry.action == "letter.read")).all()
    assert noted == [f"letter:{document.code}"]
