"""Day results are worked out and published by one at a time: a screen, a command, or the hub itself."""

from sqlalchemy import text
from sqlalchemy.orm import Session

# Any number; it only has to be the same for all who publish.
_RESULTS_LOCK = 0x48414452


def lock_results(db: Session) -> None:
    """Wait until nobody else publishes; it is free again with the end of the transaction.

    Ask before results are worked out: who waited must see what the other one published.
    SQLite has one writer anyway.
    """
    if db.get_bind().dialect.name == "postgresql":
        db.execute(text("SELECT pg_advisory_xact_lock(:key)"), {"key": _RESULTS_LOCK})
