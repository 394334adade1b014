"""The parts of a card put together: partition table, file systems, the first ``autoboot.txt``."""

import os
from collections.abc import Mapping
from pathlib import Path

from provisioning.image.disk.layout import Partition, card_mib, partitions, sfdisk_script
from provisioning.image.recipe import MIB, CardSizes
from provisioning.image.workshop import run

COPY_BYTES = 4 * MIB
# Slot A starts by itself, B when it is tried. The Raspberry Pi's firmware reads it.
AUTOBOOT = "[all]\ntryboot_a_b=1\nboot_partition=2\n[tryboot]\nboot_partition=3\n"


def assemble(path: Path, sizes: CardSizes, contents: Mapping[str, Path]) -> None:
    """Write the card's image; what is zero takes no room on the disk.

    Args:
        path: The file to make.
        sizes: Of the partitions.
        contents: Partition names and the files that hold their file systems.
    """
    placed = partitions(sizes)
    with path.open("wb") as card:
        card.truncate(card_mib(placed) * MIB)
    run(["sfdisk", "--quiet", path], stdin=sfdisk_script(placed).encode())
    with path.open("r+b") as card:
        for each in placed:
            if each.name in contents:
                _copy(contents[each.name], card.fileno(), each)


def _copy(source: Path, card: int, partition: Partition) -> None:
    offset = partition.start_mib * MIB
    with source.open("rb") as file:
        while block := file.read(COPY_BYTES):
            if block.count(0) != len(block):
                os.pwrite(card, block, offset)
            offset += len(block)
