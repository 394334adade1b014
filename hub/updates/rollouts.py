"""Rollouts: started, paused, resumed, cancelled by people; ring by ring, and stopped, by themselves."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from hub.errors import InputError
from hub.ingest.models import DevicePresence
from hub.people import audit
from hub.updates.models import DeviceUpdate, Release, Rollout, RolloutDevice
from hub.updates.rings import ensure_rings, places_of, rings_of
from hub.updates.rules import OPEN, RolloutState, Standing, Step, count_failed, next_step

SYSTEM = "system"
DEFAULT_MOST_FAILED_PERCENT = 10
# 01.00-04.00 in West Indonesian time, which has no daylight saving (Keppres 41/1987): before the first
# prayer, long before the first at a door.
NIGHT = (18 * 60, 21 * 60)
ALWAYS = (0, 0)


@dataclass(frozen=True, slots=True)
class Wish:
    """How a rollout is to go."""

    quiet: tuple[int, int] = NIGHT
    most_failed_percent: int = DEFAULT_MOST_FAILED_PERCENT


def start_rollout(db: Session, release: Release, wish: Wish, *, actor: str, now: datetime) -> Rollout:
    """Begin to bring a release to the devices of its board; the first ring is open at once.

    Raises:
        InputError: another rollout of the board is open, or a newer release is on its way already.
    """
    before = newest_rollout(db, release.board)
    if before is not None and before.state in OPEN:
        raise InputError("Penyebaran lain untuk papan ini belum selesai; selesaikan atau batalkan dahulu.")
    ensure_rings(db)
    row = Rollout(
        release=release.id,
        board=release.board,
        state=RolloutState.RUNNING,
        place_since=now,
        most_failed_percent=wish.most_failed_percent,
        quiet_from=wish.quiet[0],
        quiet_until=wish.quiet[1],
        started_at=now,
        started_by=actor,
        changed_at=now,
        changed_by=actor,
        resumed_at=now,
    )
    db.add(row)
    db.flush()
    _audit(db, row, "start", release.name, actor=actor, now=now)
    ask_devices(db, row, now=now)
    return row


def change_rollout(
    db: Session, row: Rollout, to: RolloutState, *, actor: str, now: datetime, reason: str = ""
) -> None:
    """Pause, resume or cancel a rollout.

    Raises:
        InputError: it is not in a state for that.
    """
    allowed = {
        RolloutState.PAUSED: {RolloutState.RUNNING},
        RolloutState.RUNNING: {RolloutState.PAUSED},
        RolloutState.CANCELLED: OPEN,
    }
    if row.state not in allowed.get(to, set()):
        raise InputError("Penyebaran ini sudah tidak dalam keadaan untuk itu; muat ulang halaman.")
    if to is RolloutState.RUNNING:
        row.resumed_at = now
    row.state, row.reason = to, reason[:200]
    row.changed_at, row.changed_by = now, actor
    _audit(db, row, to, reason, actor=actor, now=now)


def try_again(db: Session, row: Rollout, device: str, *, actor: str, now: datetime) -> None:
    """Ask a device once more that could not take the release.

    Raises:
        InputError: the device is not in the rollout, or not failed.
    """
    asked = db.get(RolloutDevice, (row.id, device))
    if asked is None or not standing_of(asked, is_online=True).is_decided or asked.state == "committed":
        raise InputError("Perangkat ini tidak sedang gagal dalam penyebaran ini.")
    asked.attempt += 1
    asked.state, asked.fault, asked.detail, asked.at = "", "", "", now
    _audit(db, row, "again", device, actor=actor, now=now)


def advance_rollouts(db: Session, *, now: datetime) -> None:
    """Let every running rollout do its next step; a chore of ingest."""
    query = select(Rollout).where(Rollout.state.in_((RolloutState.RUNNING, RolloutState.COMPLETED)))
    for row in db.scalars(query).all():
        if row.state == RolloutState.COMPLETED:
            # Who comes late, or is fitted later, is asked as well; until the next release.
            if newest_rollout(db, row.board) is row:
                ask_devices(db, row, now=now)
            continue
        ask_devices(db, row, now=now)
        _step(db, row, now=now)


def ask_devices(db: Session, row: Rollout, *, now: datetime) -> None:
    """Add the devices of open rings that were not asked yet; those that run it already have taken it."""
    release = db.get_one(Release, row.release)
    known = set(db.scalars(select(RolloutDevice.device).where(RolloutDevice.rollout == row.id)))
    places = places_of(db)
    for told in db.scalars(select(DeviceUpdate).where(DeviceUpdate.board == row.board)):
        place = places.get(told.device)
        if told.device in known or place is None or place > row.place:
            continue
        if max(told.running_number, told.floor) > release.number:
            continue
        has_it = told.running_number == release.number
        db.add(
            RolloutDevice(
                rollout=row.id,
                device=told.device,
                place=place,
                state="committed" if has_it else "",
                asked_at=now,
                at=now,
            )
        )
    db.flush()


def devices_of(db: Session, row: Rollout) -> Sequence[RolloutDevice]:
    """Return the devices that were asked."""
    query = select(RolloutDevice).where(RolloutDevice.rollout == row.id)
    return db.scalars(query.order_by(RolloutDevice.place, RolloutDevice.device)).all()


def newest_rollout(db: Session, board: str) -> Rollout | None:
    """Return the newest rollout of a board, whatever became of it."""
    return db.scalars(select(Rollout).where(Rollout.board == board).order_by(Rollout.id.desc())).first()


def standing_of(asked: RolloutDevice, *, is_online: bool) -> Standing:
    """Return how a device is, for the rules."""
    return Standing(place=asked.place, state=asked.state, fault=asked.fault, is_online=is_online, at=asked.at)


def _step(db: Session, row: Rollout, *, now: datetime) -> None:
    rings = rings_of(db)
    online = set(db.scalars(select(DevicePresence.device).where(DevicePresence.is_online.is_(True))))
    standings = [standing_of(one, is_online=one.device in online) for one in devices_of(db, row)]
    settle = next((ring.settle_minutes for ring in rings if ring.place == row.place), 0)
    step = next_step(
        standings,
        place=row.place,
        last_place=max((ring.place for ring in rings), default=0),
        place_since=row.place_since,
        settle=timedelta(minutes=settle),
        most_failed_percent=row.most_failed_percent,
        failures_since=row.resumed_at,
        now=now,
    )
    if step is Step.PAUSE:
        failed = count_failed(standings, since=row.resumed_at)
        reason = f"{failed} dari {len(standings)} perangkat gagal, batas {row.most_failed_percent} %"
        change_rollout(db, row, RolloutState.PAUSED, actor=SYSTEM, now=now, reason=reason)
    elif step is Step.OPEN_NEXT:
        row.place, row.place_since = row.place + 1, now
        _audit(db, row, "ring", str(row.place), actor=SYSTEM, now=now)
        ask_devices(db, row, now=now)
    elif step is Step.COMPLETE:
        row.state, row.changed_at, row.changed_by = RolloutState.COMPLETED, now, SYSTEM
        _audit(db, row, RolloutState.COMPLETED, "", actor=SYSTEM, now=now)


def _audit(db: Session, row: Rollout, what: str, detail: str, *, actor: str, now: datetime) -> None:
    target = f"rollout:{row.id}"
    audit.append(db, at=now, actor=actor, action=f"update.{what}", target=target, detail=detail)
