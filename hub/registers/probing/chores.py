"""Looking at the addresses of registers, now and then, in a thread of its own: networks may hang."""

from collections.abc import Callable
from datetime import datetime

from hub.db import Database
from hub.ingest.chores import Chore
from hub.notify.sender import Background
from hub.outside.looking import WebsiteLooker
from hub.registers.probing.service import due_rows, keep_look

LOOK_EVERY_S = 60.0


class Prober:
    """One round: what is due is looked at, one after the other, each kept at once."""

    def __init__(self, *, database: Database, looker: WebsiteLooker, now: Callable[[], datetime]) -> None:
        """Take the collaborators."""
        self._database, self._looker, self._now = database, looker, now

    def __call__(self) -> int:
        """Look at what is due; return how many were."""
        with self._database.reading() as db:
            due = due_rows(db, self._now())
        for one in due:
            look = self._looker.look(one.url)
            with self._database.writing() as db:
                keep_look(db, one, look, self._now())
        return len(due)


def probe_chores(database: Database, now: Callable[[], datetime]) -> tuple[Chore, ...]:
    """Return the chore of a process that lives on."""
    prober = Prober(database=database, looker=WebsiteLooker(), now=now)
    return (Chore("looking at websites", every_s=LOOK_EVERY_S, act=Background("websites", prober)),)
