"""Who asked for what they may not have: a line in the log for each, and never a flood of them.

An account that is answered 404 asked for a page of others, for a row of others, or for none at all:
an attacker who tries numbers shows as many lines. Must not say addresses, which hold numbers of rows,
nor names; the account's number is enough for who reads the log and the audit.
"""

import logging
from collections import Counter
from datetime import datetime, timedelta
from threading import Lock

from flask import Flask, Response, request

from hub.people.sessions import Viewer
from hub.web.guarding.guard import asks_by_itself, may_open, viewer
from hub.web.parts import parts

_logger = logging.getLogger(__name__)

SPAN = timedelta(minutes=1)
MOST_OF_ONE = 10
MOST_OF_ALL = 100


class RefusalLog:
    """Counts lines within a span; any thread may note."""

    def __init__(self, *, most_of_one: int = MOST_OF_ONE, most_of_all: int = MOST_OF_ALL) -> None:
        """Say at most so many lines of one who asks, and of all, within :data:`SPAN`."""
        self._most_of_one, self._most_of_all = most_of_one, most_of_all
        self._lock = Lock()
        self._begun: datetime | None = None
        self._said: Counter[str] = Counter()
        self._unsaid = 0

    def note(self, who: str, what: str, code: int, now: datetime) -> None:
        """Note a refusal.

        Args:
            who: As ``account 7``.
            what: The endpoint and the method.
            code: What was answered.
            now: UTC.
        """
        with self._lock:
            left_out = self._begin_anew(now)
            is_said = self._said[who] < self._most_of_one and self._said.total() < self._most_of_all
            if is_said:
                self._said[who] += 1
            else:
                self._unsaid += 1
        if left_out:
            _logger.warning("%d more refusals in the minute before", left_out)
        if is_said:
            _logger.warning("refused %s: %s, %d", who, what, code)

    def _begin_anew(self, now: datetime) -> int:
        """Forget a span that is over; return what was left out of it."""
        if self._begun is not None and self._begun <= now < self._begun + SPAN:
            return 0
        left_out, self._unsaid = self._unsaid, 0
        self._begun = now
        self._said.clear()
        return left_out


def install_refusals(app: Flask) -> None:
    """Note refusals of the guard and of the views behind it."""
    refusals = RefusalLog()

    @app.after_request
    def note(response: Response) -> Response:
        who = _refused(response.status_code)
        if who and request.endpoint is not None:
            what = f"{request.method} {request.endpoint}"
            refusals.note(who, what, response.status_code, parts().now())
        return response


def _refused(code: int) -> str:
    """Return who was refused with an answer, as the log calls them; empty: nobody was."""
    who = viewer()
    if who is not None:
        return f"account {who.account_id}" if code in (403, 404) and not _is_not_there_yet(who) else ""
    # A token that is wrong belongs to nobody: where it came from is all there is to say.
    return f"a program at {request.remote_addr}" if code == 401 and "Authorization" in request.headers else ""


def _is_not_there_yet(who: Viewer) -> bool:
    # A board asks by itself for pictures that no camera has sent: nobody tries anything.
    return asks_by_itself() and may_open(who, request.endpoint or "")
