"""The page at the site over real HTTP: who may see it, what it keeps, and a line drawn in Chromium."""

import json
import threading
import urllib.error
import urllib.request
from collections.abc import Iterator
from pathlib import Path

import pytest
from click.testing import CliRunner
from playwright.sync_api import Browser, expect

from edge.cli import main
from edge.commissioning.overlay_file import read_overlay
from edge.commissioning.server import MOST_WRONG_CODES, Door, SiteServer
from edge.commissioning.site import SiteSettings
from edge.lights.signs import State
from tests.browser.waiting import until_true
from tests.edge.agent_city import Device

CAMERAS = """
[[cameras]]
id = "street"
source = "scene:street?seed=1"

[[cameras]]
id = "broken"
source = "replay:no-such-file.mp4"
"""
ROOT = Path(__file__).parents[3]


@pytest.fixture
def device(tmp_path: Path) -> Device:
    one = Device(tmp_path / "pi-1")
    one.configure(CAMERAS)
    return one


@pytest.fixture
def server(device: Device) -> Iterator[SiteServer]:
    one = SiteServer(SiteSettings(device.configure(CAMERAS)))
    thread = threading.Thread(target=one.serve_forever)
    thread.start()
    yield one
    one.shutdown()
    thread.join()
    one.server_close()


def ask(url: str, body: bytes | None = None, **headers: str) -> tuple[int, bytes]:
    request = urllib.request.Request(url, body, {key.replace("_", "-"): v for key, v in headers.items()})
    try:
        with urllib.request.urlopen(request, timeout=60) as answer:
            return answer.status, answer.read()
    except urllib.error.HTTPError as error:
        with error:
            return error.code, error.read()


def test_a_line_is_drawn_in_the_browser_and_lies_over_the_file(
    server: SiteServer, device: Device, browser: Browser
) -> None:
    page = browser.new_context(viewport={"width": 360, "height": 800}).new_page()
    page.goto(server.url)
    expect(page.locator("#pesan")).to_have_text("")
    until_true(page, "document.querySelector('#gambar').naturalWidth === 640")
    page.get_by_role("button", name="+ Garis").click()
    box = page.locator("#lukisan").bounding_box()
    assert box is not None
    page.mouse.move(box["x"] + 0.2 * box["width"], box["y"] + 0.6 * box["height"])
    page.mouse.down()
    page.mouse.move(box["x"] + 0.8 * box["width"], box["y"] + 0.6 * box["height"], steps=3)
    page.mouse.up()
    page.get_by_label("Arah panah, Garis 1").fill("ke kota")
    page.get_by_role("button", name="Simpan di perangkat").click()
    expect(page.locator("#pesan")).to_contain_text("Tersimpan")
    assert page.evaluate("document.documentElement.scrollWidth - window.innerWidth") <= 0
    page.context.close()
    command = ["show-config", "--config", str(device.config_path)]
    shown = json.loads(CliRunner().invoke(main, [*command, "--json"]).output)
    (line,) = shown["cameras"][0]["lines"]
    assert line["forward"] == "ke kota"
    assert shown["origins"]["cameras.street.lines"].startswith("site, version 0")
    text = CliRunner().invoke(main, command).output
    assert text.startswith("# cameras.street.lines: site, version 0")


def test_what_cannot_be_used_is_refused_and_nothing_is_written(server: SiteServer, device: Device) -> None:
    url = server.url + "settings/street"
    assert ask(url, b'{"fps": 900}', Content_Type="application/json")[0] == 422
    assert ask(url, b"{}", Content_Type="text/plain")[0] == 404
    assert ask(url, b" " * 70_000, Content_Type="application/json")[0] == 413
    assert ask(server.url + "settings/stranger", b"{}", Content_Type="application/json")[0] == 404
    assert ask(server.url + "still/stranger.jpg")[0] == 404
    assert ask(server.url + "../server.py")[0] == 404
    assert read_overlay(device.folder / "cameras.overlay.json").current is None


def test_the_lamp_of_the_device_is_shown_with_its_sentence(server: SiteServer, browser: Browser) -> None:
    server.lamp = lambda: State.NO_HUB
    page = browser.new_context().new_page()
    page.goto(server.url)
    expect(
        page.get_by_text("Lampu: 1 panjang, 2 pendek. Artinya: jaringan ada, hub tidak menjawab.")
    ).to_be_visible()
    expect(page.locator("#lampu.is-on")).to_be_visible()
    server.lamp = lambda: State.WELL
    expect(page.get_by_text("Lampu: 1 pendek. Artinya: bekerja, tersambung ke hub.")).to_be_visible()
    page.context.close()


def test_a_camera_without_picture_says_why(server: SiteServer) -> None:
    code, words = ask(server.url + "still/broken.jpg")
    assert code == 422
    assert b"no-such-file" in words


def test_a_name_that_merely_resolves_to_us_is_sent_away(server: SiteServer) -> None:
    assert ask(server.url, Host="evil.example")[0] == 421


def test_elsewhere_than_on_this_machine_a_code_opens_it_once(device: Device) -> None:
    one = SiteServer(SiteSettings(device.configure(CAMERAS)), address="0.0.0.0")
    one.server_close()
    assert one.code is not None
    assert one.url.endswith(f"?kode={one.code}")
    assert one.door.redeem("wrong") is None
    ticket = one.door.redeem(one.code)
    assert ticket is not None
    assert one.door.lets_in(ticket)
    assert not one.door.lets_in("")
    assert one.door.redeem(one.code) is None


def test_the_code_lets_one_browser_in_over_http(server: SiteServer, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(server, "code", "123456")
    monkeypatch.setattr(server, "door", Door("123456"))
    address = f"http://127.0.0.1:{server.server_port}/"
    assert ask(address)[0] == 403
    opener = urllib.request.build_opener(urllib.request.HTTPCookieProcessor())
    with opener.open(f"{address}?kode=123456", timeout=60) as answer:
        assert b"Atur kamera" in answer.read()
    with opener.open(f"{address}cameras", timeout=60) as answer:
        assert json.loads(answer.read()) == ["street", "broken"]
    assert ask(f"{address}?kode=123456")[0] == 403


def test_guessing_ends_after_some_tries() -> None:
    door = Door("123456")
    for _ in range(MOST_WRONG_CODES):
        assert door.redeem("000000") is None
    assert door.redeem("123456") is None


def test_an_address_that_is_not_ours_is_said(device: Device) -> None:
    result = CliRunner().invoke(
        main, ["commission", "--config", str(device.config_path), "--address", "300.1.1.1"]
    )
    assert result.exit_code == 2
    assert "--address 300.1.1.1" in result.output


def test_the_hub_draws_with_the_very_same_script() -> None:
    page, static = ROOT / "edge/commissioning/page", ROOT / "hub/web/static"
    assert (static / "js/drawing.js").samefile(page / "drawing.js")
    assert (static / "drawing.css").samefile(page / "drawing.css")
