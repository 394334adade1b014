"""What could not be kept, with its reason, capped in size and number; never raises for content."""

from collections.abc import Sequence
from datetime import datetime
from hashlib import sha256

import msgspec
from sqlalchemy import delete, func, select
from sqlalchemy.orm import Session

from hub.bulk import upsert
from hub.ingest.models import DeadLetter

MAX_RAW_BYTES = 65_536
MAX_DEAD_LETTERS = 10_000
MAX_REASON_CHARACTERS = 400


class Letter(msgspec.Struct, frozen=True, kw_only=True):
    """Something to bury; ``device`` is empty where the topic names none."""

    device: str
    topic: str
    reason: str
    raw: bytes
    received_at: datetime


def bury(session: Session, letters: Sequence[Letter]) -> None:
    """Keep letters; the same bytes on the same topic only raise ``times``.

    Without that, a device that sends one poison message again and again would push all others out.
    """
    rows: dict[tuple[str, str], dict[str, object]] = {}
    for letter in letters:
        row = _row_of(letter)
        held = rows.setdefault((str(row["topic"]), str(row["digest"])), row)
        if held is not row:
            held["times"] = int(str(held["times"])) + 1
    upsert(
        session,
        DeadLetter,
        list(rows.values()),
        key=("topic", "digest"),
        changes=lambda excluded: {
            "times": DeadLetter.times + excluded.times,
            "last_at": excluded.last_at,
            "reason": excluded.reason,
        },
    )


def _row_of(letter: Letter) -> dict[str, object]:
    topic = _clean(letter.topic)[:200]
    return {
        "device": letter.device,
        "topic": topic,
        "digest": sha256(letter.raw).hexdigest()[:32],
        "reason": _clean(letter.reason)[:MAX_REASON_CHARACTERS],
        "raw": letter.raw[:MAX_RAW_BYTES],
        "size_bytes": len(letter.raw),
        "times": 1,
        "received_at": letter.received_at,
        "last_at": letter.received_at,
    }


def _clean(text: str) -> str:
    # PostgreSQL keeps no NUL, and neither database a lone surrogate; both come from hostile payloads.
    return text.replace("\x00", "\\0").encode("utf-8", "backslashreplace").decode("utf-8")


def forget_old_letters(session: Session, *, most: int = MAX_DEAD_LETTERS) -> None:
    """Delete the oldest beyond ``most``."""
    count = session.scalar(select(func.count()).select_from(DeadLetter)) or 0
    if count > most:
        oldest = select(DeadLetter.id).order_by(DeadLetter.id).limit(count - most)
        session.execute(delete(DeadLetter).where(DeadLetter.id.in_(oldest)))
