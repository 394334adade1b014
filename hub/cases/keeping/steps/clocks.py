"""When a case is due, and when somebody must be told. Pure but for the steps it is given.

The clock of the whole case begins when it is filed or opened again, that of a stage when it is
entered; both stand still at a stage that waits for the applicant.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from fractions import Fraction

from hub.cases.clock.promise import Pause, Promise, measure_of
from hub.cases.clock.working_days import WorkingDays
from hub.cases.definition.service import ServiceDefinition
from hub.cases.definition.stages import ClockRule, Effect
from hub.cases.machine.state import Step

# Where a case without a due time stands in the inbox: after all that have one, oldest first.
NO_DUE_AFTER = timedelta(days=3650)
# A "then" of a stage that could not be done is tried again after this.
AGAIN_AFTER = timedelta(hours=1)
CASE_CLOCK = "case"


@dataclass(frozen=True, slots=True)
class RunningClock:
    """One promised time of a case and its rule; ``name`` is "case" or "stage:<id>"."""

    name: str
    rule: ClockRule
    promise: Promise

    def moment_of(self, share: float) -> datetime | None:
        """Return when a share of it is used up; None while it stands still before that."""
        return self.promise.moment_of(exact(share))


@dataclass(frozen=True, slots=True)
class Due:
    """What the clocks of a case say now."""

    case_at: datetime | None
    stage_at: datetime | None
    paused_since: datetime | None
    stage_since: datetime
    queue_at: datetime


def exact(share: float) -> Fraction:
    """Return the share that was written: 0.8 is eight tenths, not the nearest double."""
    return Fraction(str(share))


def running_clocks(
    definition: ServiceDefinition, steps: Sequence[Step], working_days: WorkingDays
) -> tuple[RunningClock, ...]:
    """Return the clocks that run, or stand still, for a case that these steps led to; none at an end."""
    stage = definition.stage(steps[-1].to_stage)
    if stage.is_end:
        return ()
    found: list[RunningClock] = []
    if definition.clock is not None:
        found.append(
            _running(CASE_CLOCK, definition.clock, _begun(definition, steps), steps, definition, working_days)
        )
    if stage.clock is not None:
        since = entered_at(definition, steps)
        found.append(_running(f"stage:{stage.id}", stage.clock, since, steps, definition, working_days))
    return tuple(found)


def due_of(definition: ServiceDefinition, steps: Sequence[Step], clocks: Iterable[RunningClock]) -> Due:
    """Return when a case is due by its clocks."""
    ends = {clock.name == CASE_CLOCK: clock.promise.due for clock in clocks}
    case_at, stage_at = ends.get(True), ends.get(False)
    last = definition.stage(steps[-1].to_stage)
    entered = entered_at(definition, steps)
    soonest = [at for at in (case_at, stage_at) if at is not None]
    return Due(
        case_at=case_at,
        stage_at=stage_at,
        paused_since=entered if last.is_pause else None,
        stage_since=entered,
        queue_at=min(soonest) if soonest else steps[0].at + NO_DUE_AFTER,
    )


def entered_at(definition: ServiceDefinition, steps: Sequence[Step]) -> datetime:
    """Return when the present stage was entered; news within it do not begin its time anew."""
    for step in reversed(steps):
        if step.from_stage != step.to_stage or _is_reopening(definition, step):
            return step.at
    return steps[0].at


def next_look(
    clocks: Iterable[RunningClock], told: frozenset[tuple[str, datetime, int]], now: datetime
) -> datetime | None:
    """Return when somebody must be told next, or the system acts; ``told`` as :func:`key_of` spells them."""
    moments = [
        at
        for clock in clocks
        for share in _shares(clock)
        if key_of(clock, share) not in told
        for at in [clock.moment_of(share)]
        if at is not None
    ]
    if not moments:
        return None
    first = min(moments)
    return first if first > now else now + AGAIN_AFTER


def key_of(clock: RunningClock, share: float) -> tuple[str, datetime, int]:
    """Return what tells one share of one running of a clock from all others."""
    return clock.name, clock.promise.begin, percent(share)


def percent(share: float) -> int:
    """Return a share in whole percent."""
    return int(exact(share) * 100)


def _shares(clock: RunningClock) -> tuple[float, ...]:
    shares = tuple(each.at for each in clock.rule.escalations)
    return (*shares, 1.0) if clock.rule.then and 1.0 not in shares else shares


def _running(
    name: str,
    rule: ClockRule,
    begin: datetime,
    steps: Sequence[Step],
    definition: ServiceDefinition,
    working_days: WorkingDays,
) -> RunningClock:
    pauses = tuple(pause for pause in _pauses(definition, steps) if pause.end is None or pause.end > begin)
    measure = measure_of(rule.unit, working_days)
    return RunningClock(name, rule, Promise(measure, Fraction(rule.amount), begin, pauses))


def _begun(definition: ServiceDefinition, steps: Sequence[Step]) -> datetime:
    """Return when the clock of the whole case began: filed, or opened again."""
    return next((step.at for step in reversed(steps) if _is_reopening(definition, step)), steps[0].at)


def _is_reopening(definition: ServiceDefinition, step: Step) -> bool:
    if not step.from_stage:
        return False
    actions = definition.stage(step.from_stage).actions
    return any(each.id == step.action and Effect.REOPEN in each.effects for each in actions)


def _pauses(definition: ServiceDefinition, steps: Sequence[Step]) -> Iterator[Pause]:
    since: datetime | None = None
    for step in steps:
        is_pause = definition.stage(step.to_stage).is_pause
        if since is None and is_pause:
            since = step.at
        elif since is not None and not is_pause:
            yield Pause(since, step.at)
            since = None
    if since is not None:
        yield Pause(since)
