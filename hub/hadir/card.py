"""What attendance tells somebody who answers for a part of the city: numbers, no names."""

from collections import Counter
from datetime import date, timedelta

from flask import url_for
from sqlalchemy import select
from sqlalchemy.orm import Session

from hub.hadir.results.publishing.outcomes import results
from hub.hadir.results.showing.today import Now, now_of
from hub.people.models import Unit
from hub.people.permissions import Permission
from hub.people.reach import Reach, people_within, reach_of
from hub.places.reach import PlaceReach, place_reach
from hub.web.contributions.cards import AreaLook, Card, CardLine
from hub.web.contributions.tiles import Tone
from hub.web.i18n import N_

_WEEK = timedelta(days=7)
_HERE = (Now.PRESENT, Now.LATE)


def attendance_card(look: AreaLook) -> Card | None:
    """Return how many civil servants of the area came today, beside the same weekday last week."""
    if not look.viewer.may_somewhere(Permission.HADIR_SEE):
        return None
    reach = _reach(look)
    today = look.now.astimezone(look.zone).date()
    counts, before = _counts(look, reach, today), _counts(look, reach, today - _WEEK)
    expected = sum(counts[one] for one in (*_HERE, Now.WAITED_FOR))
    here = sum(counts[one] for one in _HERE)
    return Card(
        id="hadir",
        title=N_("Pegawai yang sudah hadir"),
        value=here if expected else None,
        total=expected,
        unit=N_("pegawai"),
        tone=Tone.GOOD if 10 * here >= 9 * expected else Tone.WARN,
        lines=_lines(counts),
        before=sum(before[one] for one in _HERE) if before else None,
        is_more_better=True,
        link=look.link("hadir.board", url_for("hadir.board")),
        empty=N_("Hari ini tidak ada pegawai yang dijadwalkan di wilayah ini."),
    )


def _lines(counts: Counter[Now]) -> tuple[CardLine, ...]:
    words = (
        (Now.LATE, N_("%(count)s terlambat"), Tone.WARN),
        (Now.WAITED_FOR, N_("%(count)s belum datang"), Tone.IDLE),
        (Now.AWAY, N_("%(count)s cuti atau dinas luar"), Tone.IDLE),
    )
    return tuple(
        CardLine(text, {"count": counts[one]}, tone=tone) for one, text, tone in words if counts[one]
    )


def _counts(look: AreaLook, reach: Reach, day: date) -> Counter[Now]:
    persons = [one.number for one in people_within(look.db, reach, day, day)]
    _inputs, found = results(look.db, persons=persons, first=day, last=day, zone=look.zone)
    return Counter(now_of(result) for result in found.values())


def _reach(look: AreaLook) -> Reach:
    """Return the units that sit in the area, besides those that the grants name themselves."""
    own = reach_of(look.db, look.viewer.account_id, Permission.HADIR_SEE, look.now)
    if own.is_city:
        return own
    places = place_reach(look.db, look.viewer, Permission.HADIR_SEE, look.now)
    return Reach(is_city=False, opds=own.opds, units=own.units | _units_in(look.db, places))


def _units_in(db: Session, places: PlaceReach) -> frozenset[int]:
    return frozenset(
        number
        for number, site in db.execute(select(Unit.number, Unit.site))
        if site and places.sites is not None and site in places.sites
    )
