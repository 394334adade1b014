"""The streets under the map, when the operator has them: one PMTiles file, or an address of tiles.

Both are checked before a page speaks of them; with neither the map draws all it needs by itself.
"""

from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit

from hub.errors import InputError

# PMTiles version 3 (protomaps, 2022): seven letters, then the version.
_PMTILES_HEAD = b"PMTiles\x03"


@dataclass(frozen=True, slots=True)
class Streets:
    """Where tiles come from: a file of ours, or an address with {z}, {x} and {y}; never both."""

    file: Path | None = None
    address: str = ""

    @property
    def is_there(self) -> bool:
        """Whether there are any."""
        return self.file is not None or bool(self.address)

    @property
    def origin(self) -> str:
        """The foreign origin that a browser must be allowed to ask for pictures; empty: none."""
        parts = urlsplit(self.address)
        return f"{parts.scheme}://{parts.netloc}" if parts.netloc else ""


NO_STREETS = Streets()


def check_pmtiles(path: Path) -> Path:
    """Return the file when it looks like PMTiles version 3.

    Raises:
        InputError: it cannot be read, or is something else.
    """
    try:
        with path.open("rb") as file:
            head = file.read(len(_PMTILES_HEAD))
    except OSError as error:
        raise InputError(f"{path.name}: {error.strerror}; check [map] pmtiles in hub.toml") from error
    if head != _PMTILES_HEAD:
        raise InputError(f"{path.name}: no PMTiles of version 3; convert it with: pmtiles convert")
    return path


def check_address(address: str) -> str:
    """Return the address of tiles when it can be asked for.

    Raises:
        InputError: placeholders are missing, or it is neither a path of ours nor HTTPS.
    """
    if not all(name in address for name in ("{z}", "{x}", "{y}")):
        raise InputError(f"tile_url {address!r}: must contain {{z}}, {{x}} and {{y}}")
    parts = urlsplit(address)
    is_ours = not parts.scheme and not parts.netloc and address.startswith("/")
    is_safe = parts.scheme == "https" and bool(parts.hostname) and not parts.username
    # A semicolon or a blank in a host would end the line of the security policy that names it.
    if not (is_ours or is_safe) or any(letter in parts.netloc for letter in "; ,'\"{}"):
        raise InputError(f"tile_url {address!r}: must begin with / or https://")
    return address
