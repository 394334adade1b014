"""How a year stands: cumulated months, deviation, and what is to be said of it. Pure."""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import accumulate

from hub.measures.toned import Toned
from hub.web.i18n import N_

MONTHS = range(1, 13)
# Ours ("contoh"): in percent points of work done behind the plan.
WATCH, LATE = 5.0, 10.0
# Ours ("contoh"): money this far ahead of the work is asked about.
AHEAD = 15.0


class Verdict(Toned):
    """What an evaluation says."""

    ON_PLAN = N_("sesuai rencana"), "good"
    WATCH = N_("perlu perhatian"), "warn"
    LATE = N_("terlambat"), "bad"
    DONE = N_("selesai"), "good"
    NO_REPORT = N_("belum melapor"), "idle"


@dataclass(frozen=True, slots=True)
class Month:
    """One month: money planned and spent in it, work planned and done until its end, in percent."""

    planned: float = 0.0
    spent: float = 0.0
    work_planned: float | None = None
    work_done: float | None = None


@dataclass(frozen=True, slots=True)
class Progress:
    """A year until a month; money in percent of the ceiling. ``None``: nobody reported."""

    ceiling: float
    planned_percent: float
    spent_percent: float
    work_planned: float | None
    work_done: float | None
    verdict: Verdict

    @property
    def deviation(self) -> float | None:
        """Work done beyond the plan, in percent points; below zero it is behind."""
        if self.work_planned is None or self.work_done is None:
            return None
        return self.work_done - self.work_planned

    @property
    def is_money_ahead(self) -> bool:
        """Whether much more was paid than was done."""
        return self.work_done is not None and self.spent_percent - self.work_done > AHEAD


def cumulated(months: Sequence[Month]) -> tuple[list[float], list[float]]:
    """Return money planned and spent until the end of each month."""
    planned = list(accumulate(month.planned for month in months))
    return planned, list(accumulate(month.spent for month in months))


def progress(ceiling: float, months: Sequence[Month], until: int) -> Progress:
    """Return how a year stands at the end of a month.

    Args:
        ceiling: The pagu in Rp.
        months: Twelve, January first.
        until: The month, 1 to 12.
    """
    planned, spent = cumulated(months)
    work_planned = _last(months[:until], "work_planned")
    work_done = _last(months[:until], "work_done")
    share = 100 / ceiling if ceiling else 0.0
    return Progress(
        ceiling,
        planned[until - 1] * share,
        spent[until - 1] * share,
        work_planned,
        work_done,
        verdict_of(work_planned, work_done),
    )


def verdict_of(planned: float | None, done: float | None) -> Verdict:
    """Return what is to be said of work: done, on plan, or how far behind."""
    if done is None or planned is None:
        return Verdict.NO_REPORT
    if done >= 100:
        return Verdict.DONE
    behind = planned - done
    if behind > LATE:
        return Verdict.LATE
    return Verdict.WATCH if behind > WATCH else Verdict.ON_PLAN


def _last(months: Sequence[Month], name: str) -> float | None:
    found = [value for month in months if (value := getattr(month, name)) is not None]
    return found[-1] if found else None
