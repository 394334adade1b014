"""Builds the clips of one camera worker: whether there are any, and from which stream."""

import logging
import secrets
import time
from datetime import UTC, datetime
from pathlib import Path
from typing import Protocol, runtime_checkable

from edge.cameras.port import Camera
from edge.cameras.privacy import has_masks
from edge.cameras.sources.rtsp import rtsp_opening
from edge.clips.main_stream import MainStream
from edge.clips.recorder import ClipRecorder
from edge.clips.remux import PLAYABLE, fragmented_mp4
from edge.clips.ring import PacketTap
from edge.clips.shelf import ClipShelf
from edge.clips.watching import ClipWatch, NoClips
from edge.config import CameraSettings, ClipLengths

logger = logging.getLogger(__name__)


@runtime_checkable
class HasPackets(Protocol):
    """A camera whose packets can be had beside its frames."""

    def tap(self, tap: PacketTap) -> None:
        """Show every packet to ``tap`` from the next opening on."""


def clips_of(settings: CameraSettings, camera: Camera) -> ClipWatch:
    """Return the clips of a camera, at work already; without them, what says why there are none.

    Args:
        settings: of the camera.
        camera: not yet open.

    Raises:
        CameraError: ``clip_source`` is no address.
    """
    shelf = ClipShelf(Path(settings.clip_folder))
    try:
        refusal = _refusal(settings, camera, shelf)
        shelf.sweep(settings.id)
    except OSError as error:
        # The camera is watched without clips.
        refusal = f"{settings.clip_folder} cannot be used: {error.strerror}"
        logger.warning("%s keeps no clips: %s", settings.id, refusal)
    if refusal:
        return ClipWatch(NoClips(refusal))
    recorder = ClipRecorder(
        camera=settings.id,
        lengths=settings.clips or ClipLengths(),
        keeper=shelf,
        file_of=fragmented_mp4,
        playable=PLAYABLE,
        monotonic=time.monotonic,
        now=lambda: datetime.now(UTC),
        token=lambda: secrets.token_hex(4),
    )
    main_stream = _main_stream(settings, recorder)
    if main_stream is None and isinstance(camera, HasPackets):
        camera.tap(recorder)
    recorder.start()
    stop_source = None if main_stream is None else main_stream.stop
    return ClipWatch(recorder, on_motion=settings.clip_on_motion, stop_source=stop_source)


def _main_stream(settings: CameraSettings, tap: PacketTap) -> MainStream | None:
    if not settings.clip_source:
        return None
    main_stream = MainStream(opening=rtsp_opening(settings.clip_source, settings.password_file), tap=tap)
    main_stream.start()
    return main_stream


def _refusal(settings: CameraSettings, camera: Camera, shelf: ClipShelf) -> str:
    name = settings.id
    if has_masks(settings):
        # A clip is what the camera sent, and that cannot be masked; older ones go, too.
        gone = shelf.forget_camera(name) if settings.clip_folder else 0
        if settings.clips is not None and settings.clips.enabled:
            logger.warning("%s has privacy masks: it keeps no clips, stills only; %d deleted", name, gone)
        return f"{name} has privacy masks: it keeps no clips, stills only"
    if settings.clips is None or not settings.clips.enabled or not settings.clip_folder:
        return f"clips are switched off for {name} (clips.enabled)"
    if not settings.clip_source and not isinstance(camera, HasPackets):
        logger.warning("%s: its source has no packets to keep; name a clip_source", name)
        return f"the source of {name} has no packets to keep; name a clip_source"
    return ""
