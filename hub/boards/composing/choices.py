"""What the composer offers: kinds of tiles, and the codes that each may be about. Reads only."""

from collections.abc import Mapping

import msgspec
from flask_babel import gettext as _
from sqlalchemy.orm import Session

from hub.boards.filling.cards import CARD_WORDS
from hub.boards.filling.kinds import KINDS
from hub.boards.filling.scope import WHOLE_CITY, choosable
from hub.boards.keeping.service import all_boards
from hub.boards.plan.shape import Span
from hub.measures.catalogue.reading import shipped
from hub.measures.pages.wanted import SIDES
from hub.registers.kind.reading import shipped_kinds
from hub.web.i18n import N_

SPAN_WORDS: Mapping[Span, str] = {
    Span.DAY: N_("sehari"),
    Span.WEEK: N_("sepekan"),
    Span.MONTH: N_("30 hari"),
    Span.YEAR: N_("setahun"),
    Span.DECADE: N_("sepuluh tahun"),
}


class Choice(msgspec.Struct, frozen=True):
    """Something to choose: its code, and what it is called."""

    code: str
    label: str


class KindChoice(msgspec.Struct, frozen=True):
    """A kind of tile, and what its form asks for."""

    code: str
    label: str
    subject: str
    asks: tuple[str, ...]
    w: int
    h: int


class Choices(msgspec.Struct, frozen=True):
    """Everything that the forms of tiles offer."""

    kinds: tuple[KindChoice, ...]
    subjects: dict[str, tuple[Choice, ...]]
    sides: tuple[Choice, ...]
    spans: tuple[Choice, ...]
    scopes: tuple[Choice, ...]
    boards: tuple[Choice, ...]


def choices(db: Session) -> Choices:
    """Return what there is to choose from, in the language of the page."""
    return Choices(
        kinds=tuple(
            KindChoice(kind.value, _(one.label), one.subject, tuple(sorted(one.asks)), one.w, one.h)
            for kind, one in KINDS.items()
        ),
        subjects={
            "measure": tuple(Choice(one.code, one.label) for one in shipped().measures.values()),
            "register": tuple(Choice(one.code, one.label) for one in shipped_kinds().values()),
            "card": tuple(Choice(code, _(words)) for code, words in CARD_WORDS.items()),
        },
        sides=(Choice("", _("menurut waktu")), *(Choice(name, _(name)) for name in SIDES)),
        spans=tuple(Choice(span.value, _(words)) for span, words in SPAN_WORDS.items()),
        scopes=(
            Choice("", _("mengikuti papan")),
            Choice("kota", _("Seluruh kota")),
            *(Choice(one.words, one.name) for one in choosable(db) if one != WHOLE_CITY),
        ),
        boards=tuple(Choice(one.plan.code, one.plan.title) for one in all_boards(db)),
    )
