"""What messages about an alarm say, in Indonesian: what, where, since when. Reads, never queues."""

import json
from datetime import datetime
from zoneinfo import ZoneInfo

from sqlalchemy.orm import Session

from hub.alarms.kinds import SEVERITY_WORDS, AlarmKind, Severity
from hub.alarms.models import Alarm
from hub.alarms.words import indonesian_sentence
from hub.places.models import Site
from hub.web.formats import moment_text

Words = tuple[str, str]


def words_of(db: Session, alarm: Alarm, zone: ZoneInfo) -> Words:
    """Return subject and text for those who are to know that an alarm is there."""
    lines = [*_what_and_where(db, alarm), f"Sejak: {_moment(alarm.active_since, zone)}"]
    if alarm.occurrences > 1:
        lines.append(f"Muncul {alarm.occurrences} kali")
    if alarm.escalations:
        lines.append("Belum ada yang menyatakan mengetahui alarm ini.")
    word = SEVERITY_WORDS[Severity(alarm.severity)]
    return f"[Pontive] {word.upper()}: {_said(alarm)}", "\n".join(lines)


def words_at_end(db: Session, alarm: Alarm, ended_at: datetime, zone: ZoneInfo) -> Words:
    """Return subject and text for those who were told of an alarm that is gone."""
    span = f"{_moment(alarm.active_since, zone)} sampai {_moment(ended_at, zone)}"
    lines = [*_what_and_where(db, alarm), f"Berlangsung: {span}"]
    if not alarm.is_acknowledged:
        lines.append("Belum ada yang menyatakan mengetahui alarm ini.")
    return f"[Pontive] PULIH: {_said(alarm)}", "\n".join(lines)


def words_to_assigned(db: Session, alarm: Alarm, giver: str, zone: ZoneInfo) -> Words:
    """Return subject and text for whom an alarm was given to."""
    lines = [
        *_what_and_where(db, alarm),
        f"Sejak: {_moment(alarm.active_since, zone)}",
        f"Ditugaskan kepada Anda oleh {giver}.",
    ]
    return f"[Pontive] TUGAS: {_said(alarm)}", "\n".join(lines)


def _said(alarm: Alarm) -> str:
    return indonesian_sentence(AlarmKind(alarm.kind), json.loads(alarm.facts))


def _what_and_where(db: Session, alarm: Alarm) -> list[str]:
    site = db.get(Site, alarm.site) if alarm.site else None
    return [_said(alarm), *([f"Titik: {site.name}"] if site is not None else [])]


def _moment(at: datetime, zone: ZoneInfo) -> str:
    return moment_text(at, zone, "id")
