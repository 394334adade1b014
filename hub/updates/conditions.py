"""Rollouts that stopped by themselves: a source of alarms. Reads only.

Who pauses a rollout knows of it; when the hub does, somebody has to be told.
"""

from collections.abc import Iterator
from datetime import datetime

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from hub.alarms.kinds import AlarmKind, Severity
from hub.alarms.watching.conditions import Condition, Sight
from hub.updates.models import Release, Rollout
from hub.updates.rollouts import SYSTEM
from hub.updates.rules import RolloutState


def rollout_conditions(db: Session, _now: datetime) -> Iterator[Condition]:
    """Yield for the newest rollout of each board whether it stopped by itself."""
    newest = select(func.max(Rollout.id)).group_by(Rollout.board)
    query = select(Rollout, Release.name).join(Release, Release.id == Rollout.release)
    for row, name in db.execute(query.where(Rollout.id.in_(newest))):
        has_stopped = row.state == RolloutState.PAUSED and row.changed_by == SYSTEM
        yield Condition(
            kind=AlarmKind.ROLLOUT_PAUSED,
            about=row.board,
            sight=Sight.BAD if has_stopped else Sight.GOOD,
            severity=Severity.HIGH,
            facts={"name": f"{name} ({row.board})", "reason": row.reason},
            link="/pembaruan",
        )
