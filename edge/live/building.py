"""Builds the live pictures of one camera worker: its own packets, or encoded pictures."""

import secrets
import time

from edge.cameras.port import Camera
from edge.clips.building import HasPackets
from edge.config import CameraSettings
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
    is_masked = bool(settings.privacy_masks) or any(preset.privacy_masks for preset in settings.presets)
    if not is_masked and isinstance(camera, HasPackets):
        camera.tap(relay)
        return LiveWatch(relay, has_packets=True)
    return LiveWatch(relay, has_packets=False)
