"""For everybody, without scripts: the agenda of the city, and its places."""

from typing import Any

from flask import Blueprint, render_template, request

from hub.people.permissions import Permission
from hub.registers.kind.fields import Choice
from hub.registers.kind.reading import kind_of
from hub.registers.kind.wording import words_of
from hub.registers.screens.access import today
from hub.registers.showing.guide import AGENDA, PLACES, coming_events, places
from hub.web.guarding.guard import needs
from hub.web.transaction import db

blueprint = Blueprint("city_guide", __name__)

_MOST_WORDS = 80


@blueprint.get("/agenda")
@needs(Permission.PUBLIC)
def agenda() -> str:
    """Show what is on, the next event first."""
    kinds = _sorts(AGENDA)
    asked = _asked(kinds)
    return render_template(
        "registers/showing/agenda.html",
        events=coming_events(db(), today(), kind=asked),
        kinds=kinds,
        asked=asked,
        said=_said(AGENDA),
        today=today(),
    )


@blueprint.get("/tempat")
@needs(Permission.PUBLIC)
def place_list() -> str:
    """Show places, narrowed by sort and words."""
    typed = "".join(one for one in request.args.get("cari", "") if one.isprintable())
    kinds, words = _sorts(PLACES), typed.strip()[:_MOST_WORDS]
    asked = _asked(kinds)
    return render_template(
        "registers/showing/places.html",
        places=places(db(), today(), kind=asked, words=words),
        kinds=kinds,
        asked=asked,
        words=words,
        said=_said(PLACES),
    )


def _sorts(code: str) -> tuple[Choice, ...]:
    return kind_of(code).field("jenis").choices


def _asked(kinds: tuple[Choice, ...]) -> str:
    asked = request.args.get("jenis", "")
    return asked if asked in {one.id for one in kinds} else ""


def _said(code: str) -> Any:
    kind = kind_of(code)
    return lambda row, name: words_of(kind.field(name), row.values.get(name))
