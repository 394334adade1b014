"""Streams that live as long as their viewer may look, and no longer."""

from dataclasses import dataclass, field

from hub.people.permissions import Permission, Role
from hub.web.parts import Parts
from hub.web.streams.fanout import Listener
from hub.web.streams.streaming import RIGHTS_EVERY_S, Subscription, events, is_still_allowed
from tests.hub.screens import Screens


@dataclass
class Feed:
    """Gives two messages to who listens, and counts who is there."""

    here: list[Listener] = field(default_factory=list)

    def listen(self) -> Listener:
        listener = Listener("id")
        for word in ("satu", "dua"):
            listener.put(f"data: {word}\n\n")
        self.here.append(listener)
        return listener


def subscription(feed: Feed, permission: Permission = Permission.BOARD_SEE) -> Subscription:
    return Subscription(
        listen=feed.listen,
        leave=feed.here.remove,
        still_sees=lambda _db, viewer: viewer.may(permission),
        tailor=str.upper,
    )


def token_of(city: Screens, role: Role) -> str:
    cookie = city.signed_in(role).get_cookie("pontive")
    assert cookie is not None
    return cookie.value


def test_messages_are_tailored_and_the_place_is_given_back(city: Screens) -> None:
    feed, here = Feed(), city.app.extensions["pontive"]
    stream = events(here, token_of(city, Role.OPERATOR), subscription(feed))
    assert [next(stream), next(stream)] == ["retry: 2000\n\n", "DATA: SATU\n\n"]
    assert len(feed.here) == 1
    stream.close()
    assert feed.here == []


def test_a_stream_that_nobody_began_to_read_takes_no_place(city: Screens) -> None:
    feed, here = Feed(), city.app.extensions["pontive"]
    events(here, token_of(city, Role.OPERATOR), subscription(feed)).close()
    assert feed.here == []


def test_a_stream_says_that_it_ends_when_the_right_is_gone(city: Screens) -> None:
    feed, here = Feed(), city.app.extensions["pontive"]
    for permission, said in (
        (Permission.BOARD_SEE, "DATA: DUA\n\n"),
        (Permission.ACCOUNT_MANAGE, "event: ended"),
    ):
        stream = events(here, token_of(city, Role.OPERATOR), subscription(feed, permission))
        next(stream), next(stream)
        city.clock.advance(seconds=RIGHTS_EVERY_S)
        assert next(stream).startswith(said)
        stream.close()
    assert feed.here == []


def test_a_listener_that_fell_behind_is_let_go(city: Screens) -> None:
    feed, here = Feed(), city.app.extensions["pontive"]
    stream = events(here, token_of(city, Role.OPERATOR), subscription(feed))
    next(stream), next(stream)
    feed.here[0].is_dropped = True
    assert list(stream) == []
    assert feed.here == []


def test_a_wall_stays_signed_in_while_it_is_open_and_an_operator_does_not(city: Screens) -> None:
    here: Parts = city.app.extensions["pontive"]
    tokens = {role: token_of(city, role) for role in (Role.DISPLAY, Role.OPERATOR)}
    for _ in range(4):
        city.clock.advance(minutes=12)
        wall, operator = (is_still_allowed(here, token, lambda _db, _who: True) for token in tokens.values())
    assert (wall, operator) == (True, False)
    city.clock.advance(hours=12)
    assert not is_still_allowed(here, tokens[Role.DISPLAY], lambda _db, _who: True)
