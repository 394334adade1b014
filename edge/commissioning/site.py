"""What the page at the site does: the settings in force, a still, and keeping what was drawn.

Writes the overlay file only; the agent takes it up at its next start, on trial like any other
settings. Must not speak HTTP.
"""

from datetime import UTC, datetime
from typing import Any

import msgspec
from msgspec.structs import replace

from edge.cameras.opening import camera_for
from edge.commissioning.overlay import Origin, Overlay, lay_over
from edge.commissioning.overlay_file import effective_cameras, overlay_path, read_overlay, write_overlay
from edge.config import CameraSettings, EdgeConfig
from edge.vision.stills import still_of
from edge.wire.camera_settings import REMOTE_KEYS, decode_camera
from edge.wire.messages import MAX_STILL_BYTES


class SiteSettings:
    """The cameras of this device, for a technician in front of them."""

    def __init__(self, config: EdgeConfig) -> None:
        """Take the device's own file; nothing is opened yet."""
        self._config = config
        self._path = overlay_path(config)

    @property
    def cameras(self) -> list[str]:
        """The ids of the cameras."""
        return [camera.id for camera in self._config.cameras]

    def settings(self, camera: str) -> dict[str, Any]:
        """Return the keys that can be drawn, as they are in force. Raises KeyError for a stranger."""
        plain: dict[str, Any] = msgspec.to_builtins(self._effective(camera))
        return {key: plain[key] for key in REMOTE_KEYS}

    def still(self, camera: str) -> bytes:
        """Return a fresh JPEG, privacy masks burnt in.

        Raises:
            CameraError: the source gives no picture.
            KeyError: no such camera.
        """
        settings = self._effective(camera)
        source = camera_for(settings.source, fps=settings.fps, password_file=settings.password_file)
        try:
            source.open()
            next(iter(source.frames()))
            return still_of(
                source.picture(),
                settings.privacy_masks,
                width_px=settings.still_width_px,
                max_bytes=MAX_STILL_BYTES,
            )
        finally:
            source.close()

    def keep(self, camera: str, body: bytes) -> None:
        """Lay what was drawn over the file, for the agent's next start.

        Raises:
            KeyError: no such camera.
            SettingsError: it cannot be used; nothing was written.
            OSError: the disk refuses.
        """
        if camera not in self.cameras:
            raise KeyError(camera)
        drawn = msgspec.to_builtins(decode_camera(body))
        kept = read_overlay(self._path)
        before = {} if kept.current is None else kept.current.cameras
        after = {**before, camera: {**before.get(camera, {}), **drawn}}
        lay_over(self._config.cameras, after)
        version = 0 if kept.current is None else kept.current.version
        overlay = Overlay(version=version, origin=Origin.SITE, at=datetime.now(UTC), cameras=after)
        good = kept.good if kept.is_on_trial else kept.current
        write_overlay(
            self._path, replace(kept, current=overlay, good=good, is_on_trial=True, starts_on_trial=0)
        )

    def _effective(self, camera: str) -> CameraSettings:
        cameras = effective_cameras(self._config, self._path)
        return {each.id: each for each in cameras}[camera]
