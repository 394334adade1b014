"""The way of a case: stages, the actions that leave them, clocks and opinions. Pure."""

from enum import StrEnum
from typing import Annotated

import msgspec

from edge.wire.strict_toml import Section
from hub.cases.clock.promise import Unit
from hub.cases.definition.form import Condition, Id, Label

# A role of the city's accounts, as ``hub.people.permissions`` spells them.
RoleName = Annotated[str, msgspec.Meta(pattern=r"\A[a-z][a-z-]{1,31}\Z")]
# Who acts for the applicant and for the system; all other roles are those of the city's accounts.
APPLICANT = "applicant"
SYSTEM = "system"


class Reach(StrEnum):
    """Which holders of a role may act on a case."""

    CITY = "city"
    OPD = "opd"  # of the OPD that the case was handed to
    KECAMATAN = "kecamatan"
    KELURAHAN = "kelurahan"  # of the place or the applicant
    ASSIGNED = "assigned"  # only the person it was given to


class PublicStatus(StrEnum):
    """What the applicant and the public are told, whatever the stage is called inside."""

    RECEIVED = "diterima"
    VERIFIED = "terverifikasi"
    IN_PROGRESS = "diproses"
    RETURNED = "perlu-perbaikan"
    AWAITING_SIGNATURE = "menunggu-tanda-tangan"
    SCHEDULED = "terjadwal"
    AWAITING_PAYMENT = "menunggu-retribusi"
    DONE = "diselesaikan"
    ISSUED = "terbit"
    REJECTED = "ditolak"
    CANCELLED = "dibatalkan"
    ARCHIVED = "diarsipkan"


class Effect(StrEnum):
    """What an action does besides moving the case; each is carried out by the service around it."""

    ASSIGN_OPD = "assign-opd"
    ASSIGN_PERSON = "assign-person"
    ISSUE_DOCUMENT = "issue-document"
    RESERVE = "reserve"  # the slot or the room that the form asked for
    RELEASE = "release"
    REOPEN = "reopen"


class Escalation(Section, frozen=True):
    """Who is told when a share of the promised time is used up."""

    at: Annotated[float, msgspec.Meta(gt=0, le=10)]
    to: RoleName


class ClockRule(Section, frozen=True):
    """How long a stage, or the whole case, may take. ``then``: done by the system when a stage's is up."""

    unit: Unit
    amount: Annotated[int, msgspec.Meta(ge=1, le=1000)]
    escalations: tuple[Escalation, ...] = ()
    then: Annotated[str, msgspec.Meta(pattern=r"\A([a-z][a-z0-9_]{0,31})?\Z")] = ""
    is_example: bool = False


class Opinion(Section, frozen=True):
    """A technical opinion that is asked for while others are; ``opd`` empty: the case's own."""

    id: Id
    label: Label
    role: RoleName
    opd: str = ""


class Action(Section, frozen=True):
    """What somebody can do at a stage. ``roles`` empty: those of the stage.

    ``asks`` are fields answered with it for the first time, with ``is_form_again`` the form of the
    beginning is filled in again; ``needs_files`` are requirements given with it. With
    ``is_four_eyes`` nobody who handled the case at another stage may, nor its applicant. ``needs_opinions``:
    ``all`` opinions given, or ``favourable`` all of them good.
    """

    id: Id
    label: Label
    to: Id
    roles: tuple[RoleName, ...] = ()
    only_if: tuple[Condition, ...] = ()
    asks: tuple[Id, ...] = ()
    is_form_again: bool = False
    needs_note: bool = False
    needs_files: tuple[Id, ...] = ()
    needs_opinions: Annotated[str, msgspec.Meta(pattern=r"\A(|all|favourable)\Z")] = ""
    is_signature: bool = False
    is_four_eyes: bool = False
    effects: tuple[Effect, ...] = ()


class Stage(Section, frozen=True):
    """Where a case can be. ``is_pause``: the clocks stand still, as it waits for the applicant."""

    id: Id
    label: Label
    public_status: PublicStatus
    roles: tuple[RoleName, ...] = ()
    reach: Reach = Reach.CITY
    clock: ClockRule | None = None
    is_pause: bool = False
    is_end: bool = False
    opinions: tuple[Opinion, ...] = ()
    actions: tuple[Action, ...] = ()
