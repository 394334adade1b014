"""``./pontive bench live``: glass to glass, from a camera's RTSP to the picture a browser shows.

A simulated camera burns the time into each picture before it encodes it; the page reads it back from
the picture that is *displayed*. Between them: the real agent, a real broker with TLS, the real web
process and Chromium. Then what a relay costs the edge, and what each further viewer costs the hub.
"""

import json
import re
import statistics
import subprocess
import sys
import threading
import time
import urllib.parse
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import click
import psutil
from _clock_camera import BLOCK_PX, clock_film
from _control_room import ROOT, ControlRoom, control_room, cpu_s
from _slow_link import Quality, slow_link
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
from playwright.sync_api import Page

from hub.places.inventory import CameraEntry, DeviceEntry, Inventory, SiteEntry
from provisioning.simulators.rtsp_camera import RtspCameraSimulator, running

DEVICE, CAMERA = "pi-garuda", "utara"
# The analysis has learnt its empty scene by then: from there on its cost is even.
SETTLE_S = 15
READ_AGES = """
(block) => {
  const video = document.querySelector('.live-view video');
  const canvas = document.createElement('canvas');
  const pen = canvas.getContext('2d', { willReadFrequently: true });
  window.ages = [];
  window.firstAt = null;
  const look = () => {
    canvas.width = 32 * block; canvas.height = 1;
    pen.drawImage(video, 0, block, 32 * block, 1, 0, 0, 32 * block, 1);
    const { data } = pen.getImageData(0, 0, 32 * block, 1);
    let value = 0;
    for (let bit = 0; bit < 32; bit += 1) {
      value = value * 2 + (data[(bit * block + block / 2) * 4] > 127 ? 1 : 0);
    }
    const now = Date.now();
    const age = ((now % 4294967296) - value + 4294967296) % 4294967296;
    if (age < 60000) { window.firstAt ??= performance.now(); window.ages.push(age); }
    video.requestVideoFrameCallback(look);
  };
  video.requestVideoFrameCallback(look);
}
"""
CLICK = """
() => {
  const at = performance.now();
  document.querySelector('[data-live-start]').click();
  return at;
}
"""


@click.command()
@click.option("--seconds", default=15.0, help="How long each part is measured.")
@click.option("--viewers", default=20, help="Further viewers of the last part.")
@click.option("--json", "as_json", is_flag=True, help="One JSON object.")
def command(seconds: float, viewers: int, as_json: bool) -> None:
    """Measure live video."""
    with (
        running(RtspCameraSimulator(clock_film())) as camera,
        control_room(_point()) as room,
        agent_of(room, camera.address, room.broker.port, settle_s=SETTLE_S) as agent,
    ):
        figures = _measure(room, agent, seconds, viewers)
    # A second camera and room, so that nothing of the good link is left over.
    with (
        running(RtspCameraSimulator(clock_film())) as camera,
        control_room(_point()) as room,
        slow_link(room.broker.port, Quality()) as port,
        agent_of(room, camera.address, port, settle_s=SETTLE_S),
    ):
        figures |= _measure_poor(room, seconds)
    if as_json:
        click.echo(json.dumps(figures))
        return
    for name, value in figures.items():
        click.echo(f"  {name:22} {value}")


def _point() -> Inventory:
    camera = CameraEntry(id=CAMERA, name="Arah utara")
    return Inventory(
        sites=(SiteEntry(id="garuda", name="Garuda", kelurahan="61.71.04.1004", lat=0.0, lon=109.32),),
        devices=(DeviceEntry(id=DEVICE, site="garuda", name="Garuda", cameras=(camera,)),),
    )


@contextmanager
def agent_of(
    room: ControlRoom,
    address: str,
    port: int,
    *,
    device: str = DEVICE,
    camera: str = CAMERA,
    onvif: str = "",
    main: str = "",
    settle_s: float = 3,
) -> Iterator[psutil.Process]:
    """Run a real agent with one camera.

    Args:
        room: with the broker.
        address: of the camera's video.
        port: where the agent finds the broker.
        device: its name.
        camera: of the camera.
        onvif: address of the camera's device service; empty: it does not turn.
        main: address of its main stream; empty: it has none.
        settle_s: waited for once the camera is at work.
    """
    folder = room.broker.identity(device)
    public = Ed25519PrivateKey.generate().public_key()
    (folder / "hub-signing.pem").write_bytes(
        public.public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo)
    )
    (folder / "edge.toml").write_text(
        f'device = "{device}"\n[camera_network]\nallowed = ["127.0.0.1"]\n'
        f"[hub]\nport = {port}\n[outbox]\nmax_mib = 8\n"
        f'[[cameras]]\nid = "{camera}"\nsource = "{address}"\nonvif = "{onvif}"\n'
        f'clip_source = "{main}"\n'
    )
    command = [sys.executable, "-m", "edge.cli", "run", "--config", str(folder / "edge.toml")]
    with (folder / "agent.log").open("wb") as log:
        process = subprocess.Popen(command, cwd=ROOT, stdout=log, stderr=log)
    try:
        _wait_for_camera(process, folder / "agent.log", camera)
        time.sleep(settle_s)
        yield psutil.Process(process.pid)
    finally:
        process.terminate()
        process.wait()


def _wait_for_camera(process: subprocess.Popen[bytes], log: Path, camera: str) -> None:
    deadline_s = time.monotonic() + 60
    while f"{camera} is at work" not in log.read_text():
        if process.poll() is not None or time.monotonic() > deadline_s:
            raise click.ClickException(log.read_text())
        time.sleep(0.1)


def _measure(room: ControlRoom, agent: psutil.Process, seconds: float, viewers: int) -> dict[str, Any]:
    idle_core = _core(agent, seconds)
    context, _ = room.browser("--autoplay-policy=no-user-gesture-required")
    first = context.new_page()
    cold_ms = _start(first, room)
    first.wait_for_timeout(3000)
    first.evaluate("window.ages.length = 0")
    busy_core = _core(agent, seconds)
    ages = first.evaluate("window.ages")
    second = context.new_page()
    warm_ms = _start(second, room)
    second.close()
    one_core = _core(room.web, seconds)
    with _watching(room, viewers):
        time.sleep(2)
        many_core = _core(room.web, seconds)
    context.browser.close()
    return {
        "p50_ms": round(statistics.median(ages)),
        "p95_ms": round(statistics.quantiles(ages, n=20)[-1]),
        "first_picture_ms": round(warm_ms),
        "cold_start_ms": round(cold_ms),
        "edge_core": round(max(0.0, busy_core - idle_core), 4),
        "hub_core_per_viewer": round(max(0.0, many_core - one_core) / viewers, 4),
        "shown_fps": round(len(ages) / seconds, 1),
    }


def _measure_poor(room: ControlRoom, seconds: float) -> dict[str, Any]:
    """Measure through a link of 4 Mbit/s that loses 3 % and takes 80 ms there and back."""
    context, _ = room.browser("--autoplay-policy=no-user-gesture-required")
    page = context.new_page()
    start_ms = _start(page, room)
    page.wait_for_timeout(3000)
    page.evaluate("window.ages.length = 0")
    page.wait_for_timeout(1000 * seconds)
    ages = page.evaluate("window.ages")
    context.browser.close()
    return {
        "poor_link_p50_ms": round(statistics.median(ages)),
        "poor_link_p95_ms": round(statistics.quantiles(ages, n=20)[-1]),
        "poor_link_start_ms": round(start_ms),
        "poor_link_fps": round(len(ages) / seconds, 1),
    }


def _start(page: Page, room: ControlRoom) -> float:
    """Press the button and return milliseconds until a picture is displayed."""
    page.goto(f"{room.url}kamera/{DEVICE}/{CAMERA}")
    page.evaluate(READ_AGES, BLOCK_PX)
    began = page.evaluate(CLICK)
    deadline_s = time.monotonic() + 30
    while (first_at := page.evaluate("window.firstAt")) is None:
        if time.monotonic() > deadline_s:
            raise click.ClickException("no picture: " + page.inner_text("[data-live-words]"))
        page.wait_for_timeout(50)
    return float(first_at - began)


@contextmanager
def _watching(room: ControlRoom, count: int) -> Iterator[None]:
    """Watch with so many further viewers, which throw away what they get."""
    is_over = threading.Event()

    def watch() -> None:
        with urllib.request.urlopen(_stream(room)) as stream:
            while not is_over.is_set() and stream.read1(65_536):
                pass

    threads = [threading.Thread(target=watch, daemon=True) for _ in range(count)]
    for thread in threads:
        thread.start()
    yield
    is_over.set()
    for thread in threads:
        thread.join(10)


def _stream(room: ControlRoom) -> urllib.request.Request:
    """Ask for a view as a browser does, and return the request of its stream."""
    opener = urllib.request.build_opener(urllib.request.HTTPCookieProcessor())
    page = f"{room.url}kamera/{DEVICE}/{CAMERA}"
    cookie = {"Cookie": f"pontive={room.token}"}
    with opener.open(urllib.request.Request(page, headers=cookie)) as answer:
        token = re.search(rb'name="csrf_token" value="([^"]+)"', answer.read())
        cookies = "; ".join(
            [part.split(";")[0] for part in answer.headers.get_all("Set-Cookie") or []]
            + [f"pontive={room.token}"]
        )
    assert token is not None, "the page has a form"
    body = urllib.parse.urlencode({"csrf_token": token.group(1).decode(), "tujuan": "service"}).encode()
    headers = {"Cookie": cookies, "Referer": page}
    with urllib.request.urlopen(
        urllib.request.Request(f"{page}/langsung", data=body, headers=headers)
    ) as said:
        stream = json.loads(said.read())["stream"]
    return urllib.request.Request(room.url.rstrip("/") + stream, headers={"Cookie": cookies})


def _core(process: psutil.Process, seconds: float) -> float:
    """Return the share of a core that a process and its children take."""
    began_s, before_s = time.monotonic(), cpu_s(process)
    time.sleep(seconds)
    return (cpu_s(process) - before_s) / (time.monotonic() - began_s)


if __name__ == "__main__":
    command()
