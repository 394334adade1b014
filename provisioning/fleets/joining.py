"""Puts a device of the city into its fleet: registered, named, tagged, told who it is.

May be repeated after any failure: a device keeps its uuid, which is made from its name, and each
step takes what is there already. Must not print.
"""

import hashlib
from dataclasses import dataclass, field

from edge.wire.joining.enrolment import Role
from provisioning.fleets.port import Fleet, Place, Registration
from provisioning.fleets.settings import FLEET_OF_ROLE, FleetSettings

# balena's uuid has 62 hexadecimal digits: one byte less than SHA-256, for OpenVPN's sake.
_UUID_LETTERS = 62
# The rings of a release, in order; the last is the whole fleet.
RINGS = ("uji", "awal", "semua")


@dataclass(frozen=True, slots=True)
class Joining:
    """A device that is to be put into service."""

    device: str
    site: str
    role: Role
    hub: str
    ring: str = RINGS[-1]
    claim: str = field(default="", repr=False)


def uuid_of(organization: str, device: str) -> str:
    """Return the uuid of a device of ours; it is a name, not a secret."""
    return hashlib.sha256(f"pontive\0{organization}\0{device}".encode()).hexdigest()[:_UUID_LETTERS]


def ensure_fleets(fleet: Fleet, settings: FleetSettings) -> None:
    """Make the fleet of each role."""
    for name in FLEET_OF_ROLE.values():
        fleet.ensure_fleet(name, settings.device_type)


def join(fleet: Fleet, settings: FleetSettings, wanted: Joining) -> Registration:
    """Register a device and say who it is; return its new key.

    Raises:
        FleetError: a step was not done; repeat when its cause is gone.
    """
    home, uuid = FLEET_OF_ROLE[wanted.role], uuid_of(settings.organization, wanted.device)
    registration = fleet.register(home, uuid)
    fleet.describe(
        uuid,
        name=wanted.device,
        tags={"site": wanted.site, "ring": wanted.ring, "role": wanted.role.value},
    )
    variables = {"PONTIVE_ROLE": wanted.role.value, "PONTIVE_HUB": wanted.hub, "PONTIVE_CLAIM": wanted.claim}
    for name, value in variables.items():
        if value:
            fleet.set_variable(Place(home, uuid), name, value)
    return registration
