"""What a concern tells somebody who answers for a part of the city: a number, why, and since last week.

Plain words only: these cards are read by people who never saw the screens behind them. Values; the
composition root passes the sources in, as it does the tiles of the board.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from zoneinfo import ZoneInfo

from sqlalchemy.orm import Session

from hub.people.sessions import Viewer
from hub.places.reach import PlaceReach
from hub.web.contributions.tiles import Tone
from hub.web.guarding.guard import may_open


@dataclass(frozen=True, slots=True)
class CardLine:
    """One line under the number. ``words`` is a text to translate, ``values`` are what it names."""

    words: str
    values: Mapping[str, object] = field(default_factory=dict)
    link: str = ""
    tone: Tone = Tone.IDLE


@dataclass(frozen=True, slots=True)
class Card:
    """One subject. Texts are to translate.

    Attributes:
        id: For the page.
        title: What it is about, as people say it.
        value: The number; ``None``: nothing to tell yet, and ``empty`` says why.
        total: What it is a part of.
        unit: What is counted, after the number.
        tone: How it stands.
        lines: Why, and where.
        before: The same number a week ago; ``None``: not known.
        is_more_better: Which way is good; ``None``: neither.
        link: A page of ours that the viewer may open; empty: none.
        empty: Said instead of the number.
    """

    id: str
    title: str
    value: int | None
    total: int | None = None
    unit: str = ""
    tone: Tone = Tone.IDLE
    lines: tuple[CardLine, ...] = ()
    before: int | None = None
    is_more_better: bool | None = None
    link: str = ""
    empty: str = ""

    @property
    def trend(self) -> str:
        """How it went since a week ago: ``same``, ``better``, ``worse``, ``more``, ``less`` or nothing."""
        if self.before is None or self.value is None:
            return ""
        if self.value == self.before:
            return "same"
        is_more = self.value > self.before
        if self.is_more_better is None:
            return "more" if is_more else "less"
        return "better" if is_more is self.is_more_better else "worse"


@dataclass(frozen=True, slots=True)
class AreaLook:
    """What a source may look at: only what lies within ``reach``, for this viewer."""

    db: Session
    now: datetime
    zone: ZoneInfo
    viewer: Viewer
    reach: PlaceReach

    def link(self, endpoint: str, address: str) -> str:
        """Return the address when the viewer may open its endpoint, else nothing."""
        return address if may_open(self.viewer, endpoint) else ""


# ``None``: the viewer has no part in it.
CardSource = Callable[[AreaLook], Card | None]
