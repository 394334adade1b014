"""Opens a backup into an empty folder, from which a person or the drill puts things back in place."""

import shutil
import tarfile
from pathlib import Path

from hub.backup.sealing import OpenedFile, SealedError, opened
from hub.errors import HubError


def open_backup(path: Path, folder: Path, key: bytes) -> int:
    """Unpack a backup; return how many files came out.

    Args:
        path: The backup.
        folder: Empty, or not there yet.
        key: The one it was made with.

    Raises:
        HubError: the folder is in use, or the file is damaged or of another key.
    """
    if folder.exists() and any(folder.iterdir()):
        raise HubError(f"{folder} is not empty: choose another folder")
    count = 0
    try:
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        with (
            path.open("rb") as file,
            tarfile.open(fileobj=OpenedFile(opened(file, key)), mode="r|gz") as archive,
        ):
            for member in archive:
                count += _put(archive, member, folder)
    except (tarfile.TarError, EOFError) as error:
        raise SealedError(f"{path}: what is inside is damaged: {error}") from error
    except OSError as error:
        raise HubError(f"{error.filename or path}: {error.strerror or error}") from error
    return count


def _put(archive: tarfile.TarFile, member: tarfile.TarInfo, folder: Path) -> int:
    """Write one plain file below the folder; return how many that were."""
    # By hand: the filters of tarfile came with Python 3.11.4 only, and Debian 12 has 3.11.2.
    path = (folder / member.name).resolve()
    content = archive.extractfile(member) if member.isreg() else None
    if content is None or folder.resolve() not in path.parents:
        return 0
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    with path.open("xb") as file:
        path.chmod(member.mode & 0o700)
        shutil.copyfileobj(content, file)
    return 1
