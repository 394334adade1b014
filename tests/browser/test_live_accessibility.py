"""Pages of watching, in both colours, narrow and wide: no violation, no sideways scrolling, keys."""

import pytest
from playwright.sync_api import Browser, expect

from hub.places.models import CityCamera
from tests.browser.conftest import Hub, new_page, sign_in
from tests.browser.looks import phone_and_desk
from tests.browser.test_accessibility import AXE, violations

PAGES = (
    "/dinding",
    "/dinding?tv=1",
    "/dinding/kelompok",
    "/dinding/langsung?kamera=pi-jawi/utara&kamera=pi-balai/lobi",
    "/kamera/pi-jawi/utara",
    "/cctv-publik",
)


@pytest.fixture(scope="module")
def open_hub(hub: Hub) -> Hub:
    with hub.database.writing() as db:
        db.get_one(CityCamera, ("pi-jawi", "utara")).is_public = True
    return hub


@phone_and_desk
def test_pages_of_watching_have_no_violations(
    browser: Browser, open_hub: Hub, complaints: list[str], theme: str, width: int
) -> None:
    page = new_page(browser, complaints, width=width, bypass_csp=True)
    sign_in(page, open_hub)
    if theme == "light":
        page.get_by_role("button", name="Warna terang").click()
    for path in PAGES:
        page.goto(open_hub.address + path)
        for details in page.locator("details.tours").all():
            details.evaluate("(one) => { one.open = true; }")
        page.evaluate(AXE)
        assert violations(page) == [], (path, theme, width)
        overflow = page.evaluate(
            "document.documentElement.scrollWidth - document.documentElement.clientWidth"
        )
        assert overflow <= 0, (path, width)
    page.context.close()


def test_the_help_of_the_wall_opens_by_its_key_and_lists_what_is_dark(
    browser: Browser, open_hub: Hub, complaints: list[str]
) -> None:
    page = new_page(browser, complaints, width=1920)
    sign_in(page, open_hub)
    page.goto(open_hub.address + "/dinding")
    expect(page.locator("#dark-list a").first).to_be_visible(timeout=120_000)
    page.keyboard.press("?")
    expect(page.locator("#wall-keys")).to_be_visible()
    expect(page.locator("#wall-keys")).to_contain_text("layar penuh")
    page.keyboard.press("Escape")
    page.keyboard.press("3")
    expect(page.locator("#wall")).to_have_attribute("data-count", "16")
    href = page.locator("[data-many-link]").get_attribute("href") or ""
    assert "kamera=pi-jawi%2Futara" in href
    page.context.close()


def test_a_television_goes_from_page_to_page_and_a_key_holds_it(
    browser: Browser, open_hub: Hub, complaints: list[str]
) -> None:
    page = new_page(browser, complaints)
    sign_in(page, open_hub)
    page.goto(open_hub.address + "/dinding?tv=1&putar=5s&urutan=dinding,kamera,tidak-ada")
    page.wait_for_url("**/cctv?tv=1**", timeout=60_000)
    page.wait_for_url("**/dinding?tv=1**", timeout=60_000)
    page.keyboard.press("j")
    page.wait_for_timeout(7000)
    assert "/dinding?" in page.url
    page.context.close()
