"""Marked values go in by real doors; then everything the city said, sent and kept is searched for them."""

import re
import stat
from collections.abc import Iterator

import pytest

from tests.security import marked_city as city
from tests.torture.rigs.small_city import scratch_folder


@pytest.fixture(scope="module")
def left() -> Iterator[city.Left]:
    with scratch_folder() as folder, city.marked_city(folder) as found:
        yield found


def test_the_search_finds_what_is_there(left: city.Left) -> None:
    """A sweep that finds nothing must be able to find something."""
    assert city.finds(city.NAME, left.hub_disk()), "a letter names who asked for it"
    assert any(b'"kind"' in message for message in left.mqtt), "messages were overheard"
    assert any("hub.cli web" in line for line in left.command_lines)
    assert any("edge" in line for line in left.command_lines)
    for coded in (
        city.spellings("rahasia-besar")[1:],
        [b"x" + one for one in city.spellings("rahasia-besar")],
    ):
        assert all(city.finds("rahasia-besar", {"there": b"--" + one + b"--"}) for one in coded)


def test_no_secret_is_said_sent_or_kept_in_the_clear(left: city.Left) -> None:
    places = {
        "log": left.logs(),
        "edge": left.edge_disk(),
        "hub": left.hub_disk(),
        "mqtt": {f"message {number}": one for number, one in enumerate(left.mqtt)},
        "argv": {line[:80]: line.encode() for line in left.command_lines},
        "environ": {text[:40]: text.encode() for text in left.environments},
    }
    found = [
        (place, name, secret[:6])
        for secret in left.secrets
        for place, texts in places.items()
        for name in city.finds(secret, texts)
    ]
    assert not found


def test_persons_are_named_in_the_hubs_own_store_and_nowhere_else(left: city.Left) -> None:
    elsewhere = left.logs() | left.edge_disk() | {f"m{n}": one for n, one in enumerate(left.mqtt)}
    assert not [name for value in city.PERSONAL for name in city.finds(value, elsewhere)]
    assert not [line for value in city.PERSONAL for line in left.command_lines if value in line]


def test_no_address_that_was_asked_for_or_written_holds_a_long_number(left: city.Left) -> None:
    for name, text in left.logs().items():
        assert not re.search(rb"(?<![0-9a-f])(?:\d{16}|\d{18})(?![0-9a-f])", text), name


def test_files_that_hold_secrets_are_for_their_owner_alone(left: city.Left) -> None:
    secret = [
        path
        for path in left.hub_folder.rglob("*")
        if path.is_file() and (path.suffix in {".key", ".secret"} or path.name.endswith("second-factor.key"))
    ]
    assert len(secret) >= 4
    assert not [path.name for path in secret if stat.S_IMODE(path.stat().st_mode) & 0o077]
