"""Whether the population register knows somebody: a question with three answers, behind a port.

The answer is all that comes out: no name, no address, nothing to be looked up. The ministry's own
service is not reachable from here; until it is, the city keeps a local register of digests.
"""

from collections.abc import Iterable, Mapping
from datetime import datetime
from enum import StrEnum
from typing import Protocol

from sqlalchemy.orm import Session

from hub.cases.citizens.models import PopulationEntry
from hub.cases.citizens.nik import NikBox, plain_name


class Match(StrEnum):
    """What the register says."""

    SAME = "cocok"
    DIFFERENT = "tidak-cocok"
    UNKNOWN = "tidak-ditemukan"


class Population(Protocol):
    """A register of the population."""

    def match(self, *, nik: str, name: str) -> Match:
        """Tell whether this NIK belongs to somebody of this name."""
        ...


class LocalPopulation:
    """The city's own list of digests, imported from a file."""

    def __init__(self, db: Session, box: NikBox) -> None:
        """Take the session of this request and the key."""
        self._db, self._box = db, box

    def match(self, *, nik: str, name: str) -> Match:
        """Compare with the row of this NIK."""
        row = self._db.get(PopulationEntry, self._box.digest(nik))
        if row is None:
            return Match.UNKNOWN
        is_same = row.name_digest == self._box.name_digest(nik, name)
        return Match.SAME if is_same else Match.DIFFERENT

    def add(self, people: Iterable[tuple[str, str]], now: datetime) -> int:
        """Take people, NIK and name, into the register, over what stands there; return how many."""
        count = 0
        for nik, name in people:
            self._db.merge(
                PopulationEntry(
                    nik_digest=self._box.digest(nik),
                    name_digest=self._box.name_digest(nik, name),
                    imported_at=now,
                )
            )
            count += 1
        self._db.flush()
        return count


class KnownPopulation:
    """People in memory, for demonstrations and tests."""

    def __init__(self, people: Mapping[str, str]) -> None:
        """Take names by NIK."""
        self._people = dict(people)

    def match(self, *, nik: str, name: str) -> Match:
        """Compare with the name of this NIK."""
        if nik not in self._people:
            return Match.UNKNOWN
        return Match.SAME if plain_name(self._people[nik]) == plain_name(name) else Match.DIFFERENT
