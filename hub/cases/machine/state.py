"""Where a case stands, as far as the machine must know it. Pure."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime

from hub.cases.machine.answers import Answers


@dataclass(frozen=True, slots=True)
class Actor:
    """Who acts: an account's number, or None for an applicant without one and for the system.

    ``roles`` are those held *here*, for this case: whoever calls has weighed scope and dates.
    """

    account: int | None
    roles: frozenset[str]


@dataclass(frozen=True, slots=True)
class Step:
    """One thing that happened; steps are only ever added."""

    action: str
    from_stage: str
    to_stage: str
    account: int | None
    at: datetime


@dataclass(frozen=True, slots=True)
class CaseState:
    """One case. ``opinions`` are those of its present stage: favourable or not."""

    stage: str
    applicant: int | None = None
    answers: Answers = field(default_factory=dict)
    files: frozenset[str] = frozenset()  # requirements that have a verified or fresh file
    opinions: Mapping[str, bool] = field(default_factory=dict)
    steps: tuple[Step, ...] = ()
    # Who gave an opinion, at any stage, compared its papers, filed it for somebody or saw their KTP.
    helpers: frozenset[int] = frozenset()
    owners: frozenset[int] = frozenset()  # other accounts of the applicant: the same NIK
