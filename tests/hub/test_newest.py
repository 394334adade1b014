"""The newest word of somebody takes the place of an older one, and of one from the future."""

from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import select

from hub.cctv.measures.models import CameraMeasure
from hub.db import Database
from hub.newest import HEARD_AT, NewestRows, Rule, as_late, unless_older

NOW = datetime(2026, 11, 21, 3, 0, tzinfo=UTC)
HOUR = timedelta(hours=1)


def said(body: str, at: datetime, *, camera: str = "cam-1") -> dict[str, object]:
    return {
        "device": "pi-01",
        "camera": camera,
        "what": "zones@",
        "body": body,
        "at": at,
        HEARD_AT: NOW,
    }


def kept(database: Database) -> dict[str, tuple[str, datetime]]:
    with database.reading() as db:
        return {row.camera: (row.body, row.at) for row in db.scalars(select(CameraMeasure))}


@pytest.mark.parametrize("rule", [unless_older, as_late])
def test_a_newer_word_takes_the_place_and_an_older_one_does_not(database: Database, rule: Rule) -> None:
    rows = NewestRows(CameraMeasure, takes_place=rule)
    with database.writing() as db:
        rows.keep(db, [])
        rows.keep(db, [said("first", NOW - HOUR), said("of another", NOW - HOUR, camera="cam-2")])
    with database.writing() as db:
        rows.keep(db, [said("older", NOW - 2 * HOUR, camera="cam-2"), said("newer", NOW)])
    assert kept(database) == {"cam-1": ("newer", NOW), "cam-2": ("of another", NOW - HOUR)}
    with database.writing() as db:
        rows.keep(db, [said("as late", NOW)])
    assert kept(database)["cam-1"] == ("as late", NOW)


@pytest.mark.parametrize(("rule", "body"), [(unless_older, "real"), (as_late, "tomorrow")])
def test_a_time_to_come_is_believed_by_one_rule_only(database: Database, rule: Rule, body: str) -> None:
    rows = NewestRows(CameraMeasure, takes_place=rule)
    with database.writing() as db:
        rows.keep(db, [said("tomorrow", NOW + 24 * HOUR)])
        rows.keep(db, [said("real", NOW)])
    assert kept(database)["cam-1"][0] == body
