"""What a concern puts on the map: points with a state, in layers. Values only.

The composition root passes the layers in, as it does the tiles of the board.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from sqlalchemy.orm import Session

from hub.people.sessions import Viewer
from hub.places.reach import PlaceReach
from hub.web.contributions.tiles import Tone


@dataclass(frozen=True, slots=True)
class MapState:
    """A state that points of a layer can be in; ``label`` is a text to translate.

    ``shape`` names a shape of the map's own where the one of the tone would not tell enough.
    """

    id: str
    label: str
    tone: Tone
    shape: str = ""

    @property
    def look(self) -> str:
        """The colour: that of the tone, but for maintenance, which has one of its own."""
        return "care" if self.shape == "care" else self.tone.value


@dataclass(frozen=True, slots=True)
class MapPoint:
    """One mark. Latitude 0.0 is the equator, a real place of this city.

    ``words`` is a text to translate, ``values`` are what it names; ``owners`` and ``kecamatan`` are
    for the filter; ``link`` is an address of ours.
    """

    id: str
    site: str
    latitude: float
    longitude: float
    title: str
    state: str
    words: str
    link: str
    kecamatan: str = ""
    owners: tuple[str, ...] = ()
    values: Mapping[str, object] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class MapLayer:
    """Points of one kind; ``states`` in the order of need, the worst first.

    ``corner`` tells where a mark stands at its place, so that layers do not cover each other:
    0 on it, 1 above to its right, 2 above to its left, 3 below to its right.
    """

    id: str
    label: str
    states: tuple[MapState, ...]
    points: tuple[MapPoint, ...]
    corner: int = 0

    def state_of(self, point: MapPoint) -> MapState:
        """Return the state that a point is in."""
        return next(state for state in self.states if state.id == point.state)


@dataclass(frozen=True, slots=True)
class MapLook:
    """What a layer may look at: only points within ``reach`` belong on it.

    ``viewer`` is for what has a permission of its own; ``None``: the hub itself looks, for changes.
    """

    db: Session
    now: datetime
    reach: PlaceReach
    viewer: Viewer | None = None


LayerSource = Callable[[MapLook], MapLayer]


@dataclass(frozen=True, slots=True)
class MapFilter:
    """What is asked for; empty is everything."""

    kecamatan: str = ""
    owner: str = ""
    state: str = ""
    layer: str = ""

    @property
    def is_empty(self) -> bool:
        """Whether everything is asked for."""
        return self == MapFilter()


def marks_of(layers: Sequence[MapLayer], wanted: MapFilter) -> list[tuple[MapLayer, MapPoint]]:
    """Return the points that are asked for, those that need somebody first, then by name."""
    found = [
        (layer, point)
        for layer in layers
        if not wanted.layer or layer.id == wanted.layer
        for point in layer.points
        if _is_wanted(point, wanted)
    ]
    return sorted(found, key=lambda one: (_need(*one), one[1].title.casefold(), one[1].id))


def _need(layer: MapLayer, point: MapPoint) -> int:
    return [state.id for state in layer.states].index(point.state)


def _is_wanted(point: MapPoint, wanted: MapFilter) -> bool:
    return (
        (not wanted.kecamatan or point.kecamatan == wanted.kecamatan)
        and (not wanted.owner or wanted.owner in point.owners)
        and (not wanted.state or point.state == wanted.state)
    )
