"""What is written down inside a backup: where things were, their sums, and how many rows there are."""

import hashlib
import io
import tarfile
from datetime import datetime
from pathlib import Path
from typing import BinaryIO, TypeVar

import msgspec

from hub.backup.sealing import SealedError

MANIFEST = "manifest.json"
CONTENTS = "contents.json"
# Folders in which a restoration works begin so; they are in no backup.
DRAFT = ".restore-"
_PIECE_BYTES = 1 << 20
_Struct = TypeVar("_Struct", bound=msgspec.Struct)


class Manifest(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Stands first: when it was made, and where the settings and the folder of the hub were."""

    at: datetime
    config: str
    folder: str
    format: int = 2


class Contents(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Stands last: SHA-256 of every file by its name in the archive, and rows by table."""

    sums: dict[str, str]
    rows: dict[str, int]


class _Summed(io.RawIOBase):
    """A file that is read once, and its digest."""

    def __init__(self, file: BinaryIO) -> None:
        super().__init__()
        self._file = file
        self.digest = hashlib.sha256()

    def read(self, size: int = -1, /) -> bytes:
        piece = self._file.read(size)
        self.digest.update(piece)
        return piece


def put_file(archive: tarfile.TarFile, name: str, path: Path) -> str:
    """Add a plain file; return its SHA-256.

    Raises:
        OSError: it cannot be read.
    """
    with path.open("rb") as file:
        member = archive.gettarinfo(arcname=name, fileobj=file)
        summed = _Summed(file)
        archive.addfile(member, summed)
    return summed.digest.hexdigest()


def put_bytes(archive: tarfile.TarFile, name: str, content: bytes) -> None:
    """Add a small file that is nowhere on the disk."""
    member = tarfile.TarInfo(name)
    member.size, member.mode = len(content), 0o600
    archive.addfile(member, io.BytesIO(content))


def read_manifest(opened: Path) -> Manifest:
    """Return the manifest of a backup that was unpacked into a folder.

    Raises:
        SealedError: there is none, or one of another version.
    """
    return _read(opened / MANIFEST, Manifest)


def checked_contents(opened: Path) -> Contents:
    """Return the contents of a backup that was unpacked into a folder, when every sum is right.

    Raises:
        SealedError: a file is missing, too many, or not as it was.
    """
    contents = _read(opened / CONTENTS, Contents)
    there = {str(path.relative_to(opened)) for path in opened.rglob("*") if path.is_file()}
    odd = (there ^ set(contents.sums)) - {MANIFEST, CONTENTS}
    odd |= {name for name, digest in contents.sums.items() if name in there and _sum(opened / name) != digest}
    if odd:
        raise SealedError(f"{len(odd)} files are not as they were written, the first is {min(odd)}")
    return contents


def _read(path: Path, kind: type[_Struct]) -> _Struct:
    try:
        return msgspec.json.decode(path.read_bytes(), type=kind)
    except (OSError, msgspec.DecodeError) as error:
        raise SealedError(f"{path.name} is missing or of another version: {error}") from error


def _sum(path: Path) -> str:
    digest = hashlib.sha256()
    with path.open("rb") as file:
        while piece := file.read(_PIECE_BYTES):
            digest.update(piece)
    return digest.hexdigest()
