"""The feed tells a change at once, a sign of life now and then, and survives a database that is away."""

import threading

from sqlalchemy.exc import OperationalError

from hub.alarms.screens.feed import BEAT_EVERY_S, AlarmFeed, message_of
from hub.web.streams.fanout import Listener


class Script:
    """Versions in turn, and a clock that moves with every pause."""

    def __init__(self, *versions: str | Exception) -> None:
        self.versions = list(versions)
        self.at_s = 0.0
        self.step_s = 0.1
        self.over = threading.Event()

    def version(self) -> str:
        found = self.versions.pop(0) if len(self.versions) > 1 else self.versions[0]
        if len(self.versions) == 1:
            self.over.set()
        if isinstance(found, Exception):
            raise found
        return found

    def sleep(self, _seconds: float) -> None:
        self.at_s += self.step_s

    def feed(self) -> AlarmFeed:
        return AlarmFeed(version=self.version, monotonic=lambda: self.at_s, sleep=self.sleep)


def heard(listener: Listener, count: int) -> list[str | None]:
    return [listener.get(10) for _ in range(count)]


def test_a_listener_is_told_the_version_and_then_each_change() -> None:
    script = Script("1", "1", "2", "2", "3")
    feed = script.feed()
    listener = feed.listen()
    assert heard(listener, 3) == [message_of("1"), message_of("2"), message_of("3")]
    feed.leave(listener)


def test_without_changes_there_is_a_sign_of_life() -> None:
    script = Script("1")
    script.step_s = BEAT_EVERY_S
    feed = script.feed()
    listener = feed.listen()
    assert heard(listener, 3) == [message_of("1")] * 3
    feed.leave(listener)


def test_a_database_that_is_away_is_waited_for() -> None:
    script = Script("1", OperationalError("SELECT", {}, Exception("gone")), "2")
    feed = script.feed()
    first, second = feed.listen(), None
    assert heard(first, 2) == [message_of("1"), message_of("2")]
    second = feed.listen()
    assert heard(second, 1) == [message_of("2")]
    feed.leave(first)
    feed.leave(second)
