"""``./pontive bench field``: the figures of a device's life in the field.

Steps from blank card to live still (counted in the guide), updates struck in every state, memory of
an agent with two network cameras, and in a whole running city the time from a card to its first still and
from a revocation to silence. Exit code 1: a figure is beyond what was promised.
"""

import json
import logging
import os
import re
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import asdict
from pathlib import Path
from unittest.mock import patch

import click
import psutil

from edge.wire.records.bodies import CameraCounts
from edge.wire.updates import UpdateState
from provisioning.simulators.film import street_film
from provisioning.simulators.rtsp_camera import RtspCameraSimulator, running
from tests.bench._field_city import await_while_moving, life_in_a_city
from tests.edge.agent_city import Device as AgentDevice
from tests.edge.running.test_agent import Hub, Program
from tests.edge.update.device import Device, Fault, Kind
from tests.edge.update.test_states import places_of
from tests.mosquitto import Mosquitto

ROOT = Path(__file__).parents[2]
GUIDE = ROOT / "docs/panduan/teknisi.md"
CAMERAS = ("utara", "selatan")
# How long memory is looked at, once both cameras were counted on.
LOOK_S, LOOKS = 20.0, 10
# What a figure may be at most.
MOST = {"steps": 6, "agent_two_cameras_mib": 250.0, "live_still_s": 300.0, "revoked_s": 60.0}


@click.command()
@click.option("--with-city/--without-city", default=True, help="A device's life in a running city too.")
@click.option("--json", "as_json", is_flag=True, help="One JSON object.")
def command(with_city: bool, as_json: bool) -> None:
    """Count, strike, weigh, enrol and revoke."""
    say = _Progress()
    figures: dict[str, float] = {"steps": steps_of(GUIDE.read_text("utf-8"))}
    say("updates are struck in every state")
    struck, working = strike_updates()
    figures |= {"states": len(UpdateState), "struck": struck, "working": working}
    say("an agent with two cameras is weighed")
    figures["agent_two_cameras_mib"] = weigh_agent()
    if with_city:
        life = life_in_a_city(say)
        figures |= asdict(life) | {"revoked_s": life.revoked_s}
    beyond = sorted(name for name, most in MOST.items() if figures.get(name, 0) > most)
    if as_json:
        click.echo(json.dumps(figures | {"load": round(os.getloadavg()[1], 1), "beyond": beyond}))
    else:
        for name, value in figures.items():
            click.echo(f"{name:<24} {value}{'  beyond ' + str(MOST[name]) if name in beyond else ''}")
    if beyond or working != struck:
        sys.exit(1)


class _Progress:
    """Says where it stands, with the seconds since the beginning, on stderr."""

    def __init__(self) -> None:
        self._began_s = time.monotonic()

    def __call__(self, text: str) -> None:
        click.echo(f"{time.monotonic() - self._began_s:6.0f} s  {text}", err=True)


def steps_of(guide: str) -> int:
    """Return how many numbered steps the guide has between "Enam langkah" and the next heading."""
    part = guide.partition("## Enam langkah")[2].partition("\n## ")[0]
    return len(re.findall(r"^\d+\. ", part, re.MULTILINE))


def strike_updates() -> tuple[int, int]:
    """Strike at everything done in every state; return how often, and after how many it worked."""
    struck = working = 0
    # Each full disk is our own doing, and told thousands of times.
    logging.getLogger("edge.update").setLevel(logging.CRITICAL)
    with patch.object(os, "fsync", lambda _handle: None), tempfile.TemporaryDirectory() as folder:
        for fault, is_good in _faults():
            device = Device(Path(folder) / str(struck), fault=fault, deaf_numbers=() if is_good else (2,))
            device.live_on(device.release(2))
            struck += 1
            working += device.machine.is_working
            _bar(struck)
    return struck, working


def _faults() -> Iterator[tuple[Fault, bool]]:
    for state in UpdateState:
        for is_good in (True, False):
            for place in range(len(places_of(state, is_good=is_good))):
                for kind in (Kind.KILL, Kind.POWER_CUT, Kind.ERROR):
                    yield Fault(state, place, kind), is_good


def weigh_agent() -> float:
    """Return the MiB of an agent that counts on two network cameras, shared pages shared out (PSS)."""
    film = street_film(width=640, height=360, fps=10)
    with (
        tempfile.TemporaryDirectory() as folder,
        _broker(Path(folder)) as broker,
        closing(Hub(broker)) as hub,
        running(RtspCameraSimulator(film)) as one,
        running(RtspCameraSimulator(film)) as other,
    ):
        device = AgentDevice(Path(folder) / "pi-1", port=broker.port, authority=broker.authority)
        device.configure(
            "".join(
                f'[[cameras]]\nid = "{name}"\nsource = "{camera.address}"\nfps = 10\n'
                for name, camera in zip(CAMERAS, (one, other), strict=True)
            )
        )
        program = Program(device)
        try:
            await_while_moving(
                lambda: _is_running(program) and counted_cameras(hub) == set(CAMERAS),
                moves=lambda: (len(hub.records), program.log_path.stat().st_size),
                saying=program.log,
            )
            return max(_pss_mib(program.process.pid) for _ in _while_it_works())
        finally:
            program.process.terminate()
            program.process.wait()


def _is_running(program: Program) -> bool:
    assert program.process.poll() is None, program.log()
    return True


def counted_cameras(hub: Hub) -> set[str]:
    """Return the cameras that a minute's counts came of."""
    bodies = [record.body for record in tuple(hub.records.values())]
    return {body.camera for body in bodies if isinstance(body, CameraCounts)}


def _while_it_works() -> Iterator[None]:
    for _ in range(LOOKS):
        yield
        time.sleep(LOOK_S / LOOKS)


@contextmanager
def _broker(folder: Path) -> Iterator[Mosquitto]:
    one = Mosquitto(folder / "city")
    one.start()
    try:
        yield one
    finally:
        one.stop()


def _pss_mib(pid: int) -> float:
    family = [psutil.Process(pid), *psutil.Process(pid).children(recursive=True)]
    return round(sum(each.memory_full_info().pss for each in family) / 2**20, 1)


def _bar(count: int) -> None:
    if sys.stderr.isatty():
        print(f"\r{count} struck", end="", file=sys.stderr, flush=True)
