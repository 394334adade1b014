"""What devices said of their mains, voltage and signal around the beginning of an outage."""

from collections.abc import Sequence
from datetime import datetime, timedelta

import msgspec
from sqlalchemy import select
from sqlalchemy.orm import Session

from edge.wire.messages import decode_body
from edge.wire.records.bodies import DeviceHealth, DeviceIncident
from hub.cctv.outages.facts import OutageFacts
from hub.ingest.models import Event
from hub.places.models import DeviceCondition

# A battery holds a device for about that long after the mains went.
BATTERY = timedelta(minutes=30)
# What is said this long after an outage began may still be of its beginning.
_AFTERWARDS = timedelta(minutes=2)
# An older word of health says nothing of the moment.
_HEALTH_IS_GOOD_FOR = timedelta(minutes=10)

_LOST = {"mains-lost": True, "last-gasp": True, "mains-back": False}
_WEAK = {"under-voltage": True, "voltage-back": False}


def supply_before(
    db: Session, facts: OutageFacts, devices: Sequence[str], began_at: datetime, ended_at: datetime | None
) -> OutageFacts:
    """Return the facts with what is known of supply and signal.

    Args:
        db: Any session.
        facts: What was known so far.
        devices: Those of the outage.
        began_at: Of the outage.
        ended_at: Of the outage; ``None``: it lasts.
    """
    until = began_at + _AFTERWARDS if ended_at is None else max(ended_at, began_at + _AFTERWARDS)
    query = (
        select(Event.device, Event.at, Event.body)
        .where(
            Event.device.in_(devices),
            Event.kind == "device-incident",
            Event.at >= began_at - BATTERY,
            Event.at <= until,
        )
        .order_by(Event.at, Event.id)
    )
    lost: dict[str, bool] = {}
    weak: dict[str, bool] = {}
    for device, at, text in db.execute(query):
        body = decode_body(text.encode())
        assert isinstance(body, DeviceIncident)
        for words, state in ((_LOST, lost), (_WEAK, weak)):
            # Mains that come back during the outage are its end, not a proof against its cause.
            if body.what in words and (words[body.what] or at < began_at):
                state[device] = words[body.what]
    return _with_health(db, facts, devices, began_at, any(lost.values()), any(weak.values()))


def _with_health(
    db: Session, facts: OutageFacts, devices: Sequence[str], began_at: datetime, is_lost: bool, is_weak: bool
) -> OutageFacts:
    signal_dbm = facts.signal_dbm
    query = select(DeviceCondition).where(DeviceCondition.device.in_(devices))
    for row in db.scalars(query):
        if abs(row.at - began_at) > _HEALTH_IS_GOOD_FOR:
            continue
        health = decode_body(row.body.encode())
        assert isinstance(health, DeviceHealth)
        is_lost |= health.on_battery is True
        is_weak |= health.under_voltage is True
        signal_dbm = health.signal_dbm if health.signal_dbm is not None else signal_dbm
    return msgspec.structs.replace(
        facts,
        is_mains_lost=facts.is_mains_lost or is_lost,
        was_under_voltage=facts.was_under_voltage or is_weak,
        signal_dbm=signal_dbm,
    )
