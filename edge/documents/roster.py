"""The roster of the doors as it came from the hub: sealed on the disk, plain in memory only.

Holds a whole roster and the changes since; doors get them in order, and again when they start.
Must not log what is in them.
"""

import logging
from collections.abc import Callable
from pathlib import Path

from edge.documents.keeping import write_sealed
from edge.hadir.judging.roster import Roster, advance
from edge.supervision.messages import RosterChanged
from edge.wire.desired import DesiredError
from edge.wire.hadir.roster import DOCUMENT, RosterError, decode_roster
from edge.wire.messages import DecodeError, Desired, decode_desired, encode

logger = logging.getLogger(__name__)


class RosterShelf:
    """Keeps what the doors need to know."""

    def __init__(self, *, path: Path, unseal: Callable[[Desired], bytes]) -> None:
        """Take up what lies at ``path``; what cannot be read there is left out and asked for again.

        Args:
            path: File with one sealed document a line.
            unseal: Checks the hub's signature and returns the plain bytes, or raises
                :class:`DesiredError`.
        """
        self._path = path
        self._unseal = unseal
        self._roster: Roster | None = None
        self._chain: list[tuple[Desired, RosterChanged]] = []
        for line in self._lines():
            try:
                self._take(decode_desired(line))
            except (DecodeError, DesiredError, RosterError) as error:
                logger.warning("%s: a kept roster cannot be used: %s", path, error)
                break

    @property
    def version(self) -> int:
        """The version of the roster at hand; 0 when there is none."""
        return 0 if self._roster is None else self._roster.version

    @property
    def changes(self) -> tuple[RosterChanged, ...]:
        """What a door that knows nothing has to be told, in order."""
        return tuple(change for _, change in self._chain)

    def accept(self, desired: Desired) -> RosterChanged | None:
        """Take a document of the hub and keep it; return what doors are to be told, if anything.

        Raises:
            DesiredError: not signed by the hub for this device.
            RosterError: no roster, or one that does not follow the one at hand.
        """
        if desired.document != DOCUMENT:
            raise DesiredError(f"{desired.document!r} is no document this firmware knows")
        if self._roster is not None and desired.version == self.version:
            return None
        change = self._take(desired)
        write_sealed(self._path, (encode(desired) + b"\n" for desired, _ in self._chain))
        return change

    def _take(self, desired: Desired) -> RosterChanged:
        plain = self._unseal(desired)
        document = decode_roster(plain)
        if document.version != desired.version:
            raise RosterError(f"says version {document.version} inside and {desired.version} outside")
        self._roster = advance(self._roster, document)
        if document.base == 0:
            self._chain.clear()
        change = RosterChanged(version=desired.version, plain=plain)
        self._chain.append((desired, change))
        return change

    def _lines(self) -> list[bytes]:
        try:
            return self._path.read_bytes().splitlines()
        except FileNotFoundError:
            return []
        except OSError as error:
            logger.warning("%s: cannot be read: %s", self._path, error)
            return []
