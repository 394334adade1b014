"""Which cameras the list shows and in which order. Pure."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from hub.cctv.rules import CameraState
from hub.cctv.service import CameraView

# What needs somebody comes first.
_ORDER = {
    CameraState.OFFLINE: 0,
    CameraState.SILENT: 1,
    CameraState.DISTURBED: 2,
    CameraState.UNHEARD: 3,
    CameraState.LIVE: 4,
}


@dataclass(frozen=True, slots=True)
class Filter:
    """What is asked for; empty is everything. ``text`` is looked for in names and points."""

    state: str = ""
    cause: str = ""
    owner: str = ""
    district: str = ""
    kind: str = ""
    medium: str = ""
    text: str = ""

    @property
    def is_empty(self) -> bool:
        """Whether all cameras are asked for."""
        return self == Filter()


@dataclass(frozen=True, slots=True)
class Row:
    """One camera of the list; ``dark_s`` is how long it has not been live."""

    view: CameraView
    district: str
    dark_s: float | None


def rows_of(
    cameras: Sequence[CameraView], districts: Mapping[str, str], wanted: Filter, now: datetime
) -> list[Row]:
    """Return the rows that are asked for, those that need somebody first and the longest dark foremost.

    Args:
        cameras: all of them.
        districts: name of the kecamatan by device.
        wanted: what to show.
        now: the present.
    """
    rows = [Row(view, districts.get(view.device, ""), _dark_s(view, now)) for view in cameras]
    kept = [row for row in rows if _is_wanted(row, wanted)]
    return sorted(kept, key=lambda row: (_ORDER[row.view.verdict.state], -(row.dark_s or 0)))


def _dark_s(view: CameraView, now: datetime) -> float | None:
    since = view.verdict.since
    if view.verdict.state is CameraState.LIVE or since is None:
        return None
    return max(0.0, (now - since).total_seconds())


def _is_wanted(row: Row, wanted: Filter) -> bool:
    view = row.view
    exact = (
        (wanted.state, view.verdict.state.value),
        (wanted.cause, view.verdict.cause.value),
        (wanted.owner, view.owner),
        (wanted.district, row.district),
        (wanted.kind, view.kind),
        (wanted.medium, view.medium),
    )
    if any(asked and asked != has for asked, has in exact):
        return False
    words = f"{view.name} {view.site} {view.kelurahan} {view.device}/{view.camera}".casefold()
    return wanted.text.casefold() in words
