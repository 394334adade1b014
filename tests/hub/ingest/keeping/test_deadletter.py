"""Dead letters: bounded in size and number, whatever comes."""

from datetime import timedelta

from sqlalchemy import select

from hub.db import Database
from hub.ingest.keeping.deadletter import MAX_RAW_BYTES, Letter, bury, forget_old_letters
from hub.ingest.models import DeadLetter
from tests.hub.ingest.rig import NOW


def letter(raw: bytes = b"x", *, reason: str = "bad", topic: str = "t") -> Letter:
    return Letter(device="pi-01", topic=topic, reason=reason, raw=raw, received_at=NOW)


def buried(database: Database) -> list[DeadLetter]:
    with database.reading() as session:
        return list(session.scalars(select(DeadLetter).order_by(DeadLetter.id)))


def test_the_same_bytes_again_only_raise_the_count(database: Database) -> None:
    later = Letter(device="pi-01", topic="t", reason="bad", raw=b"x", received_at=NOW + timedelta(hours=1))
    with database.writing() as session:
        bury(session, [letter(), letter(), letter(b"y")])
    with database.writing() as session:
        bury(session, [later])
        bury(session, [])
    first, second = buried(database)
    assert (first.times, first.received_at, first.last_at) == (3, NOW, NOW + timedelta(hours=1))
    assert second.times == 1


def test_a_large_payload_is_cut_and_its_size_kept(database: Database) -> None:
    with database.writing() as session:
        bury(session, [letter(bytes(300_000), reason="r" * 2_000, topic="t" * 2_000)])
    (one,) = buried(database)
    assert (len(one.raw), one.size_bytes) == (MAX_RAW_BYTES, 300_000)
    assert (len(one.reason), len(one.topic)) == (400, 200)


def test_a_reason_may_quote_what_no_database_keeps(database: Database) -> None:
    with database.writing() as session:
        bury(session, [letter(reason="nul \x00 and half \ud800", topic="a\x00b\ud800")])
    (one,) = buried(database)
    assert (one.reason, one.topic) == ("nul \\0 and half \\ud800", "a\\0b\\ud800")


def test_the_oldest_go_when_there_are_too_many(database: Database) -> None:
    with database.writing() as session:
        bury(session, [letter(str(number).encode()) for number in range(20)])
        forget_old_letters(session, most=5)
        forget_old_letters(session)
    assert [one.raw for one in buried(database)] == [b"15", b"16", b"17", b"18", b"19"]
