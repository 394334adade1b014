"""What a device says of the settings of a camera: the values in force, and whose they are. Pure."""

import msgspec

from edge.commissioning.keeper import SettingsKeeper
from edge.wire.camera_settings import REMOTE_KEYS
from edge.wire.messages import Reply


def tell_settings(keeper: SettingsKeeper, camera: str) -> Reply:
    """Return the answer to ``tell-settings``: only keys that the hub may decide, as JSON."""
    settings = next(each for each in keeper.cameras if each.id == camera)
    plain = msgspec.to_builtins(settings)
    overlay = keeper.overlay
    is_laid_over = overlay is not None and camera in overlay.cameras
    return Reply(
        command="tell-settings",
        is_done=True,
        values={
            "settings": msgspec.json.encode({key: plain[key] for key in REMOTE_KEYS}).decode(),
            "version": float(keeper.version),
            "origin": str(overlay.origin) if overlay is not None and is_laid_over else "file",
            "is-on-trial": keeper.is_on_trial,
        },
    )
