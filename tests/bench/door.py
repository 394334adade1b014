"""``./pontive bench door``: people with phones at a door, and how long they wait.

Presentations are simulated, the decoder is the real one, slowed down as on one core of a Pi 4;
decode to feedback goes through a real pipe and a real outbox on the disk of this machine.
"""

import json
import multiprocessing
import sys
import tempfile
import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from multiprocessing.connection import Connection
from pathlib import Path

import click
import numpy as np
from numpy.typing import NDArray

from edge.clock import SystemClock
from edge.hadir.answers import Store
from edge.hadir.door import Door
from edge.hadir.judging.memory import FileUses, UsedCodes
from edge.hadir.judging.roster import advance
from edge.hadir.phones.drawing import FOCAL_PX, HEIGHT_PX, WIDTH_PX, Hall, draw_phone
from edge.hadir.phones.presenting import Presentation, draw_presentation
from edge.hadir.reading.decode import Decoder
from edge.hadir.reading.second_opinion import MAX_AGE_S
from edge.hadir.reading.zbar_process import read_texts
from edge.outbox.queue import Outbox
from edge.wire.hadir.phones import new_phone
from edge.wire.hadir.roster import LIFETIME, Entry, RosterDocument, Standing
from edge.wire.records.bodies import HadirScan

Luma = NDArray[np.uint8]
# What a person needs to notice, and to take the phone away: a model, not measured.
_STEP_UP_S = 0.8


class SlowedZbar:
    """The second opinion in simulated time: its answer comes when a slow processor would give it."""

    def __init__(self, slowed: float) -> None:
        self._slowed = slowed
        self._ready_s = 0.0
        self._asked_s = 0.0
        self._answer: tuple[str, ...] | None = None

    def submit(self, luma: Luma, now_s: float) -> bool:
        """Look at a frame at once, and keep the answer back."""
        if self._answer is not None:
            return False
        began_s = time.process_time()
        height, width = luma.shape
        self._answer = tuple(t.decode("utf-8", "replace") for t in read_texts(luma.tobytes(), width, height))
        self._asked_s = now_s
        self._ready_s = now_s + (time.process_time() - began_s) * self._slowed
        return True

    def poll(self, now_s: float) -> tuple[str, ...]:
        """Return the answer once its time has come, unless it is too old by then."""
        if self._answer is None or now_s < self._ready_s:
            return ()
        answer, self._answer = self._answer, None
        return answer if now_s - self._asked_s <= MAX_AGE_S else ()

    def close(self) -> None:
        """Nothing to end."""


@dataclass(frozen=True)
class Visit:
    """What became of one person; ``read_s`` after the code was in view, or ``None``."""

    read_s: float | None
    takes_s: float


def in_view_at_s(person: Presentation, side_px: float) -> float:
    """Return when all four corners of the code are inside the frame for the first time."""
    corners = np.array([[0, 0, 1], [side_px, 0, 1], [0, side_px, 1], [side_px, side_px, 1]], float)
    for step in range(int(person.ends_s * 100)):
        matrix = person.homography(
            step / 100, side_px=side_px, focal_px=FOCAL_PX, centre_px=(WIDTH_PX / 2, HEIGHT_PX / 2)
        )
        points = corners @ matrix.T
        points = points[:, :2] / points[:, 2:]
        if (points >= 0).all() and (points <= (WIDTH_PX, HEIGHT_PX)).all():
            return step / 100
    return person.approach_s


def present(
    rng: np.random.Generator, hall: Hall, decoder: Decoder, *, began_s: float, slowed: float, fps: float
) -> Visit:
    """Let one person hold a phone up until it is read or they give up."""
    person = draw_presentation(rng)
    face, side_px = draw_phone(new_phone(1001).code(1_795_216_449, int(rng.integers(65_536))))
    seen_s = in_view_at_s(person, side_px)
    frame_s, busy_until_s = rng.uniform(0, 1 / fps), 0.0
    while frame_s < person.ends_s:
        if frame_s >= busy_until_s:
            luma = hall.with_phone(face, side_px, person, frame_s)
            before_s = time.process_time()
            reading = decoder.read(luma, began_s + frame_s)
            busy_until_s = frame_s + (time.process_time() - before_s) * slowed
            if reading.texts:
                return Visit(max(0.0, busy_until_s - seen_s), busy_until_s + _STEP_UP_S)
        frame_s += 1 / fps
    return Visit(None, person.ends_s)


def keep_scans(pipe: Connection, folder: Path) -> None:
    """Stand for the agent: write scans into a real outbox and say so."""
    clock = SystemClock()
    outbox = Outbox.open(folder / "outbox.db", max_bytes=8 * 2**20, clock=clock)
    while (scan := pipe.recv()) is not None:
        stamp = clock.now()
        outbox.append(scan, at=stamp.at, mono_ns=stamp.mono_ns, clock=stamp.quality)
        pipe.send(True)
    outbox.close()


def feedback_ms(people: int) -> list[float]:
    """Return, for each of so many people, how long it takes from a decoded text to the words."""
    phones = [new_phone(person, is_p256=person % 2 == 0) for person in range(1, people + 1)]
    now = datetime.now(UTC)
    entries = tuple(Entry(p.person, 0, p.public_key, Standing.ACTIVE, 1, "Budi") for p in phones)
    document = RosterDocument(1, 0, now, now + LIFETIME, (), entries)
    context = multiprocessing.get_context("spawn")
    with tempfile.TemporaryDirectory() as name:
        memory = UsedCodes(FileUses(Path(name) / "door.used"))
        door = Door(door="bench", direction="both", memory=memory, roster=advance(None, document))
        ours, theirs = context.Pipe()
        agent = context.Process(target=keep_scans, args=(theirs, Path(name)))
        agent.start()
        theirs.close()
        texts = [phone.code(int(time.time()), 1) for phone in phones]
        times = [_answer_ms(door, text, ours) for text in texts]
        ours.send(None)
        agent.join()
    return times


def _answer_ms(door: Door, text: str, pipe: Connection) -> float:
    clock = SystemClock()
    began_s = time.perf_counter()
    (answer,) = door.present(text, clock.now())
    assert isinstance(answer, Store), answer
    scan: HadirScan = answer.scan
    pipe.send(scan)
    is_kept = pipe.recv()
    (told,) = door.stored(answer.ticket, is_kept=is_kept, now=clock.now())
    assert told
    return (time.perf_counter() - began_s) * 1_000


def run(people: int, seed: int, slowed: float, fps: float, progress: Callable[[int], None]) -> list[Visit]:
    """Let people come one after the other."""
    rng = np.random.default_rng(seed)
    hall = Hall(rng)
    decoder = Decoder(second_opinion=SlowedZbar(slowed), elapsed_s=lambda: time.process_time() * slowed)
    visits: list[Visit] = []
    began_s = 0.0
    for number in range(people):
        visit = present(rng, hall, decoder, began_s=began_s, slowed=slowed, fps=fps)
        began_s += visit.takes_s + 1.0
        visits.append(visit)
        progress(number)
    return visits


@click.command()
@click.option("--json", "is_json", is_flag=True, help="One JSON object.")
@click.option("--presentations", default=600, show_default=True, help="People who come.")
@click.option("--seed", default=991, show_default=True)
@click.option("--slowed", default=6.5, show_default=True, help="How much slower the Pi is.")
@click.option("--fps", default=15.0, show_default=True)
def command(is_json: bool, presentations: int, seed: int, slowed: float, fps: float) -> None:
    """Let people show their phones to the door, and print how many were read and how fast."""

    def progress(number: int) -> None:
        if sys.stderr.isatty():
            print(f"\r{number + 1} of {presentations} people", end="", file=sys.stderr)

    visits = run(presentations, seed, slowed, fps, progress)
    read_s = [visit.read_s for visit in visits if visit.read_s is not None]
    waits_ms = feedback_ms(min(presentations, 300))
    figures = {
        "read_rate": round(len(read_s) / len(visits), 4),
        "median_s": round(float(np.median(read_s)), 3),
        "p90_s": round(float(np.percentile(read_s, 90)), 3),
        "persons_per_min": round(60 * len(read_s) / sum(visit.takes_s for visit in visits), 1),
        "decode_to_feedback_p95_ms": round(float(np.percentile(waits_ms, 95)), 2),
    }
    if is_json:
        print(json.dumps(figures))
        return
    for name, value in figures.items():
        print(f"{name:26} {value}")
