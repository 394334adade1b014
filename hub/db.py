"""The database: one engine a process, one transaction a request or batch, committed in one place.

SQLite (WAL, synchronous=FULL) by default, PostgreSQL by URL. Services take a ``Session`` and
never commit; whoever opened the scope does.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from typing import Any
from zlib import crc32

from sqlalchemy import (
    BigInteger,
    DateTime,
    Dialect,
    Engine,
    Integer,
    MetaData,
    create_engine,
    event,
    func,
    select,
    text,
)
from sqlalchemy.orm import DeclarativeBase, Session
from sqlalchemy.types import TypeDecorator

# What sessions call themselves that others may end when they stand still.
_ENDED_WHEN_SILENT = "pontive-hub, ended when silent"

# Longer than any batch takes; a reader never waits in WAL, a second writer waits for the first.
LOCK_TIMEOUT_S = 10

# Of each index; tells enough of it in a few milliseconds, however many rows there are.
_ROWS_WEIGHED = 1000

# SQLite numbers rows by itself only when the key is exactly INTEGER.
RowId = BigInteger().with_variant(Integer, "sqlite")


class UtcDateTime(TypeDecorator[datetime]):
    """An instant: takes aware datetimes only, gives back UTC, on both databases."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        """Refuse naive times: nobody knows which clock they were read from."""
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError("a time without zone cannot be stored")
        value = value.astimezone(UTC)
        return value.replace(tzinfo=None) if dialect.name == "sqlite" else value

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        """Give the zone back that SQLite cannot keep."""
        if value is None:
            return None
        return value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)


class Base(DeclarativeBase):
    """Base of every table of the hub."""

    metadata = MetaData(
        naming_convention={
            "ix": "ix_%(column_0_label)s",
            "uq": "uq_%(table_name)s_%(column_0_name)s",
            "ck": "ck_%(table_name)s_%(constraint_name)s",
            "fk": "fk_%(table_name)s_%(column_0_name)s_%(referred_table_name)s",
            "pk": "pk_%(table_name)s",
        }
    )
    type_annotation_map = {datetime: UtcDateTime}  # noqa: RUF012 (SQLAlchemy's own spelling)


def _prepare_sqlite(connection: Any, _record: Any) -> None:
    # The driver's own transaction handling begins late and deferred; ours is said explicitly below.
    connection.isolation_level = None
    cursor = connection.cursor()
    cursor.execute("PRAGMA journal_mode=WAL")
    # An acknowledgement follows the commit, so the commit must be on the disk.
    cursor.execute("PRAGMA synchronous=FULL")
    cursor.execute("PRAGMA foreign_keys=ON")
    cursor.execute(f"PRAGMA busy_timeout={LOCK_TIMEOUT_S * 1000}")
    cursor.close()


def _begin_sqlite(connection: Any) -> None:
    # A transaction that reads first and writes later fails at once when another writer came
    # between, whatever the timeout: so writers say so from the start.
    is_writing = connection.get_execution_options().get("is_writing", False)
    connection.exec_driver_sql("BEGIN IMMEDIATE" if is_writing else "BEGIN")


def _server_options(longest_silence_s: int | None) -> dict[str, str | int]:
    # A server without power says nothing: found out in half a minute, not in the two hours of TCP.
    found: dict[str, str | int] = {
        "connect_timeout": 10,
        "keepalives_idle": 10,
        "keepalives_interval": 5,
        "keepalives_count": 4,
        "tcp_user_timeout": 30_000,
    }
    # Its defaults are of spinning disks: reading a table whole looks cheaper than the few rows of an index,
    # and queries of milliseconds are compiled first (manual of PostgreSQL 15, 20.7, 2022).
    said = ["random_page_cost=1.1", "jit=off"]
    if longest_silence_s is not None:
        said.append(f"idle_in_transaction_session_timeout={longest_silence_s}s")
        # Waiting has an end, too: who gives up asks who stands still, see end_silent_transactions.
        said.append(f"lock_timeout={longest_silence_s}s")
        found["application_name"] = _ENDED_WHEN_SILENT
    found["options"] = " ".join(f"-c {one}" for one in said)
    return found


class Database:
    """The engine and its two kinds of scope."""

    def __init__(self, url: str, *, longest_silence_s: int | None = None) -> None:
        """Open the engine; nothing is connected before the first scope.

        Args:
            url: ``sqlite:///…`` or ``postgresql+psycopg://…``.
            longest_silence_s: PostgreSQL ends a transaction whose owner says nothing for so long: it
                stands still or lost its power, and others wait for the rows it holds.
        """
        if url.startswith("postgresql://"):
            url = "postgresql+psycopg://" + url.removeprefix("postgresql://")
        is_file = url.startswith("sqlite")
        more = {} if is_file else _server_options(longest_silence_s)
        self.engine: Engine = create_engine(url, pool_pre_ping=not is_file, connect_args=more)
        if self.is_sqlite:
            event.listen(self.engine, "connect", _prepare_sqlite)
            event.listen(self.engine, "begin", _begin_sqlite)
        self._longest_silence_s = longest_silence_s
        self._writing_engine = self.engine.execution_options(is_writing=True)
        # How often this process committed: whoever keeps something in memory sees that it is old.
        self.changes = 0

    @property
    def is_sqlite(self) -> bool:
        """Whether this is SQLite."""
        return self.engine.dialect.name == "sqlite"

    def end_silent_transactions(self) -> int:
        """End transactions of processes like this one that hold their rows and say nothing; return how many.

        PostgreSQL's own timer does not run for whoever stands still in the middle of a pipeline, as psycopg
        sends many rows (PostgreSQL 15, psycopg 3; shown by its test).
        """
        if self.is_sqlite or self._longest_silence_s is None:
            return 0
        silent = text(
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity "
            "WHERE datname = current_database() AND usename = current_user AND application_name = :name "
            "AND pid <> pg_backend_pid() AND xact_start IS NOT NULL AND wait_event = 'ClientRead' "
            "AND greatest(state_change, query_start) < clock_timestamp() - make_interval(secs => :silence)"
        )
        given = {"name": _ENDED_WHEN_SILENT, "silence": self._longest_silence_s}
        with self.reading() as session:
            return len(session.execute(silent, given).all())

    @contextmanager
    def reading(self) -> Iterator[Session]:
        """A session that sees one consistent state and is rolled back at the end."""
        with Session(self.engine, expire_on_commit=False) as session:
            yield session

    @contextmanager
    def writing(self) -> Iterator[Session]:
        """A session that is committed when the block ends well, and rolled back otherwise."""
        with Session(self._writing_engine, expire_on_commit=False) as session, session.begin():
            yield session
        self.changes += 1

    def weigh_tables(self) -> None:
        """Let SQLite look how its tables are filled, to choose indexes by; PostgreSQL does so itself."""
        if self.is_sqlite:
            with self.writing() as session:
                session.connection().exec_driver_sql(f"PRAGMA analysis_limit={_ROWS_WEIGHED}")
                session.connection().exec_driver_sql("ANALYZE")

    def close(self) -> None:
        """Give all connections back."""
        self.engine.dispose()


def pass_alone(session: Session, what: str) -> None:
    """Let one transaction of all processes through here at a time, until it ends.

    Args:
        session: A writing session; SQLite has one writer anyway.
        what: The same words wherever the same thing is done.
    """
    if session.connection().dialect.name != "sqlite":
        session.execute(select(func.pg_advisory_xact_lock(crc32(what.encode()))))
