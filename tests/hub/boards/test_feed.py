"""What the feed tells its listeners, without a server."""

import json
import threading
from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Any

from sqlalchemy.exc import OperationalError

from hub.boards import feed as feed_module
from hub.boards.feed import Feed, changed_tiles
from hub.web.contributions.tiles import Section, Tile
from hub.web.streams.fanout import Listener

NOW = datetime(2026, 11, 21, 3, 14, tzinfo=UTC)


def tile(name: str, data: object) -> Tile:
    return Tile(id=name, section=Section.DEVICES, template="x.html", data=data)


class Stage:
    """Tiles that a test changes, and a count of drawings."""

    def __init__(self) -> None:
        self.tiles: list[Tile] = [tile("a", 1), tile("b", 1)]
        self.drawn: list[tuple[str, str]] = []
        self.is_broken = False
        self.looks = threading.Semaphore(0)
        self.feed = Feed(collect=self.collect, draw=self.draw, now=lambda: NOW)

    def collect(self) -> Sequence[Tile]:
        self.looks.release()
        if self.is_broken:
            raise OperationalError("SELECT", {}, Exception("away"))
        return list(self.tiles)

    def draw(self, tiles: Sequence[Tile], language: str) -> dict[str, str]:
        self.drawn += [(one.id, language) for one in tiles]
        return {one.id: f"<p>{one.data} {language}</p>" for one in tiles}

    def next(self, listener: Listener) -> dict[str, Any]:
        message = listener.get(20)
        assert message is not None, "nothing came"
        head, data, *_rest = message.split("\n")
        assert head == "event: board"
        return dict(json.loads(data.removeprefix("data: ")))


def test_what_changed_is_found_by_value() -> None:
    before = [tile("a", (1, "x")), tile("b", 2)]
    after = [tile("a", (1, "x")), tile("b", 3), tile("c", 4)]
    assert [one.id for one in changed_tiles(before, after)] == ["b", "c"]
    assert changed_tiles(before, before) == ()


def test_a_change_is_drawn_once_a_language_however_many_listen() -> None:
    stage = Stage()
    listeners = [stage.feed.listen(language) for language in ("id", "id", "id", "en")]
    for listener in listeners:
        assert {one["id"] for one in stage.next(listener)["tiles"]} == {"a", "b"}
    stage.drawn.clear()
    stage.tiles[1] = tile("b", 2)
    for listener in listeners:
        assert [one["html"] for one in stage.next(listener)["tiles"]] == [f"<p>2 {listener.topic}</p>"]
        stage.feed.leave(listener)
    assert sorted(stage.drawn) == [("b", "en"), ("b", "id")]


def test_a_tile_that_is_gone_is_told_by_the_ids_that_are_left() -> None:
    stage = Stage()
    listener = stage.feed.listen("id")
    stage.next(listener)
    del stage.tiles[0]
    assert stage.next(listener)["ids"] == ["b"]
    stage.feed.leave(listener)


def test_a_quiet_board_beats(monkeypatch: Any) -> None:
    monkeypatch.setattr(feed_module, "BEAT_EVERY_S", 0.6)
    stage = Stage()
    listener = stage.feed.listen("id")
    stage.next(listener)
    assert stage.next(listener)["tiles"] == []
    stage.feed.leave(listener)


def test_a_database_that_goes_and_comes_ends_nothing(caplog: Any) -> None:
    stage = Stage()
    listener = stage.feed.listen("id")
    stage.next(listener)
    stage.is_broken = True
    for _ in range(4):
        assert stage.looks.acquire(timeout=240)
    stage.tiles[0] = tile("a", 9)
    stage.is_broken = False
    assert [one["id"] for one in stage.next(listener)["tiles"]] == ["a"]
    stage.feed.leave(listener)
    assert len([one for one in caplog.records if one.levelname == "ERROR"]) == 1


def test_the_thread_ends_with_the_last_listener_and_begins_with_the_next() -> None:
    stage = Stage()
    listener = stage.feed.listen("id")
    thread = stage.feed._thread
    assert thread is not None
    stage.feed.leave(listener)
    thread.join(240)
    assert not thread.is_alive()
    again = stage.feed.listen("id")
    stage.next(again)
    stage.tiles[0] = tile("a", 5)
    assert [one["id"] for one in stage.next(again)["tiles"]] == ["a"]
    stage.feed.leave(again)
