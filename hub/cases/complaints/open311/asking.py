"""What a program asks for, read strictly; what is wrong is told with the code of the specification. Pure."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

# GeoReport v2 (2011): the default and the longest range, and how many at once.
LONGEST = timedelta(days=90)
MOST = 1000
STATUSES = ("open", "closed")
# Nobody pages further than this; the offset stays a number that a database takes.
_LAST_PAGE = 100_000
_MOST_IDS = 200


class AskedWronglyError(Exception):
    """What is asked for cannot be answered; ``code`` is 400, 403 or 404."""

    def __init__(self, code: int, description: str) -> None:
        """Keep both for the answer."""
        super().__init__(description)
        self.code, self.description = code, description


@dataclass(frozen=True, slots=True)
class RequestQuery:
    """Which requests are asked for. With ``ids`` nothing else counts but the page."""

    ids: tuple[str, ...] = ()
    services: tuple[str, ...] = ()
    statuses: tuple[str, ...] = ()
    begin: datetime | None = None
    end: datetime | None = None
    most: int = MOST
    skip: int = 0
    changed_begin: datetime | None = None
    changed_end: datetime | None = None


def read_query(given: Mapping[str, str], *, now: datetime, services: Collection[str]) -> RequestQuery:
    """Read the parameters of a list of requests.

    Args:
        given: As they came; an empty one counts as not given.
        now: The present; without dates the last 90 days are meant.
        services: The codes that there are.

    Raises:
        AskedWronglyError: names the parameter.
    """
    most, skip = read_page(given)
    ids = read_ids(given)
    if ids:
        return RequestQuery(ids=ids, most=most, skip=skip)
    wanted, statuses = texts_of(given, "service_code"), texts_of(given, "status")
    for code in wanted:
        if code not in services:
            raise AskedWronglyError(404, f"service_code {code!r} was not found")
    for status in statuses:
        if status not in STATUSES:
            raise AskedWronglyError(400, f"status {status!r}: must be open or closed")
    # An extension that many servers have: what changed, whenever it came in.
    after, before = _moment(given, "updated_after"), _moment(given, "updated_before")
    if (after or before) and not (given.get("start_date") or given.get("end_date")):
        if after and before and before < after:
            raise AskedWronglyError(400, "updated_before lies before updated_after")
        return RequestQuery((), wanted, statuses, None, None, most, skip, after, before)
    begin, end = read_range(given, now=now)
    return RequestQuery((), wanted, statuses, begin, end, most, skip, after, before)


def read_range(given: Mapping[str, str], *, now: datetime) -> tuple[datetime, datetime]:
    """Return from when to when; a side that is not given lies 90 days away from the other.

    Raises:
        AskedWronglyError: no dates, the wrong way round, or more than 90 days apart.
    """
    begin, end = _moment(given, "start_date"), _moment(given, "end_date")
    if begin is None:
        end = now if end is None else end
        begin = _shifted(end, -LONGEST)
    elif end is None:
        end = min(_shifted(begin, LONGEST), max(now, begin))
    if end < begin:
        raise AskedWronglyError(400, "end_date lies before start_date")
    if end - begin > LONGEST:
        raise AskedWronglyError(400, "start_date and end_date may not span more than 90 days")
    return begin, end


def read_ids(given: Mapping[str, str]) -> tuple[str, ...]:
    """Return the requests that are named.

    Raises:
        AskedWronglyError: too many.
    """
    ids = texts_of(given, "service_request_id")
    if len(ids) > _MOST_IDS:
        raise AskedWronglyError(400, f"service_request_id: at most {_MOST_IDS} at once")
    return ids


def read_page(given: Mapping[str, str]) -> tuple[int, int]:
    """Return how many are asked for and how many are left out before them.

    Raises:
        AskedWronglyError: no whole numbers, or too large.
    """
    size = _number(given, "page_size", MOST, MOST)
    return size, size * (_number(given, "page", 1, _LAST_PAGE) - 1)


def texts_of(given: Mapping[str, str], name: str) -> tuple[str, ...]:
    """Return the parts of a parameter that is delimited by commas, each once."""
    parts = (part.strip() for part in given.get(name, "").split(","))
    return tuple(dict.fromkeys(part for part in parts if part))


def _number(given: Mapping[str, str], name: str, default: int, most: int) -> int:
    text = given.get(name, "").strip()
    if not text:
        return default
    # The length first: Python refuses to read thousands of digits.
    if not (len(text) <= len(str(most)) and text.isascii() and text.isdecimal() and 1 <= int(text) <= most):
        raise AskedWronglyError(400, f"{name}: must be a whole number from 1 to {most}")
    return int(text)


def _moment(given: Mapping[str, str], name: str) -> datetime | None:
    # A plus sign that was not encoded arrives as a space.
    text = given.get(name, "").strip().replace(" ", "+")
    if not text:
        return None
    try:
        found = datetime.fromisoformat(text)
        # Some clients leave the zone out; the specification's examples mean UTC.
        return found.replace(tzinfo=UTC) if found.tzinfo is None else found.astimezone(UTC)
    except (ValueError, OverflowError) as error:
        raise AskedWronglyError(400, f"{name}: write it as 2026-11-22T00:00:00Z") from error


def _shifted(at: datetime, by: timedelta) -> datetime:
    try:
        return at + by
    except OverflowError:
        return at
