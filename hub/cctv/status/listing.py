"""Which cameras the list shows and in which order. Pure."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from hub.cctv.rules import DARK_STATES, CameraState, Verdict
from hub.cctv.service import CameraView

# What needs somebody comes first.
_ORDER = {
    CameraState.OFFLINE: 0,
    CameraState.SILENT: 0,
    CameraState.DISTURBED: 1,
    CameraState.MAINTENANCE: 2,
    CameraState.UNHEARD: 3,
    CameraState.LIVE: 4,
}
# "Luring" is one word to an operator, whether the device is away or only the camera is mute.
_ASKED = {CameraState.OFFLINE.value: {one.value for one in DARK_STATES}}
STATES: tuple[CameraState, ...] = tuple(state for state in CameraState if state is not CameraState.SILENT)


@dataclass(frozen=True, slots=True)
class Filter:
    """What is asked for; empty is everything. ``text`` is looked for in names and points."""

    state: str = ""
    cause: str = ""
    owner: str = ""
    district: str = ""
    site: str = ""
    kind: str = ""
    medium: str = ""
    text: str = ""

    @property
    def is_empty(self) -> bool:
        """Whether all cameras are asked for."""
        return self == Filter()


@dataclass(frozen=True, slots=True)
class Row:
    """One camera of the list: exactly what is shown of it, so that equal rows look the same.

    ``outage`` is the number of the outage that holds it, ``folded`` how many cameras that one holds
    when it is of a whole place.
    """

    device: str
    camera: str
    name: str
    site: str
    site_id: str
    kelurahan: str
    district: str
    owner: str
    kind: str
    medium: str
    verdict: Verdict
    outage: int | None = None
    scope: str = ""
    folded: int = 0

    @property
    def id(self) -> str:
        """Id of the row in the page."""
        return f"kamera-{self.device}-{self.camera}"

    @property
    def state(self) -> CameraState:
        """What an operator calls it."""
        return self.verdict.state

    def dark_s(self, now: datetime) -> float | None:
        """Return how long it has not been live; ``None``: it is, or nobody knows since when."""
        since = self.verdict.since
        if self.state is CameraState.LIVE or since is None:
            return None
        return max(0.0, (now - since).total_seconds())


def rows_of(cameras: Sequence[CameraView], districts: Mapping[str, str]) -> tuple[Row, ...]:
    """Return a row a camera, those that need somebody first and the longest dark foremost.

    Args:
        cameras: all of them.
        districts: name of the kecamatan by device.
    """
    rows = [_row(view, districts.get(view.device, "")) for view in cameras]
    return tuple(sorted(rows, key=_place))


def rows_wanted(rows: Sequence[Row], wanted: Filter) -> list[Row]:
    """Return the rows that are asked for, in their order."""
    return [row for row in rows if _is_wanted(row, wanted)]


def count_states(rows: Sequence[Row]) -> dict[CameraState, int]:
    """Return how many cameras are in each state, as the filter counts them."""
    counts: dict[CameraState, int] = dict.fromkeys(STATES, 0)
    for row in rows:
        counts[CameraState.OFFLINE if row.state in DARK_STATES else row.state] += 1
    return counts


def places_dark(rows: Sequence[Row]) -> tuple[int, int]:
    """Return how many whole places are dark, and how many cameras are folded under them."""
    held = [row for row in rows if row.outage is not None and row.scope not in ("", "camera")]
    return len({row.outage for row in held}), len(held)


def _row(view: CameraView, district: str) -> Row:
    outage = view.outage if view.verdict.state is not CameraState.LIVE else None
    return Row(
        device=view.device,
        camera=view.camera,
        name=view.name,
        site=view.site,
        site_id=view.site_id,
        kelurahan=view.kelurahan,
        district=district,
        owner=view.owner,
        kind=view.kind,
        medium=view.medium,
        verdict=view.verdict,
        outage=None if outage is None else outage.number,
        scope="" if outage is None else outage.scope,
        folded=0 if outage is None or outage.scope == "camera" else outage.cameras,
    )


def _place(row: Row) -> tuple[int, float]:
    since = row.verdict.since
    is_timed = row.state is not CameraState.LIVE and since is not None
    return _ORDER[row.state], since.timestamp() if is_timed and since is not None else float("inf")


def _is_wanted(row: Row, wanted: Filter) -> bool:
    if wanted.state and row.state.value not in _ASKED.get(wanted.state, {wanted.state}):
        return False
    exact = (
        (wanted.cause, row.verdict.cause.value),
        (wanted.owner, row.owner),
        (wanted.district, row.district),
        (wanted.site, row.site_id),
        (wanted.kind, row.kind),
        (wanted.medium, row.medium),
    )
    if any(asked and asked != has for asked, has in exact):
        return False
    words = f"{row.name} {row.site} {row.kelurahan} {row.device}/{row.camera}".casefold()
    return wanted.text.casefold() in words
