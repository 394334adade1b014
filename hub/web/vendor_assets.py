"""Brings the scripts of others into the tree, from npm, by name and version, with their hashes.

Run by a developer when a version changes: ``python -m hub.web.vendor_assets``. Needs npm; nothing
of it is needed at install or run time. Must not be imported by the hub.
"""

import hashlib
import io
import subprocess
import tarfile
import tempfile
import tomllib
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).parents[2]


@dataclass(frozen=True, slots=True)
class Wanted:
    """One npm package: what to take out of it and where to put it."""

    package: str
    version: str
    licence: str
    members: tuple[tuple[str, str], ...]
    folder: str


_STATIC = "hub/web/static/vendor"
# axe-core only looks at pages in tests; it is not shipped.
_TESTS = "tests/browser/vendor"

WANTED = (
    Wanted(
        "htmx.org",
        "4.0.1",
        "0BSD",
        (("dist/htmx.min.js", "htmx-4.0.1.min.js"), ("LICENSE", "htmx.LICENSE")),
        _STATIC,
    ),
    Wanted(
        "uplot",
        "1.6.32",
        "MIT",
        (
            ("dist/uPlot.iife.min.js", "uplot-1.6.32.iife.min.js"),
            ("dist/uPlot.min.css", "uplot-1.6.32.min.css"),
            ("LICENSE", "uplot.LICENSE"),
        ),
        _STATIC,
    ),
    Wanted(
        "lean-qr",
        "2.7.4",
        "MIT",
        (("index.mjs", "lean-qr-2.7.4.js"), ("LICENSE", "lean-qr.LICENSE")),
        _STATIC,
    ),
    Wanted(
        "leaflet",
        "1.9.4",
        "BSD-2-Clause",
        (
            ("dist/leaflet.js", "leaflet-1.9.4.js"),
            ("dist/leaflet.css", "leaflet-1.9.4.css"),
            ("LICENSE", "leaflet.LICENSE"),
        ),
        _STATIC,
    ),
    Wanted(
        "protomaps-leaflet",
        "5.1.0",
        "BSD-3-Clause",
        (
            ("dist/protomaps-leaflet.js", "protomaps-leaflet-5.1.0.js"),
            ("LICENSE", "protomaps-leaflet.LICENSE"),
        ),
        _STATIC,
    ),
    Wanted(
        "hls.js",
        "1.7.4",
        "Apache-2.0",
        (("dist/hls.light.min.js", "hls-1.7.4.light.min.js"), ("LICENSE", "hls.LICENSE")),
        _STATIC,
    ),
    Wanted(
        "axe-core",
        "4.14.1",
        "MPL-2.0",
        (("axe.min.js", "axe-4.14.1.min.js"), ("LICENSE", "axe-core.LICENSE")),
        _TESTS,
    ),
)


def read_record(folder: Path) -> list[dict[str, str]]:
    """Return what ``vendor.toml`` of a folder says: one row a file."""
    rows: list[dict[str, str]] = tomllib.loads((folder / "vendor.toml").read_text("utf-8"))["file"]
    return rows


def sha256_of(path: Path) -> str:
    """Return the hash of a file, 64 hex digits."""
    return hashlib.sha256(path.read_bytes()).hexdigest()


def _fetch(wanted: Wanted) -> dict[str, bytes]:
    with tempfile.TemporaryDirectory() as folder:
        command = ["npm", "pack", f"{wanted.package}@{wanted.version}", "--silent"]
        name = subprocess.run(command, cwd=folder, check=True, capture_output=True, text=True).stdout.strip()
        packed = (Path(folder) / name).read_bytes()
    files = {}
    with tarfile.open(fileobj=io.BytesIO(packed)) as archive:
        for member, target in wanted.members:
            content = archive.extractfile(f"package/{member}")
            assert content is not None, f"{wanted.package}: no {member}"
            files[target] = content.read()
    return files


def _row(wanted: Wanted, name: str, digest: str) -> str:
    pairs = {
        "path": name,
        "package": wanted.package,
        "version": wanted.version,
        "licence": wanted.licence,
        "sha256": digest,
    }
    return "[[file]]\n" + "".join(f'{key} = "{value}"\n' for key, value in pairs.items())


def main() -> None:
    """Fetch every package and write the record beside its files."""
    rows: dict[str, list[str]] = {}
    for wanted in WANTED:
        folder = ROOT / wanted.folder
        folder.mkdir(parents=True, exist_ok=True)
        for name, content in _fetch(wanted).items():
            (folder / name).write_bytes(content)
            rows.setdefault(wanted.folder, []).append(_row(wanted, name, sha256_of(folder / name)))
    for place, texts in rows.items():
        head = "# Written by: python -m hub.web.vendor_assets\n\n"
        (ROOT / place / "vendor.toml").write_text(head + "\n".join(texts), "utf-8")


if __name__ == "__main__":
    main()
