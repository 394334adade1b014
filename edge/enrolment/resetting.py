"""Factory reset: takes everything off a device that makes it one of the city's.

Leaves programs and the file ``edge.toml.before``, in which the addresses of cameras stay.
"""

from pathlib import Path

from edge.commissioning.overlay_file import overlay_path
from edge.config import EdgeConfig
from edge.enrolment.enrolling import PENDING
from edge.enrolment.files import PRIVATE_MODE, remove, write_whole


def what_goes(config_path: Path, config: EdgeConfig) -> tuple[Path, ...]:
    """Return what a reset removes: identity first, records of the outbox last."""
    data, hub = Path(config.outbox.path), config.hub
    beside = (f"{data.name}-wal", f"{data.name}-shm", "clock-floor")
    # By their ending: a document that comes with a later version, and a half of one, go as well.
    sealed = sorted({*data.parent.glob("*.sealed"), *data.parent.glob("*.sealed.new")})
    return (
        *(Path(path) for path in (hub.key, hub.certificate, hub.ca, hub.hub_key)),
        config_path.parent / PENDING,
        overlay_path(config),
        *(Path(camera.memory) for camera in config.cameras),
        *(Path(door.memory) for door in config.doors),
        *(data.parent / name for name in beside),
        *sealed,
        Path(config.clips.folder),
        data,
        config_path,
    )


def reset_device(config_path: Path, config: EdgeConfig) -> int:
    """Remove it all; return how many things were there.

    Raises:
        OSError: the disk refuses; what was removed stays removed, run it again.
    """
    before = config_path.with_name(f"{config_path.name}.before")
    write_whole(before, config_path.read_bytes(), mode=PRIVATE_MODE)
    found = [path for path in what_goes(config_path, config) if path.exists()]
    for path in found:
        remove(path)
    return len(found)
