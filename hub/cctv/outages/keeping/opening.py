"""Gives a group of dark cameras its outage: the one that is there, a larger one, or a new one."""

from datetime import datetime, timedelta

import msgspec
from sqlalchemy.orm import Session

from hub.cctv.outages.facts import OutageFacts, Scope
from hub.cctv.outages.folding import RANK, DarkCamera, Group
from hub.cctv.outages.keeping.holding import Change, Holding, facts_of, learn
from hub.cctv.outages.keeping.looking import CityLook
from hub.cctv.outages.keeping.supply import supply_before
from hub.cctv.outages.keeping.telling import fold_words
from hub.cctv.outages.models import Outage, OutageCamera

# What is still dark this long after its neighbours came back has a trouble of its own.
LEFT_BEHIND_AFTER = timedelta(minutes=3)


def hold(db: Session, holding: Holding, city: CityLook, group: Group) -> None:
    """Have every member of a group held by one outage."""
    keys = {one.key for one in group.members}
    holders = _holders(holding, group)
    larger = [one for one in holders if not holding.cameras_ever(one) <= keys]
    within = [one for one in holders if one not in larger]
    same = holding.at_place(group.scope, group.key)
    if same is not None:
        target = _again(db, same, city.now)
    elif larger:
        if not _is_left_behind(holding, larger[0], city.now):
            target = larger[0]
        else:
            target = _new(db, holding, city, group, not_before=_leave(holding, group, city.now))
    elif within:
        target = max(within, key=lambda one: RANK[Scope(one.scope)])
        # What is left of a whole place is still that place.
        if RANK[group.scope] > RANK[Scope(target.scope)]:
            target = _widened(db, holding, within[0], city, group)
    else:
        target = _new(db, holding, city, group)
    for other in within:
        if other is not target:
            _fold_into(db, holding, other, target, city.now)
    for one in group.members:
        _put(db, holding, target, one, city.now)


def _holders(holding: Holding, group: Group) -> list[Outage]:
    numbers = {holding.rows[one.key].outage for one in group.members if one.key in holding.rows}
    return sorted((holding.outages[number] for number in numbers), key=lambda one: (one.began_at, one.id))


def _is_left_behind(holding: Holding, outage: Outage, now: datetime) -> bool:
    back = holding.last_return(outage)
    return back is not None and now - back >= LEFT_BEHIND_AFTER


def _leave(holding: Holding, group: Group, now: datetime) -> datetime:
    """Take the members out of what held them, as of when their neighbours came back; return when."""
    moment = now
    for one in group.members:
        row = holding.rows.get(one.key)
        if row is not None:
            back = holding.last_return(holding.outages[row.outage]) or now
            holding.end_row(row, min(back, now))
            moment = min(moment, max(back, row.began_at))
    return moment


def _again(db: Session, outage: Outage, now: datetime) -> Outage:
    if outage.ended_at is not None:
        outage.ended_at = None
        outage.flaps += 1
        learn(db, outage, facts_of(outage), Change.FLAPPED, now)
    return outage


def _new(
    db: Session, holding: Holding, city: CityLook, group: Group, not_before: datetime | None = None
) -> Outage:
    began_at = min(one.since for one in group.members)
    began_at = began_at if not_before is None else max(began_at, not_before)
    outage = Outage(
        scope=group.scope,
        key=group.key,
        site=city.cameras[group.members[0].key].site,
        began_at=began_at,
        ended_at=None,
        flaps=0,
        facts="",
        cause="unknown",
        confidence=0.0,
        alarm_said="",
    )
    holding.add(db, outage)
    learn(db, outage, _first_facts(db, city, group, began_at), Change.OPENED, city.now)
    return outage


def _first_facts(db: Session, city: CityLook, group: Group, began_at: datetime) -> OutageFacts:
    devices = sorted({one.key[0] for one in group.members})
    facts = OutageFacts(
        scope=group.scope,
        is_wireless=all(city.cameras[one.key].medium == "wireless" for one in group.members),
    )
    return supply_before(db, facts, devices, began_at, None)


def _widened(db: Session, holding: Holding, outage: Outage, city: CityLook, group: Group) -> Outage:
    """Let the outage of a part become that of the whole place."""
    holding.stand_at(outage, group.scope, group.key)
    outage.began_at = min(outage.began_at, *(one.since for one in group.members))
    devices = sorted({one.key[0] for one in group.members})
    facts = msgspec.structs.replace(facts_of(outage), scope=group.scope)
    learn(db, outage, supply_before(db, facts, devices, outage.began_at, None), Change.FOLDED, city.now)
    return outage


def _fold_into(db: Session, holding: Holding, other: Outage, target: Outage, now: datetime) -> None:
    for row in list(holding.all_rows[other.id]):
        holding.move_row(row, target)
    other.folded_into, other.ended_at = target.id, max(now, other.began_at)
    target.began_at = min(target.began_at, other.began_at)
    fold_words(db, other, target, now)


def _put(db: Session, holding: Holding, target: Outage, one: DarkCamera, now: datetime) -> None:
    row = holding.rows.get(one.key)
    if row is not None and row.outage == target.id and row.is_dark == one.is_dark:
        return
    since = min(one.since, now)
    if row is not None:
        holding.end_row(row, now)
        since = now
    elif not holding.open_rows(target) and holding.cameras_ever(target):
        target.flaps += 1
    earlier = [
        past.ended_at
        for past in holding.all_rows[target.id]
        if (past.device, past.camera) == one.key and past.ended_at is not None
    ]
    holding.add_row(
        db,
        OutageCamera(
            outage=target.id,
            device=one.key[0],
            camera=one.key[1],
            is_dark=one.is_dark,
            began_at=max(since, target.began_at, *earlier),
            ended_at=None,
        ),
    )
