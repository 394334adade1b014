"""Real street video from the file through edge, broker and hub onto the page of a real browser."""

from collections.abc import Iterator
from datetime import timedelta

import msgspec
import pytest
from playwright.sync_api import Browser, Page

from edge.wire.records.bodies import CameraCounts
from hub.cctv.models import CameraRates
from hub.telemetry.camera_series import line_series
from hub.telemetry.tables import TableTelemetry
from tests.system.conftest import VIDEO, RunningCity, wait_for

DEVICE, CAMERA, LINE = "kamera-anda", "kamera-1", "tengah"
NEW_PASSWORD = "dermaga kuning tanpa angin 26"

needs_video = pytest.mark.skipif(
    not VIDEO.exists(), reason="the shared street video is not beside this checkout"
)


@needs_video
def test_the_hub_counted_exactly_what_the_edge_counted(city: RunningCity, look) -> None:
    """The edge says with each period what it counted since it began: the hub's periods add up to that."""

    def counted(db) -> tuple[CameraCounts, dict[str, float]] | None:
        rates = db.get(CameraRates, (DEVICE, CAMERA))
        if rates is None:
            return None
        telemetry, end = TableTelemetry(db), rates.at + timedelta(milliseconds=1)
        sums = {
            way: sum(
                point.value
                for point in telemetry.window(
                    line_series(DEVICE, CAMERA, LINE, way), end - timedelta(hours=1), end
                )
            )
            for way in ("forward", "backward")
        }
        return msgspec.json.decode(rates.body, type=CameraCounts), sums

    def both_ways() -> tuple[CameraCounts, dict[str, float]] | None:
        found = look(counted)
        # Two cars each way in one pass of the film (ground truth, counted by eye).
        return found if found and min(found[1].values()) >= 2 else None

    said, in_hub = wait_for(both_ways)
    line = next(line for line in said.lines if line.line == LINE)
    assert in_hub == {"forward": line.forward_total, "backward": line.backward_total}


@pytest.fixture
def page(browser: Browser) -> Iterator[Page]:
    context = browser.new_context(viewport={"width": 1280, "height": 900})
    page = context.new_page()
    page.set_default_timeout(60_000)
    yield page
    context.close()


@pytest.fixture
def board(page: Page, city: RunningCity) -> Page:
    """The board, after the first login with the printed password, which must be changed at once."""
    page.goto(f"{city.url}masuk")
    page.fill("#name", "admin")
    page.fill("#password", city.password)
    page.click("main form button")
    page.fill("[name=current]", city.password)
    page.fill("[name=password]", NEW_PASSWORD)
    page.fill("[name=again]", NEW_PASSWORD)
    page.click("main form button")
    page.wait_for_selector(".tile-camera")
    return page


def test_a_browser_sees_the_city_a_count_change_and_live_video(city: RunningCity, board: Page) -> None:
    tile = f"#camera-{DEVICE}-{CAMERA}" if VIDEO.exists() else "#camera-pi-sungai-jawi-utara"
    assert board.locator(".tile-camera").count() >= 4
    board.wait_for_selector(f"{tile} img")
    # The page forbids scripts that are made of text, so it is asked again and again instead.
    values = f"[...document.querySelectorAll('{tile} .rate-value')].map(value => value.textContent).join()"
    before = board.evaluate(values)
    assert wait_for(lambda: board.evaluate(values) != before)
    is_drawn = f"(image => image.complete && image.naturalWidth > 0)(document.querySelector('{tile} img'))"
    assert board.evaluate(is_drawn)
    assert board.locator(".scans li").count() >= 1
    watch_live(board, city)


def watch_live(page: Page, city: RunningCity) -> None:
    """Watch a camera, twice: pictures go on, and stop when asked to."""
    device, camera = (DEVICE, CAMERA) if VIDEO.exists() else ("pi-sungai-jawi", "utara")
    page.goto(f"{city.url}kamera/{device}/{camera}")
    frames = "document.querySelector('.live-view video').getVideoPlaybackQuality().totalVideoFrames"
    for _ in range(2):
        page.click("[data-live-start]")
        assert wait_for(lambda: page.evaluate(frames) > 20), page.inner_text("[data-live-words]")
        assert "fMP4" in page.inner_text("[data-live-words]")
        page.click("[data-live-end]")
        assert page.locator(".live-view video").is_hidden()
