"""A device's diagnostics as one JSON: what the hub saw of it, for a bug report. Redacted.

Neither keys, codes, passwords nor what people typed: columns are named, not taken as they come.
Takes a session, never commits.
"""

import re
from datetime import datetime, timedelta

import msgspec
from sqlalchemy import select
from sqlalchemy.orm import Session

from hub.enrolment.issuing.register import certificates_of
from hub.ingest.models import DeviceCommand, DevicePresence, Event
from hub.places.device.service import get_device
from hub.updates.models import DeviceUpdate

SINCE = timedelta(days=7)
MOST_EVENTS, MOST_COMMANDS = 200, 50
# Devices mask addresses before they speak; older ones may not have.
_PASSWORD_IN_ADDRESS = re.compile(r"(://[^\s:/@\"]*):[^\s@\"]*@")
_SECRET_WORD = re.compile(r"((?:pass(?:word|wd)?|pwd|token|auth)=)[^&/\s\"']+", re.IGNORECASE)


def diagnostics_of(db: Session, device: str, now: datetime) -> bytes:
    """Return the file's content, readable by people and programs."""
    view = get_device(db, device)
    presence, update = db.get(DevicePresence, device), db.get(DeviceUpdate, device)
    found = {
        "at": now,
        "device": device,
        "site": view.site,
        "firmware": view.firmware,
        "hardware": view.hardware,
        "is_online": view.is_online,
        "heard_at": view.heard_at,
        "clock": view.clock,
        "health_at": view.health_at,
        "health": view.health,
        "boot_id": None if presence is None else presence.boot_id,
        "update": None if update is None else _update(update),
        "certificates": [
            {"serial": row.serial, "ends_at": row.ends_at, "way": row.way, "revoked_at": row.revoked_at}
            for row in certificates_of(db, device)
        ],
        "answers": _answers(db, device),
        "events": _events(db, device, now),
    }
    return msgspec.json.format(msgspec.json.encode(found))


def _update(row: DeviceUpdate) -> dict[str, object]:
    names = ("board", "slot", "running_number", "running_name", "floor", "state", "fault", "detail", "at")
    return {name: getattr(row, name) for name in names}


def _answers(db: Session, device: str) -> list[dict[str, object]]:
    query = select(DeviceCommand).where(DeviceCommand.device == device).order_by(DeviceCommand.id.desc())
    return [
        {
            "kind": msgspec.json.decode(row.body)["kind"],
            "asked_at": row.created_at,
            "replied_at": row.replied_at,
            "is_done": row.is_done,
            "detail": _redacted(row.detail),
        }
        for row in db.scalars(query.limit(MOST_COMMANDS))
    ]


def _events(db: Session, device: str, now: datetime) -> list[dict[str, object]]:
    query = select(Event).where(Event.device == device, Event.at > now - SINCE).order_by(Event.id.desc())
    return [
        {"at": row.at, "kind": row.kind, "body": _redacted(row.body)}
        for row in db.scalars(query.limit(MOST_EVENTS))
    ]


def _redacted(text: str) -> str:
    return _SECRET_WORD.sub(r"\1***", _PASSWORD_IN_ADDRESS.sub(r"\1:***@", text))
