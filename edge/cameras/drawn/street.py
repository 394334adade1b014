"""One drawn street: where the camera stands, which lanes there are, and who drives there when.

The composition of view, lanes and timetable for a seed and a condition. Must not draw.
"""

from dataclasses import dataclass

import numpy as np

from edge.cameras.drawn.settings import SceneSettings, Weather
from edge.cameras.drawn.traffic import SIZE_M, Kind, Lane, Mix, Mover, timetable
from edge.cameras.drawn.turned import widened
from edge.cameras.drawn.view import View
from edge.config import Line

LANE_M = 3.3
PAVEMENT_M = 2.2
# Where the suggested line lies, as a share of the picture's height.
LINE_ROW = 0.6

_STREET = {Kind.CAR: 0.5, Kind.VAN: 0.12, Kind.LORRY: 0.1, Kind.MOTORCYCLE: 0.28}
_MIXES = {
    Weather.MOTORCYCLES: Mix({Kind.MOTORCYCLE: 0.8, Kind.CAR: 0.2}, most_abreast=3),
    Weather.LORRIES: Mix({Kind.LORRY: 0.5, Kind.CAR: 0.35, Kind.MOTORCYCLE: 0.15}),
}
_WALKERS = Mix({Kind.PERSON: 1.0})
_STANDERS = Mix({Kind.PERSON: 1.0}, pause_s=(8.0, 22.0))


@dataclass(frozen=True, slots=True)
class Street:
    """View, carriageway (``half_width_m`` to each side of its middle), lanes and their traffic."""

    settings: SceneSettings
    view: View
    half_width_m: float
    lanes: tuple[Lane, ...]

    def movers_between(self, first_s: float, last_s: float) -> list[Mover]:
        """Return everything that is on the street at some time in ``first_s``..``last_s``."""
        movers: list[Mover] = []
        for index, lane in enumerate(self.lanes):
            for mover in timetable(
                lane, self._mix(lane), per_minute=self._rate(lane), seed=self.settings.seed * 100 + index
            ):
                if mover.enters_s > last_s:
                    break
                if mover.leaves_s >= first_s:
                    movers.append(mover)
        return movers

    def _mix(self, lane: Lane) -> Mix:
        if lane.is_pavement:
            return _STANDERS if self.settings.weather is Weather.STANDING else _WALKERS
        return _MIXES.get(self.settings.weather, Mix(_STREET, most_abreast=2))

    def _rate(self, lane: Lane) -> float:
        traffic = self.settings.vehicles_per_minute
        if self.settings.weather is Weather.STANDING:
            return traffic / 6
        driven = sum(not each.is_pavement for each in self.lanes)
        return traffic / 10 if lane.is_pavement else traffic / driven


def build_street(settings: SceneSettings) -> Street:
    """Return the street of these settings; camera and lanes follow from the seed."""
    random = np.random.default_rng(settings.seed)
    if settings.weather is Weather.STANDING:
        return _pavement(settings, random)
    per_side = int(random.integers(1, 3)) if settings.seed != 1 else 2
    half_m = per_side * LANE_M + 0.4
    view = _mast(settings, half_m, random)
    # A camera that turns sees what a wider one sees: nothing may begin or end in its picture.
    seen = widened(view) if settings.turning else view
    lanes = [
        _lane(seen, side * (place + 0.5) * LANE_M, -side, float(random.uniform(9, 15)))
        for side in (-1, 1)
        for place in range(per_side)
    ]
    lanes += [_lane(seen, side * (half_m + PAVEMENT_M / 2), -side, 1.3, is_pavement=True) for side in (-1, 1)]
    return Street(settings, view, half_m, tuple(lanes))


def _mast(settings: SceneSettings, half_m: float, random: np.random.Generator) -> View:
    # Seed 1 is the demonstration: from a mast in the middle, the whole street in view.
    if settings.seed == 1:
        return View(settings.width_px, settings.height_px, 8.0, 15.0, 4.0, 58.0, 0.0, 1.0)
    is_beside = settings.weather is Weather.LORRIES and settings.seed % 2 == 1
    if is_beside:
        return View(
            settings.width_px, settings.height_px,
            height_m=float(random.uniform(6, 8)), pitch_deg=float(random.uniform(24, 30)),
            turn_deg=float(random.uniform(70, 88)), field_deg=float(random.uniform(58, 70)),
            away_m=half_m + float(random.uniform(6, 9)), aside_m=0.0,
        )  # fmt: skip
    while True:
        view = View(
            settings.width_px, settings.height_px,
            height_m=float(random.uniform(6, 11)), pitch_deg=float(random.uniform(14, 32)),
            turn_deg=float(random.uniform(-16, 16)), field_deg=float(random.uniform(46, 66)),
            away_m=float(random.uniform(-2, 2)), aside_m=float(random.uniform(-0.4, 0.4)) * half_m,
        )  # fmt: skip
        if _shows_whole_street(view, half_m):
            return view


def _shows_whole_street(view: View, half_m: float) -> bool:
    """Tell whether all lanes and pavements are in the picture where the line will be."""
    reach = half_m + PAVEMENT_M
    for beside in (-reach, reach):
        ground = np.array([(float(along), beside, 0.0) for along in range(4, 90)])
        x, y = view.project(ground).T
        row = int(np.argmin(abs(y - LINE_ROW * view.height_px)))
        if abs(y[row] / view.height_px - LINE_ROW) > 0.08 or not 0.02 <= x[row] / view.width_px <= 0.98:
            return False
    return True


def _pavement(settings: SceneSettings, random: np.random.Generator) -> Street:
    view = View(
        settings.width_px, settings.height_px,
        height_m=float(random.uniform(3.2, 4.5)), pitch_deg=float(random.uniform(24, 32)),
        turn_deg=90.0, field_deg=62.0, away_m=float(random.uniform(5.0, 6.5)), aside_m=0.0,
    )  # fmt: skip
    lanes = tuple(_lane(view, beside, 1, 1.2, is_pavement=True) for beside in (-0.6, 1.0))
    return Street(settings, view, 3.0, lanes)


def _lane(view: View, beside: float, heading: int, speed: float, *, is_pavement: bool = False) -> Lane:
    first, last = view.seen_range(beside, most_m=70.0)
    # Enters and leaves outside the picture, with its whole length.
    room = SIZE_M[Kind.PERSON if is_pavement else Kind.LORRY][0] + 1.0
    return Lane(beside, heading, first - room, last + room, speed, is_pavement)


def suggested_line(street: Street) -> Line:
    """Return a line that everything on the street crosses, as one would draw it on the still."""
    if street.view.turn_deg > 45:
        return Line(id="street", points=((0.5, 0.0), (0.5, 1.0)), forward="kiri", backward="kanan")
    return Line(id="street", points=((0.0, LINE_ROW), (1.0, LINE_ROW)), forward="datang", backward="pergi")
