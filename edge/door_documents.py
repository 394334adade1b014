"""The documents of doors as they came from the hub: the roster, and what letters are judged by.

Sealed on the disk, plain in memory; doors get them when they start and when one changes.
"""

import logging
import os
from collections.abc import Callable
from pathlib import Path
from typing import Protocol

from edge.roster_shelf import RosterShelf
from edge.supervision.messages import LettersChanged, RosterChanged
from edge.wire.desired import DesiredError
from edge.wire.letter_trust import DOCUMENT as LETTERS
from edge.wire.letter_trust import decode_trust
from edge.wire.letters import LetterError
from edge.wire.messages import DecodeError, Desired, decode_desired, encode

logger = logging.getLogger(__name__)


class DoorShelf(Protocol):
    """What the main loop needs of the documents of doors."""

    @property
    def changes(self) -> tuple[RosterChanged | LettersChanged, ...]:
        """What a door that knows nothing has to be told, in order."""
        ...

    def accept(self, desired: Desired) -> RosterChanged | LettersChanged | None:
        """Take a document of the hub; return what doors are to be told, if anything."""
        ...


class LetterShelf:
    """Keeps the newest list of keys and revoked letters."""

    def __init__(self, *, path: Path, unseal: Callable[[Desired], bytes]) -> None:
        """Take up what lies at ``path``; what cannot be read there comes again at the next birth.

        Args:
            path: File with the sealed document.
            unseal: Checks the hub's signature and returns the plain bytes, or raises
                :class:`DesiredError`.
        """
        self._path = path
        self._unseal = unseal
        self.change: LettersChanged | None = None
        try:
            self.change = self._opened(decode_desired(path.read_bytes()))
        except FileNotFoundError:
            logger.debug("no list of letters yet: the hub sends it")
        except (OSError, DecodeError, DesiredError, LetterError) as error:
            logger.warning("%s: the kept list of letters cannot be used: %s", path, error)

    def accept(self, desired: Desired) -> LettersChanged | None:
        """Take a list of the hub and keep it; one that cannot be used leaves the old one in force."""
        try:
            change = self._opened(desired)
            if self.change is not None and change.version < self.change.version:
                raise DesiredError(f"letters {change.version} are older than {self.change.version}")
        except (DesiredError, LetterError) as error:
            logger.warning("a document of the hub is not used: %s", error)
            return None
        self.change = change
        self._write(desired)
        return change

    def _opened(self, desired: Desired) -> LettersChanged:
        plain = self._unseal(desired)
        trust = decode_trust(plain)
        if trust.version != desired.version:
            raise DesiredError(f"says version {trust.version} inside and {desired.version} outside")
        return LettersChanged(desired.version, plain)

    def _write(self, desired: Desired) -> None:
        new = self._path.with_name(self._path.name + ".new")
        try:
            with new.open("wb") as file:
                file.write(encode(desired))
                file.flush()
                os.fsync(file.fileno())
            new.replace(self._path)
        except OSError as error:
            # The doors go on with what is in memory; after a restart the hub sends it again.
            logger.warning("%s: the list of letters cannot be kept: %s", self._path, error)


class DoorDocuments:
    """Both documents behind one door."""

    def __init__(self, *, roster: RosterShelf, letters: LetterShelf) -> None:
        """Take the shelves."""
        self._roster = roster
        self._letters = letters

    @property
    def version(self) -> int:
        """The version of the roster at hand; 0 when there is none."""
        return self._roster.version

    @property
    def changes(self) -> tuple[RosterChanged | LettersChanged, ...]:
        """What a door that knows nothing has to be told, in order."""
        letters = () if self._letters.change is None else (self._letters.change,)
        return (*self._roster.changes, *letters)

    def accept(self, desired: Desired) -> RosterChanged | LettersChanged | None:
        """Take a document of the hub and keep it; return what doors are to be told, if anything.

        Raises:
            DesiredError: no document of doors, or a roster that the hub did not sign for this device.
            RosterError: a roster that does not follow the one at hand.
        """
        return self._letters.accept(desired) if desired.document == LETTERS else self._roster.accept(desired)
