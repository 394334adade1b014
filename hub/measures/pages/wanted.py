"""What an address asks of a measure: scope, span, grain and side. Nothing from outside is believed."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from hub.measures.catalogue.shape import Measure
from hub.measures.keeping.periods import WIB, Grain, begin_of_day, moment_of
from hub.measures.keeping.series import Facets, Side
from hub.web.typed.dates import typed_day

# Names in addresses of the parts of a scope, and of the sides.
SIDES: dict[str, Side] = {
    "kecamatan": Side.KECAMATAN,
    "kelurahan": Side.KELURAHAN,
    "opd": Side.OPD,
    "titik": Side.SITE,
    "pasar": Side.MARKET,
    "rincian": Side.DIMENSION,
}
GRAINS: dict[str, Grain] = {
    "jam": Grain.HOUR,
    "hari": Grain.DAY,
    "bulan": Grain.MONTH,
    "tahun": Grain.YEAR,
}
# What is shown when nobody says: long enough for a picture, short enough for a table.
_USUAL: dict[Grain, timedelta] = {
    Grain.HOUR: timedelta(days=3),
    Grain.DAY: timedelta(days=60),
    Grain.MONTH: timedelta(days=730),
    Grain.YEAR: timedelta(days=3653),
}
# An hour by hour look at ten years would be a page of 90,000 rows.
_MOST: dict[Grain, timedelta] = {
    Grain.HOUR: timedelta(days=31),
    Grain.DAY: timedelta(days=800),
    Grain.MONTH: timedelta(days=3653),
    Grain.YEAR: timedelta(days=36525),
}
_LONGEST = 80


@dataclass(frozen=True, slots=True)
class Wanted:
    """What is asked for; ``since`` and ``until`` are moments, ``until`` excluded."""

    scope: Facets
    grain: Grain
    since: datetime
    until: datetime

    @property
    def first(self) -> date:
        """The first day."""
        return self.since.astimezone(WIB).date()

    @property
    def last(self) -> date:
        """The last day."""
        return (self.until - timedelta(seconds=1)).astimezone(WIB).date()

    def address(self, **more: str) -> dict[str, str]:
        """Return what an address says to ask for the same, with more or other parts."""
        butir = next(name for name, grain in GRAINS.items() if grain is self.grain)
        span = {"butir": butir, "dari": self.first.isoformat(), "sampai": self.last.isoformat()}
        return span | self.parts() | more

    def parts(self) -> dict[str, str]:
        """Return the scope as addresses have it."""
        return {name: value for name, side in SIDES.items() if (value := getattr(self.scope, side.value))}


def wanted_of(
    arguments: Mapping[str, str], measure: Measure, now: datetime, newest: datetime | None = None
) -> Wanted:
    """Read an address; what is not understood is as if it were not there.

    Args:
        arguments: Of the address.
        measure: Its own grain is the finest.
        now: The present.
        newest: When the newest value begins: what ended years ago is shown as it ended.
    """
    said = {side.value: arguments.get(name, "")[:_LONGEST] for name, side in SIDES.items()}
    grain = max(GRAINS.get(arguments.get("butir", ""), measure.grain_kept), measure.grain_kept)
    today = now.astimezone(WIB).date()
    newest_day = today if newest is None else min(today, newest.astimezone(WIB).date())
    first = _day(arguments.get("dari", ""), date.min)
    last = min(_day(arguments.get("sampai", ""), max(newest_day, first)), today)
    until = moment_of(begin_of_day(last + timedelta(days=1)))
    if first > last or first == date.min:
        return Wanted(Facets(**said), grain, until - _USUAL[grain], until)
    since = moment_of(begin_of_day(first))
    return Wanted(Facets(**said), grain, since, min(until, since + _MOST[grain]))


def _day(text: str, otherwise: date) -> date:
    try:
        return typed_day(text)
    except ValueError:
        return otherwise
