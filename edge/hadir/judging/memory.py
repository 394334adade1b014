"""Which codes a door has already taken: one use a code, across restarts of the worker.

Bounded by number, not by time, so that no jump of the clock revives a used code. One memory
serves all cameras of a door; doors on other devices are compared by the hub.
"""

import logging
import os
import struct
import zlib
from collections import deque
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Protocol

from edge.wire.hadir.codes import PhoneCode

_LOG = logging.getLogger(__name__)

DUPLICATE_WINDOW_S = 60.0
# More than two hours of a door at its fastest; a code could be taken again after 20 s at most.
MAX_CODES = 4_096
_ROW = struct.Struct(">IIHIB")  # person, issued at, nonce, taken at, is the clock trusted
_ROW_BYTES = _ROW.size + 4  # and a CRC-32
_MAX_FILE_BYTES = 64 * MAX_CODES


@dataclass(frozen=True, slots=True)
class Use:
    """A code that was taken. ``taken_at_s`` is the door's clock, Unix seconds."""

    person: int
    issued_at_s: int
    nonce: int
    taken_at_s: int
    is_clock_trusted: bool


class UseStore(Protocol):
    """Where uses outlive the process."""

    def load(self) -> list[Use]:
        """Return what was kept, oldest first."""

    def append(self, use: Use) -> None:
        """Keep one more."""


class MemoryUses:
    """Keeps uses as long as the process lives: for tests, and for a door without a folder."""

    def __init__(self) -> None:
        self.uses: list[Use] = []

    def load(self) -> list[Use]:
        """Return what was kept, oldest first."""
        return list(self.uses)

    def append(self, use: Use) -> None:
        """Keep one more."""
        self.uses.append(use)


class FileUses:
    """Keeps uses in a small append-only file; a torn or damaged row is left out.

    No fsync: the file must outlive the worker, and after a power cut codes have run out anyway.
    """

    def __init__(self, path: Path) -> None:
        self._path = path
        self._is_broken = False

    def load(self) -> list[Use]:
        """Return what was kept, oldest first; an unreadable file counts as empty."""
        try:
            rows = self._path.read_bytes()
        except FileNotFoundError:
            return []
        except OSError as error:
            _LOG.error("%s: cannot be read (%s); codes taken before are forgotten", self._path, error)
            return []
        uses = [use for start in range(0, len(rows), _ROW_BYTES) if (use := _unpack(rows, start))]
        if len(rows) > _MAX_FILE_BYTES or len(rows) % _ROW_BYTES:
            self._rewrite(uses[-MAX_CODES:])
        return uses

    def append(self, use: Use) -> None:
        """Keep one more; a disk that refuses is logged once and the door goes on."""
        try:
            with self._path.open("ab") as file:
                file.write(_pack(use))
            self._is_broken = False
        except OSError as error:
            self._complain(error)

    def _rewrite(self, uses: Iterable[Use]) -> None:
        fresh = self._path.with_suffix(".new")
        try:
            fresh.write_bytes(b"".join(map(_pack, uses)))
            os.replace(fresh, self._path)
        except OSError as error:
            self._complain(error)

    def _complain(self, error: OSError) -> None:
        if not self._is_broken:
            _LOG.error("%s: cannot be written (%s); a restart forgets taken codes", self._path, error)
        self._is_broken = True


class UsedCodes:
    """Answers what a door must know about earlier scans."""

    def __init__(self, store: UseStore) -> None:
        self._store = store
        self._codes: set[tuple[int, int, int]] = set()
        self._order: deque[tuple[int, int, int]] = deque()
        self._newest: dict[int, Use] = {}
        self._taken_mono_s: dict[int, float] = {}
        self.trusted_floor_s = 0
        for use in store.load():
            self._index(use)

    def is_used(self, code: PhoneCode) -> bool:
        """Tell whether this very code was taken before."""
        return (code.person, code.issued_at_s, code.nonce) in self._codes

    def newest_of(self, person: int) -> Use | None:
        """Return the newest use of a person."""
        return self._newest.get(person)

    def recorded_within(
        self, person: int, window_s: float, *, now: datetime, mono_s: float
    ) -> datetime | None:
        """Return when the person was last recorded, if that was within ``window_s``.

        Monotonic time decides; the wall clock only for what an earlier process took.
        """
        use = self._newest.get(person)
        if use is None:
            return None
        taken_mono_s = self._taken_mono_s.get(person)
        age_s = now.timestamp() - use.taken_at_s if taken_mono_s is None else mono_s - taken_mono_s
        return datetime.fromtimestamp(use.taken_at_s, UTC) if 0 <= age_s < window_s else None

    def remember(self, use: Use, *, mono_s: float) -> None:
        """Take note of a scan that is safely stored."""
        self._index(use)
        self._taken_mono_s[use.person] = mono_s
        self._store.append(use)

    def _index(self, use: Use) -> None:
        code = (use.person, use.issued_at_s, use.nonce)
        self._codes.add(code)
        self._order.append(code)
        if len(self._order) > MAX_CODES:
            self._codes.discard(self._order.popleft())
        self._newest[use.person] = use
        if use.is_clock_trusted:
            self.trusted_floor_s = max(self.trusted_floor_s, use.issued_at_s)


def _pack(use: Use) -> bytes:
    row = _ROW.pack(use.person, use.issued_at_s, use.nonce, use.taken_at_s, use.is_clock_trusted)
    return row + zlib.crc32(row).to_bytes(4)


def _unpack(rows: bytes, start: int) -> Use | None:
    row, crc = rows[start : start + _ROW.size], rows[start + _ROW.size : start + _ROW_BYTES]
    if len(crc) < 4 or zlib.crc32(row).to_bytes(4) != crc:
        return None
    person, issued_at_s, nonce, taken_at_s, is_trusted = _ROW.unpack(row)
    return Use(person, issued_at_s, nonce, taken_at_s, bool(is_trusted))
