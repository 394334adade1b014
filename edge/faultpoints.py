"""Named places where the torture suite lets a process of ours die, fail or wait: nothing else does.

``PONTIVE_FAULT=hub.before_commit:kill`` in the environment of one process, several with commas,
``@5`` for the fifth time the place is reached, ``:error`` and ``:delay=3`` (seconds) likewise. Each
goes off once. It works in a checkout with its tests only: an installed Pontive, as on every device and
server, has none and refuses, loudly. Unset, a point costs one look at an empty table.

What is armed is a global, against the house rule: a fault strikes anywhere, so no caller hands it in.
"""

import logging
import os
import re
import signal
import threading
import time
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path

logger = logging.getLogger(__name__)

VARIABLE = "PONTIVE_FAULT"
DELAY_S = 2.0
_WISH = re.compile(
    r"\A(?P<point>[a-z_.]+):(?P<action>kill|error|delay)(?:=(?P<delay_s>\d+))?(?:@(?P<nth>\d+))?\Z"
)
# Not part of what is installed: see [tool.hatch.build.targets.wheel] in pyproject.toml.
_TORTURE = Path(__file__).parents[1] / "tests" / "torture"


class FaultPoint(StrEnum):
    """All places that there are."""

    EDGE_BEFORE_APPEND = "edge.before_append"  # something was seen, nothing is written
    EDGE_BEFORE_COMMIT = "edge.before_commit"  # rows are written or deleted, the transaction is open
    EDGE_AFTER_COMMIT = "edge.after_commit"  # rows are on the disk, nobody knows
    EDGE_BEFORE_PUBLISH = "edge.before_publish"  # chosen, counted as under way, not said
    EDGE_AFTER_PUBLISH = "edge.after_publish"  # said, the broker has not answered
    EDGE_BEFORE_FORGET = "edge.before_forget"  # the hub acknowledged, nothing is deleted
    EDGE_DOCUMENT_KEPT = "edge.document_kept"  # a document of the hub is written, not in force
    HUB_BEFORE_COMMIT = "hub.before_commit"  # a batch is written, the transaction is open
    HUB_AFTER_COMMIT = "hub.after_commit"  # a batch is on the disk, nobody is told
    HUB_AFTER_ACK = "hub.after_ack"  # a device is told, the hub has not noted that it is
    HUB_STILL_WRITTEN = "hub.still_written"  # a picture is written and not in its place
    HUB_SEALING = "hub.sealing"  # a day is packed, the transaction is open


@dataclass(slots=True)
class _Armed:
    action: str
    delay_s: float
    left: int


_armed: dict[FaultPoint, _Armed] = {}
_lock = threading.Lock()


def arm(environment: Mapping[str, str], *, is_allowed: bool | None = None) -> bool:
    """Arm what the environment names; called once by a program, before it starts anything.

    Args:
        environment: Of the process.
        is_allowed: Whether faults may be had at all; by default only in a checkout with its tests.

    Returns:
        Whether anything is armed now.
    """
    _armed.clear()
    wishes = environment.get(VARIABLE, "")
    if not wishes:
        return False
    if not (_TORTURE.is_dir() if is_allowed is None else is_allowed):
        logger.error("%s is set and refused: an installed Pontive has no faults; remove it", VARIABLE)
        return False
    for wish in wishes.split(","):
        _arm_one(wish.strip())
    return bool(_armed)


def reach(point: FaultPoint, *, error: type[Exception] = OSError) -> None:
    """Say that a place is reached; goes on unless a fault was asked for here.

    Args:
        point: The place.
        error: What an ``:error`` raises: what really may be raised there.
    """
    if _armed:
        _strike(point, error)


def _arm_one(wish: str) -> None:
    match = _WISH.match(wish)
    if match is None or match["point"] not in list(FaultPoint):
        points = ", ".join(FaultPoint)
        logger.error("%s: %r is no fault; as hub.before_commit:kill, of %s", VARIABLE, wish, points)
        return
    delay_s = float(match["delay_s"] or DELAY_S)
    _armed[FaultPoint(match["point"])] = _Armed(match["action"], delay_s, int(match["nth"] or 1))
    logger.critical("A FAULT IS ARMED, this process will misbehave on purpose: %s", wish)


def _strike(point: FaultPoint, error: type[Exception]) -> None:
    with _lock:
        armed = _armed.get(point)
        if armed is None:
            return
        armed.left -= 1
        if armed.left > 0:
            return
        del _armed[point]
    logger.critical("fault at %s: %s", point, armed.action)
    if armed.action == "kill":
        os.kill(os.getpid(), signal.SIGKILL)
    elif armed.action == "delay":
        time.sleep(armed.delay_s)
    else:
        raise error(f"a fault was asked for at {point}")
