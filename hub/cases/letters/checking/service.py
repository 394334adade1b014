"""What the hub knows of a letter that somebody holds: the seal first, then the archive. Reads only."""

import hashlib
import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy.orm import Session

from edge.wire.papers.seal import LetterClaim, LetterError, read_seal
from edge.wire.papers.trust import LetterStanding, judge
from hub.cases.letters.issuing.documents import document_by_code, document_by_file
from hub.cases.letters.issuing.keys import is_of_ended_key, trust_of
from hub.cases.letters.models import LetterDocument

# As it lies open in the keywords of our PDFs.
_SEAL_IN_FILE = re.compile(rb"HTTPS?://[0-9A-Z.:-]{1,100}/V/[A-Z2-7]{80,400}")


@dataclass(frozen=True, slots=True)
class Checked:
    """A standing, what the seal says, and the row of the archive; ``is_by_file``: a PDF was looked at."""

    standing: LetterStanding
    claim: LetterClaim | None = None
    document: LetterDocument | None = None
    is_by_file: bool = False


@dataclass(frozen=True, slots=True)
class LetterCheck:
    """Checks letters at one moment.

    Attributes:
        db: Any session.
        addresses: What seals of this city begin with, the present one first.
        today: In the city.
        now: Its moment.
    """

    db: Session
    addresses: Sequence[str]
    today: date
    now: datetime

    def payload(self, payload: str) -> Checked:
        """Check what stands in an address after ``/v/``; browsers may have made it lower case."""
        found = [self.text(f"{address}{payload.upper()}") for address in self.addresses]
        return next((one for one in found if one.claim is not None), found[0])

    def text(self, text: str) -> Checked:
        """Check the text of a QR code."""
        trust = trust_of(self.db, addresses=self.addresses, today=self.today, now=self.now)
        judged = judge(text, trust, today=self.today)
        if judged.standing is LetterStanding.DISTRUSTED:
            return self._of_ended_key(text)
        if judged.claim is None:
            return Checked(judged.standing)
        document = document_by_code(self.db, judged.claim.code)
        if document is None or document.seal.rpartition("/")[2] != text.rpartition("/")[2]:
            # Sealed with our key and in no archive of ours: nobody here can vouch for it.
            return Checked(LetterStanding.UNKNOWN)
        return Checked(self._standing(document), judged.claim, document)

    def code(self, code: str) -> Checked:
        """Check a letter by the code that was typed: what we know of it is to be compared with the paper."""
        document = document_by_code(self.db, code)
        if document is None:
            return Checked(LetterStanding.UNKNOWN)
        return Checked(self._standing(document), _claim_of(document), document)

    def file(self, content: bytes) -> Checked:
        """Check a PDF: every byte of it counts."""
        document = document_by_file(self.db, hashlib.sha256(content).hexdigest())
        if document is not None:
            return Checked(self._standing(document), _claim_of(document), document, is_by_file=True)
        found = _SEAL_IN_FILE.search(content)
        sealed = Checked(LetterStanding.UNKNOWN) if found is None else self.text(found[0].decode())
        if sealed.claim is None:
            return Checked(sealed.standing, is_by_file=True)
        # A genuine seal in another file: somebody changed the paper around it.
        return Checked(LetterStanding.ALTERED, sealed.claim, sealed.document, is_by_file=True)

    def _of_ended_key(self, text: str) -> Checked:
        """Whoever stole the key can seal anything and date it back, but puts nothing into the archive."""
        claim = read_seal(text).claim
        document = document_by_code(self.db, claim.code)
        if document is None or document.seal.rpartition("/")[2] != text.rpartition("/")[2]:
            return Checked(LetterStanding.DISTRUSTED)
        standing = self._standing(document)
        if standing is LetterStanding.DISTRUSTED:
            return Checked(standing)
        return Checked(standing, claim, document)

    def _standing(self, document: LetterDocument) -> LetterStanding:
        if is_of_ended_key(self.db, document):
            return LetterStanding.DISTRUSTED
        if document.revoked_at is not None:
            return LetterStanding.REVOKED
        if document.last_day is not None and self.today > document.last_day:
            return LetterStanding.EXPIRED
        return LetterStanding.GENUINE


def _claim_of(document: LetterDocument) -> LetterClaim | None:
    try:
        return read_seal(document.seal).claim
    except LetterError:  # a layout that is no longer read; the archive speaks for itself
        return None
