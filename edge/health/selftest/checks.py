"""Checks a technician asks for: each says what it looked at, whether it is well, and what to do.

The checks that need no second opening of a camera, so that a running agent can do them too.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from edge.clock import Stamp
from edge.config import EdgeConfig
from edge.health.probing.board import Probes, disk_free_mib
from edge.identity import IdentityError, read_identity, time_trouble
from edge.supervision.happenings import WorkerState
from edge.wire.messages import Reply
from edge.wire.records.bodies import ClockQuality

_LOW_DISK_MIB = 64


@dataclass(frozen=True, slots=True)
class Check:
    """One line of a self-test."""

    name: str
    is_ok: bool
    detail: str


def device_checks(config: EdgeConfig, *, stamp: Stamp, probes: Probes) -> list[Check]:
    """Return the checks of disk, clock, power and certificates."""
    return [
        check_disk(Path(config.outbox.path).parent),
        check_clock(stamp),
        check_power(probes),
        check_certificate(config, stamp),
    ]


def check_disk(folder: Path) -> Check:
    """Return whether there is room beside the outbox, which has its own already."""
    free_mib = disk_free_mib(folder)
    if free_mib < _LOW_DISK_MIB:
        return Check("disk", False, f"{free_mib} MiB free in {folder}; remove files or enlarge the disk")
    return Check("disk", True, f"{free_mib} MiB free in {folder}")


def check_clock(stamp: Stamp) -> Check:
    """Return whether the clock can be believed."""
    said = f"{stamp.at:%Y-%m-%d %H:%M:%S} UTC, {stamp.quality}"
    if stamp.quality is ClockQuality.UNKNOWN:
        return Check("clock", False, f"{said}; check that the network lets NTP through")
    return Check("clock", True, said)


def check_power(probes: Probes) -> Check:
    """Return whether the supply is strong enough, where the board can tell."""
    supply = probes.supply()
    match supply.is_under_voltage, supply.had_under_voltage:
        case None, _:
            return Check("power", True, "this board cannot tell")
        case True, _:
            return Check("power", False, "under-voltage; use a supply and cable of the board's maker")
        case _, True:
            return Check(
                "power", True, "no under-voltage now, but there was since the boot; watch the supply"
            )
        case _:
            return Check("power", True, "no under-voltage")


def check_certificate(config: EdgeConfig, stamp: Stamp) -> Check:
    """Return whether the device's certificate is there, its own, and in force."""
    try:
        identity = read_identity(config.hub, device=config.device)
    except IdentityError as error:
        return Check("certificate", False, str(error))
    is_ok, detail = time_trouble(identity.certificate, stamp.at)
    return Check("certificate", is_ok, detail)


def worker_checks(states: Iterable[WorkerState]) -> list[Check]:
    """Return a check for each running worker, by its progress."""
    return [_worker_check(state) for state in states]


def _worker_check(state: WorkerState) -> Check:
    name = f"{state.kind}-{state.name.strip('_')}"
    if state.beat_age_s is None:
        return Check(name, False, f"no progress yet; {state.last_fault or 'it is starting'}")
    return Check(name, True, f"progress {state.beat_age_s:.1f} s ago, {state.restarts} restarts")


def as_reply(checks: list[Check]) -> Reply:
    """Return the answer to the command ``run-selftest``."""
    failed = [check for check in checks if not check.is_ok]
    detail = "; ".join(f"{check.name}: {check.detail}" for check in failed) or "all well"
    values: dict[str, float | str | bool] = {check.name[:64]: check.is_ok for check in checks}
    return Reply(command="run-selftest", is_done=True, detail=detail[:500], values=values)
