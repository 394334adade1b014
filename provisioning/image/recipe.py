"""What an image is made of: ``firmware_images/debian`` as frozen structs. Builds nothing."""

from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, TypeVar

import msgspec

from edge.wire.strict_toml import Section, TomlError, read_toml
from provisioning.errors import ProvisioningError

SOURCES = Path(__file__).resolve().parents[2] / "firmware_images" / "debian"
MIB = 1024 * 1024
T = TypeVar("T", bound=msgspec.Struct)


class CardSizes(Section, frozen=True):
    """How large each partition is, in MiB."""

    setup_mib: Annotated[int, msgspec.Meta(ge=16)]
    boot_mib: Annotated[int, msgspec.Meta(ge=33)]
    root_mib: Annotated[int, msgspec.Meta(ge=64)]
    data_mib: Annotated[int, msgspec.Meta(ge=64)]


class Recipe(Section, frozen=True):
    """``image.toml``: what every board has."""

    suite: str
    python: str
    epoch: int
    packages: tuple[str, ...]
    exclude: tuple[str, ...]
    drop_modules: tuple[str, ...]
    drop_python: tuple[str, ...]
    enable: tuple[str, ...]
    mask: tuple[str, ...]
    card: CardSizes


class Board(Section, frozen=True):
    """``boards/NAME.toml``: what is different; ``family`` is who takes whose updates."""

    family: str
    packages: tuple[str, ...]
    components: tuple[str, ...]
    warnings: tuple[str, ...]
    modules: tuple[str, ...]
    boot_files: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Release:
    """What is built: ``number`` only ever rises, and a device takes none below its own."""

    version: str
    number: int
    board_name: str


def read_recipe(sources: Path = SOURCES) -> Recipe:
    """Read ``image.toml``.

    Raises:
        ProvisioningError: a key is wrong; names it.
    """
    return _read(sources / "image.toml", Recipe)


def read_board(name: str, sources: Path = SOURCES) -> Board:
    """Read one board.

    Raises:
        ProvisioningError: no such board, or a key is wrong.
    """
    if name not in board_names(sources):
        raise ProvisioningError(f"no board {name!r}: there are {', '.join(board_names(sources))}")
    return _read(sources / "boards" / f"{name}.toml", Board)


def board_names(sources: Path = SOURCES) -> tuple[str, ...]:
    """Return the names of all boards."""
    return tuple(sorted(path.stem for path in (sources / "boards").glob("*.toml")))


def _read(path: Path, shape: type[T]) -> T:
    try:
        return read_toml(path, shape)
    except TomlError as error:
        raise ProvisioningError(str(error)) from error
