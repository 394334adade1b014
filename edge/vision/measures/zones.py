"""How full the zones are, and what that is called: an index that holds where counting cannot be trusted.

Must not know lines; time comes in with each look.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from edge import opencv
from edge.config import Zone, ZonePurpose
from edge.vision.measures.cells import CellWatch, Cover, Shares
from edge.vision.measures.levels import Levels
from edge.vision.measures.speed import SpeedMeter
from edge.vision.measures.trails import Foot, Trails
from edge.vision.stage import Look
from edge.vision.stills import polygon_px
from edge.wire.records.bodies import CrowdLevel, FlowLevel

FLOWS = (FlowLevel.FREE, FlowLevel.SLOW, FlowLevel.JAM)
CROWDS = (CrowdLevel.EMPTY, CrowdLevel.FEW, CrowdLevel.MANY, CrowdLevel.DENSE)

# Congestion 0..1 is how much of a queue's cover is there, times how slow it is. The steps are
# starting values of ours, to be set anew when a road of the city has been measured.
QUEUE_COVER = 0.25
FREE_KMH, JAM_KMH = 25.0, 5.0
FLOW_STEPS = (0.35, 0.7)
# Without known ground a thing's own length is the yardstick: about 4 m, so 1 length/s is 15 km/h.
KMH_PER_LENGTH_S = 15.0
# Slower than this it stands, which the cells see better.
LEAST_KMH = 2.0
# Cover at which a place of people is few, many, densely full; fewer than these people are less.
CROWD_STEPS = (0.005, 0.15, 0.45)
MANY_PEOPLE, DENSE_PEOPLE = 5.0, 10.0
LEAST_PEOPLE = 0.4
# A standing person covers this share of the square of their height (a silhouette of 0.26).
PERSON_SHARE = 0.26
# How fast the numbers behind a level follow, in seconds.
SMOOTH_S = 8.0
# Less than this of a cell is noise and not a thing.
OCCUPIED_CELL = 0.3


@dataclass(frozen=True, slots=True)
class ZoneNow:
    """One zone at one look: whether something is in it, which share is covered, and the level."""

    zone: str
    is_occupied: bool
    cover: float
    flow: FlowLevel | None = None
    crowd: CrowdLevel | None = None


class ZoneWatch:
    """One zone.

    Args:
        zone: Where, and what is asked of it.
        cells: The grid of the picture.
        shape: Of the analysed picture, (height, width).
        speeds: Of the camera's ground; without it things are measured by their own length.
    """

    def __init__(
        self, zone: Zone, *, cells: CellWatch, shape: tuple[int, ...], speeds: SpeedMeter | None
    ) -> None:
        self._zone = zone
        self._speeds = speeds
        mask = np.zeros(shape[:2], np.uint8)
        opencv.fill(mask, polygon_px(zone.polygon, shape[1], shape[0]), (255,))
        self._mask = mask
        self._weights: Shares = cells.shares(mask)
        self._area = float(self._weights.sum())
        person_px = PERSON_SHARE * (zone.person_height * shape[0]) ** 2
        self._person_cells = person_px / cells.size_px**2
        is_crowd = zone.purpose is ZonePurpose.CROWD
        self._levels = Levels(CROWD_STEPS if is_crowd else FLOW_STEPS)
        self._smooth: float | None = None
        self._pts_s = 0.0

    def see(self, cover: Cover, trails: Trails, pts_s: float) -> ZoneNow:
        """Return how full the zone is now."""
        covered = self._weights * cover.covered
        share = float(covered.sum()) / self._area if self._area else 0.0
        is_occupied = bool((covered >= OCCUPIED_CELL).any())
        if self._zone.purpose is ZonePurpose.CROWD:
            level = self._level(self._crowding(float(covered.sum()), share), pts_s)
            return ZoneNow(self._zone.id, is_occupied, share, crowd=CROWDS[level])
        standing = float((self._weights * cover.standing).sum()) / self._area if self._area else 0.0
        level = self._level(self._congestion(share, standing, trails), pts_s)
        return ZoneNow(self._zone.id, is_occupied, share, flow=FLOWS[level])

    def _level(self, value: float, pts_s: float) -> int:
        step_s = max(0.0, pts_s - self._pts_s)
        self._pts_s = pts_s
        if self._smooth is None:
            self._smooth = value
        self._smooth += min(1.0, step_s / SMOOTH_S) * (value - self._smooth)
        return self._levels.see(self._smooth, pts_s)

    def _crowding(self, covered_cells: float, share: float) -> float:
        """Return the cover, held below what so few people cannot be."""
        if self._person_cells <= 0:
            return share
        people = covered_cells / self._person_cells
        if people < LEAST_PEOPLE:
            return 0.0
        most = CROWD_STEPS[1] if people < MANY_PEOPLE else CROWD_STEPS[2] if people < DENSE_PEOPLE else 1.0
        return min(max(share, CROWD_STEPS[0] * 1.5), 0.8 * most if most < 1 else 1.0)

    def _congestion(self, share: float, standing: float, trails: Trails) -> float:
        fullness = min(1.0, share / QUEUE_COVER)
        if share <= 0:
            return 0.0
        speeds = [self._kmh(way) for way in trails.ways if self._is_inside(way)]
        moving = [kmh for kmh in speeds if kmh is not None and kmh >= LEAST_KMH]
        # Without any that moves, it is the share of what stands that tells.
        moving_kmh = float(np.median(moving)) if moving else FREE_KMH
        kmh = moving_kmh * (1 - min(1.0, standing / share))
        slowness = min(1.0, max(0.0, (FREE_KMH - kmh) / (FREE_KMH - JAM_KMH)))
        return fullness * slowness

    def _is_inside(self, way: Sequence[Foot]) -> bool:
        height, width = self._mask.shape
        row = min(height - 1, int(way[-1].y * height))
        return bool(self._mask[row, min(width - 1, int(way[-1].x * width))])

    def _kmh(self, way: Sequence[Foot]) -> float | None:
        if self._speeds is not None:
            return self._speeds.kmh(way)
        first, last = way[0], way[-1]
        if last.pts_s - first.pts_s < 0.5 or last.size <= 0:
            return None
        height, width = self._mask.shape
        gone = np.hypot((last.x - first.x) * width / height, last.y - first.y)
        return float(gone / last.size / (last.pts_s - first.pts_s)) * KMH_PER_LENGTH_S


class ZoneWatches:
    """All zones of a view.

    Args:
        zones: Of the view; there is at least one.
        look: The first.
        speeds: Of its ground, if that is known.
    """

    def __init__(self, zones: Sequence[Zone], look: Look, speeds: SpeedMeter | None) -> None:
        self._cells = CellWatch(look)
        self._watches = [
            ZoneWatch(zone, cells=self._cells, shape=look.luma.shape, speeds=speeds) for zone in zones
        ]

    def see(self, look: Look, trails: Trails, pts_s: float) -> tuple[ZoneNow, ...]:
        """Return how full the zones are now; meant to be called twice a second or so."""
        cover = self._cells.see(look, pts_s)
        return tuple(watch.see(cover, trails, pts_s) for watch in self._watches)
