"""Cheating, many times over: replayed, expired, tampered and revoked codes are refused every time.

Each test prints its seed; nothing is ever handed to the outbox.
"""

import random
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from typing import TYPE_CHECKING

import msgspec
import pytest

from edge.wire import base45
from edge.wire.hadir.codes import BADGE_PREFIX, PHONE_PREFIX
from edge.wire.hadir.roster import Standing
from edge.wire.records.bodies import ClockQuality

if TYPE_CHECKING:
    from conftest import Entrance

TRIES = 400
PEOPLE = range(1001, 1011)


@pytest.fixture
def chance() -> random.Random:
    seed = random.randrange(2**32)
    print(f"seed {seed}")
    return random.Random(seed)


def tampered(text: str, chance: random.Random) -> str:
    """Return a code with some bits of its bytes changed, as a forger would who knows the layout."""
    prefix = text[:3]
    payload = bytearray(base45.decode(text[3:]))
    for place in chance.sample(range(len(payload)), chance.randint(1, 4)):
        payload[place] ^= 1 << chance.randrange(8)
    return prefix + base45.encode(bytes(payload))


def spliced(one: str, other: str, chance: random.Random) -> str:
    """Return the beginning of one genuine code and the end of another."""
    first, second = base45.decode(one[3:]), base45.decode(other[3:])
    cut = chance.randrange(1, len(first) - 1)
    return one[:3] + base45.encode(first[:cut] + second[cut:])


def genuine(entrance: "Entrance", chance: random.Random) -> Iterator[str]:
    """Yield codes that would be accepted if nobody touched them."""
    while True:
        yield entrance.code(chance.choice(PEOPLE), off_s=chance.randint(-15, 8))


def test_no_tampered_code_is_accepted(entrance: "Entrance", chance: random.Random) -> None:
    codes = genuine(entrance, chance)
    for _ in range(TRIES):
        assert set(entrance.codes_said(tampered(next(codes), chance))) <= {"E02", "E04", "E06"}
        one, other = next(codes), next(codes)
        mixed = spliced(one, other, chance)
        if mixed not in (one, other):
            assert set(entrance.codes_said(mixed)) <= {"E02", "E04", "E06"}
        entrance.clock.advance(0.05)
    assert entrance.stores == []
    assert entrance.codes_said(entrance.code(1001)) == ["H00"], "an honest one still passes"


def test_no_tampered_badge_asks_for_a_pin(entrance: "Entrance", chance: random.Random) -> None:
    badge = entrance.badge()
    assert badge.startswith(BADGE_PREFIX)
    for _ in range(TRIES):
        assert set(entrance.codes_said(tampered(badge, chance))) <= {"E06"}
        assert not entrance.door.is_asking_pin
        entrance.clock.advance(0.05)
    assert entrance.stores == []


def test_no_expired_code_is_accepted(entrance: "Entrance", chance: random.Random) -> None:
    for _ in range(TRIES):
        off_s = (
            -chance.randint(21, 10 ** chance.randint(2, 8))
            if chance.random() < 0.7
            else chance.randint(11, 10**6)
        )
        assert entrance.codes_said(entrance.code(chance.choice(PEOPLE), off_s=off_s)) == ["E02"]
        entrance.clock.advance(3)
    assert entrance.stores == []


def test_no_code_is_accepted_twice(entrance: "Entrance", chance: random.Random) -> None:
    taken: list[str] = []
    for _ in range(TRIES // 4):
        text = entrance.code(chance.choice(PEOPLE))
        assert text.startswith(PHONE_PREFIX)
        if entrance.codes_said(text) == ["H00"]:
            taken.append(text)
        entrance.clock.advance(chance.choice((0.2, 3, 9, 61, 700)))
        stores = len(entrance.stores)
        assert set(entrance.codes_said(chance.choice(taken))) <= {"E03", "E02"}
        assert len(entrance.stores) == stores
    assert len(entrance.stores) == len(taken) == len({store.scan.token for store in entrance.stores})


def test_no_clock_that_goes_back_revives_a_code(entrance: "Entrance", chance: random.Random) -> None:
    text = entrance.code(1001)
    assert entrance.codes_said(text) == ["H00"]
    used_at = entrance.clock.now().at
    for _ in range(TRIES // 4):
        quality = chance.choice((ClockQuality.SYNCED, ClockQuality.HELD, ClockQuality.UNKNOWN))
        entrance.clock.set(used_at + timedelta(seconds=chance.uniform(-30, 30)), quality)
        entrance.clock.advance(7)
        assert entrance.codes_said(text) == ["E03"]
    assert len(entrance.stores) == 1


def test_no_revoked_phone_is_accepted(entrance: "Entrance", chance: random.Random) -> None:
    assert entrance.door.roster is not None
    revoked = {
        key: msgspec.structs.replace(entry, standing=Standing.REVOKED)
        for key, entry in entrance.door.roster.entries.items()
    }
    entrance.door.roster = replace(entrance.door.roster, entries=revoked)
    for _ in range(TRIES):
        assert entrance.codes_said(entrance.code(chance.choice(PEOPLE), chance.randint(-25, 15))) == ["E05"]
        entrance.clock.advance(0.5)
    assert entrance.stores == []


def test_no_badge_is_accepted_that_ran_out(entrance: "Entrance", chance: random.Random) -> None:
    for number in range(TRIES // 4):
        last = date(2024, 1, 1) + timedelta(days=chance.randrange(1_056))
        entrance.clock.set(datetime(2026, 11, 23, 0, 14, tzinfo=UTC), ClockQuality.SYNCED)
        entrance.clock.advance(number * 10)
        assert entrance.codes_said(entrance.badge(valid_until=last)) == ["E05"], last
    assert entrance.stores == []
