"""The board in a real browser: signing in, watching it live, without scripts, and after a loss."""

import re
from datetime import UTC, datetime

import pytest
from playwright.sync_api import Browser, expect
from sqlalchemy import update

from hub.ingest.models import DeviceCommand
from hub.people.models import LoginSession
from tests.browser.conftest import PASSWORD, Hub, new_page, sign_in
from tests.browser.sample import counts, scan

CAMERA = "#camera-pi-jawi-utara"


def test_a_person_signs_in_with_a_first_password_and_chooses_an_own_one(
    browser: Browser, hub: Hub, complaints: list[str]
) -> None:
    page = new_page(browser, complaints)
    first = (hub.folder / "first").read_text()
    page.goto(hub.address + "/kamera/pi-jawi/utara")
    assert "/masuk?lanjut=" in page.url
    page.fill("#name", "budi")
    page.fill("#password", first)
    page.keyboard.press("Enter")
    expect(page.locator("h1")).to_have_text("Ganti kata sandi")
    page.fill("#current", first)
    page.fill("#password", "password1234")
    page.fill("#again", "password1234")
    page.click("main form button")
    expect(page.locator(".field-error")).to_contain_text("mudah ditebak")
    page.fill("#current", first)
    page.fill("#password", PASSWORD)
    page.fill("#again", PASSWORD)
    page.click("main form button")
    expect(page.locator(CAMERA)).to_be_visible()
    page.locator(".menu summary").click()
    page.get_by_role("button", name="Keluar").click()
    expect(page.locator("h1")).to_have_text("Masuk")


def test_counts_scans_and_stills_change_on_the_open_board(
    browser: Browser, hub: Hub, complaints: list[str]
) -> None:
    page = new_page(browser, complaints)
    sign_in(page, hub)
    expect(page.locator("#live")).to_have_attribute("data-state", "live")
    picture = page.locator(f"{CAMERA} img").get_attribute("src")
    now = datetime.now(UTC)
    hub.city.say("pi-jawi", counts("utara", "jalan", 1234, 56), at=now)
    hub.city.say("pi-balai", scan(901, "f" * 32), at=now)
    hub.city.still("pi-jawi", "utara", now, shade=90)
    hub.city.beat(now)
    expect(page.locator(f"{CAMERA} .rates")).to_contain_text("1.234")
    expect(page.locator("#door-pi-balai-pintu")).to_contain_text("pegawai no. 901")
    expect(page.locator(f"{CAMERA} img")).not_to_have_attribute("src", picture or "")
    expect(page.locator(f"{CAMERA} .age")).to_have_text(re.compile(r"^\d+ dtk$"))
    expect(page.locator("#ingest")).to_contain_text("Menerima")
    assert complaints == []


def test_the_focus_stays_where_it_was_when_a_tile_is_renewed(
    browser: Browser, hub: Hub, complaints: list[str]
) -> None:
    page = new_page(browser, complaints)
    sign_in(page, hub)
    page.locator(f"{CAMERA} h3 a").focus()
    hub.city.say("pi-jawi", counts("utara", "jalan", 888, 0), at=datetime.now(UTC))
    expect(page.locator(f"{CAMERA} .rates")).to_contain_text("888")
    focused = page.evaluate("document.activeElement.closest('article')?.id")
    assert focused == CAMERA.removeprefix("#")


def test_a_new_device_appears_on_the_open_board(browser: Browser, hub: Hub, complaints: list[str]) -> None:
    page = new_page(browser, complaints)
    sign_in(page, hub)
    expect(page.locator("#live")).to_have_attribute("data-state", "live")
    hub.city.load({"devices": [{"id": "pi-baru", "site": "tugu", "name": "Pi Baru"}]})
    expect(page.locator("#device-pi-baru")).to_contain_text("Belum melapor")


def test_an_ended_session_is_said_on_the_board(browser: Browser, hub: Hub, complaints: list[str]) -> None:
    page = new_page(browser, complaints)
    sign_in(page, hub)
    expect(page.locator("#live")).to_have_attribute("data-state", "live")
    with hub.database.writing() as db:
        db.execute(update(LoginSession).values(ended_at=datetime.now(UTC)))
    expect(page.locator("#stale-banner")).to_contain_text("Sesi Anda sudah berakhir", timeout=120_000)


def test_a_board_that_hears_nothing_says_so(browser: Browser, hub: Hub, complaints: list[str]) -> None:
    page = new_page(browser, complaints)
    sign_in(page, hub)
    page.clock.install()
    page.goto(hub.address + "/")
    expect(page.locator("#live")).to_have_attribute("data-state", "live")
    page.context.set_offline(True)
    page.route("**/papan/**", lambda route: route.abort())
    page.evaluate("window.stop()")
    page.clock.fast_forward(15_000)
    expect(page.locator("#stale-banner")).to_be_visible()


def test_without_scripts_the_board_still_shows_the_state(
    browser: Browser, hub: Hub, complaints: list[str]
) -> None:
    page = new_page(browser, complaints, java_script_enabled=False)
    sign_in(page, hub)
    expect(page.locator(CAMERA)).to_contain_text("Lengan utara")
    expect(page.locator(f"{CAMERA} .age")).to_have_text(re.compile(r"^\d\d\.\d\d\.\d\d$"))
    page.goto(hub.address + "/kamera/pi-jawi/utara")
    page.get_by_role("button", name="Ambil gambar sekarang").click()
    expect(page.locator("#jawaban")).to_contain_text("menunggu dikirim")


def test_a_picture_is_asked_for_and_the_answer_appears_by_itself(
    browser: Browser, hub: Hub, complaints: list[str]
) -> None:
    page = new_page(browser, complaints)
    sign_in(page, hub)
    page.goto(hub.address + "/kamera/pi-jawi/utara")
    address = page.url
    page.get_by_role("button", name="Ambil gambar sekarang").click()
    expect(page.locator("#jawaban")).to_contain_text("menunggu dikirim")
    now = datetime.now(UTC)
    with hub.database.writing() as db:
        db.execute(update(DeviceCommand).values(sent_at=now, replied_at=now, is_done=True))
    expect(page.locator("#jawaban")).to_contain_text("Gambar baru sudah diambil")
    assert page.url == address
    assert complaints == []


def test_the_camera_page_follows_the_camera_and_draws_its_day(
    browser: Browser, hub: Hub, complaints: list[str]
) -> None:
    page = new_page(browser, complaints)
    sign_in(page, hub)
    page.goto(hub.address + "/kamera/pi-jawi/utara")
    expect(page.locator(".chart canvas")).to_be_visible()
    assert page.locator("#counts-table tbody tr").count() == 24
    hub.city.say("pi-jawi", counts("utara", "jalan", 4242, 0), at=datetime.now(UTC))
    expect(page.locator(".rates-table")).to_contain_text("4.242,0", timeout=120_000)
    assert complaints == []


@pytest.mark.parametrize("width", [320, 360, 768, 1280, 1920])
def test_nothing_sticks_out_at_any_width(
    browser: Browser, hub: Hub, complaints: list[str], width: int
) -> None:
    page = new_page(browser, complaints, width=width)
    sign_in(page, hub)
    for path in ("/", "/kamera/pi-jawi/utara", "/perangkat/pi-jawi", "/sandi", "/tidak-ada"):
        page.goto(hub.address + path)
        beyond = page.evaluate("document.documentElement.scrollWidth - window.innerWidth")
        assert beyond <= 0, (path, width)


def test_english_is_one_click_away_and_stays(browser: Browser, hub: Hub, complaints: list[str]) -> None:
    page = new_page(browser, complaints)
    sign_in(page, hub)
    page.get_by_role("button", name="EN").click()
    expect(page.locator("#live .live-text")).to_have_text("Live")
    hub.city.say("pi-jawi", counts("utara", "jalan", 5678, 0), at=datetime.now(UTC))
    expect(page.locator(f"{CAMERA} .rates")).to_contain_text("5,678")
    expect(page.locator("#device-pi-tugu")).to_contain_text("Offline")


def test_only_this_host_is_asked(browser: Browser, hub: Hub, complaints: list[str]) -> None:
    page = new_page(browser, complaints)
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    sign_in(page, hub)
    page.goto(hub.address + "/kamera/pi-jawi/utara")
    page.wait_for_load_state("load")
    assert asked
    assert [url for url in asked if not url.startswith((hub.address, "data:"))] == []
