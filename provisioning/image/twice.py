"""Whether the same inputs give the same bytes: what we make of the packages is made twice and compared.

Both times begin with the same unpacked Debian packages and wheels, which are not fetched again: versions
are held by ``firmware_images/locks`` and ``uv.lock``, not by this.
"""

import hashlib
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from provisioning.image.building import Built
from provisioning.image.workshop import Workshop

# The steps that make something of packages; those before them are kept.
REMADE = ("tree", "root.ext4", "boot.vfat", "card.img")
MOST_NAMED = 20


@dataclass(frozen=True, slots=True)
class Comparison:
    """Fingerprints of the first build, and what was different in the second."""

    fingerprints: dict[str, str]
    different: tuple[str, ...]


def build_twice(first: Built, again: Callable[[Workshop], Built], workshop: Workshop) -> Comparison:
    """Make everything after the packages a second time, compare, and throw it away.

    Args:
        first: What was built.
        again: Builds the same release in another workshop.
        workshop: Remakes :data:`REMADE`.
    """
    second = again(workshop)
    try:
        pairs = {"root": (first.root, second.root), "boot": (first.boot, second.boot)}
        pairs |= {"card": (first.card, second.card)}
        fingerprints = {name: _fingerprint(pair[0]) for name, pair in pairs.items()}
        different = [name for name, pair in pairs.items() if _fingerprint(pair[1]) != fingerprints[name]]
        return Comparison(fingerprints, (*different, *_other_files(first.tree, second.tree)))
    finally:
        workshop.forget_remade()


def _other_files(one: Path, other: Path) -> list[str]:
    """Return the names of files that are in one tree only, or have other bytes there."""
    names = {path.relative_to(tree) for tree in (one, other) for path in tree.rglob("*") if _is_plain(path)}
    return [str(name) for name in sorted(names) if _bytes(one / name) != _bytes(other / name)][:MOST_NAMED]


def _is_plain(path: Path) -> bool:
    return path.is_file() and not path.is_symlink()


def _bytes(path: Path) -> bytes | None:
    return path.read_bytes() if _is_plain(path) else None


def _fingerprint(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
