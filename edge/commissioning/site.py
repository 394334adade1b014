"""What the page at the site does: the settings in force, a still, and keeping what was drawn.

Writes the overlay file only; the agent takes it up at its next start, on trial like any other
settings. Must not speak HTTP.
"""

import time
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

import msgspec
from msgspec.structs import replace

from edge.cameras.opening import camera_for
from edge.cameras.privacy import has_masks
from edge.commissioning.overlay import Origin, Overlay, lay_over
from edge.commissioning.overlay_file import effective_cameras, overlay_path, read_overlay, write_overlay
from edge.config import CameraSettings, EdgeConfig
from edge.ptz.building import turning_of
from edge.ptz.gaze import view_at
from edge.ptz.lookout import Heard
from edge.ptz.port import Turning, TurningError
from edge.vision.stills import still_of
from edge.wire.camera_settings import REMOTE_KEYS, Polygons, SettingsError, decode_camera
from edge.wire.messages import MAX_STILL_BYTES

# A dome turns half round within a few seconds; a tour never ends.
_LOOK_EVERY_S, _MOST_LOOKS = 0.5, 30


class SiteSettings:
    """The cameras of this device, for a technician in front of them."""

    def __init__(self, config: EdgeConfig, *, wait: Callable[[float], None] = time.sleep) -> None:
        """Take the device's own file; nothing is opened yet."""
        self._config = config
        self._wait = wait
        self._path = overlay_path(config)

    @property
    def cameras(self) -> list[str]:
        """The ids of the cameras."""
        return [camera.id for camera in self._config.cameras]

    def settings(self, camera: str) -> dict[str, Any]:
        """Return the keys that can be drawn, as they are in force. Raises KeyError for a stranger."""
        plain: dict[str, Any] = msgspec.to_builtins(self._effective(camera))
        return {key: plain[key] for key in REMOTE_KEYS}

    def presets(self, camera: str) -> list[dict[str, str]]:
        """Return the places a turning camera remembers.

        Raises:
            KeyError: no such camera.
            TurningError: it has no ONVIF, or does not answer.
        """
        known = self._turning(camera).presets()
        return [{"token": preset.token, "name": preset.name} for preset in known]

    def go_to(self, camera: str, body: bytes) -> None:
        """Turn a camera to a place it remembers, and wait until it is there; ``body`` is JSON of its token.

        Raises:
            KeyError: no such camera.
            SettingsError: no token.
            TurningError: the camera refuses, or does not arrive.
        """
        turning = self._turning(camera)
        try:
            token = msgspec.json.decode(body, type=str)
        except msgspec.MsgspecError as error:
            raise SettingsError(f"token: {error}") from error
        turning.go_to(token)
        for _ in range(_MOST_LOOKS):
            self._wait(_LOOK_EVERY_S)
            if turning.pose().is_moving is not True:
                return
        waited_s = _MOST_LOOKS * _LOOK_EVERY_S
        raise TurningError(f"{camera} still turns after {waited_s:.0f} s; is it on a tour?")

    def still(self, camera: str) -> bytes:
        """Return a fresh JPEG, privacy masks burnt in.

        Raises:
            CameraError: the source gives no picture.
            KeyError: no such camera.
            TurningError: the masks cannot be placed, as nobody knows where the camera looks.
        """
        settings = self._effective(camera)
        masks = self._masks_before(settings)
        source = camera_for(settings.source, fps=settings.fps, password_file=settings.password_file)
        try:
            source.open()
            next(iter(source.frames()))
            return still_of(
                source.picture(),
                masks,
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

    def _turning(self, camera: str) -> Turning:
        turning = turning_of(self._effective(camera))
        if turning is None:
            raise TurningError(f"{camera} has no ONVIF address; set onvif of the camera in edge.toml")
        return turning

    def _masks_before(self, settings: CameraSettings) -> Polygons:
        """Return the privacy masks of the view that is before the camera now."""
        if not settings.presets or not has_masks(settings):
            return settings.privacy_masks
        turning = self._turning(settings.id)
        known = turning.presets()
        view = view_at(settings.presets, Heard(turning.pose(), known, 1))
        if view is None:
            raise TurningError(f"{settings.id} stands at no preset that is drawn; send it to one first")
        return next(preset.privacy_masks for preset in settings.presets if preset.id == view)

    def _effective(self, camera: str) -> CameraSettings:
        cameras = effective_cameras(self._config, self._path)
        return {each.id: each for each in cameras}[camera]
