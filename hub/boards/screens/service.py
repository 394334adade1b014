"""Screens: addresses given out, found, revoked; a secret is shown once, kept as a digest. Never commits."""

import hashlib
import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from ipaddress import ip_address, ip_network

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from hub.boards.filling.scope import scope_named
from hub.boards.keeping.service import board_of
from hub.boards.models import BoardScreen
from hub.errors import InputError, NotFoundError
from hub.people import audit

# A screen asks four times a minute: that must not become as many writes.
SEEN_EVERY = timedelta(minutes=2)


@dataclass(frozen=True, slots=True)
class GivenOut:
    """A new screen; ``secret`` is the end of its address, shown this once."""

    row: BoardScreen
    secret: str


def give_out(
    db: Session, *, name: str, board: str, scope: str, network: str, actor: str, now: datetime
) -> GivenOut:
    """Make an address for a screen.

    Args:
        db: A writing session.
        name: Where it hangs, as "LED Pasar Flamboyan".
        board: Which it shows.
        scope: Of which part of the city, as "pasar:flamboyan"; empty: the whole.
        network: A range narrower than the configured ones, or one address; empty: those.
        actor: Name of the account.
        now: The present.

    Raises:
        InputError: a field is wrong; says which.
        NotFoundError: there is no such board.
    """
    name = " ".join(name.split())
    if not 1 <= len(name) <= 60:
        raise InputError("Isi nama layar, paling banyak 60 huruf, misalnya LED Pasar Flamboyan.")
    if scope_named(db, scope) is None:
        raise InputError("Bagian kota itu tidak ada; pilih dari daftar.")
    secret = secrets.token_urlsafe(24)
    row = BoardScreen(
        name=name,
        digest=_digest(secret),
        board=board_of(db, board).plan.code,
        scope=scope,
        network=_range(network),
        created_by=actor,
        created_at=now,
    )
    db.add(row)
    db.flush()
    detail = f"{board} {scope} {row.network}".strip()
    audit.append(db, at=now, actor=actor, action="screen.give", target=f"screen:{row.id}", detail=detail)
    return GivenOut(row, secret)


def _range(words: str) -> str:
    try:
        return str(ip_network(words.strip())) if words.strip() else ""
    except ValueError as error:
        raise InputError("Tulis rentang alamat seperti 10.20.0.0/16, atau satu alamat.") from error


def find_screen(db: Session, secret: str, *, address: str, ranges: Sequence[str]) -> BoardScreen | None:
    """Return the screen of a secret, when it is asked for from where it may be.

    Args:
        db: Any session.
        secret: As the address has it.
        address: Of the computer that asks; what is no address of IP is nowhere.
        ranges: The configured ones.
    """
    row = db.scalars(select(BoardScreen).where(BoardScreen.digest == _digest(secret))).first()
    if row is None or row.revoked_at is not None:
        return None
    if not _is_within(address, ranges) or (row.network and not _is_within(address, (row.network,))):
        return None
    return row


def _is_within(address: str, ranges: Sequence[str]) -> bool:
    try:
        one = ip_address(address)
    except ValueError:
        return False
    # Dual-stack sockets say ::ffff:10.0.0.5 for 10.0.0.5.
    one = getattr(one, "ipv4_mapped", None) or one
    return any(one in ip_network(each) for each in ranges)


def is_seen_due(row: BoardScreen, now: datetime) -> bool:
    """Return whether it is time to note that a screen still asks."""
    return row.seen_at is None or now - row.seen_at >= SEEN_EVERY


def note_seen(db: Session, screen: int, now: datetime) -> None:
    """Note that a screen asks."""
    db.execute(update(BoardScreen).where(BoardScreen.id == screen).values(seen_at=now))


def revoke(db: Session, *, screen: int, actor: str, now: datetime) -> None:
    """Make an address lead nowhere at once; doing it again changes nothing.

    Raises:
        NotFoundError: there is no such screen.
    """
    row = db.get(BoardScreen, screen)
    if row is None:
        raise NotFoundError(f"screen {screen}")
    if row.revoked_at is None:
        row.revoked_at = now
        audit.append(db, at=now, actor=actor, action="screen.revoke", target=f"screen:{screen}")


def listed(db: Session) -> Sequence[BoardScreen]:
    """Return all screens, the newest first."""
    return db.scalars(select(BoardScreen).order_by(BoardScreen.id.desc())).all()


def _digest(secret: str) -> str:
    return hashlib.sha256(secret.encode()).hexdigest()
