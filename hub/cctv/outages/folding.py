"""Which dark cameras have one root: a whole point, a switch, a device, or each its own. Pure."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from hub.cctv.outages.facts import Scope

CameraKey = tuple[str, str]

# What went within this time went together: a will comes when the broker's patience ends, not at once.
TOGETHER = timedelta(seconds=120)
# The larger the place, the more it explains.
RANK = {Scope.CAMERA: 0, Scope.DEVICE: 1, Scope.SWITCH: 2, Scope.POINT: 3}


@dataclass(frozen=True, slots=True)
class DarkCamera:
    """A camera that is not live.

    Attributes:
        key: Device and camera.
        since: Since when.
        own_since: Since when it has an outage of its own, if it has one.
        is_gone: Its whole device is away.
        is_mute: Nothing comes and it says nothing of why; such ones fold, a wrong password does not.
        is_dark: There is no picture; otherwise there is one of no use.
    """

    key: CameraKey
    since: datetime
    own_since: datetime | None = None
    is_gone: bool = False
    is_mute: bool = True
    is_dark: bool = True

    @property
    def has_own_trouble(self) -> bool:
        """Whether it had its own outage well before it went with others."""
        return self.own_since is not None and self.since - self.own_since > TOGETHER


@dataclass(frozen=True, slots=True)
class Place:
    """What hangs together: a point, a switch or a device, and its cameras that were ever heard."""

    scope: Scope
    key: str
    cameras: frozenset[CameraKey]


@dataclass(frozen=True, slots=True)
class Group:
    """Cameras with one root."""

    scope: Scope
    key: str
    members: tuple[DarkCamera, ...]


def fold(
    dark: Iterable[DarkCamera],
    places: Iterable[Place],
    held: Mapping[CameraKey, tuple[Scope, str]],
) -> list[Group]:
    """Return the groups, the largest first.

    Args:
        dark: All that are not live.
        places: All places.
        held: Which place's outage holds a camera already.
    """
    left = {one.key: one for one in dark}
    lightless = {key for key, one in left.items() if one.is_dark}
    groups: list[Group] = []
    for place in sorted(places, key=lambda place: (-len(place.cameras), -RANK[place.scope], place.key)):
        if not place.cameras or not place.cameras <= lightless:
            continue
        members = _members(place, left, held)
        if _is_one_root(place, members):
            groups.append(Group(place.scope, place.key, members))
            for one in members:
                del left[one.key]
    return [*groups, *(Group(Scope.CAMERA, "/".join(key), (one,)) for key, one in sorted(left.items()))]


def _members(
    place: Place, left: Mapping[CameraKey, DarkCamera], held: Mapping[CameraKey, tuple[Scope, str]]
) -> tuple[DarkCamera, ...]:
    """Return those of a place that went together; one with an older trouble of its own keeps that."""
    found = [left[key] for key in sorted(place.cameras) if key in left]
    mute = [one for one in found if one.is_mute and not one.has_own_trouble]
    if place.scope is Scope.DEVICE:
        mute = [one for one in mute if one.is_gone]
    of_place = {one.key for one in mute if held.get(one.key) == (place.scope, place.key)}
    newest = max((one.since for one in mute), default=None)
    return tuple(
        one for one in mute if one.key in of_place or (newest is not None and newest - one.since <= TOGETHER)
    )


def _is_one_root(place: Place, members: tuple[DarkCamera, ...]) -> bool:
    """Return whether what is dark at a place is explained by the place."""
    if any(one.is_gone for one in members):
        return True
    return len(members) >= 2 and place.scope is not Scope.DEVICE
