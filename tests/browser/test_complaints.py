"""A complaint from a telephone of 360 px, with scripts and without; axe finds nothing on any of its pages."""

import re
from datetime import UTC, datetime
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page
from sqlalchemy import select

from hub.cases.complaints.examples import play
from hub.cases.keeping.models import CaseRecord
from hub.cases.keeping.versions import load_shipped
from hub.casework import case_engine
from hub.people.models import RoleGrant
from hub.people.service import find_account
from hub.places.areas import load_areas
from tests.browser.conftest import Hub, new_page, sign_in
from tests.browser.looks import phone_and_desk
from tests.browser.test_accessibility import AXE, violations
from tests.browser.waiting import until_true
from tests.hub.cases.attachments import uploads
from tests.hub.screens import make_config


@pytest.fixture(scope="module", autouse=True)
def _complaints(hub: Hub) -> None:
    now = datetime.now(UTC)
    with hub.database.writing() as db:
        load_areas(db)
        load_shipped(db, now=now)
        # An admin opens no case: who triages is the coordinator.
        siti = find_account(db, "siti")
        assert siti is not None
        grant = RoleGrant(account_id=siti.id, role="coordinator", scope_kind="city", valid_from=now)
        db.add(grant)
        play(db, case_engine(make_config(hub.folder)), hub.folder / "case-files", now)


def newest(hub: Hub) -> CaseRecord:
    with hub.database.reading() as db:
        return db.scalars(select(CaseRecord).order_by(CaseRecord.id.desc()).limit(1)).one()


def fits(page: Page) -> bool:
    return bool(page.evaluate("document.documentElement.scrollWidth <= innerWidth"))


def test_a_hole_is_reported_and_followed_without_scripts(
    browser: Browser, hub: Hub, complaints: list[str], tmp_path: Path
) -> None:
    (tmp_path / "lubang.jpg").write_bytes(uploads.jpeg(1600, 1200))
    page = new_page(browser, complaints, width=360, java_script_enabled=False)
    page.goto(hub.address + "/lapor")
    page.set_input_files("#berkas-foto", str(tmp_path / "lubang.jpg"))
    page.click("input.report-map", position={"x": 150, "y": 120})
    page.click("input.report-map", position={"x": 100, "y": 100})
    assert page.locator("input[name=ada-foto]").is_checked(), "the photo came along"
    place = page.locator(".report-place").inner_text()
    assert re.search(r"-?0\.\d{6}, 109\.\d{6}", place)
    page.check("input[name=category][value=pohon]")
    page.fill("#text", "Dahan besar patah di atas trotoar, hampir jatuh.")
    page.click("text=Kirim laporan")
    code = page.locator(".receipt-code .code").inner_text()
    case = newest(hub)
    assert case.tracking_code == code
    page.goto(f"{hub.address}/lacak/{code}")
    assert "Diterima" in page.locator(".case-status").inner_text()
    page.goto(f"{hub.address}/laporan/{case.number}")
    assert page.locator("h1").inner_text() == "Dahan besar patah di atas trotoar, hampir jatuh."
    assert complaints == []


def test_a_draft_stays_on_the_phone_and_pressing_the_drawing_needs_no_way_to_the_hub(
    browser: Browser, hub: Hub, complaints: list[str]
) -> None:
    page = new_page(browser, complaints, width=360)
    page.goto(hub.address + "/lapor")
    page.fill("#text", "Lampu di gang kami mati.")
    page.check("input[name=category][value=lampu]")
    page.click("input.report-map", position={"x": 150, "y": 120})
    latitude = page.input_value("input[name=latitude]")
    assert re.fullmatch(r"-?0\.\d{6}", latitude)
    page.reload()
    until_true(page, "document.querySelector('#text').value !== ''")
    assert page.input_value("#text") == "Lampu di gang kami mati."
    assert page.input_value("input[name=latitude]") == latitude
    page.click("text=Kirim laporan")
    page.wait_for_selector(".receipt-code")
    page.goto(hub.address + "/lapor")
    page.wait_for_selector("[data-here]:not([hidden])")
    assert page.input_value("#text") == "", "what was sent is no draft any more"
    assert complaints == []


@phone_and_desk
def test_pages_of_complaints_have_no_violations_and_fit(
    browser: Browser, hub: Hub, complaints: list[str], width: int, theme: str
) -> None:
    page = new_page(browser, complaints, width=width, bypass_csp=True)
    sign_in(page, hub)
    number = newest(hub).number
    for path in (
        "/lapor",
        "/laporan",
        "/laporan?status=selesai&cari=tidak-ada",
        f"/laporan/{number}",
        "/laporan/statistik",
        f"/berkas/{number}",
        "/berkas/lapor",
    ):
        page.goto(hub.address + path)
        page.evaluate(f"document.documentElement.dataset.theme = '{theme}'")
        page.add_script_tag(content=AXE)
        assert violations(page) == [], path
        assert fits(page), path
