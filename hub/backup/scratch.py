"""A database of PostgreSQL for one drill, beside the hub's own on the same server, and gone afterwards.

Must never touch a database that a drill did not make: each is marked, and only marked ones are dropped.
"""

from collections.abc import Iterator
from contextlib import contextmanager

from sqlalchemy import URL, Connection, create_engine, make_url, text
from sqlalchemy.exc import DBAPIError

from hub.errors import HubError

_MARK = "Pontive: of a drill; the next one drops it"
_LONGEST_NAME = 63  # of PostgreSQL, in bytes
_MARKED = "SELECT shobj_description(oid, 'pg_database') = :mark FROM pg_database WHERE datname = :name"


@contextmanager
def scratch_database(url: str) -> Iterator[str]:
    """Give the URL of an empty database on the server of another one.

    Args:
        url: Of the hub's database; its role needs the right to make databases.

    Raises:
        HubError: it cannot be made, with what to do.
    """
    parts = make_url(url)
    if parts.get_backend_name() == "sqlite":
        raise HubError("this backup is of PostgreSQL: name a hub.toml whose database is on a server")
    scratch = parts.set(database=f"{parts.database}_drill"[:_LONGEST_NAME])
    if scratch.database == parts.database:
        raise HubError(f"{parts.database}: the name is too long for a database beside it")
    with _administering(parts) as server:
        _drop(server, scratch)  # of one that was killed
        _make(server, scratch)
    try:
        yield scratch.render_as_string(hide_password=False)
    finally:
        with _administering(parts) as server:
            _drop(server, scratch)


@contextmanager
def _administering(parts: URL) -> Iterator[Connection]:
    engine = create_engine(parts.set(drivername="postgresql+psycopg"), isolation_level="AUTOCOMMIT")
    role = parts.username
    try:
        with engine.connect() as server:
            # On a socket of the machine the address names nobody: the server knows who comes.
            role = server.scalar(text("SELECT quote_ident(current_user)"))
            yield server
    except DBAPIError as error:
        remedy = f"as an administrator of PostgreSQL: ALTER ROLE {role} CREATEDB"
        raise HubError(f"no database for a drill: {str(error.orig).strip()}; {remedy}") from error
    finally:
        engine.dispose()


def _make(server: Connection, scratch: URL) -> None:
    name = _quoted(server, scratch)
    server.execute(text(f"CREATE DATABASE {name} TEMPLATE template0 ENCODING 'UTF8'"))
    server.execute(text(f"COMMENT ON DATABASE {name} IS '{_MARK}'"))


def _drop(server: Connection, scratch: URL) -> None:
    is_marked = server.scalar(text(_MARKED), {"mark": _MARK, "name": scratch.database})
    if is_marked:
        server.execute(text(f"DROP DATABASE {_quoted(server, scratch)} WITH (FORCE)"))


def _quoted(server: Connection, scratch: URL) -> str:
    return server.dialect.identifier_preparer.quote(str(scratch.database))
