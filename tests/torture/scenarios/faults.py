"""Scenario: each of the twelve named fault points of edge and hub struck by a kill, an error and a delay.

Three edges and the hub go through life after life, each with something armed, side by side. A life
ends when its fault has happened; who died is started again as systemd would. At the end what was
accepted is in the hub, sealed days have all their values, and no picture is half a picture.

A second line: three ingest workers on PostgreSQL, all armed alike, so that whoever comes first to the
place is struck while the others go on, the one that leads among them.
"""

import itertools
import random
import sys
import threading
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta

import msgspec
from sqlalchemy import select

from edge.errors import EdgeError
from edge.faultpoints import FaultPoint
from edge.wire.camera_settings import DOCUMENT
from edge.wire.desired import device_key_of_certificate, seal_for_device
from edge.wire.messages import encode
from edge.wire.topics import DownChannel, down
from hub.ingest.leading.standing import SEAL_AFTER
from hub.ingest.pictures.stills import still_path
from hub.signing import read_signing_key
from hub.telemetry.catalogue import Catalogue
from hub.telemetry.models import TelemetryDay
from hub.telemetry.store import Series
from hub.telemetry.tables import TableTelemetry
from tests import postgres
from tests.torture.report import skipped
from tests.torture.rigs.device import Device, reading
from tests.torture.rigs.oracle import compared, in_hub
from tests.torture.rigs.programs import Program
from tests.torture.rigs.small_city import EDGES, City, scratch_folder, wait_until
from tests.torture.rigs.voice import Voice

# Judged by what is lost, or by tens of seconds: another scenario may run beside it.
BESIDE = True
KAMERA = "kamera"
LIFE_S = 240.0
DRAIN_S = 120.0
MOST_STARTS = 5
WORKERS = 3
OLD = timedelta(days=9)
JPEG = b"\xff\xd8\xff" + bytes(range(256)) * 40
EDGE_POINTS = tuple(point for point in FaultPoint if point.startswith("edge."))
HUB_POINTS = tuple(point for point in FaultPoint if point.startswith("hub."))
# While the hub dies again and again these are reached rarely enough.
SELDOM = {
    *(FaultPoint.HUB_SEALING, FaultPoint.HUB_STILL_WRITTEN),
    *(FaultPoint.EDGE_DOCUMENT_KEPT, FaultPoint.EDGE_BEFORE_FORGET),
}
# An error there ends the program, as an error of ours would anywhere.
ENDED_BY_ERROR = {FaultPoint.EDGE_AFTER_COMMIT, FaultPoint.HUB_AFTER_ACK}


@dataclass
class Life:
    """One run of a program: what is armed, and whether it dies of it."""

    points: tuple[FaultPoint, ...]
    action: str
    nth: int

    @property
    def armed(self) -> str:
        """The value of ``PONTIVE_FAULT``."""
        return ",".join(f"{point}:{self.action}{self._more(point)}" for point in self.points)

    @property
    def is_deadly(self) -> bool:
        """Whether the program must end by itself."""
        return self.action == "kill" or (self.action == "error" and self.points[0] in ENDED_BY_ERROR)

    def _more(self, point: FaultPoint) -> str:
        duration = "=1" if self.action == "delay" else ""
        return duration if point in SELDOM else f"{duration}@{self.nth}"


@dataclass
class Struck:
    """Which faults happened, as ``hub.sealing:kill``; filled by several threads."""

    names: set[str] = field(default_factory=set)
    troubles: list[str] = field(default_factory=list)


def run(seed: int) -> Iterator[dict[str, object]]:
    """Yield a line for one ingest process: all points, all actions; and one for several: those of the hub."""
    with scratch_folder() as folder:
        city = City(folder, others=(KAMERA,))
        try:
            yield _run_city(city, random.Random(seed), tuple(FaultPoint))
        finally:
            city.stop()
    if not postgres.BINS:
        yield skipped("faults", postgres.MISSING)
        return
    with scratch_folder() as folder, postgres.running() as server:
        city = City(folder, others=(KAMERA,), database=f"{server}/postgres", workers=WORKERS)
        try:
            yield _run_city(city, random.Random(seed), HUB_POINTS) | {"workers": WORKERS}
        finally:
            city.stop()


def _run_city(city: City, chance: random.Random, points: Sequence[FaultPoint]) -> dict[str, object]:
    struck = Struck()
    city.start()
    city.wait_until_it_lives()
    link = city.mosquitto.link(KAMERA, keepalive_s=5)
    kamera = Device(KAMERA, link=link, path=city.folder / "kamera.db", chance=chance)
    kamera.start()
    is_over = threading.Event()
    # Whoever ends the scenario does not wait for a life to end.
    helpers = [
        threading.Thread(target=_photograph, args=(kamera, is_over), daemon=True),
        threading.Thread(target=_send_settings, args=(city, is_over), daemon=True),
    ]
    programs = [(city.hub, _hub_lives(chance))]
    if EDGE_POINTS[0] in points:
        programs += zip(city.edges.values(), _edge_lives(chance), strict=True)
    lives = [threading.Thread(target=_live, args=(city, *one, struck), daemon=True) for one in programs]
    for thread in (*helpers, *lives):
        thread.start()
    for thread in lives:
        thread.join()
    is_over.set()
    for thread in helpers:
        thread.join()
    return _figures(city, kamera, struck, points)


def _hub_lives(chance: random.Random) -> list[Life]:
    quiet = tuple(point for point in HUB_POINTS if point not in ENDED_BY_ERROR)
    return [
        *(Life((point,), "kill", chance.randint(2, 8)) for point in HUB_POINTS),
        Life(quiet, "error", chance.randint(2, 8)),
        Life((FaultPoint.HUB_AFTER_ACK,), "error", chance.randint(2, 8)),
        Life(HUB_POINTS, "delay", chance.randint(2, 8)),
    ]


def _edge_lives(chance: random.Random) -> list[list[Life]]:
    kills = [Life((point,), "kill", chance.randint(2, 8)) for point in EDGE_POINTS]
    chance.shuffle(kills)
    quiet = tuple(point for point in EDGE_POINTS if point not in ENDED_BY_ERROR)
    others = [
        Life(quiet, "error", chance.randint(2, 8)),
        Life((FaultPoint.EDGE_AFTER_COMMIT,), "error", chance.randint(2, 8)),
        Life(EDGE_POINTS, "delay", chance.randint(2, 8)),
    ]
    return [kills[:4], kills[4:], others]


def _live(city: City, program: Program, lives: Sequence[Life], struck: Struck) -> None:
    for life in lives:
        if FaultPoint.HUB_SEALING in life.points:
            _let_a_day_wait_for_sealing(city)
        program.stop()
        before = {point: program.said(f"fault at {point}: {life.action}") for point in life.points}
        program.start(faults=life.armed)

        def has_happened(life: Life = life, before: dict[FaultPoint, int] = before) -> bool:
            said = all(program.said(f"fault at {p}: {life.action}") > before[p] for p in life.points)
            return said and (not life.is_deadly or program.exit_code is not None)

        began_s = time.monotonic()
        has_come = wait_until(has_happened, seconds=LIFE_S)
        print(f"  {time.monotonic() - began_s:5.1f} s  {life.armed}", file=sys.stderr)
        if not has_come:
            struck.troubles.append(f"{life.armed} (exit code {program.exit_code})")
        struck.names |= {
            f"{p}:{life.action}"
            for p in life.points
            if program.said(f"fault at {p}: {life.action}") > before[p]
        }
        if life.action == "kill" and program.exit_code not in (-9, None):
            struck.troubles.append(f"{life.armed}: exit code {program.exit_code}")
    program.stop()
    program.start()


def _let_a_day_wait_for_sealing(city: City) -> None:
    """Leave the hub stopped, with a day that its next start seals at once.

    It looks at its start, then once a minute and only when nothing waits: a life that began with every
    day sealed waited for a minute at least, and for four on a machine that was never idle then.
    """
    before = (datetime.now(UTC) - SEAL_AFTER).date().toordinal() - date(1970, 1, 1).toordinal()

    def is_open() -> bool:
        with city.database.reading() as db:
            return db.scalar(select(TelemetryDay.day).where(TelemetryDay.day < before).limit(1)) is not None

    city.hub.stop()
    for _ in range(MOST_STARTS):
        # Looked at while nobody runs: what is open then stays open.
        if is_open():
            return
        city.hub.start()
        wait_until(is_open, seconds=LIFE_S)
        city.hub.stop()


def _photograph(kamera: Device, is_over: threading.Event) -> None:
    """Send pictures of now, and measurements of a day that is to be sealed."""
    for number in itertools.count():
        if is_over.wait(0.3):
            return
        kamera.uplink.publish_still("utara", JPEG, datetime.now(UTC))
        if number % 5 == 0:
            try:
                at = datetime.now(UTC) - OLD
                kamera.accept(
                    *(reading(number + n) for n in range(3)), at=at, every=timedelta(milliseconds=7)
                )
            except EdgeError as error:
                raise RuntimeError(f"the device of the scenario refuses: {error}") from error


def _send_settings(city: City, is_over: threading.Event) -> None:
    """Say a document to each edge once a second, ever newer."""
    hub = Voice(city.mosquitto, "hub", client_id="torture-hub")
    signing_key = read_signing_key(city.hub_folder / "hub-signing.key")
    keys = {
        device: device_key_of_certificate((city.mosquitto.identity(device) / "device.pem").read_bytes())
        for device in EDGES
    }
    for version in itertools.count(1):
        plain = msgspec.json.encode({"version": version, "cameras": {}})
        for device, key in keys.items():
            desired = seal_for_device(
                DOCUMENT, version, plain, device=device, device_key=key, signing_key=signing_key
            )
            hub.say(down(device, DownChannel.DESIRED), encode(desired), qos=0)
        if is_over.wait(1.0):
            hub.close()
            return


def _figures(city: City, kamera: Device, struck: Struck, points: Sequence[FaultPoint]) -> dict[str, object]:
    city.stop_producing()
    accepted = city.accepted() | kamera.accepted
    began_s = time.monotonic()
    devices = (*EDGES, KAMERA)
    is_whole = wait_until(lambda: accepted.keys() <= in_hub(city.database, devices).keys(), seconds=DRAIN_S)
    heal_s = round(time.monotonic() - began_s, 1) if is_whole else None
    kamera.stop()
    line = compared(accepted, in_hub(city.database, devices))
    line["wrong"] += _telemetry_wrong(city, kamera) + _stills_wrong(city)
    missing = [
        f"{p}:{a}" for p in points for a in ("kill", "error", "delay") if f"{p}:{a}" not in struck.names
    ]
    if missing or struck.troubles:
        raise RuntimeError(f"did not happen: {missing}; troubles: {struck.troubles}\n{city.logs()}")
    return {
        "scenario": "faults",
        **line,
        "dead": city.dead_letters(),
        "heal_s": heal_s,
        "fault_happened": len(struck.names),
    }


def _telemetry_wrong(city: City, kamera: Device) -> int:
    """Return how many measurements of the sealed day are there too often or too seldom."""
    now = datetime.now(UTC)
    with city.database.reading() as db:
        store = TableTelemetry(db, catalogue=Catalogue())
        points = store.window(Series(KAMERA, "s", "q"), now - timedelta(days=30), now)
    return abs(len(points) - len(kamera.accepted))


def _stills_wrong(city: City) -> int:
    path = still_path(city.hub_folder, KAMERA, "utara")
    return int(not path.exists() or path.read_bytes() != JPEG)
