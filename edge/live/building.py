"""Builds the live pictures of one camera worker: its own packets, or encoded pictures."""

import secrets
import time

from edge.cameras.port import Camera
from edge.cameras.privacy import has_masks
from edge.cameras.sources.rtsp import rtsp_opening
from edge.clips.building import HasPackets
from edge.clips.main_stream import MainStream
from edge.clips.ring import PacketTap
from edge.config import CameraSettings
from edge.live.main_stream import MainLive
from edge.live.relay import LiveRelay
from edge.live.watching import LiveWatch
from edge.wire.live import MOST


def live_of(settings: CameraSettings, camera: Camera) -> LiveWatch:
    """Return the live pictures of a camera.

    Args:
        settings: of the camera; with privacy masks its packets are never shown.
        camera: not yet open.
    """
    relay = LiveRelay(
        camera=settings.id, monotonic=time.monotonic, new_stream=lambda: 1 + secrets.randbelow(MOST)
    )
    if has_masks(settings):
        return LiveWatch(relay, has_packets=False, is_masked=True)
    has_packets = isinstance(camera, HasPackets)
    if isinstance(camera, HasPackets):
        camera.tap(relay)
    return LiveWatch(relay, has_packets=has_packets, main=_main_of(settings))


def _main_of(settings: CameraSettings) -> MainLive | None:
    """Return the main stream of a camera, not connected; None when its address is not known."""
    if not settings.clip_source:
        return None
    opening = rtsp_opening(settings.clip_source, settings.password_file)

    def open_stream(tap: PacketTap) -> MainStream:
        return MainStream(opening=opening, tap=tap)

    relay = LiveRelay(
        camera=settings.id,
        monotonic=time.monotonic,
        new_stream=lambda: 1 + secrets.randbelow(MOST),
        is_main=True,
    )
    return MainLive(relay, open_stream=open_stream, monotonic=time.monotonic)
