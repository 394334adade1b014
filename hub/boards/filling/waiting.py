"""Tiles of what waits for somebody: alarms, and complaints of citizens."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from flask_babel import gettext as _

from hub.alarms.kinds import SEVERITY_WORDS, Severity
from hub.alarms.listing import Filter, list_alarms
from hub.alarms.reach import AlarmReach, storms_at
from hub.alarms.words import sentence
from hub.boards.filling.look import NO_RIGHT, Absent, BoardLook, Content
from hub.boards.filling.scope import wards_of
from hub.boards.plan.shape import PlacedTile
from hub.cases.complaints.publishing.board import PublicBoard
from hub.cases.complaints.publishing.shown import OPEN, PublicComplaint, Wanted
from hub.cases.complaints.publishing.words import STATUS_TONE, STATUS_WORDS
from hub.cases.definition.stages import PublicStatus
from hub.people.permissions import Permission

_TONES = {Severity.CRITICAL: "bad", Severity.HIGH: "bad", Severity.MEDIUM: "warn", Severity.LOW: "idle"}
_LATELY = timedelta(days=30)


@dataclass(frozen=True, slots=True)
class WaitingLine:
    """One of them. ``word`` says how grave it is, or how far."""

    words: str
    place: str
    since: datetime
    word: str
    tone: str
    link: str


@dataclass(frozen=True, slots=True)
class WaitingData:
    """How many wait, the first of them, and what else there is to say, each with its number."""

    count: int
    unit: str
    tone: str
    lines: tuple[WaitingLine, ...]
    others: tuple[tuple[str, int], ...] = ()


def fill_alarms(tile: PlacedTile, look: BoardLook) -> Content | Absent:
    """Return the open alarms of the part of the city, the gravest first."""
    title = _("Alarm")
    if look.viewer is not None and not look.viewer.may_somewhere(Permission.ALARM_SEE):
        return Absent(_(NO_RIGHT), title, is_denied=True)
    places = look.scope.places(look.db, look.now)
    reach = AlarmReach(places, frozenset() if places.is_city else storms_at(look.db, places))
    found = list_alarms(look.db, reach, Filter(), look.now)
    lines = tuple(
        WaitingLine(
            words=sentence(one.kind, one.facts),
            place=one.site,
            since=one.active_since,
            word=_(SEVERITY_WORDS[one.severity]),
            tone=_TONES[one.severity],
            link=look.link("alarm_handling.alarm", alarm_id=one.id),
        )
        for one in found[: tile.most]
    )
    tone = max((_TONES[one.severity] for one in found), key=("idle", "warn", "bad").index, default="good")
    return Content(
        title=title,
        data=WaitingData(len(found), _("alarm terbuka"), tone, lines),
        header=(_("Alarm"), _("Titik"), _("Sejak"), _("Tingkat")),
        rows=_rows(lines),
        link=look.link("alarms.listing"),
    )


def fill_complaints(tile: PlacedTile, look: BoardLook) -> Content | Absent:
    """Return how many complaints wait for the city, and the newest, as everybody may read them."""
    title = _("Pengaduan warga")
    wards = wards_of(look.scope) or ("",)
    if look.scope.kind == "opd":
        return Absent(_("Ubin ini tidak dirinci menurut OPD."), title)
    board = PublicBoard(look.db)
    if board.definition is None:
        return Absent(_("Layanan pengaduan belum dimuat."), title)
    count = sum(board.count(Wanted(statuses=OPEN, kelurahan=ward)) for ward in wards)
    since = look.now - _LATELY
    new = sum(board.count(Wanted(begin=since, kelurahan=ward)) for ward in wards)
    done = sum(
        board.count(Wanted(statuses=(PublicStatus.DONE,), changed_begin=since, kelurahan=ward))
        for ward in wards
    )
    newest = [
        one for ward in wards for one in board.find(Wanted(statuses=OPEN, kelurahan=ward), most=tile.most)
    ]
    newest.sort(key=lambda one: one.opened_at, reverse=True)
    lines = tuple(_complaint_line(one, look) for one in newest[: tile.most])
    return Content(
        title=title,
        data=WaitingData(
            count,
            _("laporan terbuka"),
            "warn" if count else "good",
            lines,
            ((_("masuk 30 hari"), new), (_("selesai 30 hari"), done)),
        ),
        header=(_("Kategori"), _("Kelurahan"), _("Masuk"), _("Status")),
        rows=_rows(lines),
        link=look.link("public_complaints.listing"),
    )


def _complaint_line(one: PublicComplaint, look: BoardLook) -> WaitingLine:
    # The kind of trouble, not the words of who complained: a wall in a hall reads nobody's letter.
    return WaitingLine(
        words=one.category_label,
        place=one.kelurahan,
        since=one.opened_at,
        word=_(STATUS_WORDS[one.status]),
        tone=STATUS_TONE[one.status],
        link=look.link("public_complaints.one", number=one.number),
    )


def _rows(lines: Sequence[WaitingLine]) -> tuple[tuple[object, ...], ...]:
    return tuple((one.words, one.place, one.since.isoformat(timespec="minutes"), one.word) for one in lines)
