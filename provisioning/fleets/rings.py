"""A release goes to the devices in rings, and stops where one fails.

The rings are tags of the devices. The last ring is the fleet itself: its pin, with the devices' own
pins taken away, so that a device that joins later gets the same. Must not print.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from provisioning.fleets.errors import FleetError, Trouble, not_there
from provisioning.fleets.joining import RINGS
from provisioning.fleets.port import FleetDevice, Rollout


@dataclass(frozen=True, slots=True)
class RingState:
    """How far a release is in one ring."""

    ring: str
    done: tuple[str, ...]
    waiting: tuple[str, ...]


def ring_of(device: FleetDevice) -> str:
    """Return the ring of a device; without a good tag the last, which is the careful one."""
    tag = device.tags.get("ring", "")
    return tag if tag in RINGS else RINGS[-1]


def ring_states(devices: Sequence[FleetDevice], commit: str) -> tuple[RingState, ...]:
    """Return for each ring which devices run a release, online, and which do not."""
    return tuple(_state(ring, [one for one in devices if ring_of(one) == ring], commit) for ring in RINGS)


def release_to(rollout: Rollout, fleet: str, commit: str, ring: str, *, is_forced: bool = False) -> int:
    """Give a release to a ring, if every ring before it runs it; return for how many devices.

    Args:
        rollout: The service.
        fleet: Whose release.
        commit: Which; it must be ready.
        ring: One of ``RINGS``.
        is_forced: Go on although devices of earlier rings do not run it.

    Raises:
        FleetError: no such release, or an earlier ring is not done: names the devices.
    """
    if commit not in {one.commit for one in rollout.releases(fleet) if one.is_ready}:
        raise not_there(f"a finished release {commit[:7]} of {fleet}")
    devices = rollout.devices(fleet)
    earlier = ring_states(devices, commit)[: RINGS.index(ring)]
    behind = [name for state in earlier for name in state.waiting]
    if behind and not is_forced:
        names = ", ".join(behind[:5]) + (f" and {len(behind) - 5} more" if len(behind) > 5 else "")
        raise FleetError(
            Trouble.CONFLICT,
            f"{fleet}: {names} of an earlier ring do not run {commit[:7]} yet; wait, look at their logs, "
            "or take it back with --ring uji and the release before",
        )
    return _give(rollout, fleet, commit, ring, devices)


def _give(rollout: Rollout, fleet: str, commit: str, ring: str, devices: Sequence[FleetDevice]) -> int:
    if ring == RINGS[-1]:
        rollout.pin_fleet(fleet, commit)
        for device in devices:
            if device.pinned:
                rollout.pin_device(device.uuid, "")
        return len(devices)
    here = [one for one in devices if ring_of(one) == ring]
    for device in here:
        if device.pinned != commit:
            rollout.pin_device(device.uuid, commit)
    return len(here)


def _state(ring: str, devices: Sequence[FleetDevice], commit: str) -> RingState:
    done = {one.name for one in devices if one.is_online and one.running == commit}
    names = [one.name for one in devices]
    return RingState(ring, tuple(n for n in names if n in done), tuple(n for n in names if n not in done))
