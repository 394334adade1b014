"""A measure told apart by one of its sides, in the newest period that has any: what bars and maps show."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from flask_babel import gettext as _

from hub.boards.filling.look import Absent, BoardLook
from hub.boards.filling.number import link_to, measure_wanted, no_data, stale_after, stands_at
from hub.boards.filling.scope import BoardScope
from hub.boards.filling.spans import SPANS
from hub.boards.plan.shape import PlacedTile
from hub.measures.catalogue.shape import Measure
from hub.measures.pages.naming import names_of, period_words
from hub.measures.pages.wanted import SIDES
from hub.measures.service import newest_moment, values_of
from hub.web.i18n import language


@dataclass(frozen=True, slots=True)
class Part:
    """One key of the side; ``link`` is the measure's page of that part alone."""

    key: str
    name: str
    value: float
    link: str


@dataclass(frozen=True, slots=True)
class Told:
    """A measure by a side, the largest first; ``at`` and the rest are as :class:`Content` has them."""

    measure: Measure
    parts: tuple[Part, ...]
    at: datetime | None
    period: str
    is_stale: bool
    stale_after: timedelta | None
    link: str

    @property
    def rows(self) -> tuple[tuple[str, float], ...]:
        """The table behind it."""
        return tuple((one.name, one.value) for one in self.parts)


def told_apart(tile: PlacedTile, look: BoardLook, side: str) -> Told | Absent:
    """Return the tile's measure by a side, as addresses spell it, or why there is none."""
    wanted = measure_wanted(tile, look, is_apart_good=side == "rincian")
    if isinstance(wanted, Absent):
        return wanted
    measure, scope = wanted
    newest_at = newest_moment(look.db, measure.code, scope=scope.facets)
    if newest_at is None:
        return no_data(measure, scope)
    grain = max(SPANS[tile.span][1], measure.grain_kept)
    until = newest_at + timedelta(seconds=1)
    found = values_of(
        look.db, measure.code, scope=scope.facets, since=newest_at, until=until, grain=grain, by=SIDES[side]
    )
    known = [(one.key, one.value, one.begin) for one in found if one.key and one.value is not None]
    if not known:
        return Absent(_("Ukuran ini tidak dirinci menurut %(side)s.", side=_(side)), measure.label)
    known.sort(key=lambda one: -one[1])
    names = names_of(look.db, SIDES[side])
    at, is_old = stands_at(measure, newest_at, look)
    return Told(
        measure=measure,
        parts=tuple(
            Part(
                key,
                names.get(key, key.replace("|", " · ")),
                value,
                _link_of(look, measure, scope, side, key),
            )
            for key, value, _begin in known
        ),
        at=at,
        period=period_words(known[0][2], grain, look.zone, language()),
        is_stale=is_old,
        stale_after=stale_after(measure),
        link=link_to(look, measure, scope),
    )


def _link_of(look: BoardLook, measure: Measure, scope: BoardScope, side: str, key: str) -> str:
    return look.link("measures.one", measure=measure.code, **(scope.arguments | {side: key}))
