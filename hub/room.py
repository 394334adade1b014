"""How much room is left where the hub writes: its folder, and the folder of an SQLite database."""

import shutil
from pathlib import Path

from sqlalchemy import make_url

from hub.config import HubConfig

_MIB = 2**20


def folders_written(config: HubConfig) -> tuple[Path, ...]:
    """Return where the hub writes; a database on a server has a disk of its own."""
    url = make_url(config.database)
    folder = Path(config.folder)
    if url.get_backend_name() != "sqlite":
        return (folder,)
    return (folder, Path(str(url.database)).parent)


def is_full(config: HubConfig) -> bool:
    """Whether one of those folders has less room than ``[operating] disk_least_mib``, or is not there."""
    least = config.operating.disk_least_mib * _MIB
    try:
        return any(shutil.disk_usage(folder).free < least for folder in folders_written(config))
    except OSError:
        return True
