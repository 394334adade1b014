"""``./pontive bench soak``: many hours of a control room in minutes, as cycles instead of a faster clock.

Leases begin and end, walls come and go, a hand turns a camera and lets go, HLS and single pictures
are asked for. What must stay: the hub's memory (its slope is measured), the agent's processes,
threads and RTSP connections, and not one lease when nobody watches.
"""

import json
import re
import statistics
import time
import urllib.parse
from dataclasses import dataclass, field
from datetime import UTC, datetime
from http.client import HTTPConnection
from typing import Any
from urllib.parse import urlsplit

import click
import psutil
from _control_room import ControlRoom, control_room
from live import agent_of

from edge.ptz.simulated.head import Head
from edge.ptz.simulated.server import OnvifServer
from edge.ptz.simulated.service import SimulatedOnvif
from hub.places.inventory import CameraEntry, DeviceEntry, Inventory, SiteEntry
from provisioning.simulators.film import street_film
from provisioning.simulators.rtsp_camera import RtspCameraSimulator, running

DEVICE, CAMERA = "pi-garuda", "utara"
# A lease that nobody renewed ends by itself within its 30 s.
LEASE_END_S = 45.0


@dataclass
class Samples:
    """What is looked at after each cycle, in MiB and numbers."""

    hub_mib: list[float] = field(default_factory=list)
    edge_mib: list[float] = field(default_factory=list)
    hub_threads: list[int] = field(default_factory=list)


@click.command()
@click.option("--cycles", default=120, help="Each stands for a change of what is watched.")
@click.option("--json", "as_json", is_flag=True, help="One JSON object.")
def command(cycles: int, as_json: bool) -> None:
    """Open and close everything again and again, and see what is left."""
    camera_entry = CameraEntry(id=CAMERA, name="Arah utara", kind="ptz")
    inventory = Inventory(
        sites=(SiteEntry(id="garuda", name="Garuda", kelurahan="61.71.04.1004", lat=0.0, lon=109.32),),
        devices=(DeviceEntry(id=DEVICE, site="garuda", name="Garuda", cameras=(camera_entry,)),),
    )
    onvif = OnvifServer(SimulatedOnvif(Head(time.monotonic), lambda: datetime.now(UTC)))
    film = street_film(width=320, height=180, fps=5)
    try:
        with (
            running(RtspCameraSimulator(film)) as camera,
            running(RtspCameraSimulator(film)) as main,
            control_room(inventory) as room,
            agent_of(
                room,
                camera.address,
                room.broker.port,
                device=DEVICE,
                camera=CAMERA,
                onvif=onvif.address,
                main=main.address,
            ) as agent,
        ):
            figures = _soak(room, agent, main.port, cycles)
    finally:
        onvif.close()
    if as_json:
        click.echo(json.dumps(figures))
        return
    for name, value in figures.items():
        click.echo(f"  {name:26} {value}")


def _soak(room: ControlRoom, agent: psutil.Process, main_port: int, cycles: int) -> dict[str, Any]:
    visitor, samples = Visitor(room), Samples()
    for _ in range(max(5, cycles // 10)):  # pools, caches and the allocator find their size
        visitor.cycle()
    processes, threads = _family(agent), _threads(agent)
    for _ in range(cycles):
        visitor.cycle()
        samples.hub_mib.append(_mib(room.web))
        samples.edge_mib.append(_mib(agent))
        samples.hub_threads.append(_threads(room.web))
    ends_s = _until_hung_up(agent, main_port)
    return {
        "cycles": cycles,
        "hub_mib_per_100_cycles": round(100 * _slope(samples.hub_mib), 3),
        "edge_mib_per_100_cycles": round(100 * _slope(samples.edge_mib), 3),
        "hub_threads_most": max(samples.hub_threads),
        "edge_processes_more": _family(agent) - processes,
        "edge_threads_more": _threads(agent) - threads,
        "main_streams_left": _connections(agent, main_port),
        "lease_ended_after_s": ends_s,
        "views": visitor.views,
        "moves": visitor.moves,
    }


class Visitor:
    """Somebody who opens and closes everything."""

    def __init__(self, room: ControlRoom) -> None:
        """Sign in."""
        parts = urlsplit(room.url)
        self._place = (parts.hostname or "", parts.port or 80)
        self._page = f"/kamera/{DEVICE}/{CAMERA}"
        self._headers = {"Cookie": f"pontive={room.token}"}
        self.views = self.moves = 0
        answer, body = self._get(self._page)
        token = re.search(rb'name="csrf_token" value="([^"]+)"', body)
        assert token is not None, "the page has a form"
        self._token = token.group(1).decode()
        self._headers["Cookie"] += "".join(
            f"; {one.split(';')[0]}" for one in answer.headers.get_all("Set-Cookie") or []
        )
        self._headers["Content-Type"] = "application/x-www-form-urlencoded"

    def cycle(self) -> None:
        """Watch in every way, look at the wall, and turn the camera."""
        for way, quality in (("mp4", "biasa"), ("mp4", "utama"), ("hls", "biasa"), ("jpeg", "biasa")):
            self._watch(way, quality)
        self._look_at_the_wall()
        for wish in ({"pan": "0.3"}, {"tilt": "0.2"}, {}):
            self._post(f"{self._page}/kendali/gerak", wish)
            self.moves += 1

    def _watch(self, way: str, quality: str) -> None:
        said = json.loads(
            self._post(f"{self._page}/langsung", {"tujuan": "service", "cara": way, "mutu": quality})
        )
        if "stream" not in said:
            raise click.ClickException(f"{way} {quality}: {said}")
        link = HTTPConnection(*self._place)
        after = "&setelah=0" if way == "jpeg" else ""
        link.request("GET", said["stream"] + after, headers=self._headers)
        answer = link.getresponse()
        if answer.status not in (200, 204) or (answer.status == 200 and not answer.read1(2000)):
            raise click.ClickException(f"{way} {quality}: {answer.status}")
        self.views += 1
        link.close()  # as a tab that is closed: without a word

    def _look_at_the_wall(self) -> None:
        link = HTTPConnection(*self._place)
        link.request("GET", "/dinding/aliran", headers=self._headers)
        answer = link.getresponse()
        heard = b""
        while b"event: wall" not in heard:
            heard += answer.read1(65_536)
        self._get("/dinding/lembar/besar.jpg?lebar=480&tempat=0")
        link.close()

    def _get(self, path: str) -> tuple[Any, bytes]:
        link = HTTPConnection(*self._place)
        link.request("GET", path, headers=self._headers)
        answer = link.getresponse()
        body = answer.read()
        link.close()
        return answer, body

    def _post(self, path: str, fields: dict[str, str]) -> bytes:
        link = HTTPConnection(*self._place)
        body = urllib.parse.urlencode({"csrf_token": self._token} | fields)
        link.request("POST", path, body, self._headers)
        answer = link.getresponse().read()
        link.close()
        return answer


def _family(process: psutil.Process) -> int:
    return 1 + len(process.children(recursive=True))


def _threads(process: psutil.Process) -> int:
    return sum(one.num_threads() for one in [process, *process.children(recursive=True)])


def _mib(process: psutil.Process) -> float:
    return sum(one.memory_info().rss for one in [process, *process.children(recursive=True)]) / 2**20


def _connections(process: psutil.Process, port: int) -> int:
    """Return the connections of a process and its children to a port of this machine."""
    family = [process, *process.children(recursive=True)]
    return sum(
        each.status == psutil.CONN_ESTABLISHED and bool(each.raddr) and each.raddr.port == port
        for one in family
        for each in one.net_connections(kind="tcp")
    )


def _until_hung_up(agent: psutil.Process, port: int) -> float | None:
    """Return after how many seconds the last lease had ended; None: it did not."""
    began_s = time.monotonic()
    while time.monotonic() - began_s < LEASE_END_S:
        if _connections(agent, port) == 0:
            return round(time.monotonic() - began_s, 1)
        time.sleep(0.5)
    return None


def _slope(values: list[float]) -> float:
    """Return how much a value grows a cycle, over the second half: the first settles."""
    late = values[len(values) // 2 :]
    return statistics.linear_regression(range(len(late)), late).slope


if __name__ == "__main__":
    command()
