"""What other parts of the engine add to the page of a case; given by the composition root."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from flask import Flask, current_app

from hub.cases.desk.page import CasePage

_EXTENSION = "pontive-case-panels"


@dataclass(frozen=True, slots=True)
class Panel:
    """A template that is drawn in the page, with what it shows as ``panel.values``."""

    template: str
    values: Mapping[str, Any]


# Returns nothing for cases that it has nothing to say about; asked within the request that draws the page.
PanelSource = Callable[[CasePage], Panel | None]


def install_panels(app: Flask, sources: Sequence[PanelSource]) -> None:
    """Let pages of cases show these panels."""
    app.extensions[_EXTENSION] = tuple(sources)


def panels_of(page: CasePage) -> tuple[Panel, ...]:
    """Return the panels of a case."""
    sources: tuple[PanelSource, ...] = current_app.extensions.get(_EXTENSION, ())
    return tuple(panel for source in sources if (panel := source(page)) is not None)
