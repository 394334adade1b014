"""Accepts records into an outbox and says each on standard output, until somebody ends it.

``ext4_writer.py PATH FULL|OFF BYTES``. ``OFF`` is the control: the same outbox, without syncing.
"""

import sys
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any
from zlib import crc32

from edge.clock import SettableClock
from edge.outbox import Outbox
from edge.outbox.disk import LocalConnection, LocalDisk
from edge.wire.messages import encode
from edge.wire.records.bodies import SensorReading


class _CarelessConnection(LocalConnection):
    """Does not sync."""

    def execute(self, sql: str, values: Sequence[Any] = (), /) -> Iterable[tuple[Any, ...]]:
        return super().execute(sql.replace("synchronous=FULL", "synchronous=OFF"), values)


class _CarelessDisk(LocalDisk):
    """A disk that nobody waits for."""

    def connect(self, path: Path) -> LocalConnection:
        return _CarelessConnection(path)


def main(path: str, synchronous: str, max_bytes: str) -> None:
    """Accept for ever."""
    disk = LocalDisk() if synchronous == "FULL" else _CarelessDisk()
    outbox = Outbox.open(Path(path), max_bytes=int(max_bytes), clock=SettableClock(), disk=disk)
    stamp = SettableClock().now()
    number = 0
    while True:
        number += 1
        body = SensorReading(sensor="s", quantity="q", value=float(number))
        seq = outbox.append(body, at=stamp.at, mono_ns=1, clock=stamp.quality)
        sys.stdout.write(f"{outbox.epoch} {seq} {crc32(encode(body)):08x}\n")
        sys.stdout.flush()


if __name__ == "__main__":
    main(*sys.argv[1:])
