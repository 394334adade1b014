"""The first small system of a start: busybox, the drivers a board needs, and ``initrd/init``.

Written by ourselves, because a cpio archive is a simple thing and this one is the same every time.
"""

import gzip
import lzma
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from provisioning.errors import ProvisioningError

_FOLDERS = ("bin", "dev", "modules", "proc", "root", "sys", "tmp")
_FOLDER_MODE, _PROGRAM_MODE, _FILE_MODE, _DEVICE_MODE = 0o040755, 0o100755, 0o100644, 0o020600
_END = "TRAILER!!!"
_CONSOLE = (5, 1)


@dataclass(frozen=True, slots=True)
class Entry:
    """One member of an archive; ``device`` is major and minor."""

    name: str
    mode: int
    content: bytes = b""
    device: tuple[int, int] = (0, 0)


def build_initrd(tree: Path, kernel: str, modules: Sequence[str], init: bytes) -> bytes:
    """Return the initrd, compressed.

    Args:
        tree: The system's tree, with its modules.
        kernel: The kernel's version.
        modules: Names of drivers; what they need is added.
        init: The first program.

    Raises:
        ProvisioningError: the kernel has no such driver.
    """
    entries = [Entry(name, _FOLDER_MODE) for name in _FOLDERS]
    entries.append(Entry("dev/console", _DEVICE_MODE, device=_CONSOLE))
    entries.append(Entry("init", _PROGRAM_MODE, init))
    entries.append(Entry("bin/busybox", _PROGRAM_MODE, (tree / "usr/bin/busybox").read_bytes()))
    ordered = load_order(tree / "usr/lib/modules" / kernel, modules)
    for path in ordered:
        entries.append(Entry(f"modules/{_plain_name(path)}", _FILE_MODE, _plain(path)))
    order = "".join(f"{_plain_name(path)}\n" for path in ordered)
    entries.append(Entry("modules/order", _FILE_MODE, order.encode()))
    return gzip.compress(archive(entries), compresslevel=9, mtime=0)


def load_order(folder: Path, modules: Iterable[str]) -> list[Path]:
    """Return the files of drivers and of what they need, each after what it needs itself.

    Raises:
        ProvisioningError: the kernel has no such driver.
    """
    needs = _dependencies((folder / "modules.dep").read_text())
    paths = {_driver_name(path): path for path in needs}
    built_in = {_driver_name(line) for line in (folder / "modules.builtin").read_text().split()}
    ordered: list[str] = []
    for name in modules:
        path = paths.get(name.replace("-", "_"))
        if path is not None:
            _add(path, needs, ordered)
        elif name.replace("-", "_") not in built_in:
            raise ProvisioningError(f"the kernel has no driver {name}; correct the board's list of modules")
    return [folder / path for path in ordered]


def _add(path: str, needs: Mapping[str, Sequence[str]], ordered: list[str]) -> None:
    # modules.dep lists all that is needed, the deepest last.
    for each in (*reversed(needs[path]), path):
        if each not in ordered:
            ordered.append(each)


def _dependencies(text: str) -> dict[str, list[str]]:
    found = {}
    for line in text.splitlines():
        path, _, rest = line.partition(":")
        found[path] = rest.split()
    return found


def _driver_name(path: str) -> str:
    return path.rpartition("/")[2].partition(".ko")[0].replace("-", "_")


def _plain_name(path: Path) -> str:
    return path.name.removesuffix(".xz")


def _plain(path: Path) -> bytes:
    # busybox' insmod takes them as they are only.
    return lzma.decompress(path.read_bytes()) if path.suffix == ".xz" else path.read_bytes()


def archive(entries: Iterable[Entry]) -> bytes:
    """Return a cpio archive of the kind "newc", owned by root, without times."""
    parts = [_member(number, entry) for number, entry in enumerate(entries, start=1)]
    return b"".join([*parts, _member(0, Entry(_END, 0))])


def _member(number: int, entry: Entry) -> bytes:
    name = entry.name.encode() + b"\0"
    links = 1
    fields = (number, entry.mode, 0, 0, links, 0, len(entry.content), 0, 0, *entry.device, len(name), 0)
    header = b"070701" + b"".join(b"%08X" % field for field in fields)
    return _padded(header + name) + _padded(entry.content)


def _padded(content: bytes) -> bytes:
    return content + b"\0" * (-len(content) % 4)
