"""Reads single files of /proc and /sys below a root that tests can replace; never raises."""

from collections.abc import Iterator
from pathlib import Path


class SystemFiles:
    """The files a kernel shows, or those that play them."""

    def __init__(self, root: Path = Path("/")) -> None:
        """Look below ``root``, which holds ``proc`` and ``sys``."""
        self._root = root

    def text(self, path: str) -> str:
        """Return a file as text; empty when it is not there: another kind of board."""
        return self.raw(path).decode("ascii", errors="replace")

    def raw(self, path: str) -> bytes:
        """Return a file's bytes, at most 64 KiB; empty when it is not there."""
        try:
            with (self._root / path).open("rb") as file:
                return file.read(65_536)
        except OSError:
            # Not there, or an interface that is down refuses the question: both are "not known".
            return b""

    def number(self, path: str) -> int | None:
        """Return a file that holds one decimal number; None when it does not."""
        try:
            return int(self.text(path).strip())
        except ValueError:
            return None

    def names(self, folder: str) -> Iterator[str]:
        """Return the names in a folder, sorted; nothing when it is not there."""
        try:
            yield from sorted(entry.name for entry in (self._root / folder).iterdir())
        except OSError:
            return

    def has(self, path: str) -> bool:
        """Return whether there is such a file or folder."""
        return (self._root / path).exists()
