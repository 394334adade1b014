"""Finding complaints by what everybody reads of them, never by what is hidden. Builds queries only."""

from sqlalchemy import ColumnElement, Select, and_, func, or_, select
from sqlalchemy.orm import InstrumentedAttribute

from hub.cases.complaints.models import ComplaintWording
from hub.cases.keeping.models import CaseRecord

_MOST_PARTS = 6
# The shortest number that is hidden (hub.cases.complaints.masking): a telephone number: 08 and seven digits.
_FEWEST_HIDDEN_DIGITS = 9


def holds_words(words: str) -> ColumnElement[bool]:
    """Return the condition that each word stands in the public title or is the number.

    What is in the text alone is not searched: it may hold what we hide.
    """
    return and_(*(_holds(part) for part in words.split()[:_MOST_PARTS]))


def newest_wording_ids() -> Select[int]:
    """Return the rows of moderation that count: the newest of each complaint."""
    return select(func.max(ComplaintWording.id)).group_by(ComplaintWording.case_id)


def _holds(part: str) -> ColumnElement[bool]:
    moderated = select(ComplaintWording.case_id)
    reworded = moderated.where(
        ComplaintWording.id.in_(newest_wording_ids()), *_in_title(ComplaintWording.title, part)
    )
    return or_(
        CaseRecord.number == part.upper(),
        and_(*_in_title(CaseRecord.title, part), CaseRecord.id.not_in(moderated)),
        CaseRecord.id.in_(reworded),
    )


def _in_title(title: InstrumentedAttribute[str], part: str) -> tuple[ColumnElement[bool], ...]:
    """Tell whether a part stands in what is shown of a title, in a way that no mask can be read through."""
    found = (title.icontains(part, autoescape=True), title.not_like("%@%"))
    # Of numbers only digits are hidden: a word of letters alone never meets them.
    return found if part.isalpha() else (*found, _digits(title) < _FEWEST_HIDDEN_DIGITS)


def _digits(title: InstrumentedAttribute[str]) -> ColumnElement[int]:
    rest: ColumnElement[str] = func.coalesce(title, "")
    for digit in "0123456789":
        rest = func.replace(rest, digit, "")
    return func.length(title) - func.length(rest)
