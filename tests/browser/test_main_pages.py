"""Every main page and the pages behind them, narrow and wide, dark and light: nothing to complain of.

One walk: each page is opened once a colour and width, and looked at in several ways at once.
"""

import re
from datetime import UTC, datetime
from pathlib import Path

from playwright.sync_api import Browser, Page, expect

from hub.web.navigation import MAIN_PAGES
from tests.browser.conftest import Hub, new_page, sign_in
from tests.browser.looks import narrow_and_desk
from tests.browser.test_accessibility import AXE, violations

# Pages behind the main ones, of places that the sample city has.
BEHIND = ("/titik/jawi", "/titik/tugu", "/kamera/pi-jawi/utara/ketersediaan", "/ketersediaan", "/perawatan")
# What has no head of its own, or is no page for a narrow glass.
WITHOUT_REFLOW = frozenset({"/dinding"})


def main_pages(page: Page) -> list[str]:
    found = page.evaluate("[...document.querySelectorAll('.drawer a')].map(one => one.getAttribute('href'))")
    return list(dict.fromkeys(str(one) for one in found))


@narrow_and_desk
def test_the_main_pages_have_no_violations_and_fit(
    browser: Browser, hub: Hub, complaints: list[str], theme: str, width: int
) -> None:
    page = new_page(browser, complaints, width=width, bypass_csp=True)
    sign_in(page, hub)
    if theme == "light":
        page.get_by_role("button", name="Warna terang").click()
    paths = main_pages(page)
    assert len(paths) == len(MAIN_PAGES)
    wrong = [
        f"{path}: {what}" for path in [*paths, *BEHIND] for what in wrong_with(page, hub.address, path, width)
    ]
    assert wrong == []
    assert complaints == []


def wrong_with(page: Page, address: str, path: str, width: int) -> list[str]:
    """Return what is wrong with a page."""
    answer = page.goto(address + path, wait_until="load")
    assert answer is not None
    if not answer.ok:
        return [f"answers {answer.status}"]
    found = []
    if page.locator("h1").count() != 1:
        found.append(f"has {page.locator('h1').count()} headings of the first rank")
    beyond = page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
    if beyond > 0 and path not in WITHOUT_REFLOW:
        found.append(f"is {beyond} px wider than {width}")
    page.evaluate(AXE)
    return [*found, *violations(page)]


def test_the_drawer_opens_and_leads_on_by_keys_and_without_scripts(
    browser: Browser, hub: Hub, complaints: list[str]
) -> None:
    page = new_page(browser, complaints, width=360, java_script_enabled=False)
    sign_in(page, hub)
    summary = page.locator(".drawer summary")
    expect(page.locator(".bar")).to_be_hidden()
    summary.focus()
    page.keyboard.press("Enter")
    page.locator(".drawer a", has_text="Peta").click()
    assert page.url.endswith("/peta")
    expect(page.locator(".drawer-here")).to_have_text("Peta")


def test_arrows_walk_the_list_and_the_drawing_together(
    browser: Browser, hub: Hub, complaints: list[str]
) -> None:
    page = new_page(browser, complaints)
    sign_in(page, hub)
    page.goto(hub.address + "/peta")
    rows = page.locator("#map-list a")
    rows.first.focus()
    page.keyboard.press("ArrowDown")
    chosen, leads_to = (rows.nth(1).get_attribute(name) for name in ("data-mark", "href"))
    expect(rows.nth(1)).to_be_focused()
    expect(page.locator(f'#map [data-mark="{chosen}"]')).to_have_class(re.compile("is-chosen"))
    whole = page.locator("#map").get_attribute("viewBox")
    page.locator("#map-stage").focus()
    page.keyboard.press("+")
    assert page.locator("#map").get_attribute("viewBox") != whole
    page.keyboard.press("0")
    expect(page.locator("#map")).to_have_attribute("viewBox", whole or "")
    page.keyboard.press("Enter")
    page.wait_for_url(f"{hub.address}{leads_to}")
    assert complaints == []


def test_a_camera_that_goes_dark_changes_the_open_map(
    browser: Browser, hub: Hub, complaints: list[str]
) -> None:
    page = new_page(browser, complaints)
    sign_in(page, hub)
    # The city was filled when this file began, which may be longer ago than a camera may be silent.
    hub.city.still("pi-balai", "lobi", datetime.now(UTC))
    page.goto(hub.address + "/peta")
    expect(page.locator("#live")).to_have_attribute("data-state", "live")
    mark = page.locator('#map [data-mark="cameras-balai"]')
    expect(mark).to_have_class(re.compile("tone-good"))
    hub.city.will("pi-balai", datetime.now(UTC))
    expect(mark).to_have_class(re.compile("tone-bad"), timeout=120_000)
    expect(page.locator('#map-list [data-mark="cameras-balai"]')).to_contain_text("Luring")


def test_pages_print_without_what_only_screens_need(
    browser: Browser, hub: Hub, complaints: list[str], tmp_path: Path
) -> None:
    page = new_page(browser, complaints)
    sign_in(page, hub)
    page.goto(hub.address + "/perangkat")
    page.emulate_media(media="print")
    for name in (".bar", ".top-end", ".wall-bar", ".head-actions"):
        expect(page.locator(name).first).to_be_hidden()
    expect(page.locator("h1")).to_be_visible()
    background = page.evaluate("getComputedStyle(document.documentElement).backgroundColor")
    assert background == "rgb(255, 255, 255)", "ink is not for dark backgrounds"
    assert page.pdf(path=tmp_path / "p.pdf")
