"""Reading what is left of a damaged outbox, and writing it into a new one.

Salvaged rows keep their (epoch, seq), so that the hub drops those it has already. Must never
raise because of what it reads: whatever cannot be read is gone, and the incident says so.
"""

import itertools
import logging
import sqlite3
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from edge.outbox.disk import Connection, Disk
from edge.outbox.row import COLUMNS, INSERT, MAX_GENERATION, Row, from_columns, generation_of, to_columns

logger = logging.getLogger(__name__)

_STEP_ROWS = 64
_COMMIT_ROWS = 256
_BEYOND = 2**63 - 1


@dataclass(slots=True)
class Salvaged:
    """What a damaged file still gave: ``epochs`` is generation -> (name, highest seq)."""

    reason: str
    epochs: dict[int, tuple[str, int]] = field(default_factory=dict)
    kept_rows: int = 0
    wrong_rows: int = 0

    def next_generation(self) -> int:
        """Return a number for the new epoch, above all that were ever used."""
        return max(self.epochs, default=-1) + 1


def salvage(disk: Disk, damaged: Path, target: Connection, *, reason: str) -> Salvaged:
    """Copy every sound row and the list of epochs into a new file.

    Args:
        disk: Where the damaged file lies.
        damaged: The damaged file; it is only read.
        target: The new file, with its tables.
        reason: What is wrong with the damaged one.

    Raises:
        sqlite3.Error: the new file cannot be written.
    """
    salvaged = Salvaged(reason=reason)
    try:
        source = disk.connect(damaged)
    except sqlite3.Error as error:
        logger.warning("nothing can be salvaged from %s: %s", damaged, error)
        return salvaged
    try:
        _read_epochs(source, salvaged)
        rows = _sound_rows(source, salvaged)
        while chunk := list(itertools.islice(rows, _COMMIT_ROWS)):
            _write(target, chunk, salvaged)
    finally:
        source.close()
    target.execute("BEGIN IMMEDIATE")
    target.executemany(
        "INSERT INTO epoch VALUES (?, ?, ?)",
        [(generation, name, last_seq) for generation, (name, last_seq) in salvaged.epochs.items()],
    )
    target.execute("COMMIT")
    return salvaged


def _write(target: Connection, chunk: list[Row], salvaged: Salvaged) -> None:
    target.execute("BEGIN IMMEDIATE")
    target.executemany(INSERT, [to_columns(row) for row in chunk])
    target.execute("COMMIT")
    salvaged.kept_rows += len(chunk)
    for row in chunk:
        generation = generation_of(row.place)
        name, last_seq = salvaged.epochs.get(generation, (row.epoch, 0))
        salvaged.epochs[generation] = (name, max(last_seq, row.seq))


def _read_epochs(source: Connection, salvaged: Salvaged) -> None:
    try:
        for generation, name, last_seq in source.execute("SELECT generation, name, last_seq FROM epoch"):
            if isinstance(name, str) and isinstance(last_seq, int) and 0 <= generation < MAX_GENERATION:
                salvaged.epochs[generation] = (name, last_seq)
    except sqlite3.Error as error:
        logger.warning("the list of epochs is lost: %s", error)


def _sound_rows(source: Connection, salvaged: Salvaged) -> Iterator[Row]:
    """Yield rows from the oldest up to the damage, then from the newest down to it."""
    rising_end, falling_end = -1, _BEYOND
    for columns in _scan(source, is_rising=True):
        rising_end = columns[0]
        yield from _sound(columns, salvaged)
    for columns in _scan(source, is_rising=False):
        if not rising_end < columns[0] < falling_end:
            return
        falling_end = columns[0]
        yield from _sound(columns, salvaged)


def _sound(columns: tuple[Any, ...], salvaged: Salvaged) -> Iterator[Row]:
    row = from_columns(columns)
    if row is None:
        salvaged.wrong_rows += 1
    else:
        yield row


def _scan(source: Connection, *, is_rising: bool) -> Iterator[tuple[Any, ...]]:
    """Read in one direction until it ends or breaks; near the break, row by row."""
    sign, order, place = (">", "ASC", -1) if is_rising else ("<", "DESC", _BEYOND)
    step = _STEP_ROWS
    while True:
        # Only constants are put into the text.
        query = f"SELECT {COLUMNS} FROM row WHERE place {sign} ? ORDER BY place {order} LIMIT {step}"  # noqa: S608
        try:
            rows = list(source.execute(query, (place,)))
        except sqlite3.Error as error:
            if step == 1:
                logger.warning("a part of the damaged outbox cannot be read: %s", error)
                return
            step = 1
            continue
        if not rows:
            return
        for columns in rows:
            # A damaged tree may lead in circles.
            if (columns[0] > place) is not is_rising or columns[0] == place:
                return
            place = columns[0]
            yield columns
