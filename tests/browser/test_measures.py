"""Pages of measures in Chromium: fit to read on a phone, without violations, and prices with scripts off."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

import pytest
from playwright.sync_api import Browser, expect

from hub.db import Database
from hub.measures.examples import add_examples
from hub.migrations.schema import upgrade
from hub.people import sessions
from hub.people.models import Opd
from hub.people.permissions import Role
from hub.people.service import add_account
from hub.places.models import Sensor
from tests.browser.conftest import new_page
from tests.browser.looks import phone_and_desk
from tests.browser.sample import SampleCity
from tests.browser.test_main_pages import wrong_with
from tests.hub.web.running import running_server

PUBLIC = (
    "/harga",
    "/harga/cabai-rawit",
    "/lingkungan",
    "/lingkungan/tugu",
    "/ukuran",
    "/ukuran/food_price?butir=hari",
    "/ukuran/camera_installed/sumber?dari=2021-01-01",
    "/indikator",
    "/konten/statistik",
)
OFFICE = (
    "/harga/isi",
    "/harga/isi/flamboyan",
    "/spbe",
    "/spbe/1",
    "/spbe/3/42",
    "/spbe/1/laporan",
    "/kinerja",
    "/kinerja/1",
    "/kinerja/1/1",
    "/kinerja/impor",
    "/ukuran/impor",
    "/indikator",
)


@dataclass
class Measured:
    """A running hub with examples of all measures, and the token of somebody who may everything."""

    address: str
    token: str


@pytest.fixture(scope="module")
def measured(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Measured]:
    folder: Path = tmp_path_factory.mktemp("measured")
    database = Database(f"sqlite:///{folder}/hub.db")
    upgrade(database)
    now = datetime.now(UTC)
    SampleCity(database, folder).load()
    with database.writing() as db:
        db.add(Opd(number=1, name="Dinas Komunikasi dan Informatika"))
        db.add(Sensor(device="pi-tugu", id="debu", name="Debu halus", quantity="pm2_5_ug_m3"))
        db.flush()
        add_examples(db, now=now)
        account = add_account(
            db, name="siti", display_name="Siti", roles=(Role.ADMIN,), now=now, actor="test"
        ).account
        account.must_change_password = False
        token = sessions.begin(db, account=account, now=now, address="::1", agent="test")
    with running_server(folder) as address:
        yield Measured(address, token)
    database.close()


@phone_and_desk
def test_the_pages_of_measures_fit_and_have_no_violations(
    browser: Browser, measured: Measured, complaints: list[str], theme: str, width: int
) -> None:
    page = new_page(browser, complaints, width=width, bypass_csp=True)
    wrong = []
    for paths in (PUBLIC, OFFICE):
        if paths is OFFICE:
            cookie = {"name": "pontive", "value": measured.token, "url": measured.address}
            page.context.add_cookies([cookie])
        page.goto(measured.address + paths[0])
        if theme == "light" and page.locator("html").get_attribute("data-theme") != "light":
            page.get_by_role("button", name="Warna terang").click()
        for path in paths:
            wrong += [f"{path}: {what}" for what in wrong_with(page, measured.address, path, width)]
    assert wrong == []
    assert complaints == []


def test_a_million_for_chilli_is_turned_away_on_a_phone_without_scripts(
    browser: Browser, measured: Measured, complaints: list[str]
) -> None:
    page = new_page(browser, complaints, width=360, java_script_enabled=False)
    page.goto(measured.address + "/harga")
    expect(page.locator(".price-melampaui-batas .price-name")).to_contain_text("Cabai rawit")
    page.context.add_cookies([{"name": "pontive", "value": measured.token, "url": measured.address}])
    page.goto(measured.address + "/harga/isi/flamboyan")
    expect(page.locator("#cabai-rawit-lalu")).to_contain_text("terakhir")
    page.fill("#cabai-rawit", "1.000.000")
    page.get_by_role("button", name="Simpan harga").click()
    expect(page.locator("#cabai-rawit-salah")).to_contain_text("tidak mungkin")
    expect(page.locator("#cabai-rawit")).to_have_value("1.000.000")
