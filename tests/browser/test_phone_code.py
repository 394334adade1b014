"""The code of a phone in a real Chromium, read by the real decoder and judged by the real door."""

from datetime import UTC, datetime

import pytest
from playwright.sync_api import Browser, expect
from sqlalchemy import select

from edge.wire.hadir.codes import Algorithm, PhoneCode, Purpose, read_code
from hub.hadir.phone.keys import revoke_phone
from hub.people.models import PhoneKey
from tests.browser.conftest import Hub
from tests.browser.phone_rig import (
    OLD_BROWSER,
    Entrance,
    employ,
    enrol,
    issue,
    keep_picture,
    make_key,
    phone_page,
    photograph,
    read,
    shown_code,
    type_code,
)
from tests.browser.waiting import until_true


def phone_code(text: str) -> PhoneCode:
    code = read_code(text)
    assert isinstance(code, PhoneCode)
    return code


def test_a_phone_enrolled_with_a_code_opens_the_door_once(
    browser: Browser, hub: Hub, complaints: list[str]
) -> None:
    page = phone_page(browser, complaints)
    enrol(page, hub, 101)
    keep_picture(page, "code-dark")
    entrance = Entrance(hub)
    text = read(photograph(page))
    code = phone_code(text)
    assert (code.algorithm, code.person, code.is_clock_corrected) == (Algorithm.ED25519, 101, True)
    assert entrance.sees(text) == ["H00"]
    (store,) = entrance.stores
    assert store.scan.person == 101
    # Somebody else holds up a picture of it a few seconds later, then much later.
    assert entrance.sees(text, later_s=8) == ["E03"]
    assert Entrance(hub).sees(text, later_s=45) == ["E02"]
    assert complaints == []


def test_the_code_is_drawn_anew_and_every_drawing_is_good(
    browser: Browser, hub: Hub, complaints: list[str]
) -> None:
    page = phone_page(browser, complaints)
    enrol(page, hub, 102)
    entrance, seen = Entrance(hub), set[str]()
    for _ in range(2):
        text = shown_code(page)
        seen.add(text)
        assert phone_code(text).is_signed_by(public_key_of(hub, 102))
        expect(page.locator("#qr")).not_to_have_attribute("data-code", text, timeout=120_000)
    assert len(seen) == 2
    page.get_by_label("Pulang", exact=True).check()
    expect(page.locator('input[value="leaving"]')).to_be_checked()
    expect(page.locator("#qr")).not_to_have_attribute("data-code", text)
    leaving = read(photograph(page))
    assert phone_code(leaving).purpose is Purpose.LEAVING
    assert entrance.sees(leaving) == ["H00"]


def public_key_of(hub: Hub, person: int) -> bytes:
    with hub.database.reading() as db:
        return db.scalars(select(PhoneKey).where(PhoneKey.person_number == person)).one().public_key


def test_an_older_browser_signs_with_p256_and_is_believed_too(
    browser: Browser, hub: Hub, complaints: list[str]
) -> None:
    page = phone_page(browser, complaints)
    page.add_init_script(OLD_BROWSER)
    enrol(page, hub, 103)
    text = read(photograph(page))
    assert phone_code(text).algorithm is Algorithm.P256
    assert len(public_key_of(hub, 103)) == 33
    assert Entrance(hub).sees(text) == ["H00"]


def test_the_key_cannot_be_taken_out_of_the_phone(browser: Browser, hub: Hub, complaints: list[str]) -> None:
    page = phone_page(browser, complaints)
    enrol(page, hub, 104)
    told = page.evaluate("""async () => {
      const [script] = document.querySelectorAll('script[src$="code.js"]');
      const { read } = await import(script.src.replace("code.js", "store.js"));
      const { privateKey } = await read("phone");
      const refused = await crypto.subtle.exportKey("pkcs8", privateKey).catch((error) => error.name);
      return [privateKey.extractable, privateKey.type, refused];
    }""")
    assert told == [False, "private", "InvalidAccessError"]


def test_a_strict_door_is_satisfied_by_its_three_figures(
    browser: Browser, hub: Hub, complaints: list[str]
) -> None:
    page = phone_page(browser, complaints)
    enrol(page, hub, 105)
    entrance = Entrance(hub, is_strict=True)
    assert entrance.sees(read(photograph(page))) == ["E09"]
    page.get_by_text("Pintu meminta angka?").click()
    page.fill("#angka", "48x2")
    expect(page.locator("#angka")).to_have_value("482")
    expect(page.locator("#qr")).to_have_attribute("data-figures", "482")
    assert entrance.sees(shown_code(page)) == ["H00"]


def test_without_network_the_code_is_still_drawn_after_a_first_visit(
    browser: Browser, hub: Hub, complaints: list[str]
) -> None:
    page = phone_page(browser, complaints)
    enrol(page, hub, 106)
    page.goto(hub.address + "/hadir/ponsel/bulan")
    expect(page.locator("h1")).to_have_text("Bulan saya")
    page.evaluate("navigator.serviceWorker.ready.then(() => true)")
    page.goto(hub.address + "/hadir/ponsel/bulan")  # now through the service worker, which keeps it
    page.context.set_offline(True)
    page.goto(hub.address + "/hadir/ponsel/")
    expect(page.locator("#luring")).to_be_visible()
    keep_picture(page, "offline")
    assert Entrance(hub).sees(read(photograph(page))) == ["H00"]
    page.add_init_script("const now = Date.now; Date.now = () => now() + 300_000;")  # five minutes later
    page.goto(hub.address + "/hadir/ponsel/bulan")
    expect(page.locator("h1")).to_have_text("Bulan saya")
    expect(page.get_by_text("Luring: data per")).to_be_visible()
    page.goto(hub.address + "/hadir/ponsel/koreksi")
    expect(page.locator("h1")).to_have_text("Tidak ada sambungan")
    page.context.set_offline(False)


def test_ones_month_lies_in_the_phone_before_it_is_first_looked_at(
    browser: Browser, hub: Hub, complaints: list[str]
) -> None:
    employ(hub, 130)
    page = phone_page(browser, complaints)
    # Three hours ahead: the page of the hub must not pass for an old one.
    page.add_init_script("const now = Date.now; Date.now = () => now() + 10_800_000;")
    enrol(page, hub, 130)
    page.evaluate("navigator.serviceWorker.ready.then(() => true)")
    until_true(page, "caches.match('/hadir/ponsel/bulan').then((kept) => kept !== undefined)")
    page.goto(hub.address + "/hadir/ponsel/perangkat")
    page.context.set_offline(True)
    page.goto(hub.address + "/hadir/ponsel/bulan")
    expect(page.locator("h1")).to_have_text("Bulan saya")
    page.context.set_offline(False)
    with page.expect_response("**/hadir/ponsel/waktu"):
        page.goto(hub.address + "/hadir/ponsel/bulan")
    page.evaluate("new Promise((done) => setTimeout(done, 300))")
    expect(page.get_by_text("Luring: data per")).to_be_hidden()


def test_a_revoked_phone_is_refused_at_the_door_and_told_so(
    browser: Browser, hub: Hub, complaints: list[str]
) -> None:
    page = phone_page(browser, complaints)
    enrol(page, hub, 107)
    entrance = Entrance(hub)
    with hub.database.writing() as db:
        revoke_phone(db, person=107, slot=0, actor="admin-opd", now=datetime.now(UTC))
    entrance.renew_roster()
    assert entrance.sees(shown_code(page)) == ["E05"]
    page.reload()
    expect(page.get_by_text("Ponsel ini sudah dicabut")).to_be_visible()
    expect(page.locator("#qr")).to_be_hidden()
    # The way back: another code, the same account, another slot.
    type_code(page, hub, issue(hub, 107))
    make_key(page)
    assert phone_code(shown_code(page)).key_slot == 1
    entrance.renew_roster()
    assert entrance.sees(shown_code(page)) == ["H00"]


@pytest.mark.parametrize(
    ("person", "off_s", "words"), [(108, -10_804, "3 jam"), (109, 45, "45 detik"), (129, 600, "10 menit")]
)
def test_a_phone_with_a_wrong_clock_shows_a_code_of_the_right_time(
    browser: Browser, hub: Hub, complaints: list[str], person: int, off_s: int, words: str
) -> None:
    employ(hub, person)
    page = phone_page(browser, complaints)
    page.add_init_script(f"const now = Date.now; Date.now = () => now() + {off_s * 1000};")
    enrol(page, hub, person)
    expect(page.locator("#selisih")).to_contain_text(f"selisih {words}")
    code = phone_code(shown_code(page))
    assert abs(code.issued_at_s - datetime.now(UTC).timestamp()) < 10
    assert Entrance(hub).sees(read(photograph(page))) == ["H00"]
