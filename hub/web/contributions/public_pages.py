"""What everybody may open: each concern names its pages, and the citizens' frame links them.

The frame is ``web/public.html``. Must not know what the pages show; the composition root passes
the lists in, in the order of the screen.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from flask import Flask, Response, make_response

# A phone's worker keeps an answer only if it says so: no other page of the hub carries this header.
KEPT_HEADER, KEPT_VALUE = "Pontive-Kept", "everybody"


@dataclass(frozen=True, slots=True)
class PublicPage:
    """A page that is open to everybody; ``label`` is a text to translate."""

    endpoint: str
    label: str


def install_public_frame(app: Flask, *, pages: Sequence[PublicPage], lookups: Sequence[PublicPage]) -> None:
    """Let the frame list the pages of citizens.

    Args:
        app: The application.
        pages: What citizens do, above every page.
        lookups: What citizens look up, below every page.
    """

    @app.context_processor
    def give() -> dict[str, Any]:
        return {"citizen_pages": pages, "citizen_lookups": lookups}


def as_kept(page: str) -> Response:
    """Return a page as phones keep it for the time without network: the same for everybody."""
    response = make_response(page)
    response.headers[KEPT_HEADER] = KEPT_VALUE
    response.headers["Cache-Control"] = "no-cache"
    return response
