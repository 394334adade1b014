"""What cases are worked with: the city's calendar, and what actions do in the world. Built once a process.

Letters and bookings register what they do here, so that no part of the engine knows another.
"""

import secrets
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, tzinfo
from enum import StrEnum

from sqlalchemy.orm import Session

from hub.cases.clock.working_days import WorkingDays
from hub.cases.definition.stages import Action, Effect
from hub.cases.keeping.models import CaseRecord, CaseStep
from hub.errors import HubError

# Carries out one effect; in the transaction of the step, after the case has moved.
EffectHandler = Callable[[Session, CaseRecord, Action, datetime], None]
# Is told of each step, the filing too, once it is written: messages to citizens, statistics.
StepListener = Callable[[Session, CaseRecord, CaseStep, datetime], None]
CalendarSource = Callable[[Session], WorkingDays]


class EffectRefusedError(HubError):
    """An effect cannot be had, as a slot that is taken; the message is shown, nothing moved."""


class Secrecy(StrEnum):
    """Who is told the applicant's name; ``secret`` hides the whole case from the public."""

    OPEN = "open"
    ANONYMOUS = "anonymous"
    SECRET = "secret"  # noqa: S105 (a kind of secrecy, not one)


# What an applicant answers in the field ``identity`` of a form that asks for it.
SECRECY_OF_ANSWER = {
    "terbuka": Secrecy.OPEN,
    "anonim": Secrecy.ANONYMOUS,
    "rahasia": Secrecy.SECRET,
}


class FileSource(StrEnum):
    """Where a file came from."""

    CITIZEN = "citizen"
    OFFICER = "officer"
    CAMERA = "camera"


@dataclass(frozen=True, slots=True)
class Applicant:
    """Who asks. ``filed_by`` is the account at the counter that does it for somebody."""

    account: int | None = None
    person: int | None = None
    name: str = ""
    secrecy: Secrecy = Secrecy.OPEN
    filed_by: int | None = None
    is_system: bool = False


@dataclass(frozen=True, slots=True)
class Place:
    """Where it is about. What is left out is taken from the answers; 0.0 is a place."""

    kelurahan: str | None = None
    latitude: float | None = None
    longitude: float | None = None
    camera_device: str | None = None
    camera: str | None = None
    opd: int | None = None


@dataclass(frozen=True, slots=True)
class AttachedFile:
    """A file that went through the safe door, and the requirement it came for."""

    requirement: str
    sha256: str
    media_type: str
    size_bytes: int
    source: FileSource
    width_px: int | None = None
    height_px: int | None = None


@dataclass(frozen=True, slots=True)
class CaseActor:
    """Who acts on one case: ``roles`` are those held here and now, by own grant or by delegation.

    ``capacities`` says of a role that is held for somebody else how: "Plh., SK 800/12/2026".
    """

    account: int | None
    name: str  # of the account, for the audit chain
    roles: frozenset[str]
    capacities: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Handed:
    """What comes with an action besides what the machine asks for.

    Attributes:
        files: That went through the safe door; they count as given.
        to_opd: Whom ``assign-opd`` hands the case to; left out: who the case or its answers name.
        to_account: Whom ``assign-person`` gives it to; left out: who acts, if they can go on with it.
        remarks: What is said of single fields or requirements, as in a return.
        is_signed: The caller has just checked the signer's PIN or password.
        is_note_public: Whether the applicant is told the note; left out: when it is meant for them.
    """

    files: Sequence[AttachedFile] = ()
    to_opd: int | None = None
    to_account: int | None = None
    remarks: Mapping[str, str] = field(default_factory=dict)
    is_signed: bool = False
    is_note_public: bool | None = None


NOTHING_MORE = Handed()


def masked_nik(nik: str) -> str:
    """Return a NIK as screens may show it: ``6171**********47``."""
    return f"{nik[:4]}**********{nik[-2:]}"


@dataclass(frozen=True, slots=True, kw_only=True)
class CaseEngine:
    """Collaborators of the service.

    Attributes:
        working_days: Reads the city's calendar.
        effects: What is carried out for each effect; those of the service itself are not in it.
        told: Who is told of each step.
        hide: Makes of a NIK what is kept in the answers.
        link_of: Path of the page where the next holder of a case acts on it.
        zone: The city's, for years of numbers.
        choose: Draws one letter of a tracking code.
    """

    working_days: CalendarSource
    zone: tzinfo
    effects: Mapping[Effect, EffectHandler] = field(default_factory=dict)
    told: tuple[StepListener, ...] = ()
    hide: Callable[[str], str] = masked_nik
    link_of: Callable[[CaseRecord], str] = lambda case: f"/berkas/{case.number}"
    choose: Callable[[Sequence[str]], str] = secrets.choice
