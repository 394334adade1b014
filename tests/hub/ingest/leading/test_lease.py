"""One of several workers leads: on each of the two databases."""

from datetime import datetime, timedelta

import pytest

from hub.db import Database
from hub.ingest.leading.lease import DatabaseLease, database_time
from hub.ingest.models import IngestLease
from tests.hub.ingest.rig import NOW, Clock


def lease_of(database: Database, holder: str, clock: Clock, **more: object) -> DatabaseLease:
    arguments = {"database_time": lambda _session: clock.now} | more
    return DatabaseLease(database=database, holder=holder, monotonic_s=clock.monotonic_s, **arguments)  # type: ignore[arg-type]  # of the test's choosing


def test_the_first_leads_and_another_takes_over_when_it_is_silent(database: Database) -> None:
    clock = Clock()
    one, other = lease_of(database, "one", clock), lease_of(database, "other", clock)
    for lease in (one, other):
        lease.renew()
    assert (one.is_held(), other.is_held()) == (True, False)
    clock.advance(15)
    one.renew()
    clock.advance(15)
    other.renew()
    assert (one.is_held(), other.is_held()) == (True, False), "it was renewed"
    clock.advance(6)
    assert not one.is_held(), "it knows by itself that its time is over"
    other.renew()
    one.renew()
    assert (one.is_held(), other.is_held()) == (False, True)


def test_who_ends_well_leaves_the_lease_to_the_next_at_once(database: Database) -> None:
    clock = Clock()
    one, other = lease_of(database, "one", clock), lease_of(database, "other", clock)
    one.renew()
    other.release()
    one.release()
    assert not one.is_held()
    other.renew()
    assert other.is_held()


def test_a_database_that_does_not_answer_ends_the_leading_in_time(
    database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    clock = Clock()
    lease = lease_of(database, "one", clock)
    lease.renew()

    def away() -> None:
        raise OSError("away")

    monkeypatch.setattr(database, "writing", away)
    clock.advance(19)
    with pytest.raises(OSError, match="away"):
        lease.renew()
    assert lease.is_held(), "nobody else can have it yet"
    clock.advance(1)
    assert not lease.is_held()


def test_clocks_of_two_servers_that_differ_do_not_matter(database: Database) -> None:
    early, late = Clock(), Clock()
    late.advance(3_600)
    shared = Clock()

    def database_clock(_session: object) -> datetime:
        return shared.now

    one = lease_of(database, "one", early, database_time=database_clock)
    other = lease_of(database, "other", late, database_time=database_clock)
    one.renew()
    other.renew()
    assert (one.is_held(), other.is_held()) == (True, False)
    with database.reading() as session:
        assert session.get_one(IngestLease, "chores").until == NOW + timedelta(seconds=20)


def test_the_time_is_that_of_the_database(database: Database) -> None:
    with database.reading() as session:
        assert database_time(session).tzinfo is not None


def test_the_lease_of_one_that_is_seen_to_be_gone_is_taken_at_once(database: Database) -> None:
    clock, gone = Clock(), set[str]()
    one = lease_of(database, "one", clock)
    other = lease_of(database, "other", clock, is_gone=gone.__contains__)
    one.renew()
    other.renew()
    assert not other.is_held(), "it is there"
    gone.add("one")
    other.renew()
    assert other.is_held()
    one.renew()
    assert not one.is_held()
