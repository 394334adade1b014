"""Boards as they are now and as they were; saved as new versions. Never commits."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache

import msgspec
from sqlalchemy import func, select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from hub.boards.models import BoardVersion
from hub.boards.plan.rules import faults_of
from hub.boards.plan.shape import BoardPlan
from hub.boards.plan.shipped import shipped_plans
from hub.errors import HubError, InputError, NotFoundError
from hub.people import audit

# What ships is version 0 of its board.
SHIPPED = 0
MOST_SHOWN = 30


@dataclass(frozen=True, slots=True)
class Kept:
    """A board as it counts now."""

    plan: BoardPlan
    version: int
    author: str = ""
    saved_at: datetime | None = None


class OtherEditorError(HubError):
    """Somebody else saved the board since it was opened."""

    def __init__(self, newest: Kept) -> None:
        """Take what counts now."""
        super().__init__(f"board {newest.plan.code} is at version {newest.version} by {newest.author}")
        self.newest = newest


def all_boards(db: Session, shipped: Mapping[str, BoardPlan] | None = None) -> tuple[Kept, ...]:
    """Return every board that is on the list: shipped ones in their order, then the city's own by title."""
    plans = shipped_plans() if shipped is None else shipped
    newest = (
        select(BoardVersion.code, func.max(BoardVersion.version).label("version"))
        .group_by(BoardVersion.code)
        .subquery()
    )
    rows = db.scalars(
        select(BoardVersion).join(
            newest, (BoardVersion.code == newest.c.code) & (BoardVersion.version == newest.c.version)
        )
    ).all()
    saved = {row.code: row for row in rows}
    found = [
        Kept(plan, SHIPPED) if (row := saved.get(code)) is None else _kept(row)
        for code, plan in plans.items()
        if code not in saved or not saved[code].is_gone
    ]
    own = [_kept(row) for code, row in saved.items() if code not in plans and not row.is_gone]
    return (*found, *sorted(own, key=lambda one: one.plan.title.casefold()))


def board_of(db: Session, code: str) -> Kept:
    """Return a board as it counts now.

    Raises:
        NotFoundError: there is none, or it was taken off the list.
    """
    row = _newest(db, code)
    if row is not None and not row.is_gone:
        return _kept(row)
    plan = shipped_plans().get(code)
    if plan is None or row is not None:
        raise NotFoundError(f"no board {code!r}")
    return Kept(plan, SHIPPED)


def version_of(db: Session, code: str, version: int) -> Kept:
    """Return a board as it was.

    Raises:
        NotFoundError: there is no such version.
    """
    if version == SHIPPED and code in shipped_plans():
        return Kept(shipped_plans()[code], SHIPPED)
    row = db.get(BoardVersion, (code, version))
    if row is None:
        raise NotFoundError(f"board {code!r} has no version {version}")
    return _kept(row)


def history_of(db: Session, code: str) -> Sequence[BoardVersion]:
    """Return the saved versions of a board, the newest first."""
    query = select(BoardVersion).where(BoardVersion.code == code).order_by(BoardVersion.version.desc())
    return db.scalars(query.limit(MOST_SHOWN)).all()


def save(db: Session, plan: BoardPlan, *, base: int | None, actor: str, now: datetime) -> int:
    """Keep a board as a new version; return its number.

    Args:
        db: A writing session.
        plan: Well-formed; what the rules forbid is refused.
        base: The version that was opened; ``None``: the board is new.
        actor: Name of the account.
        now: The present.

    Raises:
        InputError: names every fault, or a new board has a code that is taken.
        OtherEditorError: somebody saved since ``base``; nothing was kept.
    """
    faults = faults_of(plan)
    if faults:
        raise InputError("\n".join(faults))
    newest = _newest(db, plan.code)
    is_there = newest is not None or plan.code in shipped_plans()
    if base is None and is_there:
        raise InputError(f"kode {plan.code!r} sudah dipakai papan lain; pilih kode lain")
    if base is not None and newest is not None and newest.version != base:
        raise OtherEditorError(_kept(newest))
    version = (newest.version if newest is not None else SHIPPED) + 1
    _add(db, plan, version, actor=actor, now=now)
    detail = f"versi {version}: {len(plan.tiles)} ubin"
    audit.append(db, at=now, actor=actor, action="board.save", target=f"board:{plan.code}", detail=detail)
    return version


def take_off(db: Session, code: str, *, actor: str, now: datetime) -> None:
    """Take a board off the list; its versions stay, and saving an older one brings it back.

    Raises:
        NotFoundError: there is none on the list.
    """
    kept = board_of(db, code)
    _add(db, kept.plan, kept.version + 1, actor=actor, now=now, is_gone=True)
    audit.append(db, at=now, actor=actor, action="board.remove", target=f"board:{code}")


def _add(
    db: Session, plan: BoardPlan, version: int, *, actor: str, now: datetime, is_gone: bool = False
) -> None:
    body = msgspec.json.encode(plan).decode()
    row = BoardVersion(
        code=plan.code, version=version, body=body, author=actor, saved_at=now, is_gone=is_gone
    )
    try:
        # PostgreSQL lets two save at once: the number of a version is what only one of them gets.
        with db.begin_nested():
            db.add(row)
    except IntegrityError as error:
        newest = _newest(db, plan.code)
        assert newest is not None, "a version that is taken is there"
        raise OtherEditorError(_kept(newest)) from error


def _newest(db: Session, code: str) -> BoardVersion | None:
    query = select(BoardVersion).where(BoardVersion.code == code).order_by(BoardVersion.version.desc())
    return db.scalars(query.limit(1)).first()


def _kept(row: BoardVersion) -> Kept:
    return Kept(_parsed(row.body), row.version, row.author, row.saved_at)


@lru_cache(maxsize=256)
def _parsed(body: str) -> BoardPlan:
    return msgspec.json.decode(body, type=BoardPlan)
