"""What a line of the torture says, and when it breaks a promise.

A figure above its promise is noted in ``over``, in ``slow`` only beyond ``PATIENCE`` times as much, because
these seconds are those of a machine that may have other work. Lost and wrong have no patience.
"""

from collections.abc import Mapping
from typing import Any

# The keys of every line, first and in this order; a scenario may add its own.
KEYS = (
    *("scenario", "control", "seed", "accepted", "in_hub", "lost", "wrong", "dups", "dead"),
    *("heal_s", "live_p99_ms", "rss_slope", "fault_happened"),
)
PATIENCE = 3.0

Line = dict[str, Any]


def skipped(scenario: str, reason: str) -> Line:
    """Return the line of a scenario that this machine cannot run."""
    return {"scenario": scenario, "skipped": reason}


def complete(
    line: Mapping[str, Any], *, seed: int, most: Mapping[str, float], least: Mapping[str, float]
) -> Line:
    """Return a line with all its keys, and what it breaks.

    Args:
        line: As the scenario gave it.
        seed: What it was run with.
        most: Promised upper limits, by key.
        least: Promised lower limits, by key.
    """
    if line.get("skipped"):
        return dict.fromkeys(KEYS) | dict(line) | {"seed": seed}
    said = {key: line.get(key) for key in KEYS} | dict(line) | {"seed": seed}
    return said | {
        "over": _beyond(said, most, least, patience=1.0),
        "slow": _beyond(said, most, least, patience=PATIENCE),
        "breaches": breaches_of(said),
    }


def breaches_of(line: Mapping[str, Any]) -> list[str]:
    """Return what a line breaks; a control breaks its promise when it does not lose."""
    found = [] if line.get("fault_happened") else ["its fault did not happen: it proves nothing"]
    if line.get("control"):
        return found + ([] if line.get("lost") else ["the control lost nothing"])
    return found + [f"{line[key]} {key}" for key in ("lost", "wrong") if line.get(key)]


def is_broken(line: Mapping[str, Any]) -> bool:
    """Return whether a line breaks a promise, figures far beyond theirs included."""
    return bool(line.get("breaches") or line.get("slow"))


def _beyond(
    line: Mapping[str, Any], most: Mapping[str, float], least: Mapping[str, float], *, patience: float
) -> list[str]:
    high = [
        f"{key} {line.get(key)} > {limit:g}"
        for key, limit in most.items()
        if _is_above(line, key, limit * patience)
    ]
    low = [
        f"{key} {line.get(key)} < {limit:g}"
        for key, limit in least.items()
        if _is_below(line, key, limit / patience)
    ]
    return high + low


def _is_above(line: Mapping[str, Any], key: str, limit: float) -> bool:
    # A figure that is promised and not there was never reached.
    return line.get(key) is None or line[key] > limit


def _is_below(line: Mapping[str, Any], key: str, limit: float) -> bool:
    return line.get(key) is None or line[key] < limit
