"""What concerns find for everybody: a list each, in the order in which the composition root names them."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy.orm import Session

MOST_HITS = 8


@dataclass(frozen=True, slots=True)
class Hit:
    """One thing that was found; ``address`` is a page of ours that is open to everybody."""

    title: str
    address: str
    note: str = ""


@dataclass(frozen=True, slots=True)
class Sought:
    """What is looked for: words as they were typed, never empty."""

    db: Session
    today: date
    words: str


@dataclass(frozen=True, slots=True)
class SearchSource:
    """One list of the page; ``label`` is a text to translate, ``find`` returns the best first."""

    label: str
    find: Callable[[Sought], Sequence[Hit]]
