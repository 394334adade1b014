"""The page of updates in a real browser, with a rollout that stopped by itself: nothing to complain of."""

from datetime import UTC, datetime

from playwright.sync_api import Browser, expect
from sqlalchemy import select

from hub.ingest.models import DevicePresence
from hub.updates.models import DeviceUpdate, RolloutDevice
from hub.updates.releases import add_release
from hub.updates.rings import put_in_ring
from hub.updates.rollouts import ALWAYS, Wish, advance_rollouts, start_rollout
from tests.browser.conftest import Hub, new_page, sign_in
from tests.browser.looks import phone_and_desk
from tests.browser.test_main_pages import wrong_with


def stop_a_rollout(hub: Hub) -> None:
    now = datetime.now(UTC)
    bundle = hub.folder / "given.raucb"
    bundle.write_bytes(b"bundle" * 1000)
    with hub.database.writing() as db:
        if db.scalars(select(DeviceUpdate)).first() is not None:
            return
        for device in list(db.scalars(select(DevicePresence.device)))[:2]:
            db.add(DeviceUpdate(device=device, board="rpi", running_number=6, state="idle", at=now))
            put_in_ring(db, kind="device", target=device, ring="uji", actor="siti", now=now)
        release = add_release(
            db,
            bundle,
            folder=hub.folder / "releases",
            board="rpi",
            number=7,
            name="0.7.0",
            notes="Perbaikan hitungan",
            actor="siti",
            now=now,
        )
        start_rollout(db, release, Wish(quiet=ALWAYS), actor="siti", now=now)
        for asked in db.scalars(select(RolloutDevice)):
            asked.state, asked.fault, asked.detail = "returned", "not-heard", "hub tidak menjawab"
            asked.at = datetime.now(UTC)
        advance_rollouts(db, now=datetime.now(UTC))


@phone_and_desk
def test_the_page_of_updates_has_no_violations_and_fits(
    hub: Hub, browser: Browser, complaints: list[str], width: int, theme: str
) -> None:
    stop_a_rollout(hub)
    page = new_page(browser, complaints, width=width, bypass_csp=True)
    sign_in(page, hub)
    if theme == "light":
        page.get_by_role("button", name="Warna terang").click()
    assert wrong_with(page, hub.address, "/pembaruan", width) == []
    expect(page.get_by_text("perangkat gagal, batas 10 %").first).to_be_visible()
    assert complaints == []
