"""Where everything lies on the card: six GPT partitions, on whole MiB. Pure.

1 ``PONTIVE`` (FAT: ``autoboot.txt``, the claim) · 2 and 3 ``pontive-boot-A/B`` (FAT: kernel and
initrd of a slot) · 4 and 5 ``pontive-root-A/B`` (ext4, read-only) · 6 ``pontive-data`` (ext4). The
numbers 2 and 3 are what ``autoboot.txt`` and the initrd speak of.
"""

import uuid
from collections.abc import Sequence
from dataclasses import dataclass

from provisioning.image.recipe import CardSizes

FIRST_MIB = 1
# The second table of the GPT lies at the end.
LAST_MIB = 1
# "Microsoft basic data", which every PC shows to a technician, and "Linux filesystem" (UEFI 2.10).
FAT_TYPE = "EBD0A0A2-B9E5-4433-87C0-68B6B72699C7"
LINUX_TYPE = "0FC63DAF-8483-4772-8E79-3D69D8477DE4"
# All ids of a card come from this one and a name: the same build gives the same card.
NAMESPACE = uuid.UUID("9a4c1d2e-5f0b-5c7a-8e61-6171706e7476")


@dataclass(frozen=True, slots=True)
class Partition:
    """One partition; offsets and sizes in MiB."""

    number: int
    name: str
    start_mib: int
    size_mib: int
    is_fat: bool

    @property
    def uuid(self) -> str:
        """Its fixed id."""
        return str(fixed_uuid(self.name))


def fixed_uuid(name: str) -> uuid.UUID:
    """Return the id that a thing of this name has on every card."""
    return uuid.uuid5(NAMESPACE, name)


def partitions(sizes: CardSizes) -> tuple[Partition, ...]:
    """Return the partitions in their order on the card."""
    wanted = (
        ("PONTIVE", sizes.setup_mib, True),
        ("pontive-boot-A", sizes.boot_mib, True),
        ("pontive-boot-B", sizes.boot_mib, True),
        ("pontive-root-A", sizes.root_mib, False),
        ("pontive-root-B", sizes.root_mib, False),
        ("pontive-data", sizes.data_mib, False),
    )
    placed, start_mib = [], FIRST_MIB
    for number, (name, size_mib, is_fat) in enumerate(wanted, start=1):
        placed.append(Partition(number, name, start_mib, size_mib, is_fat))
        start_mib += size_mib
    return tuple(placed)


def card_mib(placed: Sequence[Partition]) -> int:
    """Return how large the card's image is."""
    return placed[-1].start_mib + placed[-1].size_mib + LAST_MIB


def sfdisk_script(placed: Sequence[Partition]) -> str:
    """Return what ``sfdisk`` reads to write the table."""
    lines = ["label: gpt", f"label-id: {fixed_uuid('card')}", "unit: sectors", ""]
    for each in placed:
        kind = FAT_TYPE if each.is_fat else LINUX_TYPE
        lines.append(
            f"start={each.start_mib}MiB, size={each.size_mib}MiB, type={kind}, "
            f'uuid={each.uuid}, name="{each.name}"'
        )
    return "\n".join([*lines, ""])
