"""What the front page says, put together from the engines. Reads only; draws nothing."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from sqlalchemy.orm import Session

from hub.cases.asking.catalogue import offered_to
from hub.cases.complaints.publishing.board import PublicBoard
from hub.cases.complaints.publishing.shown import OPEN, PublicComplaint, Wanted
from hub.cases.definition.stages import PublicStatus
from hub.cases.keeping.versions import all_newest
from hub.measures.environment.stations import Station, WaterLine, stations, worst_station
from hub.measures.prices.rules import Movement
from hub.measures.prices.service import PriceLine, price_lines
from hub.portal.life_events import LifeEvent, life_events
from hub.portal.weather.service import Weather, weather_now
from hub.registers.keeping.models import RegisterRow
from hub.registers.showing.guide import Event, coming_events, news, places

EVENTS, NEWS, COMPLAINTS, PERIODS, WATERS = 5, 4, 3, 4, 3
NEW_FOR, DONE_FOR = timedelta(days=7), timedelta(days=30)
# What a mother looks for first: what became dear.
_PRICE_ORDER = (Movement.ALERT, Movement.UP, Movement.DOWN, Movement.SAME, Movement.STALE)


@dataclass(frozen=True, slots=True)
class Prices:
    """Prices of the city, dear ones first; ``day`` is the newest that has any."""

    lines: tuple[PriceLine, ...]
    day: date | None
    is_stale: bool


@dataclass(frozen=True, slots=True)
class Complaints:
    """How complaints stand."""

    new: int
    open: int
    done: int
    newest: tuple[PublicComplaint, ...]

    @property
    def at(self) -> datetime | None:
        """When one of the newest last changed."""
        return max((one.changed_at for one in self.newest), default=None)


@dataclass(frozen=True, slots=True)
class Listed:
    """Rows of a register: those shown, how many there are, and since when."""

    rows: tuple[RegisterRow, ...]
    count: int

    @property
    def at(self) -> datetime | None:
        """When one of the rows shown last changed."""
        return max((one.changed_at for one in self.rows), default=None)


@dataclass(frozen=True, slots=True)
class Front:
    """Everything on the page."""

    prices: Prices
    stations: tuple[Station, ...]
    weather: Weather
    events: tuple[Event, ...]
    places: tuple[tuple[str, int], ...]
    places_at: datetime | None
    news: Listed
    complaints: Complaints
    life_events: tuple[LifeEvent, ...]

    @property
    def worst(self) -> Station | None:
        """The station that decides for the air of the city."""
        return worst_station(self.stations)

    @property
    def waters(self) -> tuple[tuple[Station, WaterLine], ...]:
        """River and rain, the worst first."""
        order = ("bad", "warn", "good", "idle")
        found = [(one, water) for one in self.stations for water in one.waters]
        return tuple(sorted(found, key=lambda pair: order.index(pair[1].tone))[:WATERS])

    @property
    def events_at(self) -> datetime | None:
        """When one of the events shown last changed."""
        return max((one.row.changed_at for one in self.events), default=None)


def front_of(db: Session, now: datetime, zone: ZoneInfo) -> Front:
    """Return the front page as it stands."""
    today = now.astimezone(zone).date()
    there = places(db, today)
    told = news(db, today, most=NEWS)
    return Front(
        prices=_prices(db, today),
        stations=stations(db, now),
        weather=weather_now(db, now, most=PERIODS),
        events=tuple(coming_events(db, today)[:EVENTS]),
        places=_by_kind(there),
        places_at=max((one.changed_at for one in there), default=None),
        news=Listed(tuple(told), len(told)),
        complaints=_complaints(db, now),
        life_events=life_events(offered_to(all_newest(db), is_employee=False)),
    )


def _prices(db: Session, today: date) -> Prices:
    lines = [one for one in price_lines(db, today) if one.price is not None]
    lines.sort(key=lambda one: (_PRICE_ORDER.index(one.movement), -abs(one.percent or 0.0)))
    day = max((one.day for one in lines if one.day is not None), default=None)
    return Prices(tuple(lines), day, all(one.movement is Movement.STALE for one in lines))


def _by_kind(rows: list[RegisterRow]) -> tuple[tuple[str, int], ...]:
    counts: dict[str, int] = {}
    for one in rows:
        sort = str(one.values.get("jenis", ""))
        counts[sort] = counts.get(sort, 0) + 1
    return tuple(counts.items())


def _complaints(db: Session, now: datetime) -> Complaints:
    board = PublicBoard(db)
    done = Wanted(statuses=(PublicStatus.DONE,), changed_begin=now - DONE_FOR)
    return Complaints(
        new=board.count(Wanted(begin=now - NEW_FOR)),
        open=board.count(Wanted(statuses=OPEN)),
        done=board.count(done),
        newest=tuple(board.find(Wanted(), most=COMPLAINTS)),
    )
