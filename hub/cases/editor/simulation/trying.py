"""The newest cases of a service tried with a draft, and what came of it together. Reads only."""

from collections import Counter
from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session

from hub.cases.clock.working_days import WorkingDays
from hub.cases.definition.service import ServiceDefinition
from hub.cases.editor.simulation.replaying import Outcome, PastCase, PastOpinion, PastStep, Replay, replay
from hub.cases.keeping.models import CaseRecord
from hub.cases.keeping.records import answers_of, files_of, opinions_of, steps_of
from hub.cases.keeping.versions import of_case
from hub.cases.machine.state import Step

# A page must come back at once, and who reads more than a hundred lines?
MOST_CASES = 100


@dataclass(frozen=True, slots=True)
class Trial:
    """What became of all cases that were tried."""

    replays: tuple[Replay, ...]

    @property
    def counts(self) -> dict[str, int]:
        """How many cases went which way."""
        found = Counter(each.outcome.value for each in self.replays)
        return {outcome.value: found[outcome.value] for outcome in Outcome}

    @property
    def clocks(self) -> dict[str, int]:
        """How many cases would be due earlier, later or as before, and late stages before and after."""
        both = [(each.before, each.after) for each in self.replays if each.before and each.after]
        dues = [(old.due_at, new.due_at) for old, new in both if old.due_at and new.due_at]
        return {
            "earlier": sum(new < old for old, new in dues),
            "later": sum(new > old for old, new in dues),
            "same": sum(new == old for old, new in dues),
            "late_before": sum(old.late_stages for old, _new in both),
            "late_after": sum(new.late_stages for _old, new in both),
        }

    @property
    def unasked(self) -> tuple[tuple[str, int], ...]:
        """The questions that past cases were not asked, with how many."""
        return tuple(Counter(label for each in self.replays for label in each.unasked).most_common())


def try_on_past(
    db: Session, new: ServiceDefinition, *, working_days: WorkingDays, most: int = MOST_CASES
) -> Trial:
    """Walk the newest cases of a service with a version that is not published."""
    query = select(CaseRecord).where(CaseRecord.service == new.code).order_by(CaseRecord.id.desc())
    cases = db.scalars(query.limit(min(most, MOST_CASES))).all()
    return Trial(tuple(replay(past_case(db, case), new, working_days) for case in cases))


def past_case(db: Session, case: CaseRecord) -> PastCase:
    """Return a case as it was recorded."""
    files = files_of(db, case)
    steps = [
        PastStep(
            Step(row.action, row.from_stage, row.to_stage, row.account, row.at),
            row.role,
            # Remarks on fields were a note, too.
            row.note or row.remarks,
            frozenset(file.requirement for file in files if file.step_seq == row.seq),
        )
        for row in steps_of(db, case)
    ]
    opinions = [
        PastOpinion(row.stage, row.opinion, row.is_favourable, row.account, row.at)
        for row in opinions_of(db, case)
    ]
    return PastCase(
        number=case.number,
        definition=of_case(db, case),
        applicant=case.applicant_account,
        answers=answers_of(case),
        steps=tuple(steps),
        opinions=tuple(opinions),
    )
