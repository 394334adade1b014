"""Live pictures of one camera as its worker sees them: orders in, pieces and thumbs out.

A camera whose packets may be shown passes them on; one with privacy masks, or without packets,
has its masked pictures encoded. Must not wait for anything.
"""

import logging
import time
from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from edge.cameras.port import Bgr, CameraError
from edge.clips.remux import RemuxError
from edge.live.encoding import PictureEncoder
from edge.live.main_stream import MainLive
from edge.live.relay import LiveRelay
from edge.supervision.messages import Answered, LivePart, Order
from edge.vision.stills import StillTooLargeError, mask_picture, shrink_to_width, still_of
from edge.wire.camera_settings import Polygon
from edge.wire.live import MAX_LARGE_THUMB_BYTES, MAX_THUMB_BYTES, pack_live
from edge.wire.messages import Reply, SendLive, SendThumbs
from edge.wire.topics import UpChannel

logger = logging.getLogger(__name__)

# What a tile of the wall needs; others are asked for by name, and may weigh more.
THUMB_WIDTH_PX = 192
_THUMB_EVERY_S = 1.0
_NO_MAIN = "this camera has no main stream here; set clip_source of the camera in edge.toml"
_MASKED = "this camera has privacy masks, which its main stream does not; watch the other stream"
# Encoded pictures: a Pi has better things to do.
_ENCODED_WIDTH_PX = 640
_ENCODED_RATE_HZ = 10.0


@dataclass(frozen=True, slots=True)
class Showing:
    """What may be seen now; ``may_show`` is false while masks cannot be placed."""

    picture: Callable[[], Bgr]
    privacy_masks: tuple[Polygon, ...]
    may_show: bool = True


class LiveWatch:
    """The live pictures of one camera.

    Args:
        relay: fed with the camera's packets, or here with encoded ones.
        has_packets: the camera's own packets go to ``relay`` and may be shown as they are.
        main: the camera's main stream, if there is one that may be shown.
        is_masked: the camera has privacy masks.
        monotonic: seconds.
    """

    def __init__(
        self,
        relay: LiveRelay,
        *,
        has_packets: bool,
        main: MainLive | None = None,
        is_masked: bool = False,
        monotonic: Callable[[], float] = time.monotonic,
    ) -> None:
        self._relay = relay
        self._main = main
        self._is_masked = is_masked
        self._has_packets = has_packets
        self._monotonic = monotonic
        self._encoder: PictureEncoder | None = None
        self._next_picture_s = 0.0
        self._thumbs_until_s: dict[int, float] = {}
        self._next_thumb_s = 0.0

    def order(self, order: Order) -> Answered | None:
        """Obey ``send-live`` and ``send-thumbs``; other orders are not ours."""
        match order.command:
            case SendThumbs(lease_s=lease_s, width_px=width_px):
                self._thumbs_until_s[width_px] = self._monotonic() + lease_s
                return None
            case SendLive(quality="main", lease_s=lease_s, known_stream=known):
                return self._order_main(order.ticket, lease_s, known)
            case SendLive(lease_s=lease_s, known_stream=known):
                return _answered(order.ticket, self._relay.lease(lease_s, known_stream=known))
        return None

    def _order_main(self, ticket: int, lease_s: float, known_stream: int) -> Answered | None:
        if self._main is None:
            return _answered(ticket, _MASKED if self._is_masked else _NO_MAIN)
        self._main.order(lease_s, known_stream=known_stream, ticket=ticket)
        return None

    def saw(self, showing: Showing) -> list[LivePart | Answered]:
        """Return what is to be sent after a frame."""
        pieces = self._saw(showing)
        if self._main is None:
            return [*pieces]
        answers = [each for ticket, word in self._main.answers() if (each := _answered(ticket, word))]
        main = [LivePart(UpChannel.LIVE, pack_live(piece)) for piece in self._main.take()]
        return [*answers, *pieces, *main]

    def _saw(self, showing: Showing) -> list[LivePart]:
        now_s = self._monotonic()
        parts: list[LivePart] = []
        if showing.may_show:
            self._encode(showing, now_s)
            parts = self._thumb(showing, now_s)
        pieces = self._relay.take()
        if not showing.may_show:
            return []
        return parts + [LivePart(UpChannel.LIVE, pack_live(piece)) for piece in pieces]

    def _encode(self, showing: Showing, now_s: float) -> None:
        if self._has_packets or now_s < self._next_picture_s or not self._relay.is_leased:
            return
        self._next_picture_s = now_s + 0.8 / _ENCODED_RATE_HZ
        try:
            self._feed(_even(showing), now_s)
        except (RemuxError, CameraError) as error:
            self._encoder = None
            self._relay.lease(0)
            logger.warning("live video ends: %s", error)

    def _feed(self, picture: Bgr, now_s: float) -> None:
        height_px, width_px = picture.shape[:2]
        if self._encoder is None or self._encoder.size != (width_px, height_px):
            self._encoder = PictureEncoder(width_px=width_px, height_px=height_px, rate_hz=_ENCODED_RATE_HZ)
            self._relay.begins(self._encoder.shape)
        for packet in self._encoder.encode(picture, at_s=now_s):
            self._relay.feed(packet)

    def _thumb(self, showing: Showing, now_s: float) -> list[LivePart]:
        self._thumbs_until_s = {
            width_px: until_s for width_px, until_s in self._thumbs_until_s.items() if now_s < until_s
        }
        if not self._thumbs_until_s or now_s < self._next_thumb_s:
            return []
        self._next_thumb_s = now_s + 0.9 * _THUMB_EVERY_S
        width_px = max(self._thumbs_until_s)
        most_bytes = MAX_THUMB_BYTES if width_px <= THUMB_WIDTH_PX else MAX_LARGE_THUMB_BYTES
        try:
            jpeg = still_of(showing.picture(), showing.privacy_masks, width_px=width_px, max_bytes=most_bytes)
        except (StillTooLargeError, CameraError):
            return []
        return [LivePart(UpChannel.THUMB, jpeg)]


def _answered(ticket: int, refusal: str) -> Answered | None:
    reply = Reply(command="send-live", is_done=not refusal, detail=refusal[:500])
    return Answered(ticket=ticket, reply=reply) if ticket else None


def _even(showing: Showing) -> Bgr:
    """Return the masked picture, small, with even sides as H.264 wants them."""
    small = shrink_to_width(mask_picture(showing.picture(), showing.privacy_masks), _ENCODED_WIDTH_PX)
    height_px, width_px = small.shape[0] & ~1, small.shape[1] & ~1
    return np.ascontiguousarray(small[:height_px, :width_px])
