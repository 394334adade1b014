"""Direction B in a real Chromium: the phone's camera scanned what an office's screen shows."""

import base64
import json
from collections.abc import Iterator
from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import msgspec
import pytest
from playwright.sync_api import Browser, Page, Route, expect

from edge.wire.hadir.workplace import device_key_of, make_workplace_code, site_number_of
from hub.hadir.workplace.place import Position
from hub.hadir.workplace.service import Scanned, Workplace
from hub.hadir.workplace.views import PostedScan
from tests.browser.conftest import Hub, sign_in
from tests.browser.phone_rig import employ, enrol, keep_picture, phone_page

HUB_KEY = bytes(range(32))


@pytest.fixture(scope="module")
def owner(browser: Browser, hub: Hub) -> Iterator[Page]:
    """The phone of person 104, enrolled."""
    page = phone_page(browser, [])
    enrol(page, hub, 104)
    yield page
    page.context.close()


def scan(page: Page, hub: Hub) -> None:
    """Open the address that the screen at the entrance of the city hall shows now."""
    address, now_s = f"{hub.address}/S/".upper(), int(datetime.now(UTC).timestamp())
    device_key = device_key_of(HUB_KEY, "pi-balai")
    text = make_workplace_code(device_key, site=site_number_of("balai"), now_s=now_s, address=address)
    # Browsers write scheme and host small again, and some cameras all of it.
    page.goto(hub.address + "/S/" + text.removeprefix(address).lower())


def judge(hub: Hub, person: int, body: bytes) -> tuple[int, str]:
    """Answer what the phone posted as the hub does; its own key and address are not known to tests."""
    workplace = Workplace(
        hub_key=HUB_KEY,
        address=f"{hub.address}/S/".upper(),
        radius_m=150,
        zone=ZoneInfo("Asia/Pontianak"),
    )
    sent = msgspec.json.decode(body, type=PostedScan)
    position = None
    if sent.latitude is not None and sent.longitude is not None:
        position = Position(sent.latitude, sent.longitude, sent.accuracy_m)
    scanned = Scanned(sent.code, sent.signed_at, sent.key_slot, base64.b64decode(sent.signature), position)
    with hub.database.writing() as db:
        said = workplace.take(db, person, scanned, datetime.now(UTC))
    text = {"message": said.message, "text": said.text, "at": said.at.isoformat()}
    return said.status, json.dumps(text)


def test_a_phone_that_is_not_enrolled_is_told_so(browser: Browser, hub: Hub, complaints: list[str]) -> None:
    page = phone_page(browser, complaints)
    sign_in(page, hub)
    scan(page, hub)
    expect(page.locator("#tanda")).to_have_text("E04")
    expect(page.locator("#kalimat")).to_contain_text("belum terdaftar")


@pytest.mark.parametrize(
    ("latitude", "tone", "words"),
    [(-0.0240, "good", "TERCATAT"), (0.0, "bad", "Balai Kota Pontianak")],
    ids=["here", "on-the-equator"],
)
def test_the_answer_is_shown_as_a_door_would(
    browser: Browser, hub: Hub, complaints: list[str], latitude: float, tone: str, words: str
) -> None:
    person = 119 if tone == "good" else 120
    employ(hub, person)
    page = phone_page(browser, complaints)
    enrol(page, hub, person)
    page.context.grant_permissions(["geolocation"])
    page.context.set_geolocation({"latitude": latitude, "longitude": 109.3406, "accuracy": 12})

    def answer(route: Route) -> None:
        status, text = judge(hub, person, route.request.post_data_buffer or b"")
        route.fulfill(status=status, content_type="application/json", body=text)

    page.route("**/hadir/hs", answer)
    scan(page, hub)
    expect(page.locator("#hasil")).to_have_attribute("data-tone", tone)
    expect(page.locator("#kalimat")).to_contain_text(words)
    expect(page.locator("#tempat")).to_contain_text("ketelitian 12 meter")
    keep_picture(page, f"kantor-{tone}")


def test_a_hub_that_refuses_is_believed_and_a_missing_place_is_named(owner: Page, hub: Hub) -> None:
    owner.context.clear_permissions()
    scan(owner, hub)
    expect(owner.locator("#hasil")).to_have_attribute("data-tone", "bad")
    expect(owner.locator("#tempat")).to_contain_text("Izinkan lokasi")
    expect(owner.locator("#ulang")).to_be_visible()
    keep_picture(owner, "kantor-ditolak")


def test_a_phone_that_is_signed_out_signs_in_by_itself(owner: Page, hub: Hub) -> None:
    owner.context.clear_cookies()
    scan(owner, hub)
    expect(owner.locator("#tanda")).to_have_text("E07")
