"""``pontive-hub shifts``: a shift to look at in a simulated city."""

from collections.abc import Callable
from datetime import datetime, timedelta
from pathlib import Path

import click
from sqlalchemy import select
from sqlalchemy.orm import Session

from hub.command_line import ReadyDatabase, config_option
from hub.people.models import Account
from hub.shifts.models import Shift, ShiftEntry

_ENTRIES = (
    (90, "contoh: giliran dimulai, semua titik dicek"),
    (40, "contoh: Simpang Sungai Jawi padat, Dishub diberi tahu lewat telepon"),
    (10, "contoh: air di dermaga naik, dipantau tiap setengah jam"),
)


def shift_commands(ready: ReadyDatabase, *, now: Callable[[], datetime]) -> click.Group:
    """Return the commands, on a database that ``ready`` opens."""

    @click.group()
    def shifts() -> None:
        """The log of the control room."""

    @shifts.command("examples")
    @config_option
    def examples(config_path: Path) -> None:
        """Begin a shift with a few entries where there is none, all of them contoh."""
        with ready(config_path) as (_config, database), database.writing() as db:
            click.echo(f"{add_shift(db, now())} entries (contoh)")

    return shifts


def add_shift(db: Session, at: datetime) -> int:
    """Begin a shift of the first account; return how many entries were written."""
    who = db.scalars(select(Account).order_by(Account.id)).first()
    if who is None or db.scalars(select(Shift.id).limit(1)).first() is not None:
        return 0
    shift = Shift(running=1, account_id=who.id, began_at=at - timedelta(minutes=_ENTRIES[0][0]))
    db.add(shift)
    db.flush()
    for minutes, text in _ENTRIES:
        db.add(ShiftEntry(shift=shift.id, at=at - timedelta(minutes=minutes), account_id=who.id, text=text))
    db.flush()
    return len(_ENTRIES)
