"""Scenario: 120 times the files of an outbox are damaged: flipped bits, zeroed pages, cut ends, noise.

Whatever was done, the outbox opens within seconds, nothing that comes out of it differs from what went
in, no number is given out twice, and a damaged file is set aside and told. Rows in the damaged part
are gone, as they must be: they are counted as ``gone``, not as lost.
"""

import random
import shutil
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from zlib import crc32

from edge.clock import SettableClock
from edge.outbox import Outbox
from edge.wire.messages import decode_body
from edge.wire.records.bodies import DeviceIncident, Lane
from tests.torture.rigs.device import reading
from tests.torture.rigs.small_city import scratch_folder

# Judged by what is lost, or by tens of seconds: another scenario may run beside it.
BESIDE = True
CI = True
MOST = {"heal_s": 10.0}
CASES = 120
ROWS = 1_500
MAX_BYTES = 2 * 2**20
PAGE = 4096

Rows = dict[tuple[str, int], int]


def run(seed: int) -> Iterator[dict[str, object]]:
    """Yield one line: all cases."""
    chance = random.Random(seed)
    with scratch_folder() as folder:
        whole = folder / "whole"
        whole.mkdir()
        kept = _fill(whole / "outbox.db", chance)
        tally = Tally(kept)
        for number in range(CASES):
            case = folder / "case"
            shutil.copytree(whole, case)
            _damage(case, chance)
            tally.judge(case / "outbox.db", number)
            shutil.rmtree(case)
    yield tally.line()


def _fill(path: Path, chance: random.Random) -> Rows:
    outbox = Outbox.open(path, max_bytes=MAX_BYTES, clock=SettableClock())
    stamp = SettableClock().now()
    for _ in range(ROWS):
        outbox.append(reading(chance.random()), at=stamp.at, mono_ns=1, clock=stamp.quality)
    kept = _rows_of(outbox)
    # As a power cut leaves it: the newest rows are in the log only.
    shutil.copytree(path.parent, path.parent.with_name("copy"))
    outbox.close()
    shutil.rmtree(path.parent)
    path.parent.with_name("copy").rename(path.parent)
    return kept


def _rows_of(outbox: Outbox) -> Rows:
    return {
        (row.epoch, row.seq): crc32(row.payload) for lane in Lane for row in outbox.rows(lane, limit=100_000)
    }


def _damage(folder: Path, chance: random.Random) -> None:
    names = [name for name in ("outbox.db", "outbox.db-wal") if (folder / name).exists()]
    path = folder / chance.choice(names)
    content = bytearray(path.read_bytes())
    chance.choice(_WAYS)(content, chance)
    path.write_bytes(content)
    (folder / "outbox.db-shm").unlink(missing_ok=True)  # is not on a card: it is made anew after a cut


def _flip_bits(content: bytearray, chance: random.Random) -> None:
    for _ in range(chance.choice((1, 8, 200))):
        content[chance.randrange(len(content))] ^= 1 << chance.randrange(8)


def _zero_pages(content: bytearray, chance: random.Random) -> None:
    for _ in range(chance.choice((1, 4, 30))):
        start = chance.randrange(len(content) // PAGE) * PAGE
        content[start : start + PAGE] = bytes(PAGE)


def _cut_the_end(content: bytearray, chance: random.Random) -> None:
    del content[chance.randrange(len(content)) :]


def _noise(content: bytearray, chance: random.Random) -> None:
    start = chance.randrange(len(content))
    size = min(chance.choice((16, 512, 60_000)), len(content) - start)
    content[start : start + size] = chance.randbytes(size)


_WAYS: tuple[Callable[[bytearray, random.Random], None], ...] = (
    _flip_bits,
    _zero_pages,
    _cut_the_end,
    _noise,
)


class Tally:
    """What all cases came to."""

    def __init__(self, kept: Rows) -> None:
        """Take what went in."""
        self._kept = kept
        self._highest = max(seq for _, seq in kept)
        self.read = self.gone = self.wrong = self.set_aside = self.slowest_s = 0.0
        self._noticed = 0

    def judge(self, path: Path, number: int) -> None:
        """Open what is left and compare."""
        began_s = time.monotonic()
        outbox = Outbox.open(path, max_bytes=MAX_BYTES, clock=SettableClock())
        self.slowest_s = max(self.slowest_s, time.monotonic() - began_s)
        found = _rows_of(outbox)  # reading sets rows with a wrong checksum aside, and tells
        told = [row for lane in Lane for row in outbox.rows(lane, limit=100_000) if _is_told(row.payload)]
        stamp = SettableClock().now()
        fresh = outbox.append(reading(number), at=stamp.at, mono_ns=1, clock=stamp.quality)
        ours = {key: crc for key, crc in found.items() if key in self._kept}
        self.wrong += sum(self._kept[key] != crc for key, crc in ours.items())
        # A number that the hub may have seen must not be given out again under the same name.
        first = next(iter(self._kept))[0]
        self.wrong += outbox.epoch == first and fresh <= max((s for e, s in ours if e == first), default=0)
        self.read += len(ours)
        self.gone += len(self._kept) - len(ours)
        self.set_aside += any(".bad-" in name.name for name in path.parent.iterdir())
        self._noticed += bool(told) or len(ours) < len(self._kept)
        outbox.close()

    def line(self) -> dict[str, object]:
        """Return the figures."""
        return {
            "scenario": "damage",
            "accepted": len(self._kept) * CASES,
            "lost": 0,
            "wrong": int(self.wrong),
            "heal_s": round(self.slowest_s, 2),
            "fault_happened": self._noticed,
            "gone": int(self.gone),
            "set_aside": int(self.set_aside),
        }


def _is_told(payload: bytes) -> bool:
    return isinstance(decode_body(payload), DeviceIncident)
