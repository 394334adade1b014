"""The city's front page for whoever has no session, and its search. With scripts or without."""

from collections.abc import Sequence
from dataclasses import dataclass

from flask import Blueprint, Response, current_app, make_response, render_template, request

from hub.cases.asking.views import page_of_service
from hub.cases.complaints.publishing.words import STATUS_TONE, STATUS_WORDS
from hub.measures.environment.ispu import CATEGORY_WORDS, shown
from hub.measures.prices.rules import Movement
from hub.people.permissions import Permission
from hub.portal.front import front_of
from hub.registers.kind.reading import kind_of
from hub.registers.kind.wording import words_of
from hub.registers.showing.guide import NEWS, PLACES
from hub.web.contributions.searching import Hit, SearchSource, Sought
from hub.web.guarding.guard import needs
from hub.web.i18n import N_, language
from hub.web.parts import parts
from hub.web.transaction import db

blueprint = Blueprint("portal", __name__)

SOURCES_NAME = "pontive-search"
_MOST_WORDS = 80
# Red is dear, green is cheap: what the city's GENCIL taught its citizens (antaranews kalbar, 2018).
_PRICE_WORDS: dict[Movement, tuple[str, str]] = {
    Movement.UP: (N_("naik"), "bad"),
    Movement.DOWN: (N_("turun"), "good"),
    Movement.SAME: (N_("tetap"), "idle"),
    Movement.ALERT: (N_("melampaui batas"), "bad"),
    Movement.STALE: (N_("data basi"), "idle"),
}


@dataclass(frozen=True, slots=True)
class Found:
    """One list of the search; ``label`` is a text to translate."""

    label: str
    hits: Sequence[Hit]


def front() -> Response:
    """Return the front page; the guard shows it to strangers who ask for the board."""
    response = make_response(draw_front(is_kept=False))
    # "Back" after signing in must not show the page of before.
    response.headers["Cache-Control"] = "no-cache"
    return response


def draw_front(*, is_kept: bool) -> str:
    """Return the page; ``is_kept``: as a phone keeps it, without anything of this visit."""
    here, news = parts(), kind_of(NEWS)
    return render_template(
        "portal/front.html",
        front=front_of(db(), here.now(), here.zone),
        is_kept=is_kept,
        price_words=_PRICE_WORDS,
        categories=CATEGORY_WORDS,
        shown_index=shown,
        status_words=STATUS_WORDS,
        tones=STATUS_TONE,
        address=page_of_service,
        said_day=lambda row: words_of(news.field("tanggal"), row.values["tanggal"], language=language()),
        place_kinds={one.id: one.label for one in kind_of(PLACES).field("jenis").choices},
    )


@blueprint.get("/cari")
@needs(Permission.PUBLIC)
def search() -> str:
    """Show what is found for some words, list by list."""
    # Letters alone: PostgreSQL takes no NUL, and nobody types one.
    typed = "".join(one if one.isprintable() else " " for one in request.args.get("cari", ""))
    words = " ".join(typed.split())[:_MOST_WORDS]
    here = parts()
    sought = Sought(db(), here.now().astimezone(here.zone).date(), words)
    sources: Sequence[SearchSource] = current_app.extensions[SOURCES_NAME]
    lists = [Found(one.label, one.find(sought)) for one in sources] if words else []
    return render_template("portal/search.html", words=words, found=[one for one in lists if one.hits])
