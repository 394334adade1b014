"""The roster as it travels."""

from datetime import UTC, datetime

import msgspec
import pytest

from edge.wire.hadir.roster import (
    LIFETIME,
    Entry,
    Hours,
    RosterDocument,
    RosterError,
    Standing,
    decode_roster,
    encode_roster,
)

NOW = datetime(2026, 11, 21, tzinfo=UTC)


def document(people: int = 1, name: str = "Budi S.") -> RosterDocument:
    return RosterDocument(
        version=4,
        base=0,
        issued_at=NOW,
        expires_at=NOW + LIFETIME,
        badge_keys=((1, bytes(32)),),
        entries=tuple(
            Entry(person, 0, bytes(33), Standing.ACTIVE, 12, name, bytes(48))
            for person in range(1, people + 1)
        ),
        removed=((3, 1),),
        revoked_badges=((4, 2),),
        hours=(Hours(0, 1, 450, 960),),
    )


def test_a_roster_comes_back() -> None:
    assert decode_roster(encode_roster(document())) == document()


def test_six_thousand_people_fit_into_one_document() -> None:
    assert len(encode_roster(document(6_000))) < 900_000


@pytest.mark.parametrize(
    "plain", [b"", b"\xc1", b"[]", encode_roster(document())[:-1], msgspec.msgpack.encode([1])]
)
def test_bytes_that_are_no_roster_are_refused(plain: bytes) -> None:
    with pytest.raises(RosterError, match="no roster"):
        decode_roster(plain)


def test_a_refusal_does_not_repeat_a_name() -> None:
    long_name = "Sri Wahyuningsih Kusumawardhani"
    with pytest.raises(RosterError) as refused:
        decode_roster(encode_roster(document(name=long_name)))
    assert "Sri" not in str(refused.value)
