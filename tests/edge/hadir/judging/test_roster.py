"""The roster as a door uses it."""

from datetime import UTC, datetime, timedelta
from typing import Any

import msgspec
import pytest

from edge.hadir.judging.roster import RosterError, advance
from edge.wire.hadir.roster import Entry, Hours, RosterDocument, Standing

NOW = datetime(2026, 11, 21, tzinfo=UTC)


def entry(person: int, key_slot: int = 0, standing: Standing = Standing.ACTIVE) -> Entry:
    return Entry(person, key_slot, bytes(32), standing, 12, f"Budi {person}")


def document(version: int = 5, base: int = 0, **changes: Any) -> RosterDocument:
    whole = RosterDocument(
        version=version,
        base=base,
        issued_at=NOW,
        expires_at=NOW + timedelta(days=30),
        badge_keys=((1, bytes(32)),),
        entries=(entry(1), entry(2), entry(2, 1)),
        revoked_badges=((1, 1),),
        hours=(Hours(0, 5, 450, 990), Hours(12, 5, 480, 990)),
    )
    return msgspec.structs.replace(whole, **changes)


def test_every_phone_of_a_person_is_found() -> None:
    roster = advance(None, document())
    assert roster.entry_of(2, 1) == entry(2, 1)
    assert roster.entry_of(1, 1) is None


def test_a_change_adds_replaces_removes_and_revokes() -> None:
    change = document(
        6,
        base=5,
        entries=(entry(1, standing=Standing.REVOKED), entry(3)),
        removed=((2, 1),),
        revoked_badges=((9, 9),),
    )
    roster = advance(advance(None, document()), change)
    assert roster.version == 6
    assert set(roster.entries) == {(1, 0), (2, 0), (3, 0)}
    first = roster.entry_of(1, 0)
    assert first is not None
    assert first.standing is Standing.REVOKED
    assert roster.revoked_badges == {(1, 1), (9, 9)}


def test_a_whole_roster_forgets_the_old_one() -> None:
    roster = advance(advance(None, document()), document(6, entries=(entry(9),), revoked_badges=()))
    assert set(roster.entries) == {(9, 0)}
    assert roster.revoked_badges == frozenset()


def test_the_same_version_again_is_no_harm() -> None:
    roster = advance(None, document())
    assert advance(roster, document()) == roster


def test_an_older_roster_is_refused() -> None:
    with pytest.raises(RosterError, match="version 4 is older than 5"):
        advance(advance(None, document()), document(4))


@pytest.mark.parametrize("have", [None, 4])
def test_a_change_to_another_version_is_refused(have: int | None) -> None:
    current = None if have is None else advance(None, document(have))
    with pytest.raises(RosterError, match="send a whole one"):
        advance(current, document(6, base=5))


def test_an_office_without_hours_of_its_own_has_those_of_the_city() -> None:
    roster = advance(None, document())
    assert roster.hours_of(12, 5) == Hours(12, 5, 480, 990)
    assert roster.hours_of(99, 5) == Hours(0, 5, 450, 990)
    assert roster.hours_of(12, 6) is None


def test_the_age_of_a_roster_is_never_negative() -> None:
    roster = advance(None, document())
    ages = [roster.age_days(NOW + timedelta(days=days)) for days in (-3, 0, 0.9, 1, 31)]
    assert ages == [0, 0, 0, 1, 31]
    assert [roster.is_stale(NOW + timedelta(days=days)) for days in (29, 30)] == [False, True]


def test_people_with_badges_are_found_by_number() -> None:
    roster = advance(None, document(entries=(entry(1), entry(8, standing=Standing.BADGE_ALLOWED))))
    assert roster.badge_holder(8) == entry(8, standing=Standing.BADGE_ALLOWED)
    assert roster.badge_holder(1) is None
