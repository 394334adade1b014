"""What everybody sees of a complaint, as values, and which states are open or closed to them."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime

from hub.cases.definition.stages import PublicStatus

SERVICE = "pengaduan"
CATEGORY = "category"
PHOTOS = ("foto", "foto_sesudah")
PAGE = 30
# Not looked at by anybody yet: words are shown with numbers hidden, photos not at all.
UNSEEN = (PublicStatus.RECEIVED, PublicStatus.RETURNED)
OPEN = (
    PublicStatus.RECEIVED,
    PublicStatus.VERIFIED,
    PublicStatus.IN_PROGRESS,
    PublicStatus.RETURNED,
)
CLOSED = (PublicStatus.DONE, PublicStatus.ARCHIVED, PublicStatus.REJECTED, PublicStatus.CANCELLED)


@dataclass(frozen=True, slots=True)
class Photo:
    """A photo that may be shown; ``is_after``: of the finished work."""

    id: int
    is_after: bool
    width_px: int | None
    height_px: int | None


@dataclass(frozen=True, slots=True)
class Happening:
    """One public step; ``note`` only where it was written for the public."""

    id: int
    case: int
    status: str
    note: str
    at: datetime
    action: str


@dataclass(frozen=True, slots=True)
class PublicComplaint:
    """A complaint without its people. Latitude 0.0 is a place."""

    id: int
    number: str
    title: str
    text: str
    category: str
    category_label: str
    kind: str
    status: str
    opd: str
    kelurahan: str
    address: str
    latitude: float | None
    longitude: float | None
    opened_at: datetime
    changed_at: datetime
    closed_at: datetime | None
    due_at: datetime | None
    photos: tuple[Photo, ...]
    supports: int
    merged_into: str
    is_moderated: bool

    @property
    def is_open(self) -> bool:
        """Whether somebody still has to do with it."""
        return self.status in OPEN


@dataclass(frozen=True, slots=True)
class Wanted:
    """What is looked for; empty is everything. ``statuses`` are public ones."""

    category: Collection[str] = ()
    statuses: Collection[str] = ()
    kelurahan: str = ""
    text: str = ""
    begin: datetime | None = None
    end: datetime | None = None
    numbers: Sequence[str] | None = None
    changed_begin: datetime | None = None
    changed_end: datetime | None = None
