"""``./pontive bench status``: the list of 147 cameras, from a device's word to the row of a browser.

Real broker, real ingest and web processes, real Chromium; 50 further listeners and browsers that
load the page as fast as it comes; a PTZ camera turned through the real agent and simulated ONVIF.
"""

import html
import json
import multiprocessing
import random
import re
import statistics
import subprocess
import sys
import time
import urllib.parse
import urllib.request
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from http.client import HTTPConnection
from typing import Any
from urllib.parse import urlsplit

import click
from _city_state import CityVoices
from _control_room import ROOT, ControlRoom, city, control_room, cpu_s
from _crowd import hammer, listen
from live import agent_of
from playwright.sync_api import Page

from edge.ptz.simulated.head import Head
from edge.ptz.simulated.server import OnvifServer
from edge.ptz.simulated.service import SimulatedOnvif
from edge.wire.records.bodies import PictureState
from provisioning.simulators.film import street_film
from provisioning.simulators.rtsp_camera import RtspCameraSimulator, running
from provisioning.trust.keyfiles import ensure_signing_key

# The fifth camera of the city turns; its device is a real agent.
DEVICE, CAMERA = "pi-titik-02", "k2"
LISTENERS, HAMMERS = 50, 2
WATCH_ROWS = """
() => {
  window.changes = {};
  const note = (row) => {
    if (row.id && row.dataset.state) (window.changes[row.id] ??= []).push([row.dataset.state, Date.now()]);
  };
  new MutationObserver((list) => {
    for (const change of list) {
      for (const node of change.addedNodes) if (node.nodeType === 1) note(node);
      if (change.type === 'attributes') note(change.target);
    }
  }).observe(document.getElementById('baris'), { childList: true, subtree: true, attributes: true });
}
"""


@click.command()
@click.option("--seconds", default=10.0, help="How long the page is loaded.")
@click.option("--changes", default=40, help="State changes that are timed.")
@click.option("--json", "as_json", is_flag=True, help="One JSON object.")
def command(seconds: float, changes: int, as_json: bool) -> None:
    """Measure the list of cameras and the way to a motor."""
    inventory = city()
    with control_room(inventory) as room, _ingest(room), _turning_camera(room):
        voices = CityVoices(room.broker, inventory, silent=frozenset({DEVICE}))
        try:
            figures = _measure(room, voices, seconds, changes)
        finally:
            voices.stop()
    if as_json:
        click.echo(json.dumps(figures))
        return
    for name, value in figures.items():
        click.echo(f"  {name:24} {value}")


@contextmanager
def _ingest(room: ControlRoom) -> Iterator[None]:
    ensure_signing_key(room.folder / "hub-signing.key", room.folder / "hub-signing.pem")
    command = [sys.executable, "-m", "hub.cli", "ingest", "--config", str(room.folder / "hub.toml")]
    with (room.folder / "ingest.log").open("wb") as log:
        process = subprocess.Popen(command, cwd=ROOT, stdout=log, stderr=log)
    try:
        yield
    finally:
        process.terminate()
        process.wait()


@contextmanager
def _turning_camera(room: ControlRoom) -> Iterator[None]:
    onvif = OnvifServer(SimulatedOnvif(Head(time.monotonic), lambda: datetime.now(UTC)))
    try:
        with (
            running(RtspCameraSimulator(street_film(width=320, height=180, fps=5))) as camera,
            agent_of(
                room, camera.address, room.broker.port, device=DEVICE, camera=CAMERA, onvif=onvif.address
            ),
        ):
            yield
    finally:
        onvif.close()


def _measure(room: ControlRoom, voices: CityVoices, seconds: float, changes: int) -> dict[str, Any]:
    context, _ = room.browser()
    page = context.new_page()
    weight = _weight(page, room)
    _until_settled(room, voices)
    page.goto(room.url + "cctv")
    page.evaluate(WATCH_ROWS)
    page.wait_for_timeout(1000)
    change_ms = _change_to_row(page, voices, changes)
    ptz_ms = _ptz(room)
    with _listeners(room) as ask:
        ask()
        web_s = cpu_s(room.web)
        loaded = _load(room, voices, seconds)
        web_s = cpu_s(room.web) - web_s
        sse_ms = ask()
    context.browser.close()
    return {
        **weight,
        "req_s_cached": round(loaded / seconds),
        # What a core to itself would give: the machine may be busy with other things.
        "req_s_of_a_core": round(loaded / web_s),
        "sse_p99_ms": round(_share(sse_ms, 99), 1),
        "sse_p50_ms": round(statistics.median(sse_ms), 1),
        "sse_messages": len(sse_ms),
        "change_to_row_p95_ms": round(_share(change_ms, 95)),
        "change_to_row_p50_ms": round(statistics.median(change_ms)),
        "ptz_ack_p95_ms": round(_share(ptz_ms, 95), 1),
        "ptz_ack_p50_ms": round(statistics.median(ptz_ms), 1),
    }


def _weight(page: Page, room: ControlRoom) -> dict[str, int]:
    """Count what a browser without anything in its cache is sent until the page is whole."""
    counted = {"bytes": 0, "requests": 0}
    session = page.context.new_cdp_session(page)
    session.send("Network.enable")

    def asked(event: Any) -> None:
        counted["requests"] += event["request"]["url"].startswith("http")

    def sent(event: Any) -> None:
        counted["bytes"] += int(event["encodedDataLength"])

    session.on("Network.requestWillBeSent", asked)
    session.on("Network.loadingFinished", sent)
    page.goto(room.url + "cctv", wait_until="load")
    page.wait_for_selector("#baris tr")
    page.wait_for_timeout(1500)
    session.detach()
    return counted


def _until_settled(room: ControlRoom, voices: CityVoices) -> None:
    """Wait until what all devices said at first is on the page; said again until ingest hears it."""
    deadline_s = time.monotonic() + 90
    request = urllib.request.Request(room.url + "cctv", headers={"Cookie": f"pontive={room.token}"})
    while time.monotonic() < deadline_s:
        with urllib.request.urlopen(request) as answer:
            body = answer.read()
        live = body.count(b'data-state="live"')
        if live >= len(voices.keys()):
            return
        voices.be_born()
        time.sleep(3)
    states = Counter(re.findall(rb'data-state="([a-z]+)"', body))
    log = (room.folder / "ingest.log").read_text()[-1500:]
    raise click.ClickException(f"only {live} of {len(voices.keys())} cameras became live: {states}\n{log}")


def _change_to_row(page: Page, voices: CityVoices, changes: int) -> list[float]:
    """Return milliseconds from publishing a camera's new state to the changed row, one a change."""
    chance = random.Random(2026)
    said: dict[str, float] = {}
    for device, camera in chance.sample(voices.keys(), changes):
        said[f"kamera-{device}-{camera}"] = time.time() * 1000
        voices.show(device, camera, PictureState.COVERED)
        page.wait_for_timeout(chance.uniform(150, 450))
    page.wait_for_timeout(3000)
    seen = page.evaluate("window.changes")
    missing = [row for row in said if not any(state != "live" for state, _ in seen.get(row, []))]
    if missing:
        raise click.ClickException(f"{len(missing)} of {changes} rows never changed: {missing[:3]}")
    return [next(at for state, at in seen[row] if state != "live") - at_ms for row, at_ms in said.items()]


def _ptz(room: ControlRoom, moves: int = 80) -> list[float]:
    """Return milliseconds from a wish to the word that the camera obeys, as a page sends it."""
    parts = urlsplit(room.url)
    link = HTTPConnection(parts.hostname or "", parts.port or 80)
    page = f"/kamera/{DEVICE}/{CAMERA}"
    link.request("GET", page, headers={"Cookie": f"pontive={room.token}"})
    answer = link.getresponse()
    token = re.search(rb'name="csrf_token" value="([^"]+)"', answer.read())
    assert token is not None, "the page has a form"
    cookies = [
        f"pontive={room.token}",
        *(c.split(";")[0] for c in answer.headers.get_all("Set-Cookie") or []),
    ]
    headers = {"Cookie": "; ".join(cookies), "Content-Type": "application/x-www-form-urlencoded"}
    taken: list[float] = []
    for number in range(moves):
        fields = {"csrf_token": token.group(1).decode(), "pan": "0.4" if number % 2 else "-0.4"}
        began_s = time.perf_counter()
        link.request("POST", f"{page}/kendali/gerak", urllib.parse.urlencode(fields), headers)
        said = link.getresponse()
        body = said.read()
        taken.append(1000 * (time.perf_counter() - began_s))
        if said.status != 200:
            raise click.ClickException(f"the camera does not obey: {body[:300]!r}")
        time.sleep(0.05)
    return taken[5:]


@contextmanager
def _listeners(room: ControlRoom) -> Iterator[Any]:
    """Hold streams open; what is given returns the delays (ms) since it was called last."""
    url = room.url.rstrip("/") + _stream_of(room)
    ours, theirs = multiprocessing.Pipe()
    process = multiprocessing.get_context("spawn").Process(
        target=listen, args=(url, f"pontive={room.token}", LISTENERS, theirs)
    )
    process.start()

    def ask() -> list[float]:
        time.sleep(2)
        ours.send("tell")
        delays: list[float] = ours.recv()
        return delays

    try:
        yield ask
    finally:
        ours.send("end")
        process.join(10)


def _stream_of(room: ControlRoom) -> str:
    """Return the address of the stream as the page that is shown names it."""
    request = urllib.request.Request(room.url + "cctv", headers={"Cookie": f"pontive={room.token}"})
    with urllib.request.urlopen(request) as answer:
        found = re.search(r'data-stream="([^"]+)"', answer.read().decode())
    assert found is not None, "the page has a stream"
    return html.unescape(found.group(1))


def _load(room: ControlRoom, voices: CityVoices, seconds: float) -> int:
    """Load the page from several connections while states change now and then; return the answers."""
    context = multiprocessing.get_context("spawn")
    pairs = [context.Pipe(duplex=False) for _ in range(HAMMERS)]
    arguments = (room.url + "cctv", f"pontive={room.token}", seconds)
    processes = [context.Process(target=hammer, args=(*arguments, sender)) for _, sender in pairs]
    for process in processes:
        process.start()
    keys = voices.keys()
    for number in range(int(seconds)):
        voices.show(*keys[number], PictureState.BLACK)
        time.sleep(1)
    return sum(receiver.recv() for receiver, _ in pairs)


def _share(values: list[float], per_cent: int) -> float:
    return statistics.quantiles(values, n=100)[per_cent - 1]


if __name__ == "__main__":
    command()
