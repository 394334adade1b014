"""What the hub knows already of employees and offices, read in a few queries for any number of rows."""

from collections import defaultdict
from dataclasses import dataclass, field
from functools import cached_property

from sqlalchemy import select
from sqlalchemy.orm import Session

from hub.people.models import Opd, Person, PersonNip, Placement, Unit
from hub.places.models import Site


@dataclass
class Known:
    """Rows by their numbers; placements of a person from the oldest to the newest."""

    people: dict[int, Person] = field(default_factory=dict)
    numbers: dict[str, int] = field(default_factory=dict)
    placements: dict[int, list[Placement]] = field(default_factory=dict)
    opds: dict[int, str] = field(default_factory=dict)
    units: dict[int, Unit] = field(default_factory=dict)
    sites: frozenset[str] = frozenset()

    @cached_property
    def numbered(self) -> frozenset[int]:
        """Everybody whose NIP is known."""
        return frozenset(self.numbers.values())

    def newest(self, person: int) -> Placement | None:
        """Return the last placement of a person, past, present or to come."""
        placements = self.placements.get(person)
        return placements[-1] if placements else None


def read_known(db: Session) -> Known:
    """Read everything that rows are compared with: six queries, however many people there are."""
    placements: dict[int, list[Placement]] = defaultdict(list)
    for placement in db.scalars(select(Placement).order_by(Placement.person_number, Placement.valid_from)):
        placements[placement.person_number].append(placement)
    return Known(
        people={person.number: person for person in db.scalars(select(Person))},
        numbers={row.digest: row.person_number for row in db.scalars(select(PersonNip))},
        placements=dict(placements),
        opds={opd.number: opd.name for opd in db.scalars(select(Opd))},
        units={unit.number: unit for unit in db.scalars(select(Unit))},
        sites=frozenset(db.scalars(select(Site.id))),
    )
