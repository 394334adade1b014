"""Every page, in both colours, narrow and wide: no violation that axe can find."""

from pathlib import Path

import pytest
from playwright.sync_api import Browser

from tests.browser.conftest import Hub, new_page, sign_in
from tests.browser.looks import phone_and_desk

AXE = (Path(__file__).parent / "vendor" / "axe-4.14.1.min.js").read_text("utf-8")
RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
PAGES = (
    "/",
    "/kamera/pi-jawi/utara",
    "/kamera/pi-jawi/utara/atur",
    "/kamera/pi-tugu/sungai",
    "/perangkat/pi-jawi",
    "/inventaris?tabel=kamera",
    "/inventaris/kamera/pi-jawi/utara",
    "/cctv",
    "/gangguan",
    "/perawatan",
    "/ketersediaan",
    "/kamera/pi-tugu/sungai/ketersediaan",
    "/sandi",
    "/sesi",
    "/insiden-data",
    "/tidak-ada",
)


def violations(page: object) -> list[str]:
    found = page.evaluate(  # type: ignore[attr-defined]
        "async (tags) => (await axe.run(document, {runOnly: tags})).violations", RULES
    )
    return [f"{one['id']}: {[node['html'][:120] for node in one['nodes']][:3]}" for one in found]


@phone_and_desk
def test_no_page_has_violations(
    browser: Browser, hub: Hub, complaints: list[str], theme: str, width: int
) -> None:
    page = new_page(browser, complaints, width=width, bypass_csp=True)
    sign_in(page, hub)
    if theme == "light":
        page.get_by_role("button", name="Warna terang").click()
    for path in PAGES:
        page.goto(hub.address + path)
        assert page.locator("html").get_attribute("data-theme") == theme
        page.evaluate(AXE)
        assert violations(page) == [], (path, theme, width)


@pytest.mark.parametrize("theme", ["dark", "light"])
def test_the_login_page_has_no_violations_even_with_an_error(
    browser: Browser, hub: Hub, complaints: list[str], theme: str
) -> None:
    page = new_page(browser, complaints, bypass_csp=True)
    page.goto(hub.address + "/masuk")
    if theme == "light":
        page.get_by_role("button", name="Warna terang").click()
    page.fill("#name", "tidakada")
    page.fill("#password", "salah")
    page.click("main form button")
    page.evaluate(AXE)
    assert violations(page) == []


def test_a_bad_page_is_found_bad(browser: Browser, hub: Hub, complaints: list[str]) -> None:
    page = new_page(browser, complaints, bypass_csp=True)
    page.goto(hub.address + "/masuk")
    page.evaluate("document.querySelector('label').remove()")
    page.evaluate(AXE)
    assert any(one.startswith("label") for one in violations(page))
