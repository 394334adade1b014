"""The screens of attendance in a real browser: no violation that axe can find, narrow and wide."""

import os
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from playwright.sync_api import Browser
from sqlalchemy import select

from hub.hadir.models import DayCorrection
from hub.people.models import PersonAccount
from hub.people.service import find_account
from tests.browser.conftest import Hub, new_page, sign_in
from tests.browser.looks import phone_and_desk
from tests.browser.test_accessibility import AXE, violations

PAGES = (
    "/hadir",
    "/hadir/pegawai/101",
    "/hadir/saya",
    "/hadir/koreksi",
    "/hadir/rekap",
    "/hadir/terbit?opd=1",
    "/hadir/kota",
    "/hadir/cari?q=pegawai",
    "/hadir/periksa?opd=1",
    "/hadir/kelola",
    "/hadir/kelola/izin",
    "/hadir/kelola/libur",
    "/hadir/kelola/periode?baris=1",
    "/hadir/kelola/tarif",
    "/hadir/kelola/izin/impor",
    "/program",
)


@pytest.fixture(scope="module")
def linked(hub: Hub) -> Hub:
    """The account of Siti is that of person 102, and somebody else asked for a correction."""
    now = datetime.now(UTC)
    with hub.database.writing() as db:
        account = find_account(db, "siti")
        assert account is not None
        if db.scalars(select(PersonAccount)).first() is None:
            db.add(PersonAccount(account_id=account.id, person_number=102))
        db.add(
            DayCorrection(
                person_number=101,
                day=(now - timedelta(days=1)).date(),
                arrived_at=now - timedelta(days=1),
                is_excused=False,
                reason="apel di balai kota",
                standing="asked",
                asked_by="pegawai",
                asked_at=now,
            )
        )
    return hub


@phone_and_desk
def test_no_page_of_attendance_has_violations(
    browser: Browser, linked: Hub, complaints: list[str], theme: str, width: int
) -> None:
    page = new_page(browser, complaints, width=width, bypass_csp=True)
    sign_in(page, linked)
    if theme == "light":
        page.get_by_role("button", name="Warna terang").click()
    for path in PAGES:
        answer = page.goto(linked.address + path)
        assert answer is not None
        assert answer.status == 200, path
        page.evaluate(AXE)
        assert violations(page) == [], (path, theme, width)
        wide = page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
        assert wide <= 0, f"{path} is {wide} px wider than {width}"
        if folder := os.environ.get("PONTIVE_SHOTS"):
            name = path.strip("/").split("?")[0].replace("/", "-")
            page.screenshot(path=Path(folder) / f"{name}-{theme}-{width}.png", full_page=True)
