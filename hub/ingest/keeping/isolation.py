"""The barrier round handlers: a record that cannot be kept does not take its neighbours along."""

import logging
from collections.abc import Sequence

from sqlalchemy.exc import DataError, DBAPIError, IntegrityError
from sqlalchemy.exc import TimeoutError as PoolTimeoutError
from sqlalchemy.orm import Session

from hub.ingest.handlers import Arrival, HandlerTable, dispatch

log = logging.getLogger(__name__)

Poisoned = tuple[Arrival, Exception]


def is_transient(error: Exception) -> bool:
    """Whether the hub and not the record is at fault: then nothing is acknowledged and it is tried again.

    A locked database, a full disk, a lost connection, a missing table are; a violated constraint
    and an impossible value are not.
    """
    if isinstance(error, IntegrityError | DataError):
        return False
    return isinstance(error, DBAPIError | PoolTimeoutError | OSError | MemoryError)


# Deadlock and failed serialisation, by their SQLSTATE: PostgreSQL ended one of two that met.
_MET = ("40P01", "40001")
# lock_not_available: the end of lock_timeout.
_HELD = "55P03"


def is_meeting(error: Exception) -> bool:
    """Whether two workers only met on the way; tried again at once, nothing is wrong."""
    return isinstance(error, DBAPIError) and getattr(error.orig, "sqlstate", None) in _MET


def is_held_up(error: Exception) -> bool:
    """Whether a row was held by somebody else for longer than anybody may."""
    return isinstance(error, DBAPIError) and getattr(error.orig, "sqlstate", None) == _HELD


def keep_isolated(session: Session, arrivals: Sequence[Arrival], table: HandlerTable) -> list[Poisoned]:
    """Give arrivals to their handlers and return those that no handler could keep.

    Of a poisoned record nothing remains in the session. Halves are tried until it is found: k poisoned
    of n cost about k log n savepoints, and a batch without any costs one.

    Raises:
        Exception: what :func:`is_transient` says is the hub's own trouble.
    """
    if not arrivals:
        return []
    try:
        with session.begin_nested():
            dispatch(session, arrivals, table)
    # Whatever a handler raises is a poisoned record; the list of what it may raise is not ours.
    except Exception as error:
        if is_transient(error):
            raise
        if len(arrivals) == 1:
            return _keep_alone(session, arrivals[0], table, error)
        middle = len(arrivals) // 2
        first = keep_isolated(session, arrivals[:middle], table)
        return first + keep_isolated(session, arrivals[middle:], table)
    return []


def _keep_alone(session: Session, arrival: Arrival, table: HandlerTable, error: Exception) -> list[Poisoned]:
    # Another worker may have made the same row an instant before; it is there now, and is found.
    if isinstance(error, IntegrityError):
        try:
            with session.begin_nested():
                dispatch(session, [arrival], table)
        # As above: whatever a handler raises.
        except Exception as again:
            if is_transient(again):
                raise
            error = again
        else:
            return []
    log.warning("a record cannot be kept: %s", error)
    return [(arrival, error)]
