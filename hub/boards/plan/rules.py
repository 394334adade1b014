"""What a board must be besides well-formed: nothing beyond the grid, nothing on top of another. Pure."""

from collections.abc import Iterator
from itertools import combinations

from hub.boards.plan.shape import COLUMNS, BoardPlan, PlacedTile

# Addresses below /papan that are no boards.
RESERVED = frozenset({"aliran", "sesi", "layar", "baru", "susun"})


def faults_of(plan: BoardPlan) -> tuple[str, ...]:
    """Return what is wrong with a board, in Indonesian, each fault naming its tile."""
    return tuple(_faults(plan))


def _faults(plan: BoardPlan) -> Iterator[str]:
    if plan.code in RESERVED:
        yield f"kode {plan.code!r} dipakai halaman lain; pilih kode lain"
    if plan.code in plan.rotation:
        yield "papan tidak dapat bergiliran dengan dirinya sendiri"
    names = [tile.id for tile in plan.tiles]
    for name in sorted({name for name in names if names.count(name) > 1}):
        yield f"ubin {name!r} ada dua kali"
    for tile in plan.tiles:
        if tile.x + tile.w - 1 > COLUMNS:
            yield f"ubin {tile.id!r} melewati tepi kanan: kolom {tile.x} dengan lebar {tile.w}"
    for one, other in combinations(plan.in_reading_order, 2):
        if overlap(one, other):
            yield f"ubin {one.id!r} menutupi ubin {other.id!r}"


def overlap(one: PlacedTile, other: PlacedTile) -> bool:
    """Return whether two tiles stand on the same place."""
    return (
        one.x < other.x + other.w
        and other.x < one.x + one.w
        and one.y < other.y + other.h
        and other.y < one.y + one.h
    )
