"""Checks what an API answered, field by field: an SDK that ignores HTTP status hands on error texts.

Every function takes whatever came and gives back what it must be, or raises ``FleetError``. Pure.
"""

import re
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

from provisioning.fleets.errors import FleetError, Trouble
from provisioning.fleets.port import FleetDevice, LogLine, Release

# Keys of balena and openBalena are 32 letters today; a sentence of an error has blanks.
_KEY = re.compile(r"[A-Za-z0-9_\-.]{32,512}")
_SHOWN_LETTERS = 120


def refused(what: str, answer: object) -> FleetError:
    """Return the error of an answer that is not what it should be."""
    shown = " ".join(str(answer).split())[:_SHOWN_LETTERS]
    return FleetError(Trouble.REFUSED, f"{what}: the API answered {shown!r}")


def a_row(what: str, answer: object, **kinds: type) -> dict[str, Any]:
    """Return an answer that is an object with at least these fields of these types."""
    if not isinstance(answer, dict) or not all(isinstance(answer.get(n), k) for n, k in kinds.items()):
        raise refused(what, answer)
    return answer


def rows(what: str, answer: object, **kinds: type) -> list[dict[str, Any]]:
    """Return an answer that is a list of such objects."""
    if not isinstance(answer, list):
        raise refused(what, answer)
    return [a_row(what, one, **kinds) for one in answer]


def a_key(what: str, answer: object) -> str:
    """Return an answer that is a key; never says in an error what it was, unless it is a sentence."""
    text = answer.strip('"') if isinstance(answer, str) else ""
    if not _KEY.fullmatch(text):
        raise refused(what, answer)
    return text


def a_device(what: str, row: Mapping[str, Any]) -> FleetDevice:
    """Return a row of ``device`` with its tags and releases."""
    running, pinned = row.get("is_running__release"), row.get("is_pinned_on__release")
    temperature = row.get("cpu_temp")
    return FleetDevice(
        uuid=row["uuid"],
        name=row["device_name"],
        is_online=row["is_online"],
        heartbeat=str(row.get("api_heartbeat_state") or "unknown"),
        last_seen_at=_moment(row.get("last_connectivity_event")),
        os_version=str(row.get("os_version") or ""),
        supervisor_version=str(row.get("supervisor_version") or ""),
        temperature_c=float(temperature) if isinstance(temperature, int | float) else None,
        is_undervolted=row.get("is_undervolted") is True,
        running=commit_of(running),
        pinned=commit_of(pinned),
        tags={
            tag["tag_key"]: tag["value"]
            for tag in rows(what, row.get("device_tag", []), tag_key=str, value=str)
        },
    )


def a_release(what: str, row: Mapping[str, Any]) -> Release:
    """Return a row of ``release``."""
    made_at = _moment(row["created_at"])
    if made_at is None:
        raise refused(what, row["created_at"])
    is_ready = row.get("status") == "success" and row.get("is_final") is not False
    return Release(row["commit"], str(row.get("raw_version") or ""), made_at, is_ready)


def a_registration(what: str, answer: object) -> str:
    """Return the key of a device that was just registered."""
    return a_key(what, a_row(what, answer, id=int, uuid=str, api_key=str)["api_key"])


def lines(what: str, answer: object) -> tuple[LogLine, ...]:
    """Return the lines of a log."""
    return tuple(_line(row) for row in rows(what, answer, message=str, timestamp=int))


def _line(row: Mapping[str, Any]) -> LogLine:
    # In milliseconds.
    at = datetime.fromtimestamp(row["timestamp"] / 1000, UTC)
    return LogLine(at, row["message"], row.get("isStdErr") is True)


def commit_of(release: object) -> str:
    """Return the commit of an expanded release; empty without one."""
    if isinstance(release, list) and release and isinstance(release[0], dict):
        return str(release[0].get("commit") or "")
    return ""


def _moment(text: object) -> datetime | None:
    if not isinstance(text, str):
        return None
    try:
        at = datetime.fromisoformat(text)
    except ValueError:
        return None
    return at if at.tzinfo else at.replace(tzinfo=UTC)
