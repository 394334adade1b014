"""The roster: only the hub's, only newer, sealed on the disk, whole again after a restart."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from edge.documents.roster import RosterShelf
from edge.wire.desired import DesiredError, open_desired, seal_for_device
from edge.wire.hadir.roster import Entry, RosterDocument, RosterError, Standing, encode_roster
from edge.wire.messages import Desired

DEVICE_KEY = ec.generate_private_key(ec.SECP256R1())
HUB_KEY = Ed25519PrivateKey.generate()
NAME = "Siti Aminah"


def roster(version: int, *, base: int = 0, person: int = 1) -> bytes:
    now = datetime(2026, 11, 21, tzinfo=UTC)
    entry = Entry(person=person, key_slot=0, public_key=bytes(32), standing=Standing.ACTIVE, opd=3, name=NAME)
    return encode_roster(
        RosterDocument(
            version=version,
            base=base,
            issued_at=now,
            expires_at=now + timedelta(days=30),
            badge_keys=(),
            entries=(entry,),
        )
    )


def desired(
    version: int, plain: bytes | None = None, *, key: Ed25519PrivateKey = HUB_KEY, document: str = "roster"
) -> Desired:
    return seal_for_device(
        document,
        version,
        roster(version) if plain is None else plain,
        device="pi-1",
        device_key=DEVICE_KEY.public_key(),
        signing_key=key,
    )


def unseal(message: Desired) -> bytes:
    return open_desired(message, device="pi-1", device_key=DEVICE_KEY, hub_keys=[HUB_KEY.public_key()])


@pytest.fixture
def open_shelf(tmp_path: Path) -> Callable[[], RosterShelf]:
    return lambda: RosterShelf(path=tmp_path / "roster.sealed", unseal=unseal)


Open = Callable[[], RosterShelf]


def test_a_roster_is_handed_to_the_doors_and_is_there_after_a_restart(open_shelf: Open) -> None:
    shelf = open_shelf()
    assert (shelf.version, shelf.changes) == (0, ())
    change = shelf.accept(desired(7))
    assert change is not None
    assert (change.version, change.plain) == (7, roster(7))
    again = open_shelf()
    assert again.version == 7
    assert again.changes == (change,)


def test_changes_follow_a_whole_roster_and_a_new_whole_one_replaces_them(open_shelf: Open) -> None:
    shelf = open_shelf()
    shelf.accept(desired(7))
    shelf.accept(desired(8, roster(8, base=7, person=2)))
    assert [change.version for change in open_shelf().changes] == [7, 8]
    shelf.accept(desired(9))
    assert [change.version for change in open_shelf().changes] == [9]


def test_the_disk_holds_no_name(open_shelf: Open, tmp_path: Path) -> None:
    open_shelf().accept(desired(7))
    assert NAME.encode() not in (tmp_path / "roster.sealed").read_bytes()


def test_the_same_version_again_is_no_news(open_shelf: Open) -> None:
    shelf = open_shelf()
    shelf.accept(desired(7))
    assert shelf.accept(desired(7)) is None
    assert len(shelf.changes) == 1


@pytest.mark.parametrize(
    ("message", "error"),
    [
        (desired(6), RosterError),
        (desired(9, roster(9, base=8)), RosterError),
        (desired(9, roster(8)), RosterError),
        (desired(9, b"garbage"), RosterError),
        (desired(9, key=Ed25519PrivateKey.generate()), DesiredError),
        (desired(9, document="firmware"), DesiredError),
    ],
    ids=["older", "gap", "mismatch", "garbage", "stranger", "other document"],
)
def test_what_does_not_fit_leaves_the_roster_as_it_was(
    open_shelf: Open, message: Desired, error: type[Exception]
) -> None:
    shelf = open_shelf()
    shelf.accept(desired(7))
    with pytest.raises(error):
        shelf.accept(message)
    assert shelf.version == 7
    assert open_shelf().version == 7


def test_a_damaged_file_is_left_out_and_replaced(open_shelf: Open, tmp_path: Path) -> None:
    open_shelf().accept(desired(7))
    (tmp_path / "roster.sealed").write_bytes(b"\x00garbage\n")
    shelf = open_shelf()
    assert shelf.version == 0
    shelf.accept(desired(7))
    assert open_shelf().version == 7


def test_an_unreadable_and_unwritable_place_costs_the_copy_only(tmp_path: Path) -> None:
    (tmp_path / "roster.sealed").mkdir()
    shelf = RosterShelf(path=tmp_path / "roster.sealed", unseal=unseal)
    assert shelf.accept(desired(7)) is not None
    assert shelf.version == 7
