"""The main stream live: connected while it is leased and not a moment longer, refused in words."""

import pytest

from edge.clips.ring import PacketTap
from edge.live.main_stream import OPENING_S, MainLive
from edge.live.relay import LiveRelay
from edge.live.watching import LiveWatch, Showing
from edge.supervision.messages import Answered, LivePart, Order
from edge.wire.live import LiveKind, unpack_live
from edge.wire.messages import SendLive
from tests.edge.clips.film import film, packets_of
from tests.edge.live.test_watching import Clock, Rig

SHAPE, PACKETS = packets_of(film(seconds=2), began_s=100.0)


class Connection:
    """A main stream that a test plays."""

    def __init__(self, tap: PacketTap) -> None:
        self.tap = tap
        self.trouble = ""
        self.is_open = False

    def start(self) -> None:
        self.is_open = True

    def stop(self, timeout_s: float) -> None:
        assert timeout_s == 0.0, "nobody waits for a camera"
        self.is_open = False


class Site:
    """A camera with a main stream beside the analysed one."""

    def __init__(self) -> None:
        self.clock = Clock()
        self.connections: list[Connection] = []
        numbers = iter(range(1, 1000))
        self.relay = LiveRelay(
            camera="utara", monotonic=self.clock, new_stream=lambda: next(numbers), is_main=True
        )
        self.main = MainLive(self.relay, open_stream=self._open, monotonic=self.clock)
        sub = LiveRelay(camera="utara", monotonic=self.clock, new_stream=lambda: 5)
        self.watch = LiveWatch(sub, has_packets=True, main=self.main, monotonic=self.clock)

    def _open(self, tap: PacketTap) -> Connection:
        self.connections.append(Connection(tap))
        return self.connections[-1]

    def ask(self, lease_s: float = 30.0, ticket: int = 7) -> Answered | None:
        return self.watch.order(Order(SendLive(camera="utara", lease_s=lease_s, quality="main"), ticket))

    def saw(self) -> list[LivePart | Answered]:
        self.clock.now_s += 0.1
        return self.watch.saw(Showing(Rig(has_packets=True).picture, ()))


def test_it_is_connected_with_the_lease_and_hung_up_with_it() -> None:
    site = Site()
    assert site.saw() == []
    assert site.connections == []
    assert site.ask() is None, "the camera is asked first"
    (connection,) = site.connections
    assert connection.is_open
    connection.tap.begins(SHAPE)
    for packet in PACKETS[:5]:
        connection.tap.feed(packet)
    answered, *parts = site.saw()
    assert isinstance(answered, Answered)
    assert (answered.ticket, answered.reply.is_done) == (7, True)
    pieces = [unpack_live(part.payload) for part in parts if isinstance(part, LivePart)]
    assert pieces[0].kind is LiveKind.INIT
    assert all(piece.is_main for piece in pieces)
    site.ask(ticket=0)
    assert len(site.connections) == 1, "a renewal opens nothing"
    site.clock.now_s += 31
    site.saw()
    assert not connection.is_open
    assert not site.main.is_connected


def test_sixty_leases_leave_no_connection() -> None:
    site = Site()
    for number in range(60):
        site.ask(ticket=number + 1)
        site.connections[-1].tap.begins(SHAPE)
        site.connections[-1].tap.feed(PACKETS[0])
        site.saw()
        site.ask(lease_s=0, ticket=0)
        site.saw()
    assert len(site.connections) == 60
    assert not any(connection.is_open for connection in site.connections)


def test_what_was_seen_before_is_not_shown_as_now() -> None:
    site = Site()
    site.ask()
    site.connections[-1].tap.begins(SHAPE)
    for packet in PACKETS[:5]:
        site.connections[-1].tap.feed(packet)
    site.saw()
    site.ask(lease_s=0, ticket=0)
    site.ask(ticket=8)
    assert site.saw() == [], "neither an answer nor an old picture"


@pytest.mark.parametrize(
    ("trouble", "wait_s", "word"),
    [("rtsp://10.0.0.7 refused the password", 0.0, "refused the password"), ("", OPENING_S, "not answer")],
)
def test_a_camera_that_refuses_or_hangs_is_told(trouble: str, wait_s: float, word: str) -> None:
    site = Site()
    site.ask()
    site.connections[0].trouble = trouble
    site.clock.now_s += wait_s
    (answered,) = site.saw()
    assert isinstance(answered, Answered)
    assert not answered.reply.is_done
    assert word in answered.reply.detail


def test_a_codec_that_browsers_do_not_play_is_told_with_the_remedy() -> None:
    site = Site()
    site.ask()
    shape, packets = packets_of(film(seconds=0.5, codec="mjpeg"), began_s=100.0)
    site.connections[0].tap.begins(shape)
    site.connections[0].tap.feed(packets[0])
    (answered,) = site.saw()
    assert isinstance(answered, Answered)
    assert "browsers need H.264" in answered.reply.detail
    site.saw()
    assert not site.main.is_connected, "and nothing is read that nobody can see"


@pytest.mark.parametrize(("is_masked", "word"), [(False, "set clip_source"), (True, "privacy masks")])
def test_without_one_that_may_be_shown_it_is_said(is_masked: bool, word: str) -> None:
    relay = LiveRelay(camera="utara", monotonic=Clock(), new_stream=lambda: 5)
    watch = LiveWatch(relay, has_packets=True, is_masked=is_masked)
    answered = watch.order(Order(SendLive(camera="utara", quality="main"), 3))
    assert answered is not None
    assert word in answered.reply.detail
    assert watch.order(Order(SendLive(camera="utara", quality="main"))) is None
