"""What was accepted against what the hub has committed, by device, epoch, seq and checksum of the body."""

from collections import Counter
from collections.abc import Iterable, Mapping
from typing import Any

from hub.db import Database
from hub.ingest.keeping.receipts import Receipt, read_receipts

Key = tuple[str, str, int]  # device, epoch, seq


def in_hub(database: Database, devices: Iterable[str] | None = None) -> dict[Key, int]:
    """Return what the hub has committed, with checksums; of some devices or of all."""
    wanted = None if devices is None else frozenset(devices)
    with database.reading() as db:
        receipts = [one for one in read_receipts(db) if wanted is None or one.device in wanted]
    return by_key(receipts)


def by_key(receipts: Iterable[Receipt]) -> dict[Key, int]:
    """Return receipts by identity; one that is there twice breaks the promise at once."""
    found = list(receipts)
    keys: Counter[Key] = Counter((one.device, one.epoch, one.seq) for one in found)
    twice = [key for key, count in keys.items() if count > 1]
    if twice:
        raise AssertionError(f"committed twice: {twice[:5]}")
    return {(one.device, one.epoch, one.seq): one.body_crc32 for one in found}


def compared(accepted: Mapping[Key, int], there: Mapping[Key, int]) -> dict[str, Any]:
    """Return the figures that every scenario has: accepted, in_hub, lost, wrong.

    A row that is in the hub and not among the accepted is right: a kill may come between commit and
    log. A body that changed is wrong, and so is an outbox that no device ever had.
    """
    epochs = {key[:2] for key in accepted}
    changed = sum(there.get(key, crc) != crc for key, crc in accepted.items())
    return {
        "accepted": len(accepted),
        "in_hub": len(there),
        "lost": sum(key not in there for key in accepted),
        "wrong": changed + sum(key[:2] not in epochs for key in there),
    }
