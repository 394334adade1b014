"""Who holds a token is remembered for a moment, and never longer than it is true."""

from hub.people import sessions
from hub.people.permissions import Role
from hub.people.service import find_account
from hub.web.guarding.known_viewers import LIFE, MOST, KnownViewers
from tests.hub.screens import Screens


def begin(screens: Screens, name: str) -> str:
    with screens.database.writing() as db:
        account = find_account(db, name)
        assert account is not None
        return sessions.begin(db, account=account, now=screens.clock(), address="::1", agent="test")


def test_who_is_known_is_not_looked_up_again(screens: Screens) -> None:
    screens.signed_in(Role.OPERATOR, name="siti")
    token = begin(screens, "siti")
    known = KnownViewers(screens.app.extensions["pontive"])
    first = known.find(token)
    assert first is not None
    assert known.find(token) is first
    screens.clock.advance(seconds=LIFE.total_seconds())
    assert known.find(token) is not first


def test_whoever_is_signed_out_here_is_a_stranger_at_once(screens: Screens) -> None:
    screens.signed_in(Role.OPERATOR, name="siti")
    token = begin(screens, "siti")
    known = KnownViewers(screens.app.extensions["pontive"])
    viewer = known.find(token)
    assert viewer is not None
    with screens.database.writing() as db:
        sessions.end(db, viewer=viewer, now=screens.clock())
    assert known.find(token) is None
    assert known.find("nobody's token") is None


def test_a_session_ends_in_time_though_nobody_writes(screens: Screens) -> None:
    screens.signed_in(Role.OPERATOR, name="siti")
    token = begin(screens, "siti")
    known = KnownViewers(screens.app.extensions["pontive"])
    assert known.find(token) is not None
    screens.clock.advance(seconds=sessions.ABSOLUTE_LIMIT.total_seconds())
    assert known.find(token) is None


def test_memory_is_bounded(screens: Screens) -> None:
    screens.signed_in(Role.OPERATOR, name="siti")
    tokens = [begin(screens, "siti") for _ in range(3)]
    known = KnownViewers(screens.app.extensions["pontive"])
    assert known.find(tokens[0]) is not None
    entry = known._known[tokens[0]]
    known._known |= {f"other {number}": entry for number in range(MOST)}
    assert known.find(tokens[1]) is not None
    assert len(known._known) == 1
