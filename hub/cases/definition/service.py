"""One version of a service, whole. Immutable: a case keeps the version it began with. Pure."""

from enum import StrEnum
from typing import Annotated

import msgspec

from edge.wire.strict_toml import Section
from hub.cases.definition.form import Field, Hint, Id, Label, Requirement
from hub.cases.definition.letter import LetterWords
from hub.cases.definition.stages import ClockRule, Effect, RoleName, Stage

Code = Annotated[str, msgspec.Meta(pattern=r"\A[a-z][a-z0-9-]{1,47}\Z")]


class Family(StrEnum):
    """Which desk a service belongs to."""

    COMPLAINT = "complaint"
    LETTER = "letter"
    PERMIT = "permit"
    POPULATION = "population"
    HEALTH = "health"
    BOOKING = "booking"
    INTERNAL = "internal"
    PRIVACY = "privacy"
    TRAINING = "training"


class Applicants(StrEnum):
    """Who may begin a case."""

    ANYONE = "anyone"  # also without an account
    CITIZEN = "citizen"  # with an account, or at the counter
    EMPLOYEE = "employee"
    SYSTEM = "system"


class DocumentRule(Section, frozen=True):
    """The letter that comes out. ``number`` may name {serial}, {classification}, {unit}, {month}, {year}.

    ``words`` are its own; without them ``template`` names one that ships.
    ``is_example``: its classification and validity were not read in a regulation.
    """

    template: Id
    number: Annotated[str, msgspec.Meta(pattern=r"\{serial\}", max_length=80)]
    classification: Annotated[str, msgspec.Meta(pattern=r"\A[0-9]{3}(\.[0-9]{1,2}){0,3}\Z")]
    valid_days: Annotated[int, msgspec.Meta(ge=0, le=3660)] = 0
    signed_by: RoleName = "lurah"
    is_example: bool = False
    words: LetterWords | None = None


class Open311Rule(Section, frozen=True):
    """How outside clients see the service (GeoReport v2, 2011); ``group`` and ``keywords`` as there."""

    group: Label
    keywords: tuple[str, ...] = ()


class ServiceDefinition(Section, frozen=True):
    """What is asked, what is needed, which way a case goes, how long that may take.

    ``old_names`` are found by the search as well: people look for IMB and SIUP. ``sources`` name
    the rules behind it, with year; where none could be read, parts are marked as examples.
    """

    code: Code
    version: Annotated[int, msgspec.Meta(ge=1)]
    label: Label
    family: Family
    applicants: Applicants
    start: Id
    stages: Annotated[tuple[Stage, ...], msgspec.Meta(min_length=2)]
    description: Hint = ""
    old_names: tuple[str, ...] = ()
    sources: tuple[str, ...] = ()
    opd: str = ""
    effects: tuple[Effect, ...] = ()  # carried out when a case is filed; what cannot be had is refused
    fields: tuple[Field, ...] = ()
    requirements: tuple[Requirement, ...] = ()
    clock: ClockRule | None = None
    document: DocumentRule | None = None
    open311: Open311Rule | None = None
    is_public: bool = False  # cases may be shown on the public page, without personal fields

    @property
    def first_form(self) -> tuple[Field, ...]:
        """The fields that a case begins with: all that no action asks for later."""
        later = {name for stage in self.stages for action in stage.actions for name in action.asks}
        return tuple(field for field in self.fields if field.id not in later)

    @property
    def first_files(self) -> tuple[Requirement, ...]:
        """The requirements that a case begins with: all that no action asks for later."""
        later = {name for stage in self.stages for action in stage.actions for name in action.needs_files}
        return tuple(each for each in self.requirements if each.id not in later)

    def stage(self, name: str) -> Stage:
        """Return a stage by its id.

        Raises:
            KeyError: there is none of that id; a checked definition never names one that is missing.
        """
        for stage in self.stages:
            if stage.id == name:
                return stage
        raise KeyError(name)
