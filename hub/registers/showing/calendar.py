"""What the media center tells in a month, by day, and how much of each kind on which channel. Reads only."""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta

from sqlalchemy import Select, select
from sqlalchemy.orm import Session

from hub.registers.keeping.listing import condition_of
from hub.registers.keeping.models import RegisterOwner, RegisterRow
from hub.registers.keeping.publishing import published
from hub.registers.keeping.reach import RegisterReach, owned_on
from hub.registers.kind.fields import Where
from hub.registers.kind.reading import kind_of
from hub.registers.showing.guide import NEWS

# The city makes 236 a month: 2,832 a year by its own description (Diskominfo Kota Pontianak, 2021).
MOST = 1000


@dataclass(frozen=True, slots=True)
class Item:
    """One item of content; ``channels`` may be empty: none was chosen yet."""

    id: int
    title: str
    day: date
    kind: str
    channels: tuple[str, ...]
    status: str
    quality: str
    link: str


@dataclass(frozen=True, slots=True)
class Day:
    """One day of the month and its items, by title."""

    day: date
    items: tuple[Item, ...]


@dataclass(frozen=True, slots=True)
class ContentMonth:
    """One month. An item on two channels counts once in its kind and once on each of the channels."""

    first: date
    items: tuple[Item, ...]

    @property
    def days(self) -> tuple[Day, ...]:
        """Every day of the month."""
        held: dict[date, list[Item]] = {}
        for one in self.items:
            held.setdefault(one.day, []).append(one)
        count = (next_month(self.first) - self.first).days
        dates = (self.first + timedelta(days=number) for number in range(count))
        return tuple(Day(day, tuple(held.get(day, ()))) for day in dates)

    @property
    def by_kind(self) -> Mapping[str, int]:
        """How many items there are of each kind."""
        return Counter(one.kind for one in self.items)

    @property
    def by_channel(self) -> Mapping[tuple[str, str], int]:
        """How many there are of each kind on each channel; "" is no channel."""
        return Counter((one.kind, channel) for one in self.items for channel in one.channels or ("",))

    @property
    def by_status(self) -> Mapping[str, int]:
        """How many are planned, on their way and out."""
        return Counter(one.status for one in self.items)


def content_month(
    db: Session,
    first: date,
    *,
    today: date,
    reach: RegisterReach | None,
    kind: str = "",
    channel: str = "",
) -> ContentMonth:
    """Return a month of content.

    Args:
        db: Any session.
        first: Of the month.
        today: The day in the city.
        reach: How far whoever looks sees the register; ``None``: everybody's, what is out already.
        kind: Only of this kind (``jenis``).
        channel: Only what is on this channel (``kanal``).
    """
    news = kind_of(NEWS)
    day = RegisterRow.values["tanggal"].as_string()
    query = published(news, today) if reach is None else _seen(reach, today)
    query = query.where(day >= first.isoformat(), day < next_month(first).isoformat())
    for field, word in (("jenis", kind), ("kanal", channel)):
        if word:
            query = query.where(condition_of(news, Where(field=field, values=(word,))))
    rows = db.scalars(query.order_by(None).order_by(day, RegisterRow.title, RegisterRow.id).limit(MOST))
    return ContentMonth(first, tuple(map(_item, rows)))


def next_month(first: date) -> date:
    """Return the first day of the month after."""
    return date(first.year + first.month // 12, first.month % 12 + 1, 1)


def month_before(first: date) -> date:
    """Return the first day of the month before."""
    return (first - timedelta(days=1)).replace(day=1)


def _seen(reach: RegisterReach, today: date) -> Select[RegisterRow, int]:
    return (
        select(RegisterRow, RegisterOwner.opd)
        .join(RegisterOwner, owned_on(today), isouter=True)
        .where(RegisterRow.kind == NEWS, RegisterRow.is_retired.is_(False), reach.condition())
    )


def _item(row: RegisterRow) -> Item:
    values = row.values
    return Item(
        row.id,
        row.title,
        date.fromisoformat(str(values["tanggal"])),
        str(values["jenis"]),
        tuple(values.get("kanal") or ()),
        str(values["status"]),
        row.quality,
        str(values.get("tautan") or ""),
    )
