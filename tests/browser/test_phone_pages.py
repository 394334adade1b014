"""The phone's other pages in a real Chromium: what goes wrong while enrolling, month, phones, office code."""

import io
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import numpy as np
import pytest
from PIL import Image
from playwright.sync_api import Browser, Page, expect

from tests.browser.conftest import PASSWORD, Hub, sign_in
from tests.browser.phone_rig import employ, enrol, issue, keep_picture, make_key, phone_page, read, type_code
from tests.browser.test_accessibility import AXE, violations
from tests.browser.waiting import until_true

PAGES = ("", "bulan", "koreksi", "perangkat", "daftar", "luring")


@pytest.fixture(scope="module")
def owner(browser: Browser, hub: Hub) -> Iterator[Page]:
    """The phone of person 104, enrolled; policies off so that axe may run."""
    page = phone_page(browser, [], bypass_csp=True)
    enrol(page, hub, 104)
    yield page
    page.context.close()


@pytest.mark.parametrize("theme", ["dark", "light"])
def test_no_page_of_the_phone_has_violations_or_is_too_wide(owner: Page, hub: Hub, theme: str) -> None:
    owner.context.clear_cookies(name="pontive-form")
    if theme == "light":
        owner.goto(hub.address + "/sandi")
        owner.get_by_role("button", name="Warna terang").click()
    for path in PAGES:
        owner.goto(f"{hub.address}/hadir/ponsel/{path}")
        if path == "":
            expect(owner.locator("#qr[data-code]")).to_be_visible()
        owner.evaluate(AXE)
        assert violations(owner) == [], (path, theme)
        wide = owner.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
        assert wide <= 0, f"{path} is {wide} px too wide"
        keep_picture(owner, f"{path or 'kode'}-{theme}")


def test_the_card_stays_white_and_fills_the_phone_in_dark_colours(
    browser: Browser, hub: Hub, complaints: list[str]
) -> None:
    page = phone_page(browser, complaints)
    employ(hub, 114)
    enrol(page, hub, 114)
    assert page.locator("html").get_attribute("data-theme") == "dark"
    card = page.locator(".code-card")
    assert card.evaluate("(card) => getComputedStyle(card).backgroundColor") == "rgb(255, 255, 255)"
    # 55 mm at the 160 density-independent pixels an inch that telephones are drawn with.
    assert page.locator("#qr").evaluate("(qr) => qr.getBoundingClientRect().width") >= 55 / 25.4 * 160
    assert complaints == []


def test_a_manifest_and_a_worker_are_found_by_the_browser(
    browser: Browser, hub: Hub, complaints: list[str]
) -> None:
    page = phone_page(browser, complaints)
    page.goto(hub.address + "/hadir/ponsel/")
    page.evaluate("navigator.serviceWorker.ready.then(() => true)")
    devtools = page.context.new_cdp_session(page)
    manifest = devtools.send("Page.getAppManifest")
    assert manifest["errors"] == []
    assert manifest["url"].endswith("/hadir/ponsel/manifest.webmanifest")
    faults = devtools.send("Page.getInstallabilityErrors")["installabilityErrors"]
    # A window of a test is a private one to Chromium; nothing else may stand in the way.
    assert {fault["errorId"] for fault in faults} <= {"in-incognito"}
    expect(page.get_by_role("heading", name="Ponsel ini belum terdaftar")).to_be_visible()
    assert complaints == []


def test_enrolling_says_what_is_wrong_and_what_to_do(
    browser: Browser, hub: Hub, complaints: list[str]
) -> None:
    page = phone_page(browser, complaints)
    page.goto(hub.address + "/hadir/ponsel/")
    page.get_by_role("link", name="Daftarkan ponsel ini").click()
    page.fill("#code", "k7mp-3qxd-9ftw")
    page.get_by_role("button", name="Lanjut").click()
    expect(page.locator(".field-error")).to_contain_text("Kode tidak dikenal")
    keep_picture(page, "kode-salah")
    employ(hub, 115)
    type_code(page, hub, issue(hub, 115))
    expect(page.locator("h1")).to_have_text("Halo, Pegawai 115")
    keep_picture(page, "akun")
    page.get_by_role("button", name="Bukan saya").click()
    expect(page.locator("h1")).to_have_text("Daftarkan ponsel ini")


def test_no_step_of_enrolling_has_violations(browser: Browser, hub: Hub, complaints: list[str]) -> None:
    page = phone_page(browser, complaints, bypass_csp=True)
    employ(hub, 121)
    type_code(page, hub, issue(hub, 121))
    steps = []
    for field in ("#password", "#label"):
        expect(page.locator(field)).to_be_visible()
        page.evaluate(AXE)
        steps.append(violations(page))
        if field == "#password":
            page.fill("#password", PASSWORD)
            page.fill("#again", PASSWORD)
            page.get_by_role("button", name="Buat akun").click()
    make_key(page)
    page.context.clear_cookies()
    page.goto(hub.address + "/masuk")
    expect(page.locator("#ponsel")).to_be_visible()
    page.evaluate(AXE)
    steps.append(violations(page))
    sign_in(page, hub)
    page.goto(hub.address + "/S/" + "A" * 26)
    expect(page.locator("#hasil")).to_have_attribute("data-tone", "bad", timeout=120_000)
    page.evaluate(AXE)
    steps.append(violations(page))
    assert steps == [[], [], [], []]


@pytest.mark.parametrize(
    ("script", "words"),
    [
        ("Object.defineProperty(Crypto.prototype, 'subtle', { get: () => undefined });", "WebCrypto"),
        (
            "Object.defineProperty(Crypto.prototype, 'subtle', { get: () => undefined });"
            "Object.defineProperty(window, 'isSecureContext', { get: () => false });",
            "bukan https",
        ),
    ],
    ids=["old", "insecure"],
)
def test_a_browser_that_can_make_no_key_says_so(
    browser: Browser, hub: Hub, complaints: list[str], script: str, words: str
) -> None:
    page = phone_page(browser, complaints)
    page.add_init_script(script)
    sign_in(page, hub)
    type_code(page, hub, issue(hub, 102))
    expect(page.locator("#jawaban")).to_contain_text(words)
    expect(page.locator("#buat")).to_be_disabled()


def test_without_network_the_key_waits_for_another_try(
    browser: Browser, hub: Hub, complaints: list[str]
) -> None:
    page = phone_page(browser, complaints)
    sign_in(page, hub)
    type_code(page, hub, issue(hub, 102))
    expect(page.locator("#buat")).to_be_enabled()  # the page's script has come before the network goes
    page.context.set_offline(True)
    page.locator("#buat").click()
    expect(page.locator("#jawaban")).to_contain_text("Server tidak terjangkau")
    page.context.set_offline(False)
    page.locator("#buat").click()
    expect(page.locator("#qr[data-code]")).to_be_visible()


def test_a_correction_with_a_photo_goes_to_the_superior(owner: Page, hub: Hub, tmp_path: Path) -> None:
    photo = tmp_path / "surat.png"
    Image.new("RGB", (800, 600), (200, 190, 170)).save(photo)
    owner.goto(hub.address + "/hadir/ponsel/koreksi")
    # Yesterday: early in the morning 07.25 of today has not come yet.
    owner.fill("#hari", (datetime.now(UTC) - timedelta(days=1)).date().isoformat())
    owner.get_by_label("Jam masuk yang benar").fill("07:25")
    owner.get_by_label("Alasan, misalnya nomor surat tugas").fill("apel di balai kota, surat 12")
    owner.get_by_label("Lampiran: foto").set_input_files(photo)
    owner.get_by_role("button", name="Kirim kepada atasan").click()
    expect(owner.locator(".notice")).to_contain_text("Permintaan koreksi dikirim")
    expect(owner.locator(".phone-day")).to_contain_text("dengan lampiran")
    keep_picture(owner, "koreksi-dikirim")
    superior = owner.context.browser
    assert superior is not None
    desk = phone_page(superior, [], width=1280, is_mobile=False, has_touch=False)
    sign_in(desk, hub)
    desk.goto(hub.address + "/hadir/koreksi")
    href = desk.get_by_role("link", name="Lihat lampiran").first.get_attribute("href")
    answer = desk.request.get(hub.address + str(href))
    assert Image.open(io.BytesIO(answer.body())).size == (800, 600)
    desk.context.close()


def test_a_photo_is_drawn_smaller_before_it_is_sent(owner: Page, hub: Hub, tmp_path: Path) -> None:
    photo, letter = tmp_path / "foto.jpg", tmp_path / "surat.pdf"
    Image.effect_noise((4000, 3000), 150).convert("RGB").save(photo, quality=95)
    letter.write_bytes(b"%PDF-1.4" + bytes(2_200_000))
    assert photo.stat().st_size > 8 * 1024 * 1024
    owner.goto(hub.address + "/hadir/ponsel/koreksi")
    field = owner.get_by_label("Lampiran: foto")
    field.set_input_files(letter)
    assert "PDF lebih dari 2 MB" in field.evaluate("(field) => field.validationMessage")
    field.set_input_files(photo)
    until_true(owner, "document.getElementById('lampiran').files[0].name === 'lampiran.jpg'")
    expect(owner.get_by_role("button", name="Kirim kepada atasan")).to_be_enabled()
    content = bytes(
        field.evaluate("async (field) => Array.from(new Uint8Array(await field.files[0].arrayBuffer()))")
    )
    assert Image.open(io.BytesIO(content)).size == (1600, 1200)
    assert field.evaluate("(field) => field.validationMessage") == ""
    keep_picture(owner, "koreksi-foto")


def test_ones_own_phone_is_revoked_with_a_tick(browser: Browser, hub: Hub, complaints: list[str]) -> None:
    page = phone_page(browser, complaints)
    employ(hub, 116)
    enrol(page, hub, 116)
    page.get_by_role("link", name="Perangkat").click()
    page.get_by_role("button", name="Cabut").click()
    expect(page.get_by_text("terdaftar", exact=True)).to_be_visible()
    page.get_by_label("Saya yakin").check()
    page.get_by_role("button", name="Cabut").click()
    expect(page.locator(".phone-day")).to_contain_text("dicabut")
    keep_picture(page, "dicabut")


def test_leaving_takes_the_kept_month_out_of_the_phone(
    browser: Browser, hub: Hub, complaints: list[str]
) -> None:
    page = phone_page(browser, complaints)
    employ(hub, 117)
    enrol(page, hub, 117)
    page.evaluate("navigator.serviceWorker.ready.then(() => true)")
    page.get_by_role("link", name="Bulan saya").click()
    expect(page.locator("h1")).to_have_text("Bulan saya")
    page.reload()
    assert page.evaluate("caches.has('hadir-own')")
    page.get_by_role("link", name="Perangkat").click()
    page.get_by_role("button", name="Keluar").click()
    expect(page.locator("h1")).to_have_text("Masuk")
    assert not page.evaluate("caches.has('hadir-own')")


def test_a_phone_signs_in_with_its_key(browser: Browser, hub: Hub, complaints: list[str]) -> None:
    page = phone_page(browser, complaints)
    page.goto(hub.address + "/masuk")
    expect(page.locator("#ponsel")).to_be_hidden()
    employ(hub, 118)
    enrol(page, hub, 118)
    page.context.clear_cookies()
    page.goto(hub.address + "/hadir/ponsel/bulan")
    keep_picture(page, "masuk")
    page.get_by_role("button", name="Masuk dengan ponsel ini").click()
    expect(page.locator("h1")).to_have_text("Bulan saya")
    page.context.clear_cookies()
    page.goto(f"{hub.address}/masuk?lanjut=https://evil.example/")
    page.get_by_role("button", name="Masuk dengan ponsel ini").click()
    expect(page.locator("#qr[data-code]")).to_be_visible()
    assert page.url == hub.address + "/hadir/ponsel/"
    assert complaints == []


@pytest.mark.parametrize("width", [360, 1280])
def test_the_officers_pages_have_no_violations(
    browser: Browser, hub: Hub, complaints: list[str], width: int
) -> None:
    page = phone_page(browser, complaints, width=width, bypass_csp=True)
    sign_in(page, hub)
    page.goto(hub.address + "/hadir/ponsel/pegawai")
    page.get_by_role("link", name="Pegawai 103").click()
    page.get_by_role("button", name="Buat kode").click()
    code = page.locator("#kode-baru").inner_text()
    picture = np.asarray(Image.open(io.BytesIO(page.locator(".code-picture img").screenshot())).convert("L"))
    address = read(picture)
    assert address == f"{hub.address}/hadir/ponsel/daftar#{code}"
    phone = phone_page(browser, complaints)
    phone.goto(address)
    expect(phone.locator("#code")).to_have_value(code)
    assert "#" not in phone.url
    phone.context.close()
    for path in ("/hadir/ponsel/pegawai", "/hadir/ponsel/pegawai/103"):
        if path.endswith("pegawai"):
            keep_picture(page, f"admin-{width}")
            page.goto(hub.address + path)
        page.evaluate(AXE)
        assert violations(page) == [], path
        wide = page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
        assert wide <= 0, f"{path} is {wide} px too wide"
