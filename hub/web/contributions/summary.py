"""What a concern says at a hand-over: a title, how many, and the lines somebody must know of.

As tiles are for a board; who composes the application passes the sources in.
"""

from collections.abc import Callable

import msgspec

from hub.web.contributions.tiles import Look


class SummaryLine(msgspec.Struct, frozen=True):
    """One thing; ``link`` is a path of this hub, or empty. Said in Indonesian: it is kept as it was said."""

    text: str
    link: str = ""


class SummaryPart(msgspec.Struct, frozen=True):
    """One card: ``title`` is a text to translate, ``count`` may be more than the lines that are told."""

    title: str
    count: int
    lines: tuple[SummaryLine, ...] = ()


SummarySource = Callable[[Look], SummaryPart]
MOST_LINES = 20
