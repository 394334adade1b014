"""Scenario: six cameras of one device fail, each in its own way, and a seventh must not notice.

Silent, dribbling, closed, frozen and black cameras are RTSP servers that misbehave; the worker of one
is stopped from outside. Each is named by its own state in time, and comes back when it is well again.
"""

import contextlib
import random
import time
from collections.abc import Iterator

import psutil
from sqlalchemy import select

from hub.cctv.models import CameraPicture
from provisioning.simulators.film import street_film
from provisioning.simulators.rtsp_camera import Fault, RtspCameraSimulator, running
from tests.torture.rigs.oracle import compared
from tests.torture.rigs.small_city import City, scratch_folder, wait_until

DEVICE, WELL, STOPPED = "sungai", "utara", "henti"
# Camera, its fault, what the hub shall call it.
FAULTS = {
    "bisu": (Fault.SILENCE, "absent"),
    "tetes": (Fault.DRIBBLE, "absent"),
    "putus": (Fault.DROP, "absent"),
    "beku": (Fault.FREEZE, "frozen"),
    "gelap": (Fault.BLACK, "black"),
}
MOST = {"absent_s": 15.0, "frozen_s": 30.0, "black_s": 30.0, "heal_s": 10.0}
PATIENCE_S = 150.0
_NETWORK = '[camera_network]\nallowed = ["127.0.0.1"]\n'


def run(seed: int) -> Iterator[dict[str, object]]:
    """Yield one line."""
    film = street_film(width=320, height=180, seconds=4, fps=5)
    with scratch_folder() as folder, contextlib.ExitStack() as stack:
        cameras = {
            name: stack.enter_context(running(RtspCameraSimulator(film=film)))
            for name in (WELL, STOPPED, *FAULTS)
        }
        tables = "".join(
            f'[[cameras]]\nid = "{name}"\nsource = "{camera.address}"\nfps = 2\n'
            for name, camera in cameras.items()
        )
        city = City(folder, edges=(DEVICE,), producing=f"health_every_s = 5\n{_NETWORK}{tables}")
        try:
            yield _run_city(city, cameras, random.Random(seed))
        finally:
            city.stop()


def _run_city(
    city: City, cameras: dict[str, RtspCameraSimulator], chance: random.Random
) -> dict[str, object]:
    city.start()
    everybody = dict.fromkeys(cameras, "good")
    _wait_for(city, everybody)
    time.sleep(chance.uniform(0.0, 2.0))
    for name, (fault, _) in FAULTS.items():
        cameras[name].fault = fault
    seen = _when_seen(city)
    stopped_s = _stop_worker(city, cameras[STOPPED].port)
    for name in FAULTS:
        cameras[name].fault = Fault.NONE
    began_s = time.monotonic()
    _wait_for(city, everybody)
    well_s = round(time.monotonic() - began_s, 1)
    city.stop_producing()
    accepted = city.accepted()
    wait_until(lambda: accepted.keys() <= city.in_hub().keys(), seconds=PATIENCE_S)
    line = compared(accepted, city.in_hub())
    line["wrong"] += seen.pop("wrong")
    return {
        "scenario": "cameras",
        **line,
        "dead": city.dead_letters(),
        "heal_s": stopped_s,
        "fault_happened": len(seen) + (stopped_s is not None),
        "absent_s": max((seen[name] for name in ("bisu", "tetes", "putus") if name in seen), default=None),
        "frozen_s": seen.get("beku"),
        "black_s": seen.get("gelap"),
        "well_again_s": well_s,
    }


def _states(city: City) -> dict[str, str]:
    with city.database.reading() as db:
        rows = db.execute(select(CameraPicture.camera, CameraPicture.picture)).all()
    return {row.camera: row.picture for row in rows}


def _wait_for(city: City, wanted: dict[str, str]) -> None:
    if not wait_until(lambda: wanted.items() <= _states(city).items(), seconds=PATIENCE_S):
        raise RuntimeError(f"wanted {wanted}, found {_states(city)}\n{city.logs()}")


def _when_seen(city: City) -> dict[str, float]:
    """Return after how many seconds each fault had its right name; ``wrong`` counts other names."""
    began_s = time.monotonic()
    seen: dict[str, float] = {}
    wrong: set[tuple[str, str]] = set()
    while len(seen) < len(FAULTS) and time.monotonic() - began_s < PATIENCE_S:
        for camera, picture in _states(city).items():
            wanted = FAULTS[camera][1] if camera in FAULTS else "good"
            if picture == wanted and camera in FAULTS:
                seen.setdefault(camera, round(time.monotonic() - began_s, 1))
            elif picture not in {wanted, "good"}:
                wrong.add((camera, picture))
        time.sleep(0.2)
    if wrong:
        raise RuntimeError(f"cameras with a wrong name: {sorted(wrong)}")
    return seen | {"wrong": len(wrong)}


def _stop_worker(city: City, port: int) -> float | None:
    """Stop the worker of one camera; return after how many seconds another one watched it."""
    agent = psutil.Process(city.edges[DEVICE].pid)
    (worker,) = [child for child in agent.children(recursive=True) if _watches(child, port)]
    worker.suspend()
    began_s = time.monotonic()

    def is_replaced() -> bool:
        return any(
            child.pid != worker.pid and _watches(child, port) for child in agent.children(recursive=True)
        )

    is_back = wait_until(is_replaced, seconds=PATIENCE_S)
    if worker.is_running():
        raise RuntimeError("the stopped worker was never ended")
    return round(time.monotonic() - began_s, 1) if is_back else None


def _watches(process: psutil.Process, port: int) -> bool:
    with contextlib.suppress(psutil.Error):
        return any(each.raddr and each.raddr.port == port for each in process.net_connections(kind="tcp"))
    return False
