"""The fixtures of the screens, and a few numbers for boards to show."""

from datetime import timedelta

import pytest

from hub.measures.catalogue.reading import shipped
from hub.measures.keeping.periods import Grain, begin_of, moment_of, second_of
from hub.measures.keeping.points import Said, keep
from hub.measures.keeping.series import CITY, Facets
from hub.measures.keeping.sources import SourceKind, source_id
from hub.people.models import Opd
from tests.hub.screens import Screens, city, clock, screens

__all__ = ["city", "clock", "screens"]

WARDS = ("61.71.05.1005", "61.71.04.1004")
CHILLI = (40_000, 40_000, 40_000, 40_000, 40_000, 40_000, 40_000, 40_000, 60_000)


@pytest.fixture
def measured(city: Screens) -> Screens:
    """A city with months of letters in two kelurahan, attendance, prices of a market, and air."""
    now = city.clock()
    hour = begin_of(Grain.HOUR, second_of(now)) - 3600
    with city.database.writing() as db:
        db.merge(Opd(number=1, name="Dinas Komunikasi dan Informatika"))
        source = source_id(db, SourceKind.MODULE, "uji", now=now)

        def say(code: str, *said: Said) -> None:
            keep(db, shipped().one(code), said, source=source)

        month = begin_of(Grain.MONTH, second_of(now))
        before = begin_of(Grain.MONTH, month - 1)
        for place, ward in enumerate(WARDS):
            about = Facets(kelurahan=ward)
            say(
                "letter_issued", Said(about, moment_of(before), 10 + place), Said(about, moment_of(month), 20)
            )
        say("attendance", Said(Facets(opd="1"), moment_of(begin_of(Grain.DAY, second_of(now))), 90, 100))
        for days, price in enumerate(reversed(CHILLI)):
            at = moment_of(begin_of(Grain.DAY, second_of(now - timedelta(days=days))))
            about = Facets(kelurahan="61.71.01.1002", market="flamboyan", dimension="cabai-rawit")
            say("food_price", Said(about, at, price))
        old = moment_of(begin_of(Grain.DAY, second_of(now - timedelta(days=9))))
        beef = Facets(kelurahan="61.71.01.1002", market="flamboyan", dimension="daging-sapi")
        say("food_price", Said(beef, old, 130_000))
        air = Facets(kelurahan=WARDS[1], site="tugu", dimension="pm2_5")
        say("air_concentration", Said(air, moment_of(hour), 30))
        say("ispu", Said(air, moment_of(hour), 68))
        say("camera_online", Said(CITY, moment_of(begin_of(Grain.DAY, second_of(now))), 136))
        say("camera_installed", Said(CITY, moment_of(begin_of(Grain.DAY, second_of(now))), 147))
    return city
