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
            log.warning("a record cannot be kept: %s", error)
            return [(arrivals[0], error)]
        middle = len(arrivals) // 2
        first = keep_isolated(session, arrivals[:middle], table)
        return first + keep_isolated(session, arrivals[middle:], table)
    return []
