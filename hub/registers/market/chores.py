"""Forgetting questions of citizens that are too old."""

from collections.abc import Callable
from datetime import datetime

from hub.db import Database
from hub.ingest.chores import Chore
from hub.registers.market.service import forget_old

FORGET_S = 3600.0


def market_chores(database: Database, now: Callable[[], datetime]) -> tuple[Chore, ...]:
    """Return the chore of a process that lives on."""

    def forget() -> None:
        with database.writing() as db:
            forget_old(db, now())

    return (Chore("forgetting questions", every_s=FORGET_S, act=forget, is_for_idle=True),)
