"""A case as its applicant may see it: public statuses, notes meant for them, the promise as a day.

Must not show what is said inside: names of officers, inner stages, notes that are not theirs.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo

from hub.cases.asking.wording import due_words
from hub.cases.definition.service import ServiceDefinition
from hub.cases.definition.stages import PublicStatus
from hub.cases.keeping.models import CaseRecord, CaseStep
from hub.cases.keeping.records import remarks_of
from hub.cases.status_words import STATUS_WORDS, tone_of


@dataclass(frozen=True, slots=True)
class Happening:
    """One line of the timeline; ``remarks`` are said of single fields or files."""

    at: datetime
    status: str
    tone: str
    note: str
    remarks: tuple[tuple[str, str], ...]
    is_yours: bool


@dataclass(frozen=True, slots=True)
class Following:
    """The whole page of a case."""

    status: str
    tone: str
    due: str
    is_late: bool
    is_waiting_for_you: bool
    is_closed: bool
    happenings: tuple[Happening, ...]


def following_of(
    case: CaseRecord,
    definition: ServiceDefinition,
    steps: Sequence[CaseStep],
    *,
    now: datetime,
    zone: ZoneInfo,
    language: str,
) -> Following:
    """Return what the applicant is shown; the newest happening first."""
    is_paused = case.paused_since is not None
    is_open = case.closed_at is None
    has_due = is_open and not is_paused and case.due_at is not None
    return Following(
        status=STATUS_WORDS[case.public_status],
        tone=tone_of(case.public_status),
        due=due_words(case.due_at, zone, language) if has_due and case.due_at is not None else "",
        is_late=has_due and case.due_at is not None and case.due_at < now,
        is_waiting_for_you=is_open and case.public_status in _WAITS_FOR_APPLICANT,
        is_closed=not is_open,
        happenings=_happenings(definition, steps),
    )


_WAITS_FOR_APPLICANT = frozenset({PublicStatus.RETURNED, PublicStatus.AWAITING_PAYMENT})


def labels_of(definition: ServiceDefinition) -> Mapping[str, str]:
    """Return what fields and requirements are called."""
    fields = {field.id: field.label for field in definition.fields}
    return fields | {each.id: each.label for each in definition.requirements}


def newest_remarks(definition: ServiceDefinition, steps: Sequence[CaseStep]) -> Mapping[str, str]:
    """Return what was said of single fields when the case came back to its applicant last."""
    for step in reversed(steps):
        if step.is_public_note:
            return remarks_of(step)
    return {}


def _happenings(definition: ServiceDefinition, steps: Sequence[CaseStep]) -> tuple[Happening, ...]:
    labels, found = labels_of(definition), []
    before = ""
    for step in steps:
        status = definition.stage(step.to_stage).public_status
        note = step.note if step.is_public_note else ""
        # A step inside that changes nothing for the applicant is no news.
        if status != before or note:
            remarks = remarks_of(step) if step.is_public_note else {}
            found.append(
                Happening(
                    at=step.at,
                    status=STATUS_WORDS[status],
                    tone=tone_of(status),
                    note=note,
                    remarks=tuple((labels.get(name, name), text) for name, text in remarks.items()),
                    is_yours=step.role == "applicant",
                )
            )
        before = status
    return tuple(reversed(found))
