"""The documents of doors as they came from the hub: the roster, and what letters are judged by.

Sealed on the disk, plain in memory; doors get them when they start and when one changes.
"""

import logging
from typing import Protocol

from edge.documents.keeping import KeptDocument
from edge.documents.roster import RosterShelf
from edge.supervision.messages import LettersChanged, RosterChanged
from edge.wire.desired import DesiredError
from edge.wire.messages import Desired
from edge.wire.papers.seal import LetterError
from edge.wire.papers.trust import DOCUMENT as LETTERS
from edge.wire.papers.trust import LetterTrust

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


class DoorDocuments:
    """Both documents behind one door."""

    def __init__(self, *, roster: RosterShelf, letters: KeptDocument[LetterTrust]) -> None:
        """Take what keeps them."""
        self._roster = roster
        self._letters = letters

    @property
    def version(self) -> int:
        """The version of the roster at hand; 0 when there is none."""
        return self._roster.version

    @property
    def changes(self) -> tuple[RosterChanged | LettersChanged, ...]:
        """What a door that knows nothing has to be told, in order."""
        return (*self._roster.changes, *self._letter_changes())

    def accept(self, desired: Desired) -> RosterChanged | LettersChanged | None:
        """Take a document of the hub and keep it; return what doors are to be told, if anything.

        A list of letters that cannot be used leaves the old one in force.

        Raises:
            DesiredError: no document of doors, or a roster that the hub did not sign for this device.
            RosterError: a roster that does not follow the one at hand.
        """
        if desired.document != LETTERS:
            return self._roster.accept(desired)
        try:
            self._letters.accept(desired)
        except (DesiredError, LetterError) as error:
            logger.warning("a list of letters is not used: %s", error)
            return None
        return self._letter_changes()[0]

    def _letter_changes(self) -> tuple[LettersChanged, ...]:
        trust = self._letters.document
        return () if trust is None else (LettersChanged(trust.version, self._letters.plain),)
