"""The state that a program of this device shows now: a small file, replaced whole, read by the lamp.

A file that nobody renews is a program that stands still. Must not hold secrets.
"""

import logging
import time
from collections.abc import Callable, Iterable
from pathlib import Path

from edge.lights.signs import State

logger = logging.getLogger(__name__)

ENDING = ".sign"
# Eight reports of an agent that reports each 30 s, and longer than an update's restart takes.
STALE_AFTER_S = 240.0


class SignFile:
    """Where one program says its state."""

    def __init__(self, folder: Path, name: str) -> None:
        """Use ``folder``/``name``.sign; nothing is written yet."""
        self._path = folder / f"{name}{ENDING}"
        self._has_failed = False

    def show(self, state: State) -> None:
        """Say a state; a disk that refuses is logged once and is no error."""
        new = self._path.with_name(self._path.name + ".new")
        try:
            new.write_text(f"{state}\n", "utf-8")
            new.replace(self._path)
        except OSError as error:
            if not self._has_failed:
                self._has_failed = True
                logger.warning("the sign %s cannot be written: %s", self._path, error)

    def clear(self) -> None:
        """Say nothing any more."""
        self._path.unlink(missing_ok=True)


def shown_state(
    folders: Iterable[Path], *, has_identity: bool, now_s: Callable[[], float] = time.time
) -> State:
    """Return what the lamp shows: the newest sign in ``folders``.

    Args:
        folders: Where programs leave signs.
        has_identity: Whether the device is enrolled: without a sign it is starting, else blank.
        now_s: The clock that dates files.
    """
    found: list[tuple[float, State]] = []
    for folder in folders:
        for path in folder.glob(f"*{ENDING}"):
            try:
                found.append((path.stat().st_mtime, State(path.read_text("utf-8").strip())))
            except (OSError, ValueError):
                # Replaced or garbled at this moment; the next look is in a few seconds.
                continue
    if not found:
        return State.BUSY if has_identity else State.BLANK
    at_s, state = max(found, key=lambda each: each[0])
    return State.STOPPED if now_s() - at_s > STALE_AFTER_S else state
