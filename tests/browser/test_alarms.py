"""The list of alarms in a real browser: live, by keyboard alone, with sound, and for everybody."""

import re
from collections.abc import Callable
from datetime import UTC, datetime

import pytest
from playwright.sync_api import Browser, Locator, Page, expect

from hub.alarms.kinds import AlarmKind, Severity
from hub.alarms.models import Alarm
from hub.alarms.service import clear_alarm, raise_alarm
from tests.browser.conftest import Hub, new_page, sign_in
from tests.browser.looks import narrow_and_desk
from tests.browser.test_accessibility import AXE, violations

Raise = Callable[..., None]


@pytest.fixture
def ring(hub: Hub) -> Raise:
    """Say that a point is dark."""

    def say(site: str, name: str, severity: Severity = Severity.HIGH) -> None:
        with hub.database.writing() as db:
            raise_alarm(
                db,
                key=f"outage:{site}:{name}",
                kind=AlarmKind.OUTAGE_SITE,
                severity=severity,
                facts={"name": name, "cause": "power", "cameras": "3"},
                site=site,
                device=None,
                camera=None,
                link="/cctv",
                now=datetime.now(UTC),
            )

    return say


@pytest.fixture
def page(browser: Browser, hub: Hub, complaints: list[str]) -> Page:
    page = new_page(browser, complaints, bypass_csp=True)
    sign_in(page, hub)
    return page


def open_list(page: Page, hub: Hub) -> None:
    page.goto(hub.address + "/alarm")
    expect(page.locator("#live")).to_have_attribute("data-state", "live")


def row(page: Page, name: str) -> Locator:
    return page.locator("tr[data-alarm]", has_text=name)


def test_a_new_alarm_appears_and_goes_without_a_reload(
    page: Page, hub: Hub, ring: Raise, complaints: list[str]
) -> None:
    open_list(page, hub)
    ring("jawi", "Simpang Pertama")
    expect(row(page, "Simpang Pertama")).to_contain_text("aktif, belum diketahui")
    with hub.database.writing() as db:
        clear_alarm(db, key="outage:jawi:Simpang Pertama", now=datetime.now(UTC))
    expect(row(page, "Simpang Pertama")).to_contain_text("pulih, belum diketahui")
    assert complaints == []


def test_everything_is_done_by_keyboard_alone(page: Page, hub: Hub, ring: Raise) -> None:
    ring("jawi", "Papan Ketik Satu", Severity.CRITICAL)
    ring("tugu", "Papan Ketik Dua", Severity.CRITICAL)
    page.goto(hub.address + "/alarm?cari=papan+ketik")
    expect(page.locator("#live")).to_have_attribute("data-state", "live")
    page.keyboard.press("j")
    expect(page.locator("tr[data-alarm]").nth(0).locator(".alarm-link")).to_be_focused()
    page.keyboard.press("j")
    page.keyboard.press("j")
    expect(page.locator("tr[data-alarm]").nth(1).locator(".alarm-link")).to_be_focused()
    page.keyboard.press("k")
    first = page.locator("tr[data-alarm]").nth(0).locator(".alarm-link").inner_text()
    page.keyboard.press("a")
    page.keyboard.type("PLN sudah dihubungi")
    page.keyboard.press("Enter")
    expect(page.locator(".notice")).to_contain_text("1 alarm dinyatakan diketahui")
    expect(row(page, first)).to_contain_text("aktif, diketahui")
    page.keyboard.press("j")
    page.keyboard.press("x")
    expect(page.locator("#picked")).to_have_text("1 dipilih")
    page.keyboard.press("s")
    page.keyboard.type("kerja jalan")
    page.keyboard.press("Enter")
    expect(page.locator(".notice")).to_contain_text("1 alarm ditunda")
    assert page.locator("tr[data-alarm]").count() == 1
    page.keyboard.press("/")
    expect(page.locator("#search")).to_be_focused()
    page.keyboard.press("Escape")
    expect(page.locator("tr[data-alarm]").nth(0).locator(".alarm-link")).to_be_focused()
    page.keyboard.press("?")
    expect(page.locator("#help")).to_be_visible()
    page.keyboard.press("Escape")
    expect(page.locator("#help")).to_be_hidden()
    page.keyboard.press("j")
    page.keyboard.press("Enter")
    expect(page).to_have_url(re.compile(r"/alarm/\d+$"))
    expect(page.locator(".alarm-history")).to_contain_text("PLN sudah dihubungi")


def test_ticks_and_focus_stay_when_the_list_renews_itself(page: Page, hub: Hub, ring: Raise) -> None:
    ring("jawi", "Tetap Terpilih", Severity.CRITICAL)
    open_list(page, hub)
    box = page.locator("tr[data-alarm]", has_text="Tetap Terpilih").locator("input[name=id]")
    box.check()
    ring("balai", "Datang Kemudian", Severity.CRITICAL)
    expect(row(page, "Datang Kemudian")).to_be_visible()
    expect(box).to_be_checked()
    expect(box).to_be_focused()


def test_sound_is_off_until_somebody_switches_it_on_and_then_remembered(
    page: Page, hub: Hub, ring: Raise
) -> None:
    open_list(page, hub)
    button = page.locator("#sound")
    expect(button).to_have_text("Suara mati")
    ring("jawi", "Tanpa Suara")
    expect(row(page, "Tanpa Suara")).to_be_visible()
    assert button.get_attribute("data-played") is None
    button.click()
    expect(button).to_have_text("Suara nyala")
    expect(button).to_have_attribute("data-played", "1")
    ring("jawi", "Pelan Saja", Severity.LOW)
    expect(row(page, "Pelan Saja")).to_be_visible()
    expect(button).to_have_attribute("data-played", "1")
    ring("jawi", "Dengan Suara", Severity.CRITICAL)
    expect(button).to_have_attribute("data-played", "2")
    page.reload()
    expect(button).to_have_attribute("aria-pressed", "true")
    # By the keyboard: the list above it may still be growing.
    button.press("Enter")
    expect(button).to_have_text("Suara mati")


def test_when_the_hub_is_silent_the_page_says_so(page: Page, hub: Hub) -> None:
    page.clock.install()
    open_list(page, hub)
    page.route("**/alarm/aliran", lambda route: route.abort())
    page.context.set_offline(True)
    page.clock.run_for(15_000)
    expect(page.locator("#stale-banner")).to_be_visible()


@narrow_and_desk
def test_no_page_of_alarms_has_violations_or_scrolls_sideways(
    browser: Browser, hub: Hub, complaints: list[str], ring: Raise, theme: str, width: int
) -> None:
    for severity in Severity:
        ring("jawi", f"Titik {severity.value} yang namanya panjang sekali", severity)
    with hub.database.reading() as db:
        number = db.query(Alarm.id).filter(Alarm.key.contains("critical")).scalar()
    page = new_page(browser, complaints, width=width, bypass_csp=True)
    sign_in(page, hub)
    if theme == "light":
        page.get_by_role("button", name="Warna terang").click()
    for path in ("/alarm", f"/alarm/{number}", "/akun/pemberitahuan", "/pemberitahuan"):
        page.goto(hub.address + path)
        page.evaluate(AXE)
        assert violations(page) == [], (path, theme, width)
        assert page.evaluate("document.documentElement.scrollWidth") <= width, (path, theme)
    assert complaints == []


def test_a_wall_shows_alarms_and_one_acknowledges_there(
    page: Page, hub: Hub, ring: Raise, complaints: list[str]
) -> None:
    page.goto(hub.address + "/dinding")
    ring("tugu", "Di Dinding", Severity.CRITICAL)
    line = page.locator(".alarm-panel-list li", has_text="Di Dinding")
    expect(line).to_be_visible()
    line.get_by_role("button").click()
    expect(line.get_by_role("button")).to_have_count(0)
    assert page.url.endswith("/dinding")
    assert complaints == []
