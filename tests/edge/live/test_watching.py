"""What a camera's worker shows: packets as they are, masked pictures encoded, thumbs, and nothing unasked."""

import io

import numpy as np
from PIL import Image

from edge.live.relay import LiveRelay
from edge.live.watching import THUMB_WIDTH_PX, LiveWatch, Showing
from edge.supervision.messages import LivePart, Order
from edge.wire.live import LiveKind, unpack_live
from edge.wire.messages import SendLive, SendThumbs, TakeStill
from edge.wire.topics import UpChannel
from tests.edge.clips.film import decoded, film, packets_of

LEFT_HALF = ((0.0, 0.0), (0.5, 0.0), (0.5, 1.0), (0.0, 1.0))


class Clock:
    def __init__(self) -> None:
        self.now_s = 100.0

    def __call__(self) -> float:
        return self.now_s


class Rig:
    """A watch on a white picture."""

    def __init__(self, *, has_packets: bool, masks: tuple[tuple[tuple[float, float], ...], ...] = ()) -> None:
        self.clock = Clock()
        self.relay = LiveRelay(camera="utara", monotonic=self.clock, new_stream=lambda: 5)
        self.watch = LiveWatch(self.relay, has_packets=has_packets, monotonic=self.clock)
        self.masks = masks
        self.pictures = 0

    def picture(self) -> np.ndarray:
        self.pictures += 1
        return np.full((361, 641, 3), 250, np.uint8)

    def saw(self, *, may_show: bool = True) -> list[LivePart]:
        self.clock.now_s += 0.1
        parts = self.watch.saw(Showing(self.picture, self.masks, may_show))
        return [part for part in parts if isinstance(part, LivePart)]


def test_nothing_is_made_while_nobody_looks() -> None:
    rig = Rig(has_packets=False)
    assert [rig.saw() for _ in range(20)] == [[]] * 20
    assert rig.pictures == 0


def test_pictures_are_encoded_with_their_masks_burnt_in() -> None:
    rig = Rig(has_packets=False, masks=(LEFT_HALF,))
    answered = rig.watch.order(Order(SendLive(camera="utara"), 9))
    assert answered is not None
    assert answered.reply.is_done
    parts = [part for _ in range(30) for part in rig.saw()]
    pieces = [unpack_live(part.payload) for part in parts]
    assert {part.channel for part in parts} == {UpChannel.LIVE}
    assert pieces[0].kind is LiveKind.INIT
    frame = decoded(b"".join(piece.data for piece in pieces))[-1].to_ndarray(format="gray")
    assert frame.shape == (360, 640)
    assert frame[:, :300].mean() < 60 < 220 < frame[:, 340:].mean()


def test_packets_go_out_as_they_came() -> None:
    shape, packets = packets_of(film(seconds=1), began_s=100.0)
    rig = Rig(has_packets=True)
    rig.relay.begins(shape)
    rig.watch.order(Order(SendLive(camera="utara")))
    for packet in packets:
        rig.relay.feed(packet)
    pieces = [unpack_live(part.payload) for part in rig.saw()]
    assert len(decoded(b"".join(piece.data for piece in pieces))) == len(packets) - 1
    assert rig.pictures == 0


def test_what_may_not_be_shown_is_not_kept_for_later() -> None:
    rig = Rig(has_packets=False)
    rig.watch.order(Order(SendLive(camera="utara")))
    rig.watch.order(Order(SendThumbs()))
    rig.saw()
    assert rig.saw(may_show=False) == []
    assert rig.relay.take() == []


def test_thumbs_come_once_a_second_for_their_lease() -> None:
    rig = Rig(has_packets=True)
    assert rig.watch.order(Order(SendThumbs(lease_s=3))) is None
    parts = [part for _ in range(60) for part in rig.saw()]
    assert 3 <= len(parts) <= 4
    assert {part.channel for part in parts} == {UpChannel.THUMB}
    with Image.open(io.BytesIO(parts[0].payload)) as thumb:
        assert thumb.width == THUMB_WIDTH_PX


def test_larger_thumbs_come_as_long_as_somebody_wants_them() -> None:
    rig = Rig(has_packets=True)
    rig.watch.order(Order(SendThumbs(lease_s=10)))
    rig.watch.order(Order(SendThumbs(lease_s=3, width_px=480, cameras=("utara",))))
    widths = []
    for _ in range(80):
        for part in rig.saw():
            with Image.open(io.BytesIO(part.payload)) as thumb:
                widths.append(thumb.width)
    assert widths[:2] == [480, 480]
    assert widths[-1] == THUMB_WIDTH_PX
    assert 7 <= len(widths) <= 9, "once a second, whoever looks"


def test_a_refusal_is_answered_in_words() -> None:
    shape, _ = packets_of(film(seconds=0.5, codec="mjpeg"))
    rig = Rig(has_packets=True)
    rig.relay.begins(shape)
    answered = rig.watch.order(Order(SendLive(camera="utara"), 3))
    assert answered is not None
    assert not answered.reply.is_done
    assert "H.264" in answered.reply.detail
    assert rig.watch.order(Order(TakeStill(camera="utara"), 4)) is None
