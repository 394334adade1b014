"""What happens to citizens' things by itself: codes, sessions and sent forms are forgotten, files swept."""

from collections.abc import Callable, Collection
from datetime import datetime
from pathlib import Path

from hub.cases.asking import once
from hub.cases.attachments import store
from hub.cases.citizens import vault
from hub.cases.citizens.own import accounts
from hub.db import Database

SWEEP_EVERY_S = 3600.0


def forget_and_sweep(database: Database, folder: Path, now: datetime) -> int:
    """Forget what is over and delete files that nothing refers to; return how many files.

    The files are looked at outside of the writing transaction: a large store takes a while.
    """
    with database.writing() as db:
        accounts.forget_old(db, now)
        once.forget_old(db, now)

    def referenced(digests: Collection[str]) -> Collection[str]:
        with database.reading() as db:
            return vault.digests_in_use(db, digests)

    return store.sweep(folder, referenced, now)


def sweeper(database: Database, hub_folder: str, now: Callable[[], datetime]) -> Callable[[], None]:
    """Return the same as a chore."""

    def sweep() -> None:
        forget_and_sweep(database, store.folder_of(hub_folder), now())

    return sweep
