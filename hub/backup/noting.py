"""Notes in the hub of what happened to its backups, and the alarm when the newest is too old."""

import os
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta, timezone
from enum import StrEnum
from pathlib import Path

from sqlalchemy import select
from sqlalchemy.orm import Session

from hub.alarms.kinds import AlarmKind, Severity
from hub.alarms.watching.conditions import Condition, beyond
from hub.backup.models import BackupRun
from hub.people import audit

# Made each night (pontive-backup.timer); a second night that fails must be told.
OLD_AFTER = timedelta(hours=30)
# UU 27/2022 (PDP) article 35 asks for safe processing; how often one tries is ours: each quarter.
DRILL_AFTER = timedelta(days=100)
MAX_WHY_CHARACTERS = 300
_WIB = timezone(timedelta(hours=7))


class RunKind(StrEnum):
    """What was done with a backup."""

    MADE = "made"
    DRILLED = "drilled"
    RESTORED = "restored"
    FAILED = "failed"  # a drill that did not come to its end


@dataclass(frozen=True, slots=True)
class Took:
    """How much it was, and how long it took."""

    files: int
    seconds: float


def note(
    db: Session, kind: RunKind, path: Path, took: Took, *, actor: str, now: datetime, why: str = ""
) -> None:
    """Write down what was done, for the screens and in the audit chain; ``why`` it did not work."""
    run = BackupRun(
        kind=kind,
        at=now,
        file=path.name,
        bytes=os.stat(path).st_size if path.exists() else 0,
        files=took.files,
        seconds=round(took.seconds, 1),
        why=why[:MAX_WHY_CHARACTERS],
    )
    db.add(run)
    audit.append(db, at=now, actor=actor, action=f"backup.{kind}", target=path.name, detail=why)


def newest(db: Session, kind: RunKind) -> BackupRun | None:
    """Return the newest run of a kind."""
    query = select(BackupRun).where(BackupRun.kind == kind).order_by(BackupRun.id.desc()).limit(1)
    return db.scalars(query).first()


def failed_drill(db: Session) -> BackupRun | None:
    """Return the newest drill when it did not work."""
    failed, drilled = newest(db, RunKind.FAILED), newest(db, RunKind.DRILLED)
    return failed if failed is not None and (drilled is None or drilled.id < failed.id) else None


def backup_watch(db: Session, now: datetime) -> Iterator[Condition]:
    """Yield whether the newest backup is too old; where none was ever made the status page says so."""
    made = newest(db, RunKind.MADE)
    if made is None:
        return
    age_h, limit_h = (now - made.at) / timedelta(hours=1), OLD_AFTER / timedelta(hours=1)
    yield Condition(
        kind=AlarmKind.HUB_BACKUP,
        about="hub",
        sight=beyond(age_h, limit_h, limit_h),
        severity=Severity.HIGH,
        facts={"since": made.at.astimezone(_WIB).strftime("%d-%m %H.%M")},
        link="/keadaan-sistem",
    )
