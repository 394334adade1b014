"""Open data on a phone and at a desk: readable, without scripts too, and no wider than the screen."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, expect

from hub.db import Database
from hub.migrations.schema import upgrade
from tests.browser.conftest import new_page
from tests.browser.looks import phone_and_desk
from tests.browser.test_main_pages import wrong_with
from tests.hub.registers.conftest import add_application, add_opds
from tests.hub.web.running import running_server

PATHS = (
    "/data",
    "/data?cari=harga",
    "/data?cari=zzz",
    "/data/register-aplikasi",
    "/data/ukuran-camera_installed",
)


@pytest.fixture(scope="module")
def portal(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    folder: Path = tmp_path_factory.mktemp("portal")
    database = Database(f"sqlite:///{folder}/hub.db")
    upgrade(database)
    add_opds(database)
    for name in ("Gencil", "E-Lawar"):
        add_application(database, name, tahun=2019, alamat=f"https://{name.lower()}.example/beranda")
    database.close()
    with running_server(folder) as address:
        yield address


@phone_and_desk
def test_the_pages_of_open_data_have_no_violations_and_fit(
    portal: str, browser: Browser, complaints: list[str], width: int, theme: str
) -> None:
    page = new_page(browser, complaints, width=width, bypass_csp=True)
    page.goto(f"{portal}/data")
    if theme == "light":
        page.get_by_role("button", name="Warna terang").click()
    wrong = [f"{path}: {what}" for path in PATHS for what in wrong_with(page, portal, path, width)]
    assert wrong == []
    assert complaints == []


def test_a_dataset_is_found_and_taken_away_without_scripts(
    portal: str, browser: Browser, complaints: list[str]
) -> None:
    page = new_page(browser, complaints, width=360, java_script_enabled=False)
    page.goto(f"{portal}/data")
    page.get_by_label("Cari data").fill("aplikasi perangkat")
    page.get_by_role("button", name="Cari").click()
    page.get_by_role("link", name="Aplikasi").first.click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Aplikasi")
    with page.expect_download() as download:
        page.get_by_role("link", name="CSV", exact=True).click()
    assert "Gencil" in download.value.path().read_text("utf-8")
