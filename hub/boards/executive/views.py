"""The summary's page. What it says comes from the concerns, through the composition root."""

from collections.abc import Sequence

from flask import Blueprint, Flask, current_app, render_template

from hub.boards.executive.area import area_name
from hub.people.permissions import Permission
from hub.places.access import own_reach
from hub.web.contributions.cards import AreaLook, Card, CardSource
from hub.web.guarding.guard import needs, signed_in
from hub.web.parts import parts
from hub.web.transaction import db

blueprint = Blueprint("executive", __name__)


def install_executive(app: Flask, sources: Sequence[CardSource]) -> None:
    """Put the cards of all concerns on the summary, in this order."""
    app.extensions["pontive-cards"] = tuple(sources)
    app.register_blueprint(blueprint)


@blueprint.get("/eksekutif")
@needs(Permission.BOARD_SEE, is_scoped=True)
def summary() -> str:
    """Show the summary of the viewer's part of the city."""
    now = parts().now()
    return render_template(
        "boards/executive/summary.html",
        cards=_cards(),
        area=area_name(db(), signed_in(), now) or parts().config.city,
        at=now,
    )


@blueprint.get("/eksekutif/kini")
@needs(Permission.BOARD_SEE, is_scoped=True, is_background=True)
def present() -> str:
    """Give the cards anew; the page asks for them."""
    return render_template("boards/executive/cards.html", cards=_cards(), at=parts().now())


def _cards() -> list[Card]:
    here = parts()
    sources: Sequence[CardSource] = current_app.extensions["pontive-cards"]
    look = AreaLook(
        db=db(),
        now=here.now(),
        zone=here.zone,
        viewer=signed_in(),
        reach=own_reach(Permission.BOARD_SEE),
    )
    return [card for source in sources if (card := source(look)) is not None]
