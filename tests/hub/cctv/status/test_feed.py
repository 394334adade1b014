"""What open lists are told: the rows that changed, in the order of all, each in its own sight."""

import json
from dataclasses import replace
from datetime import UTC, datetime

import pytest
from sqlalchemy.exc import OperationalError

from hub.cctv.rules import CameraState, Verdict
from hub.cctv.status.feed import Sight, StatusFeed
from hub.cctv.status.listing import Filter, Row
from hub.cctv.status.shelf import StatusShelf
from hub.places.reach import EVERYWHERE, PlaceReach
from hub.web.streams.fanout import Listener
from tests.hub.cctv.status.test_shelf import ROW

NOW = datetime(2026, 11, 21, 3, 0, tzinfo=UTC)
OTHER = replace(ROW, camera="c2", name="Selatan")
DARK = replace(OTHER, verdict=Verdict(CameraState.OFFLINE))
ALL = Sight("id", Filter(), EVERYWHERE)


class Rig:
    """A feed on rows that the test changes."""

    def __init__(self) -> None:
        self.rows: tuple[Row, ...] = (ROW, OTHER)
        self.is_broken = False
        self.shelf = StatusShelf(collect=self._collect, every_s=0.0)
        self.feed = StatusFeed(
            shelf=self.shelf,
            draw=lambda rows, language: {row.id: f"{language}:{row.state}" for row in rows},
            sum_up=lambda rows, _language: str(len(rows)),
            now=lambda: NOW,
            every_s=0.01,
        )

    def _collect(self) -> tuple[Row, ...]:
        if self.is_broken:
            raise OperationalError("SELECT", {}, Exception("locked"))
        return self.rows


def told(listener: Listener) -> dict[str, object]:
    message = listener.get(10)
    assert message is not None
    return dict(json.loads(message.partition("data: ")[2]))


def test_a_list_that_shows_the_present_is_told_changes_only() -> None:
    rig = Rig()
    version = rig.shelf.look().version
    listener = rig.feed.listen(ALL, version)
    assert told(listener) == {"at": NOW.isoformat(), "version": version}
    rig.rows = (DARK, ROW)
    change = told(listener)
    assert change["rows"] == {DARK.id: "id:offline"}
    assert change["order"] == [DARK.id, ROW.id]
    assert change["sum"] == "2"
    rig.feed.leave(listener)


def test_a_list_that_shows_another_version_is_given_every_row() -> None:
    rig = Rig()
    listener = rig.feed.listen(ALL, "long ago")
    assert set(told(listener)["rows"]) == {ROW.id, OTHER.id}  # type: ignore[call-overload]  # a dict
    rig.feed.leave(listener)


def test_many_who_come_back_together_are_drawn_once() -> None:
    rig = Rig()
    drawn: list[int] = []
    rig.feed._draw = lambda rows, _language: drawn.append(len(rows)) or {}
    back = [rig.feed.listen(ALL, "long ago") for _ in range(20)]
    assert [told(listener)["order"] for listener in back] == [[ROW.id, OTHER.id]] * 20
    assert drawn == [2]
    rig.rows = (DARK, ROW)
    again = rig.feed.listen(ALL, "long ago")
    assert told(again)["order"] == [DARK.id, ROW.id]
    for listener in (*back, again):
        rig.feed.leave(listener)


def test_each_sight_is_told_its_own() -> None:
    rig = Rig()
    version = rig.shelf.look().version
    dark = rig.feed.listen(Sight("en", Filter(state="offline"), EVERYWHERE), version)
    nowhere = rig.feed.listen(Sight("id", Filter(), PlaceReach(sites=frozenset())), version)
    told(dark), told(nowhere)
    rig.rows = (DARK, ROW)
    assert (told(dark)["order"], told(nowhere)["order"]) == ([DARK.id], [])
    rig.rows = (ROW, OTHER)
    assert told(dark)["order"] == []
    rig.feed.leave(dark)
    rig.feed.leave(nowhere)


def test_a_database_that_cannot_be_read_is_said_once_and_waited_for(caplog: pytest.LogCaptureFixture) -> None:
    rig = Rig()
    listener = rig.feed.listen(ALL, rig.shelf.look().version)
    told(listener)
    rig.is_broken = True
    while not caplog.records:
        pass
    rig.rows, rig.is_broken = (DARK, ROW), False
    assert told(listener)["order"] == [DARK.id, ROW.id]
    assert len(caplog.records) == 1
    rig.feed.leave(listener)
