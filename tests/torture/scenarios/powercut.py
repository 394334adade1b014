"""Scenario: 400 power cuts at random moments of the outbox's life, on a simulated disk.

What was accepted and not acknowledged must be there, byte for byte, after each of them, and the
outbox must open every time without a hand. The controls switch the syncing off: they must lose.
"""

import random
import sys
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from zlib import crc32

from edge.clock import SettableClock
from edge.errors import EdgeError
from edge.outbox import Entry, Outbox
from edge.wire.messages import Ack, encode, ranges_of
from edge.wire.records.bodies import (
    CameraIntegrity,
    ClockQuality,
    HadirScan,
    Lane,
    PictureState,
    SensorReading,
)
from tests.torture.rigs.crash_disk import CrashDisk, Image, cut

# Judged by what is lost, or by tens of seconds: another scenario may run beside it.
BESIDE = True
CI = True
ROUNDS = 8
CUTS_A_ROUND = 50
STEPS_A_LIFE = 150
MAX_BYTES = 2 * 1024 * 1024
PATH = Path("/data/outbox.db")

Key = tuple[str, int]


@dataclass
class Tally:
    """What all cuts of one run came to."""

    accepted: int = 0
    lost: int = 0
    wrong: int = 0
    cuts: int = 0


@dataclass
class Belief:
    """What the program above the outbox may rely on at one moment."""

    kept: dict[Key, int] = field(default_factory=dict)  # checksum of the body
    highest: dict[str, int] = field(default_factory=dict)

    def note(self, what: tuple[str, dict[Key, int]]) -> None:
        kind, rows = what
        for key, crc in rows.items():
            if kind == "accepted":
                self.kept[key] = crc
                self.highest[key[0]] = max(self.highest.get(key[0], 0), key[1])
            else:
                self.kept.pop(key, None)

    def copy(self) -> "Belief":
        return Belief(dict(self.kept), dict(self.highest))


def run(seed: int) -> Iterator[dict[str, object]]:
    """Run the outbox as it is, then two controls that must lose."""
    for synchronous, is_control in (("FULL", False), ("NORMAL", True), ("OFF", True)):
        tally = _run_all(seed, synchronous, ROUNDS // 2 if is_control else ROUNDS)
        yield {
            "scenario": "powercut",
            "control": f"synchronous={synchronous}" if is_control else None,
            "accepted": tally.accepted,
            "lost": tally.lost,
            "wrong": tally.wrong,
            "fault_happened": tally.cuts,
        }


def _run_all(seed: int, synchronous: str, rounds: int) -> Tally:
    chance = random.Random(f"{seed}-{synchronous}")
    tally = Tally()
    image, belief = Image(), Belief()
    for _ in range(rounds):
        disk = CrashDisk(image, synchronous=synchronous)
        _live(disk, belief.copy(), chance)
        points = [chance.randrange(len(disk.log) + 1) for _ in range(CUTS_A_ROUND)]
        next_start = chance.choice(points)
        for point, left in cut(disk, points, chance):
            then = _belief_at(disk, belief, point)
            if point == next_start:
                next_image, next_belief = left.copy(), then
            _judge(left, then, synchronous, tally)
        disk.close()
        image, belief = next_image, next_belief
        if tally.lost and synchronous != "FULL":
            image, belief = Image(), Belief()
    return tally


def _live(disk: CrashDisk, belief: Belief, chance: random.Random) -> None:
    """Use an outbox as an agent does, and mark in the disk's log what it was promised."""
    outbox = _open(disk)
    for _ in range(STEPS_A_LIFE):
        match chance.choices(("one", "many", "forget", "reopen"), weights=(60, 12, 8, 2))[0]:
            case "one":
                _append(outbox, disk, belief, [_body(chance)])
            case "many":
                _append(outbox, disk, belief, [_body(chance) for _ in range(chance.randint(2, 12))])
            case "forget" if belief.kept:
                _forget(outbox, disk, belief, chance)
            case "reopen":
                outbox.close()
                outbox = _open(disk)


def _append(outbox: Outbox, disk: CrashDisk, belief: Belief, bodies: list) -> None:
    clock = SettableClock()
    before = {lane: stats.rows for lane, stats in outbox.stats().items()}
    seqs = outbox.append_many([Entry(b, clock.now().at, 7, ClockQuality.HELD) for b in bodies])
    assert sum(stats.rows for stats in outbox.stats().values()) == sum(before.values()) + len(bodies)
    rows = {(outbox.epoch, seq): _crc(body) for seq, body in zip(seqs, bodies, strict=True)}
    belief.note(("accepted", rows))
    disk.mark(("accepted", rows))


def _forget(outbox: Outbox, disk: CrashDisk, belief: Belief, chance: random.Random) -> None:
    epoch = chance.choice(sorted({key[0] for key in belief.kept}))
    seqs = sorted(key[1] for key in belief.kept if key[0] == epoch)
    start = chance.randrange(len(seqs))
    some = seqs[start : start + chance.randint(1, 40)]
    rows = {(epoch, seq): 0 for seq in some}
    # Promised before the delete begins: from now on each of them may be there or not.
    disk.mark(("forgotten", rows))
    belief.note(("forgotten", rows))
    outbox.forget(Ack(epoch=epoch, ranges=ranges_of(some)))


def _judge(image: Image, belief: Belief, synchronous: str, tally: Tally) -> None:
    """Start on what is left, and compare with what was promised."""
    tally.cuts += 1
    tally.accepted += len(belief.kept)
    disk = CrashDisk(image, synchronous=synchronous)
    try:
        outbox = _open(disk)
        found = {
            (row.epoch, row.seq): crc32(row.payload)
            for lane in Lane
            for row in outbox.rows(lane, limit=100_000)
        }
        fresh = _append_one(outbox)
        outbox.close()
    except EdgeError as error:
        print(f"the outbox does not start: {error}", file=sys.stderr)
        tally.wrong += 1
        tally.lost += len(belief.kept)
        return
    finally:
        disk.close()
    tally.lost += sum(key not in found for key in belief.kept)
    tally.wrong += sum(key in found and found[key] != crc for key, crc in belief.kept.items())
    # A number that was given out before must not be given out again: the hub would drop the row.
    tally.wrong += fresh[1] <= belief.highest.get(fresh[0], 0)
    # Power cuts are normal: no cut may look like damage.
    tally.wrong += any(".bad-" in name for name in disk.live.names)


def _belief_at(disk: CrashDisk, belief: Belief, point: int) -> Belief:
    then = belief.copy()
    for operation in disk.log[:point]:
        if operation.kind == "mark":
            then.note(operation.mark)
    return then


def _append_one(outbox: Outbox) -> Key:
    body = SensorReading(sensor="s", quantity="q", value=1.0)
    seq = outbox.append(body, at=SettableClock().now().at, mono_ns=1, clock=ClockQuality.HELD)
    return outbox.epoch, seq


def _open(disk: CrashDisk) -> Outbox:
    return Outbox.open(PATH, max_bytes=MAX_BYTES, clock=SettableClock(), disk=disk)


def _body(chance: random.Random):
    text = "x" * chance.choice((0, 5, 100, 480))
    return chance.choice(
        (
            SensorReading(sensor="sensor", quantity="water_level_m", value=chance.random()),
            CameraIntegrity(camera="kamera", picture=PictureState.BLACK, detail=text),
            HadirScan(
                door="pintu",
                person=chance.randint(1, 9999),
                method="phone",
                assurance="strong",
                issued_at=SettableClock().now().at,
                token="0" * 32,
                roster_version=1,
                flags=tuple(["y" * 60] * chance.randint(0, 8)),
            ),
        )
    )


def _crc(body) -> int:
    return crc32(encode(body))
