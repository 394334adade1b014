"""Composed boards in Chromium: read by all, put together by keys or by dragging, honest when cut off."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Locator, Page, expect

from hub.boards.screens.service import give_out
from hub.db import Database
from hub.measures.examples import add_examples
from hub.migrations.schema import upgrade
from hub.people import sessions
from hub.people.models import Opd
from hub.people.permissions import Role
from hub.people.service import add_account
from hub.places.models import Sensor
from tests.browser.conftest import new_page
from tests.browser.looks import phone_and_desk
from tests.browser.sample import SampleCity
from tests.browser.test_main_pages import wrong_with
from tests.hub.web.running import running_server

PAGES = ("/papan", "/papan/eksekutif", "/papan/eksekutif/susun", "/papan/layar")
PANELS = ((1920, 1080), (320, 160), (192, 96))


@dataclass
class Boards:
    """A running hub with numbers, who may put boards together, and the paths of screens by their boards."""

    address: str
    token: str
    screens: dict[str, str]


@pytest.fixture(scope="module")
def boards(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Boards]:
    folder: Path = tmp_path_factory.mktemp("boards")
    database = Database(f"sqlite:///{folder}/hub.db")
    upgrade(database)
    now = datetime.now(UTC)
    SampleCity(database, folder).fill(now)
    with database.writing() as db:
        # A choice is as wide as its longest name: on a telephone it must not be.
        long_name = "Dinas Penanaman Modal, Tenaga Kerja dan Pelayanan Terpadu Satu Pintu"
        db.merge(Opd(number=1, name="Dinas Komunikasi dan Informatika"))
        db.merge(Opd(number=2, name=long_name))
        db.add(Sensor(device="pi-tugu", id="debu", name="Debu halus", quantity="pm2_5_ug_m3"))
        db.flush()
        add_examples(db, now=now)
        made = add_account(db, name="susi", display_name="Susi", roles=(Role.ADMIN,), now=now, actor="test")
        made.account.must_change_password = False
        token = sessions.begin(db, account=made.account, now=now, address="::1", agent="test")
        wanted = {"pontive": "", "harga-pasar": "pasar:flamboyan", "kios": ""}
        screens = {
            board: give_out(
                db, name=board, board=board, scope=scope, network="", actor="test", now=now
            ).secret
            for board, scope in wanted.items()
        }
    with running_server(folder) as address:
        yield Boards(address, token, {board: f"/layar/{secret}" for board, secret in screens.items()})
    database.close()


def opened(
    browser: Browser, boards: Boards, complaints: list[str], path: str, *, width: int = 1280, **more: object
) -> Page:
    page = new_page(browser, complaints, width=width, **more)
    page.context.add_cookies([{"name": "pontive", "value": boards.token, "url": boards.address}])
    page.goto(boards.address + path)
    return page


@phone_and_desk
def test_boards_and_their_composer_fit_and_have_no_violations(
    browser: Browser, boards: Boards, complaints: list[str], theme: str, width: int
) -> None:
    page = opened(browser, boards, complaints, PAGES[0], width=width, bypass_csp=True)
    if theme == "light":
        page.get_by_role("button", name="Warna terang").click()
    wrong = [f"{path}: {what}" for path in PAGES for what in wrong_with(page, boards.address, path, width)]
    assert wrong == []
    assert complaints == []


def test_screens_have_no_violations_and_a_wall_is_no_taller_than_its_screen(
    browser: Browser, boards: Boards, complaints: list[str]
) -> None:
    page = new_page(browser, complaints, width=1920, bypass_csp=True)
    page.set_viewport_size({"width": 1920, "height": 1080})
    wrong = []
    for board, path in boards.screens.items():
        wrong += [f"{board}: {what}" for what in wrong_with(page, boards.address, path, 1920)]
        if page.evaluate("document.documentElement.scrollHeight") > 1080:
            wrong.append(f"{board}: is taller than its screen")
    assert wrong == []
    assert complaints == []


def place_of(page: Page, tile: str) -> str:
    classes = page.locator(f'[data-tile="{tile}"]').get_attribute("class") or ""
    return " ".join(one for one in classes.split() if one[0] in "xywh" and one[1:].isdecimal())


def test_a_board_is_put_together_by_keys_alone_and_every_step_can_be_taken_back(
    browser: Browser, boards: Boards, complaints: list[str]
) -> None:
    page = opened(browser, boards, complaints, "/papan/kios/susun")
    page.locator('[data-tile="harga"]').focus()
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Shift+ArrowLeft")
    assert place_of(page, "harga") == "x1 y3 w4 h5"
    expect(page.locator("#kabar")).to_contain_text("baris 3, lebar 4")
    page.keyboard.press("Control+z")
    assert place_of(page, "harga") == "x1 y3 w5 h5"
    page.keyboard.press("ArrowUp")
    page.keyboard.press("ArrowUp")
    assert place_of(page, "salam") == "x1 y6 w9 h1", "what was in the way went down"
    page.locator('[data-tile="udara"]').focus()
    page.keyboard.press("Delete")
    expect(page.locator('[data-tile="udara"]')).to_have_count(0)
    page.locator("#jenis-baru").focus()
    page.locator("#jenis-baru").select_option("angka")
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    expect(page.locator('[data-tile="angka-1"]')).to_be_focused()
    page.keyboard.press("Enter")
    expect(page.locator('[data-field="title"]')).to_be_focused()
    page.keyboard.type("Surat")
    page.locator('[data-field="subject"]').select_option("spbe_index")
    page.get_by_role("button", name="Simpan versi baru").press("Enter")
    page.wait_for_url("**/papan/kios")
    expect(page.locator("#ubin-angka-1")).to_contain_text("3,455")
    expect(page.locator("#ubin-udara")).to_have_count(0)
    assert complaints == []


def test_a_tile_is_moved_and_resized_by_dragging(
    browser: Browser, boards: Boards, complaints: list[str]
) -> None:
    page = opened(browser, boards, complaints, "/papan/pontive/susun")
    tile = page.locator('[data-tile="kamera"]')
    drag(page, tile, (30, 20), (0, 64))
    assert place_of(page, "kamera") == "x3 y2 w3 h4"
    box = tile.bounding_box()
    assert box is not None
    drag(page, tile, (box["width"] - 6, box["height"] - 6), (0, -2 * 64))
    assert place_of(page, "kamera") == "x3 y2 w3 h2"
    assert complaints == []


def drag(page: Page, tile: Locator, at: tuple[float, float], by: tuple[float, float]) -> None:
    """Take a tile at a place of it and let it go further on, in pixels."""
    box = tile.bounding_box()
    assert box is not None
    x, y = box["x"] + at[0], box["y"] + at[1]
    page.mouse.move(x, y)
    page.mouse.down()
    page.mouse.move(x + by[0], y + by[1], steps=4)
    page.mouse.up()


def stop_the_clock(page: Page) -> None:
    """Let the page's time pass only when the test says so: between two looks a slow machine turns a page."""
    now = datetime.now(UTC)
    page.clock.install(time=now - timedelta(hours=1))
    page.clock.pause_at(now)


SHOWN = """[...document.querySelectorAll(".price-table tbody tr")]
  .map((row, place) => [place, row.getBoundingClientRect()])
  .filter(([, box]) => box.height > 0).map(([place, box]) => [place, box.bottom])"""


@pytest.mark.parametrize("panel", PANELS, ids=lambda panel: f"{panel[0]}x{panel[1]}")
def test_a_market_led_shows_every_price_in_turn_and_none_is_cut_off(
    browser: Browser, boards: Boards, complaints: list[str], panel: tuple[int, int]
) -> None:
    page = new_page(browser, complaints, width=panel[0])
    page.set_viewport_size({"width": panel[0], "height": panel[1]})
    stop_the_clock(page)
    page.goto(boards.address + boards.screens["harga-pasar"])
    rows = page.locator(".price-table tbody tr")
    expect(rows.first).to_be_attached()
    seen: set[int] = set()
    for _turn in range(rows.count()):
        # In one look: the tile may be brought anew between two.
        shown = dict(page.evaluate(SHOWN))
        assert shown
        assert all(bottom <= panel[1] + 1 for bottom in shown.values())
        seen |= set(shown)
        if len(seen) == rows.count():
            break
        page.clock.run_for(10_000)
    assert len(seen) == rows.count()
    assert page.evaluate("document.documentElement.scrollWidth") <= panel[0]
    red = page.locator(".price-melampaui-batas .num").first
    # The board may be brought anew between two looks; what was found is then no longer on the page.
    expect(red).to_have_css("color", "rgb(255, 91, 79)", timeout=60_000)


def test_a_screen_that_is_cut_off_says_so_and_takes_no_turns(browser: Browser, boards: Boards) -> None:
    complaints: list[str] = []
    page = new_page(browser, complaints, width=1920)
    stop_the_clock(page)
    page.goto(boards.address + boards.screens["pontive"])
    expect(page.locator("#basi")).to_be_hidden()
    with page.expect_response("**/kini?hal=2"):
        page.clock.run_for(31_000)
    expect(page.locator("#judul")).to_have_text("Kota dalam angka")
    page.context.set_offline(True)
    page.clock.run_for(120_000)
    expect(page.locator("#basi")).to_be_visible()
    expect(page.locator("#judul")).to_have_text("Kota dalam angka")
    expect(page.locator("#papan")).to_have_class("plan is-cut-off")
    page.context.set_offline(False)
    with page.expect_response("**/kini?hal=*"):
        page.clock.run_for(31_000)
    page.clock.resume()  # the next second sees that the answer came
    expect(page.locator("#basi")).to_be_hidden()
