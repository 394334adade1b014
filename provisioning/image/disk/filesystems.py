"""File systems as files, without mounts: FAT by mtools, ext4 by ``mke2fs -d``; same input, same bytes."""

import os
import tempfile
from collections.abc import Mapping, Sequence
from pathlib import Path

from provisioning.image.disk.layout import fixed_uuid
from provisioning.image.recipe import MIB
from provisioning.image.workshop import run

# A smaller FAT32 has too few clusters to be one.
FAT32_FROM_MIB = 64
EXT4_BLOCK = 4096
# A file or two may be exchanged in it.
_SPARE_FILES = 64
# Of ext4: the root folder, and the first that is not the file system's own.
_ROOT_INODE, _FIRST_INODE = 2, 11


def make_fat(path: Path, size_mib: int, label: str, files: Mapping[str, Path], *, epoch: int) -> None:
    """Write a FAT file system.

    Args:
        path: The file to make.
        size_mib: Its size.
        label: What a PC shows.
        files: Names in it, and where their content lies now.
        epoch: The time of all that is in it.
    """
    with path.open("wb") as file:
        file.truncate(size_mib * MIB)
    serial = fixed_uuid(f"fat {label}").hex[:8]
    run(
        [
            "mkfs.vfat",
            "--invariant",
            "-F",
            "32" if size_mib >= FAT32_FROM_MIB else "16",
            "-i",
            serial,
            "-n",
            label[:11].upper(),
            path,
        ]
    )
    for folder in sorted({str(Path(name).parent) for name in files} - {"."}):
        run(["mmd", "-i", path, f"::{folder}"], environment=_at(epoch))
    for name, source in sorted(files.items()):
        os.utime(source, (epoch, epoch))
        run(["mcopy", "-m", "-i", path, source, f"::{name}"], environment=_at(epoch))


def make_ext4(path: Path, size_mib: int, label: str, *, epoch: int, tree: Path | None = None) -> None:
    """Write an ext4 file system.

    Args:
        path: The file to make.
        size_mib: Its size; with a ``tree`` the most it may have.
        label: Its name.
        epoch: The time of all that is in it.
        tree: What it holds, for ever: made as small as that, as every free block would be written to
            a card at every update. Without it the file system is empty.
    """
    if tree is None:
        _make_ext4(path, size_mib, label, ["-O", "^orphan_file"], epoch=epoch)
        return
    options: list[str | Path] = ["-O", "^has_journal,^orphan_file", "-d", tree]
    _make_ext4(path, size_mib, label, options, epoch=epoch)
    files = _used(path, "Inode count", "Free inodes")
    used_mib = _used(path, "Block count", "Free blocks") * EXT4_BLOCK / MIB
    path.unlink()
    _make_ext4(
        path,
        min(size_mib, int(used_mib * 1.02) + 2),
        label,
        [*options, "-N", str(files + _SPARE_FILES)],
        epoch=epoch,
    )
    _settle_times(path, epoch)


def _make_ext4(path: Path, size_mib: int, label: str, more: Sequence[str | Path], *, epoch: int) -> None:
    command: list[str | Path] = ["mke2fs", "-q", "-t", "ext4", "-F", "-L", label[:16], "-m", "0"]
    command += ["-U", str(fixed_uuid(f"ext4 {label}")), "-b", str(EXT4_BLOCK), "-I", "256"]
    # Checked and laid out when it is made, not by a thread that writes to a new card for minutes.
    options = f"hash_seed={fixed_uuid('seed')},root_owner=0:0,lazy_itable_init=0,lazy_journal_init=0"
    command += ["-E", options, *more]
    moment = {"E2FSPROGS_FAKE_TIME": str(epoch), "SOURCE_DATE_EPOCH": str(epoch)}
    run([*command, path, f"{size_mib}M"], environment=moment)


def _used(path: Path, all_of: str, free: str) -> int:
    said = run(["dumpe2fs", "-h", path])
    counts = dict(line.split(":", 1) for line in said.splitlines() if ":" in line)
    return int(counts[all_of]) - int(counts[free])


def _settle_times(path: Path, epoch: int) -> None:
    """Set what ``mke2fs -d`` takes over and nobody can set on a file: when it was read and changed."""
    numbers = (_ROOT_INODE, *range(_FIRST_INODE, _used(path, "Inode count", "Free inodes") + 1))
    lines = [f"sif <{number}> {field} @{epoch}" for number in numbers for field in ("atime", "ctime")]
    with tempfile.NamedTemporaryFile("w", suffix=".debugfs") as script:
        script.write("\n".join([*lines, ""]))
        script.flush()
        run(["debugfs", "-w", "-f", script.name, path], environment={"E2FSPROGS_FAKE_TIME": str(epoch)})


def _at(epoch: int) -> dict[str, str]:
    # mtools takes the present time of folders from here, and no zone of the machine.
    return {"SOURCE_DATE_EPOCH": str(epoch), "TZ": "UTC"}
