"""A disk in memory that can lose its power at any moment: an SQLite VFS with a log of all it did.

Model: a write is safe once its file was synced; before that each write may be kept, lost or torn at
512-byte sectors. Names (create, rename, remove) are a journal as ext4 has it: after a cut any prefix
of it that reaches at least to the last commit; syncing the folder commits, and so does syncing a
file that is new, was renamed or changed its size.
"""

import itertools
import random
import sqlite3
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import apsw

SECTOR_BYTES = 512
_NUMBERS = itertools.count()
# unix VFS of SQLite: a torn write damages nothing outside of what was written.
_POWERSAFE_OVERWRITE = 0x00001000


@dataclass
class Operation:
    """One thing that happened; ``inode`` 0 for things of no single file."""

    kind: str  # write | truncate | sync | names | commit | mark
    inode: int = 0
    offset: int = 0
    data: bytes = b""
    names: dict[str, int] = field(default_factory=dict)
    mark: Any = None


@dataclass
class Image:
    """What is on a disk: names, and contents by inode."""

    names: dict[str, int] = field(default_factory=dict)
    contents: dict[int, bytearray] = field(default_factory=dict)

    def copy(self) -> "Image":
        return Image(dict(self.names), {inode: bytearray(data) for inode, data in self.contents.items()})


class CrashDisk:
    """A ``Disk`` of the outbox, and the VFS below it."""

    def __init__(self, image: Image | None = None, *, synchronous: str = "FULL") -> None:
        """Begin with what an earlier disk left; ``synchronous`` overrides what the outbox asks for."""
        self.start = (image or Image()).copy()
        self.live = self.start.copy()
        self.log: list[Operation] = []
        self.synchronous = synchronous
        self._dirty: set[int] = set()
        self._inodes = itertools.count(max(self.live.contents, default=0) + 1)
        self._vfs = _Vfs(self)

    # --- the port -------------------------------------------------------------------------------

    def connect(self, path: Path) -> "CrashConnection":
        return CrashConnection(self, str(path))

    def exists(self, path: Path) -> bool:
        return str(path) in self.live.names

    def rename(self, old: Path, new: Path) -> None:
        inode = self.live.names.pop(str(old))
        self.live.names[str(new)] = inode
        self._dirty.add(inode)
        self._note_names()

    def remove(self, path: Path) -> None:
        if self.live.names.pop(str(path), None) is not None:
            self._note_names()

    def sync_folder(self, folder: Path) -> None:
        self._commit()

    # --- below SQLite ---------------------------------------------------------------------------

    @property
    def vfs_name(self) -> str:
        return self._vfs.name

    def inode_of(self, name: str) -> int:
        if name not in self.live.names:
            inode = next(self._inodes)
            self.live.names[name] = inode
            self.live.contents[inode] = bytearray()
            self._dirty.add(inode)
            self._note_names()
        return self.live.names[name]

    def write(self, inode: int, offset: int, data: bytes) -> None:
        if offset + len(data) > len(self.live.contents[inode]):
            self._dirty.add(inode)
        _apply_write(self.live.contents[inode], offset, data)
        self.log.append(Operation("write", inode, offset, bytes(data)))

    def truncate(self, inode: int, size: int) -> None:
        _apply_truncate(self.live.contents[inode], size)
        self._dirty.add(inode)
        self.log.append(Operation("truncate", inode, size))

    def sync(self, inode: int) -> None:
        self.log.append(Operation("sync", inode))
        if inode in self._dirty:
            self._commit()

    def mark(self, what: Any) -> None:
        """Note what the program above believes now."""
        self.log.append(Operation("mark", mark=what))

    def close(self) -> None:
        self._vfs.unregister()

    def _note_names(self) -> None:
        self.log.append(Operation("names", names=dict(self.live.names)))

    def _commit(self) -> None:
        self._dirty.clear()
        self.log.append(Operation("commit"))


def cut(disk: CrashDisk, points: Sequence[int], chance: random.Random) -> Iterable[tuple[int, Image]]:
    """Yield what is left when the power goes before the operation of each point, in rising order."""
    safe = disk.start.copy()
    pending: dict[int, list[Operation]] = {}
    journal: list[dict[str, int]] = [dict(safe.names)]
    wanted = iter(sorted(points))
    point = next(wanted, None)
    for number, operation in enumerate([*disk.log, Operation("mark")]):
        while point == number:
            yield point, _after_cut(safe, pending, journal, chance)
            point = next(wanted, None)
        match operation.kind:
            case "write" | "truncate":
                pending.setdefault(operation.inode, []).append(operation)
            case "sync":
                content = safe.contents.setdefault(operation.inode, bytearray())
                for unsafe in pending.pop(operation.inode, []):
                    _apply(content, unsafe)
            case "names":
                journal.append(operation.names)
            case "commit":
                journal = journal[-1:]


def _after_cut(
    safe: Image, pending: dict[int, list[Operation]], journal: list[dict[str, int]], chance: random.Random
) -> Image:
    image = safe.copy()
    image.names = dict(chance.choice(journal))
    for inode, operations in pending.items():
        content = image.contents.setdefault(inode, bytearray())
        share_kept = chance.choice((0.0, 0.5, 0.9, 1.0))
        for operation in operations:
            fate = chance.random()
            if fate < share_kept:
                _apply(content, operation)
            elif fate < share_kept + (1 - share_kept) / 2 and operation.kind == "write":
                _tear(content, operation, chance)
    used = set(image.names.values())
    image.contents = {inode: image.contents.get(inode, bytearray()) for inode in used}
    return image


def _tear(content: bytearray, operation: Operation, chance: random.Random) -> None:
    for start in range(0, len(operation.data), SECTOR_BYTES):
        if chance.random() < 0.5:
            _apply_write(content, operation.offset + start, operation.data[start : start + SECTOR_BYTES])


def _apply(content: bytearray, operation: Operation) -> None:
    if operation.kind == "write":
        _apply_write(content, operation.offset, operation.data)
    else:
        _apply_truncate(content, operation.offset)


def _apply_write(content: bytearray, offset: int, data: bytes) -> None:
    if offset > len(content):
        content.extend(bytes(offset - len(content)))
    content[offset : offset + len(data)] = data


def _apply_truncate(content: bytearray, size: int) -> None:
    del content[size:]
    content.extend(bytes(size - len(content)))


class CrashConnection:
    """A ``Connection`` of the outbox over the crash VFS."""

    def __init__(self, disk: CrashDisk, name: str) -> None:
        self._disk = disk
        try:
            self._connection = apsw.Connection(name, vfs=disk.vfs_name)
        except apsw.Error as error:
            raise _translated(error) from error
        # Without shared memory, which this VFS has not, WAL works for a single process only.
        self.execute("PRAGMA locking_mode=EXCLUSIVE")

    def execute(self, sql: str, values: Sequence[Any] = (), /) -> Iterable[tuple[Any, ...]]:
        if sql == "PRAGMA synchronous=FULL":
            sql = f"PRAGMA synchronous={self._disk.synchronous}"
        try:
            return list(self._connection.cursor().execute(sql, values))
        except (apsw.Error, UnicodeDecodeError) as error:
            raise _translated(error) from error

    def executemany(self, sql: str, rows: Iterable[Sequence[Any]], /) -> object:
        try:
            return list(self._connection.cursor().executemany(sql, list(rows)))
        except apsw.Error as error:
            raise _translated(error) from error

    def close(self) -> None:
        self._connection.close(True)


def _translated(error: Exception) -> sqlite3.OperationalError:
    translated = sqlite3.OperationalError(str(error))
    translated.sqlite_errorcode = getattr(error, "extendedresult", sqlite3.SQLITE_ERROR)
    return translated


class _Vfs(apsw.VFS):
    def __init__(self, disk: CrashDisk) -> None:
        self.name = f"crash-{next(_NUMBERS)}"
        self._disk = disk
        super().__init__(self.name, base="")

    def xFullPathname(self, name: str) -> str:  # noqa: N802 - SQLite's name
        return name

    def xOpen(self, name: Any, flags: list[int]) -> "_File":  # noqa: N802 - SQLite's name
        flags[1] = flags[0]
        text = name.filename() if isinstance(name, apsw.URIFilename) else name
        return _File(self._disk, text)

    def xAccess(self, name: str, _flags: int) -> bool:  # noqa: N802 - SQLite's name
        return name in self._disk.live.names

    def xDelete(self, name: str, sync_folder: bool) -> None:  # noqa: N802 - SQLite's name
        self._disk.remove(Path(name))
        if sync_folder:
            self._disk.sync_folder(Path(name).parent)


class _File:
    def __init__(self, disk: CrashDisk, name: str) -> None:
        self._disk = disk
        self._inode = disk.inode_of(name)

    def xRead(self, amount: int, offset: int) -> bytes:  # noqa: N802 - SQLite's name
        return bytes(self._disk.live.contents[self._inode][offset : offset + amount])

    def xWrite(self, data: bytes, offset: int) -> None:  # noqa: N802 - SQLite's name
        self._disk.write(self._inode, offset, data)

    def xTruncate(self, size: int) -> None:  # noqa: N802 - SQLite's name
        self._disk.truncate(self._inode, size)

    def xSync(self, _flags: int) -> None:  # noqa: N802 - SQLite's name
        self._disk.sync(self._inode)

    def xFileSize(self) -> int:  # noqa: N802 - SQLite's name
        return len(self._disk.live.contents[self._inode])

    def xSectorSize(self) -> int:  # noqa: N802 - SQLite's name
        return 4096

    def xDeviceCharacteristics(self) -> int:  # noqa: N802 - SQLite's name
        return _POWERSAFE_OVERWRITE

    def xFileControl(self, _operation: int, _pointer: int) -> bool:  # noqa: N802 - SQLite's name
        return False

    def xLock(self, _level: int) -> None:  # noqa: N802 - SQLite's name
        """One process only."""

    def xUnlock(self, _level: int) -> None:  # noqa: N802 - SQLite's name
        """One process only."""

    def xCheckReservedLock(self) -> bool:  # noqa: N802 - SQLite's name
        return False

    def xClose(self) -> None:  # noqa: N802 - SQLite's name
        """Nothing to give back."""
