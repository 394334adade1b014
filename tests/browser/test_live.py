"""Live video in a real browser: every way to play, falling back with a word, sixteen on one connection."""

import os
import signal
import ssl
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, Page, expect

from hub.db import Database
from hub.migrations.schema import upgrade
from hub.people import sessions
from hub.people.models import Account, RoleGrant
from hub.people.permissions import Role, ScopeKind
from hub.places.inventory import CameraEntry, DeviceEntry, Inventory, SiteEntry
from hub.places.service import load_inventory
from tests.browser.conftest import new_page
from tests.browser.live_rig import Devices, now, running_devices, web_config
from tests.browser.waiting import until_true
from tests.browser.whep_responder import WhepResponder, running_responder
from tests.mosquitto import Mosquitto, free_port

ROOT = Path(__file__).parents[2]
CAMERAS = 16
PAGE = "/kamera/pi-garuda/k1"
PATIENCE_MS = 60_000
PLAYS = (
    "(least) => [...document.querySelectorAll('video')].filter((v) => v.currentTime > 0.5).length >= least"
)


@dataclass
class Room:
    """What a test works with."""

    address: str
    token: str
    devices: Devices
    whep: WhepResponder


def inventory() -> Inventory:
    cameras = tuple(
        CameraEntry(id=f"k{n}", name=f"Kamera {n}", kind="ptz" if n == 1 else "fixed")
        for n in range(1, CAMERAS + 1)
    )
    return Inventory(
        sites=(SiteEntry(id="garuda", name="Garuda", kelurahan="61.71.04.1004", lat=0.0, lon=109.32),),
        devices=(DeviceEntry(id="pi-garuda", site="garuda", name="Garuda", cameras=cameras),),
    )


def prepare(database: Database) -> str:
    upgrade(database)
    with database.writing() as db:
        load_inventory(db, inventory(), now().date())
        account = Account(
            name="oki", display_name="Oki", password_hash="", must_change_password=False, created_at=now()
        )
        db.add(account)
        db.flush()
        grant = RoleGrant(
            account_id=account.id, role=Role.OPERATOR, scope_kind=ScopeKind.CITY, valid_from=now()
        )
        db.add(grant)
        token = sessions.begin(db, account=account, now=now(), address="127.0.0.1", agent="test")
    database.close()
    return token


@pytest.fixture(scope="module")
def room(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Room]:
    folder = tmp_path_factory.mktemp("room")
    broker = Mosquitto(folder)
    broker.start()
    port = free_port()
    token = prepare(Database(f"sqlite:///{folder}/hub.db"))
    with running_responder() as (whep, whep_port), running_devices(broker) as devices:
        devices.has("pi-garuda", *(f"k{number}" for number in range(1, CAMERAS + 1)))
        address = f"http://127.0.0.1:{whep_port}/{{device}}-{{camera}}/whep"
        config = web_config(folder, broker, port=port, whep=address)
        command = [sys.executable, "-m", "hub.cli", "web", "--config", str(config)]
        with (folder / "web.log").open("wb") as log:
            web = subprocess.Popen(command, cwd=ROOT, stdout=log, stderr=log, start_new_session=True)
        try:
            wait_for(f"https://localhost:{port}", web, folder / "web.log", broker)
            yield Room(f"https://localhost:{port}", token, devices, whep)
        finally:
            os.killpg(web.pid, signal.SIGTERM)
            web.wait(240)
            broker.stop()


def wait_for(address: str, process: subprocess.Popen[bytes], log: Path, broker: Mosquitto) -> None:
    context = ssl.create_default_context(cafile=str(broker.identity("hub") / "ca.pem"))
    give_up_at_s = time.monotonic() + 240
    while time.monotonic() < give_up_at_s:
        assert process.poll() is None, log.read_text()
        try:
            urllib.request.urlopen(f"{address}/masuk", timeout=2, context=context).close()
        except OSError:
            time.sleep(0.2)
        else:
            return
    raise AssertionError(log.read_text())


@pytest.fixture
def page(browser: Browser, room: Room, complaints: list[str]) -> Iterator[Page]:
    room.devices.refusal = {}
    room.whep.status = 404
    made = new_page(browser, complaints, ignore_https_errors=True)
    cookie: Any = {
        "name": "__Host-pontive", "value": room.token, "url": room.address, "secure": True, "httpOnly": True
    }  # fmt: skip
    made.context.add_cookies([cookie])
    made.set_default_timeout(PATIENCE_MS)
    yield made
    made.context.close()


def watch(page: Page, room: Room, query: str = "", quality: str = "biasa") -> None:
    page.goto(f"{room.address}{PAGE}{query}")
    page.select_option("#mutu", quality)
    page.click("[data-live-start]")


def words(page: Page) -> Any:
    return page.locator("[data-live-words]")


def test_fragments_play_and_say_how_late_and_how_many_watch(page: Page, room: Room) -> None:
    watch(page, room, "?cara=mp4")
    until_true(page, PLAYS, 1)
    expect(words(page)).to_contain_text("fMP4")
    expect(words(page)).to_contain_text("1 penonton")
    assert room.devices.leased == {("pi-garuda", "k1", "sub")}
    loaded = page.evaluate("performance.getEntriesByType('resource').map((one) => one.name)")
    assert not any("hls-" in name for name in loaded), "hls.js is fetched only when it is needed"


def test_low_latency_hls_plays_by_choice(page: Page, room: Room) -> None:
    watch(page, room, "?cara=hls")
    until_true(page, PLAYS, 1)
    expect(words(page)).to_contain_text("HLS")
    lists = page.evaluate(
        "performance.getEntriesByType('resource').map((one) => one.name).filter((n) => n.includes('m3u8'))"
    )
    assert any("_HLS_msn" in name and "_HLS_part" in name for name in lists), "it waits for parts"
    parts = page.evaluate(
        "performance.getEntriesByType('resource').filter((one) => /\\d+\\.\\d+\\.m4s/.test(one.name)).length"
    )
    assert parts > 0


def test_single_pictures_are_shown_by_choice(page: Page, room: Room) -> None:
    watch(page, room, "?cara=jpeg")
    canvas = page.locator("[data-live] canvas")
    expect(canvas).to_be_visible(timeout=PATIENCE_MS)
    expect(words(page)).to_contain_text("JPEG")
    assert canvas.evaluate("(one) => one.width") == 640
    middle = canvas.evaluate("(one) => [...one.getContext('2d').getImageData(320, 180, 1, 1).data]")
    assert abs(middle[1] - 160) < 12


def test_a_browser_without_media_sources_ends_at_pictures_with_a_word(page: Page, room: Room) -> None:
    page.add_init_script(
        "delete window.MediaSource; delete window.ManagedMediaSource; delete window.RTCPeerConnection;"
        "HTMLMediaElement.prototype.canPlayType = () => '';"
    )
    watch(page, room)
    expect(page.locator("[data-live] canvas")).to_be_visible(timeout=PATIENCE_MS)
    expect(words(page)).to_contain_text("HLS tidak berhasil, dipakai JPEG")


@pytest.mark.parametrize(
    ("detail", "told"),
    [
        ("the camera sends HEVC, browsers need H.264; set its codec to H.264", "Atur aliran kamera ke H.264"),
        ("the camera sends no key frame for more than 15 s", "bingkai kunci (GOP) kamera ke satu detik"),
    ],
)
def test_a_camera_that_browsers_cannot_play_is_shown_in_pictures(
    page: Page, room: Room, detail: str, told: str
) -> None:
    room.devices.refusal = {"sub": detail}
    page.add_init_script("delete window.RTCPeerConnection;")
    watch(page, room)
    expect(page.locator("[data-live] canvas")).to_be_visible(timeout=PATIENCE_MS)
    expect(words(page)).to_contain_text(told)


def test_the_main_stream_is_chosen_and_honestly_missing(page: Page, room: Room) -> None:
    watch(page, room, "?cara=mp4", quality="utama")
    until_true(page, PLAYS, 1)
    assert ("pi-garuda", "k1", "main") in room.devices.leased
    page.click("[data-live-end]")
    room.devices.refusal = {"main": "this camera has no main stream here; set clip_source of the camera"}
    page.click("[data-live-start]")
    expect(words(page)).to_contain_text("tidak mengenal aliran utama", timeout=PATIENCE_MS)
    until_true(page, PLAYS, 1)
    expect(page.locator("#mutu")).to_have_value("biasa")


def test_sixteen_play_at_once_on_one_connection(page: Page, room: Room) -> None:
    session = page.context.new_cdp_session(page)
    connections: dict[str, set[int]] = {}
    session.send("Network.enable")

    def note(event: Any) -> None:
        answer = event["response"]
        connections.setdefault(answer.get("protocol", ""), set()).add(answer["connectionId"])

    session.on("Network.responseReceived", note)
    query = "&".join(f"kamera=pi-garuda/k{number}" for number in range(1, CAMERAS + 1))
    page.goto(f"{room.address}/dinding/langsung?cara=mp4&{query}")
    page.click("[data-many-start]")
    until_true(page, PLAYS, CAMERAS)
    assert len(room.devices.leased) >= CAMERAS
    assert set(connections) == {"h2"}
    assert len(connections["h2"]) == 1


def test_a_media_server_that_refuses_is_passed_over_with_a_word(page: Page, room: Room) -> None:
    room.whep.status = 500
    watch(page, room)
    until_true(page, PLAYS, 1)
    expect(words(page)).to_contain_text("WebRTC tidak berhasil, dipakai fMP4")
    assert room.whep.paths[-1] == "/pi-garuda-k1/whep"


def test_a_media_server_that_accepts_is_shown(page: Page, room: Room) -> None:
    room.whep.status = 201
    for event in (room.whep.offered, room.whep.answered, room.whep.deleted):
        event.clear()
    camera = page.context.new_page()
    camera.goto("about:blank")
    watch(page, room, "?cara=whep")
    while not room.whep.offered.is_set():
        page.wait_for_timeout(50)
    room.whep.answer = camera.evaluate(
        """async (offer) => {
          const canvas = document.createElement('canvas');
          canvas.width = 320; canvas.height = 180;
          const pen = canvas.getContext('2d');
          let turn = 0;
          setInterval(() => {
            pen.fillStyle = `hsl(${turn += 9} 80% 50%)`;
            pen.fillRect(0, 0, 320, 180);
          }, 60);
          window.peer = new RTCPeerConnection();
          window.peer.addTrack(canvas.captureStream(15).getVideoTracks()[0]);
          await window.peer.setRemoteDescription({ type: 'offer', sdp: offer });
          await window.peer.setLocalDescription(await window.peer.createAnswer());
          await new Promise((resolve) => {
            const look = () => window.peer.iceGatheringState === 'complete' && resolve();
            window.peer.addEventListener('icegatheringstatechange', look); look();
          });
          return window.peer.localDescription.sdp;
        }""",
        room.whep.offers[-1],
    )
    room.whep.answered.set()
    until_true(page, PLAYS, 1)
    expect(words(page)).to_contain_text("WebRTC")
    page.click("[data-live-end]")
    while not room.whep.deleted.is_set():
        page.wait_for_timeout(50)


def test_holding_a_button_by_touch_or_key_turns_and_letting_go_stops(page: Page, room: Room) -> None:
    page.goto(f"{room.address}{PAGE}")
    room.devices.steered.clear()
    button = page.get_by_role("button", name="kanan", exact=True)
    button.dispatch_event("pointerdown", {"pointerId": 1, "pointerType": "touch", "bubbles": True})
    while len([one for one in room.devices.steered if one.pan > 0]) < 2:
        page.wait_for_timeout(50)
    button.dispatch_event("pointerup", {"pointerId": 1, "pointerType": "touch", "bubbles": True})
    while room.devices.steered[-1].pan:
        page.wait_for_timeout(50)
    page.locator("[data-steering]").focus()
    page.keyboard.down("ArrowUp")
    while not any(one.tilt > 0 for one in room.devices.steered):
        page.wait_for_timeout(50)
    page.keyboard.up("ArrowUp")
    while room.devices.steered[-1].tilt:
        page.wait_for_timeout(50)
    expect(page.locator("[data-steering-words]")).to_contain_text("Anda mengendalikan")
