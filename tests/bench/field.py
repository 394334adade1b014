"""``./pontive bench field``: the figures of a device's life in the field.

Steps from blank card to live still (counted in the guide), updates struck in every state, memory of
an agent with two network cameras, and in a whole running city the time from a revocation to silence.
"""

import json
import os
import re
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from unittest.mock import patch

import click
import psutil

from edge.wire.updates import UpdateState
from hub.config import load_config
from hub.db import Database
from hub.ingest.models import DevicePresence
from provisioning.simulators.film import street_film
from provisioning.simulators.rtsp_camera import RtspCameraSimulator, running
from tests.edge.agent_city import Device as AgentDevice
from tests.edge.running.test_agent import Program
from tests.edge.update.device import Device, Fault, Kind
from tests.edge.update.test_states import places_of
from tests.mosquitto import Mosquitto
from tests.system.conftest import RunningCity, wait_for

ROOT = Path(__file__).parents[2]
GUIDE = ROOT / "docs/panduan/teknisi.md"
# Long enough for a first minute's counts; memory is looked at in the last third.
SETTLE_S = 60.0
STOLEN = "pi-tugu"


@click.command()
@click.option("--with-city/--without-city", default=True, help="Revoke a device of a running city too.")
@click.option("--json", "as_json", is_flag=True, help="One JSON object.")
def command(with_city: bool, as_json: bool) -> None:
    """Count, strike, weigh and revoke."""
    figures: dict[str, object] = {"steps": steps_of(GUIDE.read_text("utf-8"))}
    struck, working = strike_updates()
    figures |= {"states": len(UpdateState), "struck": struck, "working": working}
    figures["agent_two_cameras_mib"] = weigh_agent()
    if with_city:
        figures["revoked_s"] = revoke_in_a_city()
    if as_json:
        click.echo(json.dumps(figures))
    else:
        for name, value in figures.items():
            click.echo(f"{name:<24} {value}")
    if working != struck:
        sys.exit(1)


def steps_of(guide: str) -> int:
    """Return how many numbered steps the guide has between "Enam langkah" and the next heading."""
    part = guide.partition("## Enam langkah")[2].partition("\n## ")[0]
    return len(re.findall(r"^\d+\. ", part, re.MULTILINE))


def strike_updates() -> tuple[int, int]:
    """Strike at everything done in every state; return how often, and after how many it worked."""
    struck = working = 0
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
        running(RtspCameraSimulator(film)) as one,
        running(RtspCameraSimulator(film)) as other,
    ):
        device = AgentDevice(Path(folder) / "pi-1", port=broker.port, authority=broker.authority)
        device.configure(
            "".join(
                f'[[cameras]]\nid = "{name}"\nsource = "{camera.address}"\nfps = 10\n'
                for name, camera in (("utara", one), ("selatan", other))
            )
        )
        program = Program(device)
        try:
            return max(_pss_mib(program.process.pid) for _ in _while_it_works())
        finally:
            program.process.terminate()
            program.process.wait(30)


def _while_it_works() -> Iterator[None]:
    time.sleep(SETTLE_S * 2 / 3)
    for _ in range(10):
        yield
        time.sleep(SETTLE_S / 30)


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


def revoke_in_a_city() -> float:
    """Return the seconds from the commit of a revocation until the broker has ended the session."""
    with tempfile.TemporaryDirectory() as folder:
        city = RunningCity(Path(folder) / "data")
        try:
            # Printed when the database is there; the thief's device comes when it comes, others may be late.
            city.wait_to_say("Alamat / address")
            database = Database(load_config(city.folder.hub_config).database)

            def is_online() -> bool:
                with database.reading() as session:
                    presence = session.get(DevicePresence, STOLEN)
                    return presence is not None and presence.is_online

            wait_for(is_online)
            hub = Path(sys.executable).with_name("pontive-hub")
            words = [
                "enrolment",
                "revoke",
                STOLEN,
                "--reason",
                "dicuri (uji)",
                "--config",
                city.folder.hub_config,
            ]
            subprocess.run([hub, *words], check=True, stdout=subprocess.DEVNULL)
            began_s = time.monotonic()

            wait_for(lambda: not is_online())
            took_s = time.monotonic() - began_s
            database.close()
            return round(took_s, 1)
        finally:
            city.end()


def _bar(count: int) -> None:
    if sys.stderr.isatty():
        print(f"\r{count} struck", end="", file=sys.stderr, flush=True)
