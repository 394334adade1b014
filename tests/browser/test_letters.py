"""The lurah signs on a phone from a deep link: two taps and a PIN; every page of letters is fit to read."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat
from playwright.sync_api import Browser, Page, expect

from hub.cases.keeping.versions import load_shipped
from hub.db import Database
from hub.migrations.schema import upgrade
from hub.people import sessions
from hub.people.models import Account
from hub.people.sessions import Viewer
from hub.places.areas import load_areas
from tests.browser.conftest import new_page
from tests.browser.looks import phone_and_desk
from tests.browser.test_main_pages import wrong_with
from tests.hub.cases.letters.conftest import PIN, LetterOffice
from tests.hub.cases.letters.samples import KEY
from tests.hub.web.running import running_server


@dataclass
class Ward:
    """A running hub with a lurah whose signature is waited for."""

    address: str
    office: LetterOffice
    lurah: Viewer
    numbers: list[str]
    issued: str

    def page_of_lurah(self, browser: Browser, complaints: list[str], **options: Any) -> Page:
        """Return a page on which the lurah is signed in."""
        page = new_page(browser, complaints, **options)
        with self.office.writing() as db:
            account = db.get_one(Account, self.lurah.account_id)
            token = sessions.begin(db, account=account, now=datetime.now(UTC), address="::1", agent="test")
        page.context.add_cookies([{"name": "pontive", "value": token, "url": self.address}])
        return page


@pytest.fixture(scope="module")
def ward(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Ward]:
    folder: Path = tmp_path_factory.mktemp("ward")
    database = Database(f"sqlite:///{folder}/hub.db")
    upgrade(database)
    pem = KEY.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
    (folder / "hub-signing.key").write_bytes(pem)
    office = LetterOffice(database, now=datetime.now(UTC), folder=folder / "letters")
    office.addresses = ("HTTPS://PONTIVE.EXAMPLE.ID/V/",)
    with office.writing() as db:
        load_areas(db)
        load_shipped(db, now=office.now)
    office.opds()
    lurah = office.lurah()
    first = office.ready("surat-keterangan-tidak-mampu")
    office.sign(first.number, lurah)
    numbers = [office.ready().number for _ in range(3)]
    with running_server(folder) as address:
        yield Ward(address, office, lurah, numbers, office.document(first.number).code)
    database.close()


def test_two_taps_and_a_pin_from_the_deep_link_sign_a_letter(
    ward: Ward, browser: Browser, complaints: list[str]
) -> None:
    page = ward.page_of_lurah(browser, complaints, width=360)
    page.goto(f"{ward.address}/tanda-tangan/{ward.numbers[0]}")
    expect(page.get_by_label("Kata sandi Anda").or_(page.get_by_label("PIN Anda"))).to_be_focused()
    page.keyboard.type(PIN)
    page.get_by_role("button", name="Setujui dan tanda tangani").click()
    expect(page.get_by_text("terbit.")).to_be_visible()
    document = ward.office.document(ward.numbers[0])
    page.goto(f"{ward.address}/v?kode={document.code}")
    expect(page.get_by_role("heading", name="Asli")).to_be_visible()
    assert complaints == []


@phone_and_desk
def test_the_pages_of_letters_have_no_violations_and_fit(
    ward: Ward, browser: Browser, complaints: list[str], width: int, theme: str
) -> None:
    page = ward.page_of_lurah(browser, complaints, width=width, bypass_csp=True)
    page.goto(f"{ward.address}/tanda-tangan")
    if theme == "light":
        page.get_by_role("button", name="Warna terang").click()
    waiting = f"/tanda-tangan/{ward.numbers[-1]}"
    paths = ("/tanda-tangan", waiting, "/arsip-surat", f"/arsip-surat/{ward.issued}")
    wrong = [
        f"{path}: {what}"
        for path in (*paths, "/v", f"/v?kode={ward.issued}", "/v?kode=AAAAAAAA")
        for what in wrong_with(page, ward.address, path, width)
    ]
    assert wrong == []
    assert complaints == []
