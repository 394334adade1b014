"""The feed of committed readings, read in order of its numbers without losing what commits late.

Several workers take numbers and commit in another order: a number that is missing may come yet, so
it is looked for again for as long as a transaction can last. Numbers of rollbacks never come.
"""

from collections.abc import Callable

from sqlalchemy import select
from sqlalchemy.orm import Session

from hub.telemetry.models import TelemetryFeed

ROWS_A_READ = 20
# More numbers than this are not missing one by one: the feed was cut.
MOST_MISSING = 1_000


class FeedReader:
    """Goes through the feed; the position is the highest number that was given out."""

    def __init__(self, *, wait_s: float, monotonic_s: Callable[[], float]) -> None:
        """Begin nowhere.

        Args:
            wait_s: How long a missing number is looked for.
            monotonic_s: Seconds.
        """
        self._wait_s = wait_s
        self._monotonic_s = monotonic_s
        self._missing: dict[int, float] = {}
        self.position: int | None = None

    def begin(self, position: int | None) -> None:
        """Go on after a number; ``None``: whoever reads next has to say where."""
        self.position = position
        self._missing.clear()

    def read(self, session: Session) -> list[tuple[int, bytes]]:
        """Return what is next, numbers that came late first; :meth:`note` makes it read."""
        late = sorted(self._missing)
        query = select(TelemetryFeed.id, TelemetryFeed.packed).order_by(TelemetryFeed.id)
        found = session.execute(query.where(TelemetryFeed.id.in_(late))).all() if late else []
        after = query.where(TelemetryFeed.id > (self.position or 0)).limit(ROWS_A_READ)
        return [(row[0], row[1]) for row in (*found, *session.execute(after))]

    def note(self, rows: list[tuple[int, bytes]]) -> None:
        """These were dealt with."""
        now_s = self._monotonic_s()
        for number, _packed in rows:
            self._missing.pop(number, None)
            if self.position and number > self.position:
                first = max(self.position + 1, number - MOST_MISSING)
                self._missing |= dict.fromkeys(range(first, number), now_s)
            self.position = max(number, self.position or 0)
        self._missing = {
            number: since_s for number, since_s in self._missing.items() if now_s - since_s < self._wait_s
        }
