"""The desk of cases in Chromium: triage by keyboard alone, and every page fit to read, narrow and wide."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect
from sqlalchemy import delete, select

from hub.cases.editor.service import begin_draft
from hub.cases.keeping.models import CaseFile, CaseRecord
from hub.cases.keeping.versions import load_shipped, newest
from hub.db import Database
from hub.migrations.schema import upgrade
from hub.people import sessions
from hub.people.models import Account
from hub.people.sessions import Viewer
from hub.places.areas import load_areas
from tests.browser.conftest import new_page
from tests.browser.looks import phone_and_desk
from tests.browser.test_main_pages import wrong_with
from tests.hub.cases.office import Office
from tests.hub.web.running import running_server

# Nobody hands it on in these tests.
_CASE = "/berkas/PGD-2026-000002"
ROLES = (
    "coordinator",
    "liaison",
    "licensing-verifier",
    "ward-section-head",
    "lurah",
    "admin",
    "field-officer",
)

_FIELD = ("/lapangan", "/lapangan/PGD-2026-000004")
_PART = "/definisi/draf/1/bagian"
_EDITOR = (
    *("/definisi", "/definisi/layanan/pbg", "/definisi/draf/1", "/definisi/draf/1/naskah"),
    *(
        "/definisi/draf/1/formulir",
        "/definisi/draf/1/simulasi",
        f"{_PART}?jenis=isian",
        f"{_PART}?jenis=surat",
    ),
    *(f"{_PART}?jenis=tahap&nama=diajukan", f"{_PART}?jenis=tindakan&tahap=diajukan&nama=lengkap"),
)
_PUBLIC = ("/izin", "/slot/ktp-kk?office=kota")


@dataclass
class Desk:
    """A running hub with a few cases, and somebody who works on them."""

    address: str
    office: Office
    who: Viewer

    def page(self, browser: Browser, complaints: list[str], **options: object) -> Page:
        """Return a page on which they are signed in."""
        page = new_page(browser, complaints, **options)  # type: ignore[arg-type]  # a browser's options
        with self.office.writing() as db:
            account = db.get_one(Account, self.who.account_id)
            token = sessions.begin(db, account=account, now=datetime.now(UTC), address="::1", agent="test")
        page.context.add_cookies([{"name": "pontive", "value": token, "url": self.address}])
        return page


@pytest.fixture(scope="module")
def desk(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Desk]:
    folder: Path = tmp_path_factory.mktemp("desk")
    database = Database(f"sqlite:///{folder}/hub.db")
    upgrade(database)
    office = Office(database, now=datetime.now(UTC))
    with office.writing() as db:
        load_areas(db)
        load_shipped(db, now=office.now)
    office.opds()
    who = office.account(*ROLES)
    for category in ("jalan", "lampu", "sampah"):
        office.file("pengaduan", category=category, title=f"Laporan {category}")
    permit = office.file("pbg").number
    assert isinstance(office.act_fully(permit, who, "lengkap"), CaseRecord)
    at_work = office.file("pengaduan", category="drainase", title="Parit tersumbat").number
    for action in ("teruskan", "kerjakan"):
        assert isinstance(office.act_fully(at_work, who, action), CaseRecord)
    with office.writing() as db:
        source = newest(db, "surat-pengantar")
        assert source is not None
        begin_draft(db, source, code=source.code, label="", author="tes", now=office.now)
        # Rows without pictures behind them: what browsers miss is a complaint.
        db.execute(delete(CaseFile))
    with running_server(folder) as address:
        yield Desk(address, office, who)
    database.close()


def test_a_complaint_is_handed_on_by_keyboard_alone(
    desk: Desk, browser: Browser, complaints: list[str]
) -> None:
    page = desk.page(browser, complaints)
    page.goto(f"{desk.address}/berkas")
    page.keyboard.press("j")
    expect(page.get_by_role("link", name="Laporan jalan")).to_be_focused()
    page.keyboard.press("j")
    page.keyboard.press("k")
    expect(page.get_by_role("link", name="Laporan jalan")).to_be_focused()
    page.keyboard.press("Enter")
    page.get_by_role("link", name="Teruskan ke OPD").focus()
    page.keyboard.press("Enter")
    page.get_by_role("button", name="Teruskan ke OPD").focus()
    page.keyboard.press("Enter")
    expect(page.get_by_text("Di meja OPD").first).to_be_visible()
    with desk.office.database.reading() as db:
        titles = db.scalars(select(CaseRecord.title).where(CaseRecord.stage == "di_opd")).all()
    assert titles == ["Laporan jalan"]
    page.goto(f"{desk.address}/berkas")
    page.keyboard.press("/")
    page.keyboard.type("pgd-2026-000002")
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", name="Laporan lampu")).to_be_visible()
    assert complaints == []


def test_a_field_is_added_to_a_letter_by_keyboard_and_without_scripts(
    desk: Desk, browser: Browser, complaints: list[str]
) -> None:
    page = desk.page(browser, complaints, width=360, java_script_enabled=False)
    page.goto(f"{desk.address}/definisi/draf/1")
    page.get_by_role("link", name="Tambah Isian").focus()
    page.keyboard.press("Enter")
    page.get_by_label("Pertanyaan").focus()
    page.keyboard.type("Luas kebun")
    page.get_by_role("button", name="Simpan").focus()
    page.keyboard.press("Enter")
    expect(page.get_by_role("link", name="Luas kebun")).to_be_visible()
    expect(page.get_by_text("Isian “Luas kebun” baru")).to_be_visible()
    assert complaints == []


@phone_and_desk
def test_the_pages_of_the_desk_have_no_violations_and_fit(
    desk: Desk, browser: Browser, complaints: list[str], width: int, theme: str
) -> None:
    page = desk.page(browser, complaints, width=width, bypass_csp=True)
    page.goto(f"{desk.address}/berkas")
    if theme == "light":
        page.get_by_role("button", name="Warna terang").click()
    paths = ("/berkas?rak=semua", _CASE, f"{_CASE}/tindakan/teruskan", "/berkas/IZN-2026-000001")
    wrong = [
        f"{path}: {what}"
        for path in (*paths, "/berkas/pengganti", *_FIELD, *_EDITOR, *_PUBLIC)
        for what in wrong_with(page, desk.address, path, width)
    ]
    assert wrong == []
    assert complaints == []
