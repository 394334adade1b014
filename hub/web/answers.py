"""How a command to a device stands, for a screen: waiting, sent, done, refused or without answer."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

import msgspec

from hub.ingest.models import DeviceCommand

# An answer may still be on its way when the command itself expires.
_GRACE = timedelta(seconds=15)


class Standing(StrEnum):
    """How far a command came."""

    WAITING = "waiting"
    SENT = "sent"
    DONE = "done"
    FAILED = "failed"
    UNANSWERED = "unanswered"

    @property
    def is_open(self) -> bool:
        """Return whether something may still come."""
        return self in (Standing.WAITING, Standing.SENT)


@dataclass(frozen=True, slots=True)
class Answer:
    """A command and what came of it."""

    command_id: int
    kind: str
    asked_at: datetime
    standing: Standing
    detail: str
    values: dict[str, float | str | bool]


def answer_of(command: DeviceCommand, now: datetime) -> Answer:
    """Return how a command stands now."""
    kind: str = msgspec.json.decode(command.body)["kind"]
    values = msgspec.json.decode(command.values_json, type=dict[str, float | str | bool])
    return Answer(command.id, kind, command.created_at, _standing(command, now), command.detail, values)


def _standing(command: DeviceCommand, now: datetime) -> Standing:
    if command.replied_at is not None:
        return Standing.DONE if command.is_done else Standing.FAILED
    if now > command.expires_at + _GRACE:
        return Standing.UNANSWERED
    return Standing.WAITING if command.sent_at is None else Standing.SENT
