"""The personnel screens in a real browser: no violation that axe can find, narrow and wide."""

import os
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest
from playwright.sync_api import Browser
from sqlalchemy import select

from hub.people.badges.service import issue_badges, revoke_badge
from hub.people.enrolment.codes import issue_enrolment_code
from hub.people.models import Person, PersonAccount, PhoneKey
from hub.people.service import find_account
from tests.browser.conftest import Hub, new_page, sign_in
from tests.browser.looks import phone_and_desk
from tests.browser.test_accessibility import AXE, violations

PAGES = (
    "/kepegawaian",
    "/kepegawaian?keadaan=keluar",
    "/kepegawaian/101",
    "/kepegawaian/103",
    "/kepegawaian/impor",
    "/kepegawaian/opd",
    "/kepegawaian/penanda-tangan",
    "/akun",
    "/pin",
)
TABLE = """nomor;nama;nip;opd;nama_opd;unit;nama_unit;lokasi;mulai;selesai
101;Siti Nurhaliza;198703152009022002;1;;11;;;2026-01-05;
;Budi Santoso;199003122015031001;1;;11;;;2026-01-05;
104;Rahmat Hidayat;1,98703E+17;1;;11;;;2026-01-05;
;Dr. H. Muhammad Iskandar, M.Si.;197001011995031003;1;;11;;;05/01/2026;
105;Pegawai 105;;9;;;;;31/02/2026;
"""
NAMES = ("Siti N.", "Ahmad Rizki", "Dewi Lestari", "Eko Prasetyo", "Fitri A.", "Gunawan H.", "Indah K.")


@pytest.fixture(scope="module")
def staffed(hub: Hub) -> Hub:
    """People in every state there is."""
    now, today = datetime.now(UTC), datetime.now(UTC).date()
    with hub.database.writing() as db:
        if db.scalars(select(PhoneKey)).first() is not None:
            return hub
        for number, name in enumerate(NAMES, start=101):
            db.get_one(Person, number).short_name = name
        db.get_one(Person, 103).may_use_badge = True
        db.get_one(Person, 104).may_use_badge = True
        db.get_one(Person, 107).is_active = False
        for person, slot, revoked_at in ((101, 0, None), (102, 0, now), (101, 1, now)):
            db.add(
                PhoneKey(
                    person_number=person,
                    slot=slot,
                    algorithm="ed25519",
                    public_key=bytes([person, slot]) * 16,
                    label="Ponsel lama" if revoked_at else "",
                    enrolled_at=now - timedelta(days=30),
                    revoked_at=revoked_at,
                )
            )
        until = today + timedelta(days=700)
        for _ in range(2):
            issue_badges(db, persons=[103], valid_until=until, hub_key=1, today=today, actor="siti", now=now)
        revoke_badge(db, person=103, serial=1, reason="hilang", actor="siti", now=now)
        issue_enrolment_code(db, 105, "siti", now)
        account = find_account(db, "siti")
        assert account is not None
        if db.get(PersonAccount, account.id) is None:
            db.add(PersonAccount(account_id=account.id, person_number=101))
    return hub


@phone_and_desk
def test_no_page_of_the_personnel_office_has_violations(
    browser: Browser, staffed: Hub, complaints: list[str], theme: str, width: int
) -> None:
    page = new_page(browser, complaints, width=width, bypass_csp=True)
    sign_in(page, staffed)
    if theme == "light":
        page.get_by_role("button", name="Warna terang").click()
    page.goto(staffed.address + "/kepegawaian/impor")
    page.set_input_files(
        "#berkas", files=[{"name": "pegawai.csv", "mimeType": "text/csv", "buffer": TABLE.encode()}]
    )
    page.get_by_role("button", name="Periksa").click()
    page.get_by_role("heading", name="Baris yang salah").wait_for()
    for path in PAGES:
        answer = page.goto(staffed.address + path)
        assert answer is not None
        assert answer.status == 200, path
        page.evaluate(AXE)
        assert violations(page) == [], (path, theme, width)
        wide = page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
        assert wide <= 0, f"{path} is {wide} px wider than {width}"
        if folder := os.environ.get("PONTIVE_SHOTS"):
            name = path.strip("/").replace("/", "-").replace("?", "-")
            page.screenshot(path=Path(folder) / f"{name}-{theme}-{width}.png", full_page=True)
    assert complaints == []


def test_codes_for_those_ticked_come_as_a_file(browser: Browser, staffed: Hub, complaints: list[str]) -> None:
    page = new_page(browser, complaints)
    sign_in(page, staffed)
    page.goto(staffed.address + "/kepegawaian")
    page.get_by_label("Pilih Fitri A.").check()
    with page.expect_download() as download:
        page.get_by_role("button", name="Kode pendaftaran (PDF)").click()
    assert download.value.suggested_filename == "kode-pendaftaran.pdf"
    assert Path(download.value.path()).read_bytes().startswith(b"%PDF")
    assert complaints == []


def test_a_move_is_offered_for_today_and_a_last_day_must_be_chosen(
    browser: Browser, staffed: Hub, complaints: list[str]
) -> None:
    page = new_page(browser, complaints)
    sign_in(page, staffed)
    page.goto(staffed.address + "/kepegawaian/106")
    offered = date.fromisoformat(page.locator("#mulai").input_value())
    assert abs((offered - datetime.now(UTC).date()).days) <= 1
    assert page.get_by_label("Hari kerja terakhir").input_value() == ""
