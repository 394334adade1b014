"""Traffic, events, findings and the shift log in a real browser: accessible, drawn, marked, signed."""

import re
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect
from sqlalchemy import select

from edge.wire.records.bodies import (
    CrowdLevel,
    FlowLevel,
    GaugeReading,
    GaugeState,
    SceneMeasures,
    ZoneMeasure,
)
from hub.cctv.findings.models import Finding
from hub.people import sessions
from hub.people.models import Account, RoleGrant
from hub.people.permissions import Role, ScopeKind
from tests.browser.conftest import Hub, new_page, sign_in
from tests.browser.looks import phone_and_desk
from tests.browser.test_accessibility import AXE, violations

PAGES = (
    "/lalu-lintas",
    "/lalu-lintas/pi-jawi/utara",
    "/lalu-lintas/pi-jawi/utara?rentang=bulan",
    "/peristiwa",
    "/peristiwa/1",
    "/temuan",
    "/temuan/1",
    "/temuan/reklame",
    "/serah-terima",
    "/serah-terima/daftar",
    "/serah-terima/1",
)


@pytest.fixture(scope="module")
def busy(hub: Hub) -> Hub:
    """A jam, a crowd and water, now."""
    zones = (
        ZoneMeasure(zone="lajur", occupancy=0.9, cover=0.6, flow=FlowLevel.JAM),
        ZoneMeasure(zone="trotoar", occupancy=0.4, cover=0.2, crowd=CrowdLevel.DENSE),
    )
    gauge = GaugeReading(camera="utara", gauge="papan", state=GaugeState.READ, level_m=1.62, spread_m=0.02)
    now = datetime.now(UTC)
    for minutes in (90, 30, 0):
        at = now - timedelta(minutes=minutes)
        hub.city.say("pi-jawi", SceneMeasures(camera="utara", period_s=60, zones=zones), gauge, at=at)
    return hub


def as_somebody(page: Page, hub: Hub, name: str, role: Role, *, opd: str = "") -> None:
    """Sign an account with one role in."""
    now = datetime.now(UTC)
    with hub.database.writing() as db:
        account = db.scalars(select(Account).where(Account.name == name)).one_or_none()
        if account is None:
            account = Account(
                name=name,
                display_name=name.title(),
                password_hash="",
                must_change_password=False,
                created_at=now,
            )
            db.add(account)
            db.flush()
            kind = ScopeKind.OPD if opd else ScopeKind.CITY
            db.add(RoleGrant(account_id=account.id, role=role, scope_kind=kind, scope_id=opd, valid_from=now))
        token = sessions.begin(db, account=account, now=now, address="::1", agent="test")
    page.context.add_cookies([{"name": "pontive", "value": token, "url": hub.address}])


def numbers(page: Page) -> list[float]:
    """What the mark is, as the form will send it."""
    return [float(page.input_value(f"input[name={name}]")) for name in ("kiri", "atas", "lebar", "tinggi")]


@phone_and_desk
def test_no_page_has_violations(
    browser: Browser, busy: Hub, complaints: list[str], theme: str, width: int
) -> None:
    page = new_page(browser, complaints, width=width, bypass_csp=True)
    sign_in(page, busy)
    if theme == "light":
        page.get_by_role("button", name="Warna terang").click()
    page.goto(busy.address + "/kamera/pi-jawi/utara")
    page.get_by_role("button", name="Tandai temuan").click()
    page.wait_for_url(re.compile(r"/temuan/baru/\d+$"))
    found: dict[str, object] = {}
    for path in (page.url.removeprefix(busy.address), *PAGES):
        page.goto(busy.address + path)
        assert page.locator("html").get_attribute("data-theme") == theme
        page.evaluate(AXE)
        overflow_px = page.evaluate(
            "document.documentElement.scrollWidth - document.documentElement.clientWidth"
        )
        if (bad := violations(page)) or overflow_px > 0:
            found[path] = (bad, overflow_px)
    assert found == {}
    assert complaints == []


def test_charts_are_drawn_and_drawn_anew_in_ink_for_print(
    browser: Browser, busy: Hub, complaints: list[str], tmp_path: Path
) -> None:
    page = new_page(browser, complaints)
    sign_in(page, busy)
    page.goto(busy.address + "/lalu-lintas/pi-jawi/utara")
    expect(page.locator(".chart canvas")).to_have_count(page.locator(".chart").count())
    assert page.locator(".chart canvas").count() >= 4
    look = "document.querySelector('.chart canvas').toDataURL()"
    before = page.evaluate(look)
    page.evaluate("dispatchEvent(new Event('beforeprint'))")
    assert page.evaluate(look) != before
    page.evaluate("dispatchEvent(new Event('afterprint'))")
    page.pdf(path=tmp_path / "print.pdf")
    assert (tmp_path / "print.pdf").stat().st_size > 10_000
    assert complaints == []


def test_a_place_is_marked_by_mouse_and_by_keyboard_and_sent(
    browser: Browser, busy: Hub, complaints: list[str]
) -> None:
    page = new_page(browser, complaints)
    sign_in(page, busy)
    page.goto(busy.address + "/kamera/pi-jawi/selatan")
    page.get_by_role("button", name="Tandai temuan").click()
    page.wait_for_url(re.compile(r"/temuan/baru/"))
    stage = page.locator("[data-stage]")
    area = stage.bounding_box()
    assert area is not None
    page.mouse.move(area["x"] + area["width"] * 0.1, area["y"] + area["height"] * 0.2)
    page.mouse.down()
    page.mouse.move(area["x"] + area["width"] * 0.4, area["y"] + area["height"] * 0.6, steps=4)
    page.mouse.up()
    assert numbers(page) == pytest.approx([10, 20, 30, 40], abs=1)
    left, top, width, height = numbers(page)
    stage.press("ArrowRight")
    stage.press("ArrowDown")
    stage.press("Shift+ArrowLeft")
    assert numbers(page) == pytest.approx([left + 1, top + 1, width - 1, height])
    page.select_option("#jenis", "flood")
    page.select_option("#opd", label="Dinas Komunikasi dan Informatika")
    page.fill("#keterangan", "genangan di tikungan")
    page.get_by_role("button", name="Kirim ke OPD").click()
    page.wait_for_url(re.compile(r"/temuan/\d+$"))
    expect(page.locator("h1")).to_contain_text("Genangan atau banjir")
    with busy.database.reading() as db:
        finding = db.scalars(select(Finding).order_by(Finding.id.desc())).first()
        assert finding is not None
        assert finding.left == pytest.approx((left + 1) / 100)
    assert complaints == []


def test_an_officer_answers_on_a_phone(browser: Browser, busy: Hub, complaints: list[str]) -> None:
    page = new_page(browser, complaints, width=360)
    as_somebody(page, busy, "rina", Role.LIAISON, opd="1")
    page.goto(busy.address + "/")
    page.wait_for_url(re.compile(r"/temuan$"))
    page.get_by_role("link", name="1 · Reklame tanpa izin").click()
    page.get_by_text("Terima", exact=True).first.click()
    page.get_by_role("button", name="Terima").click()
    expect(page.locator(".page-head")).to_contain_text("diterima")
    page.locator("summary", has_text="Selesaikan").click()
    page.fill("#keterangan-finish", "papan diturunkan")
    page.get_by_role("button", name="Selesaikan").click()
    expect(page.locator(".page-head")).to_contain_text("selesai")
    expect(page.locator(".history")).to_contain_text("papan diturunkan")
    assert complaints == []


def test_a_shift_is_handed_over_and_signed(browser: Browser, busy: Hub, complaints: list[str]) -> None:
    page = new_page(browser, complaints)
    as_somebody(page, busy, "wati", Role.OPERATOR)
    with busy.database.writing() as db:
        who = db.scalars(select(Account).where(Account.name == "wati")).one()
        db.add(
            RoleGrant(
                account_id=who.id, role=Role.OPERATOR, scope_kind=ScopeKind.CITY, valid_from=datetime.now(UTC)
            )
        )
    page.goto(busy.address + "/serah-terima")
    page.fill("#catatan", "genset titik tugu dinyalakan")
    page.get_by_role("button", name="Catat").click()
    page.fill("#pesan", "pantau air di dermaga")
    page.locator("input[name=yakin]").check()
    page.get_by_role("button", name="Serahkan").click()
    expect(page.locator("main")).to_contain_text("Menunggu tanda terima")
    other = new_page(browser, complaints)
    as_somebody(other, busy, "budiman", Role.OPERATOR)
    other.goto(busy.address + "/serah-terima")
    expect(other.locator("main")).to_contain_text("genset titik tugu dinyalakan")
    other.locator("input[name=yakin]").check()
    other.get_by_role("button", name="Saya terima").click()
    expect(other.locator("main")).to_contain_text("Giliran Budiman")
    assert complaints == []
