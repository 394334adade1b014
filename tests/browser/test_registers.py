"""Registers in Chromium: every sort of page fit to read, and a file put in without scripts."""

import io
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from PIL import Image
from playwright.sync_api import Browser, Page, expect
from sqlalchemy import select

from hub.cases.attachments.store import put
from hub.cases.keeping.versions import load_shipped
from hub.db import Database
from hub.migrations.schema import upgrade
from hub.outside.looking import Look, Standing
from hub.people import sessions
from hub.people.models import Account
from hub.people.permissions import Role
from hub.people.service import add_account
from hub.places.areas import load_areas
from hub.registers.keeping.models import RegisterRow
from hub.registers.probing.service import Due, keep_look
from hub.registers.sample import add_examples
from tests.browser.conftest import new_page
from tests.browser.looks import phone_and_desk
from tests.browser.test_main_pages import wrong_with
from tests.hub.web.running import running_server


class Registers:
    """A running hub whose registers are full of examples."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.database = Database(f"sqlite:///{folder}/hub.db")
        upgrade(self.database)
        now = datetime.now(UTC)
        with self.database.writing() as db:
            load_areas(db)
            load_shipped(db, now=now)
            add_examples(db, now=now, zone=ZoneInfo("Asia/Pontianak"))
            account = add_account(
                db, name="siti", display_name="Siti", roles=(Role.ADMIN,), now=now, actor="t"
            )
            account.account.must_change_password = False
            self._add_stills(db.scalars(select(RegisterRow).where(RegisterRow.kind == "proyek")).first())
            for row in db.scalars(select(RegisterRow).where(RegisterRow.kind == "situs")):
                look = Look(Standing.REACHABLE, "menjawab 200", 200, 120, now.date(), now.date())
                keep_look(db, Due(row.id, "https://x.contoh.example"), look, now)
        self.address = ""

    def _add_stills(self, project: RegisterRow | None) -> None:
        assert project is not None
        for side, shade in (("sebelum", (90, 70, 50)), ("sesudah", (60, 110, 90))):
            buffer = io.BytesIO()
            Image.new("RGB", (640, 360), shade).save(buffer, "JPEG")
            digest = put(self.folder / "register-files", buffer.getvalue(), "image/jpeg")
            project.values = {**project.values, side: digest}

    def page(self, browser: Browser, complaints: list[str], **options: object) -> Page:
        """Return a page on which the admin is signed in."""
        page = new_page(browser, complaints, **options)  # type: ignore[arg-type]  # a browser's options
        with self.database.writing() as db:
            account = db.scalars(select(Account).where(Account.name == "siti")).one()
            token = sessions.begin(db, account=account, now=datetime.now(UTC), address="::1", agent="test")
        page.context.add_cookies([{"name": "pontive", "value": token, "url": self.address}])
        return page

    def first(self, kind: str) -> str:
        """Return the address of a row of a kind."""
        with self.database.reading() as db:
            query = select(RegisterRow.id).where(RegisterRow.kind == kind).order_by(RegisterRow.id)
            return f"/register/{kind}/{db.scalars(query).first()}"

    def paths(self) -> list[str]:
        """Return one page of every sort."""
        return [
            *("/register", "/register/aplikasi", "/register/sub-kegiatan", "/register/arsip?cari=zzz"),
            *(self.first("situs"), self.first("proyek"), f"{self.first('aplikasi')}/ubah"),
            *("/register/reklame/baru", "/register/pasar/impor"),
            *("/register/aplikasi/kemiripan", "/register/aplikasi/peta-integrasi"),
            *("/pasar-warga", self.first("produk").replace("/register/produk", "/pasar-warga")),
            *("/kawasan", "/pelatihan"),
        ]


@pytest.fixture(scope="module")
def registers(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Registers]:
    found = Registers(tmp_path_factory.mktemp("registers"))
    with running_server(found.folder) as address:
        found.address = address
        yield found
    found.database.close()


@phone_and_desk
def test_the_pages_of_registers_have_no_violations_and_fit(
    registers: Registers, browser: Browser, complaints: list[str], width: int, theme: str
) -> None:
    page = registers.page(browser, complaints, width=width, bypass_csp=True)
    page.goto(f"{registers.address}/register")
    if theme == "light":
        page.get_by_role("button", name="Warna terang").click()
    wrong = [
        f"{path}: {what}"
        for path in registers.paths()
        for what in wrong_with(page, registers.address, path, width)
    ]
    assert wrong == []
    assert complaints == []


def test_a_file_with_a_bad_row_is_mended_and_put_in_without_scripts(
    registers: Registers, browser: Browser, complaints: list[str]
) -> None:
    page = registers.page(browser, complaints, width=360, java_script_enabled=False)
    page.goto(f"{registers.address}/register/penghargaan/impor")

    def send(text: str) -> None:
        file = {"name": "penghargaan.csv", "mimeType": "text/csv", "buffer": text.encode()}
        page.get_by_label("CSV atau XLSX").set_input_files(file)  # type: ignore[arg-type]  # a file in memory
        page.get_by_role("button", name="Periksa").click()

    send("nama,tahun,tingkat\nKota rapi,2O24,kota\n")
    expect(page.get_by_role("row", name="2 tahun 2O24")).to_contain_text("empat angka")
    send("nama,tahun,tingkat\nKota rapi,2024,kota\n")
    page.get_by_role("button", name="Terapkan 1 perubahan").click()
    page.get_by_role("link", name="Kota rapi").click()
    expect(page.get_by_role("heading", name="Kota rapi")).to_be_visible()
    expect(page.get_by_text("diubah lewat berkas")).to_be_visible()
    assert complaints == []
