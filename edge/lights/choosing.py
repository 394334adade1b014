"""Which state a device shows, of all that is true of it at once: the one a hand can mend first. Pure."""

from dataclasses import dataclass

from edge.lights.signs import State


@dataclass(frozen=True, slots=True)
class Facts:
    """What the agent knows of its device now; ``dark_workers`` are cameras and doors without a picture."""

    is_connected: bool
    has_network: bool
    is_identity_good: bool
    is_disk_good: bool
    is_under_voltage: bool
    is_updating: bool
    is_clock_known: bool
    dark_workers: int = 0
    beginning_workers: int = 0


def state_of(facts: Facts) -> State:
    """Return the most urgent state that holds."""
    without_hub = not facts.is_connected
    holds = (
        (State.DISK, not facts.is_disk_good),
        (State.POWER, facts.is_under_voltage),
        (State.UPDATING, facts.is_updating),
        (State.NO_NETWORK, without_hub and not facts.has_network),
        # Without a clock no certificate looks good; and it is the reason only where it keeps us out.
        (State.CLOCK, without_hub and not facts.is_identity_good and not facts.is_clock_known),
        (State.IDENTITY, without_hub and not facts.is_identity_good),
        (State.NO_HUB, without_hub),
        (State.CAMERA, facts.dark_workers > 0),
        (State.CLOCK, not facts.is_clock_known),
        (State.BUSY, facts.beginning_workers > 0),
    )
    return next((state for state, is_so in holds if is_so), State.WELL)
