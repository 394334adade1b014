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
from edge.live.relay import LiveRelay
from edge.supervision.messages import Answered, LivePart, Order
from edge.vision.stills import StillTooLargeError, mask_picture, shrink_to_width, still_of
from edge.wire.camera_settings import Polygon
from edge.wire.live import MAX_THUMB_BYTES, pack_live
from edge.wire.messages import Reply, SendLive, SendThumbs
from edge.wire.topics import UpChannel

logger = logging.getLogger(__name__)

THUMB_WIDTH_PX = 192
_THUMB_EVERY_S = 1.0
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
        monotonic: seconds.
    """

    def __init__(
        self, relay: LiveRelay, *, has_packets: bool, monotonic: Callable[[], float] = time.monotonic
    ) -> None:
        self._relay = relay
        self._has_packets = has_packets
        self._monotonic = monotonic
        self._encoder: PictureEncoder | None = None
        self._next_picture_s = 0.0
        self._thumbs_until_s = 0.0
        self._next_thumb_s = 0.0

    def order(self, order: Order) -> Answered | None:
        """Obey ``send-live`` and ``send-thumbs``; other orders are not ours."""
        match order.command:
            case SendThumbs(lease_s=lease_s):
                self._thumbs_until_s = self._monotonic() + lease_s
                return None
            case SendLive(lease_s=lease_s, known_stream=known):
                refusal = self._relay.lease(lease_s, known_stream=known)
                reply = Reply(command="send-live", is_done=not refusal, detail=refusal[:500])
                return Answered(ticket=order.ticket, reply=reply) if order.ticket else None
        return None

    def saw(self, showing: Showing) -> list[LivePart]:
        """Return what is to be sent after a frame."""
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
        if now_s >= self._thumbs_until_s or now_s < self._next_thumb_s:
            return []
        self._next_thumb_s = now_s + 0.9 * _THUMB_EVERY_S
        try:
            jpeg = still_of(
                showing.picture(), showing.privacy_masks, width_px=THUMB_WIDTH_PX, max_bytes=MAX_THUMB_BYTES
            )
        except (StillTooLargeError, CameraError):
            return []
        return [LivePart(UpChannel.THUMB, jpeg)]


def _even(showing: Showing) -> Bgr:
    """Return the masked picture, small, with even sides as H.264 wants them."""
    small = shrink_to_width(mask_picture(showing.picture(), showing.privacy_masks), _ENCODED_WIDTH_PX)
    height_px, width_px = small.shape[0] & ~1, small.shape[1] & ~1
    return np.ascontiguousarray(small[:height_px, :width_px])
