"""Which storms somebody sees: the database and Python say the same of what is folded under them."""

from itertools import product

from hub.alarms.kinds import AlarmKind, Severity
from hub.alarms.models import Alarm
from hub.alarms.reach import AlarmReach, storms_at
from hub.places.reach import PlaceReach
from tests.hub.alarms.conftest import Sayings
from tests.hub.screens import START

PLACES = (
    PlaceReach(frozenset()),
    PlaceReach(frozenset({"jawi"})),
    PlaceReach(frozenset({"jawi"}), frozenset({"pi-jawi"})),
    PlaceReach(frozenset(), cameras=frozenset({("pi-jawi", "utara")}), partial_sites=frozenset({"jawi"})),
)


def alarm_of(key: str, parent: int | None, place: tuple[str | None, str | None, str | None]) -> Alarm:
    return Alarm(
        key=key, open_key=key, kind=AlarmKind.OUTAGE_SITE, severity=Severity.HIGH, facts="{}", link="/",
        site=place[0], device=place[1], camera=place[2], parent_id=parent,
        raised_at=START, active_since=START, changed_at=START,
    )  # fmt: skip


def test_storms_are_found_by_the_same_rule_as_their_parts(say: Sayings) -> None:
    spots = list(product((None, "jawi", "tugu"), (None, "pi-jawi", "pi-tugu"), (None, "utara", "selatan")))
    with say.database.writing() as db:
        for number, spot in enumerate(spots):
            storm = alarm_of(f"storm:{number}", None, (None, None, None))
            db.add(storm)
            db.flush()
            db.add(alarm_of(f"part:{number}", storm.id, spot))
        db.flush()
        parts = [(one.parent_id, one) for one in db.query(Alarm).filter(Alarm.parent_id.is_not(None))]
        assert len(parts) == 27
        for places in PLACES:
            expected = {parent for parent, one in parts if AlarmReach(places).holds(one)}
            assert storms_at(db, places) == expected
        assert storms_at(db, PLACES[2])
