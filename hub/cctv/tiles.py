"""What cameras put on the board."""

from collections.abc import Sequence

from hub.cctv.rules import CameraState
from hub.cctv.service import CameraView, list_cameras
from hub.web.contributions.tiles import Figure, Look, Section, Tile, Tone, figure_tile
from hub.web.i18n import N_

# A camera that never reported is not out of order: it is not at work yet.
_DARK = (CameraState.OFFLINE, CameraState.SILENT)


def camera_tiles(look: Look) -> Sequence[Tile]:
    """Return a tile a camera, those that need a person first, and the figures of all."""
    cameras = list_cameras(look.db, look.now)
    tiles = [
        Tile(
            id=f"camera-{camera.device}-{camera.camera}",
            section=Section.CAMERAS,
            template="cctv/camera_tile.html",
            data=camera,
        )
        for camera in cameras
    ]
    return [*_figures(cameras), *tiles]


def _figures(cameras: Sequence[CameraView]) -> list[Tile]:
    live = sum(camera.verdict.state in (CameraState.LIVE, CameraState.DISTURBED) for camera in cameras)
    dark = sum(camera.verdict.state in _DARK for camera in cameras)
    per_minute = sum(camera.per_minute or 0 for camera in cameras)
    return [
        figure_tile(
            "cameras",
            Figure(
                label=N_("Kamera daring"),
                value=live,
                total=len(cameras),
                tone=Tone.IDLE if not cameras else Tone.GOOD if live == len(cameras) else Tone.WARN,
            ),
        ),
        figure_tile(
            "cameras-dark",
            Figure(label=N_("Kamera luring"), value=dark, tone=Tone.BAD if dark else Tone.GOOD),
        ),
        figure_tile("crossings", Figure(label=N_("Lintasan per menit"), value=round(per_minute))),
    ]
