"""Who is who between two frames: the cheapest pairing of tracks and blobs.

A small Hungarian algorithm (shortest augmenting paths), because scipy is 140 MB on a Pi's card
and n is below 50 here. Must not know what is paired.
"""

import math
from collections.abc import Sequence

FORBIDDEN = 1e6


def assign(costs: Sequence[Sequence[float]]) -> list[tuple[int, int]]:
    """Return the pairs (row, column) of the cheapest complete assignment, forbidden pairs left out.

    Args:
        costs: a rectangle of finite costs; ``FORBIDDEN`` and above can never be a pair.

    Returns:
        Pairs sorted by row; at most ``min(rows, columns)``.
    """
    if not costs or not costs[0]:
        return []
    is_tall = len(costs) > len(costs[0])
    table = [list(column) for column in zip(*costs, strict=True)] if is_tall else costs
    pairs = [(row, column) for column, row in enumerate(_row_of_each_column(table)) if row >= 0]
    pairs = sorted((column, row) for row, column in pairs) if is_tall else sorted(pairs)
    return [(row, column) for row, column in pairs if costs[row][column] < FORBIDDEN]


def _row_of_each_column(costs: Sequence[Sequence[float]]) -> list[int]:
    """Return the row paired with each column, -1 for none; there are no more rows than columns."""
    rows, columns = len(costs), len(costs[0])
    row_price, column_price = [0.0] * (rows + 1), [0.0] * (columns + 1)
    row_of = [0] * (columns + 1)
    for row in range(1, rows + 1):
        row_of[0] = row
        _augment(costs, row_price, column_price, row_of)
    return [row_of[column] - 1 for column in range(1, columns + 1)]


def _augment(
    costs: Sequence[Sequence[float]], row_price: list[float], column_price: list[float], row_of: list[int]
) -> None:
    """Give the row in ``row_of[0]`` a column by the shortest alternating path."""
    size = len(column_price)
    slack, came_from, is_done = [math.inf] * size, [0] * size, [False] * size
    column = 0
    while row_of[column] != 0:
        is_done[column] = True
        row = row_of[column]
        for other in range(1, size):
            if not is_done[other]:
                price = costs[row - 1][other - 1] - row_price[row] - column_price[other]
                if price < slack[other]:
                    slack[other], came_from[other] = price, column
        nearest = min((o for o in range(1, size) if not is_done[o]), key=slack.__getitem__)
        step = slack[nearest]
        for other in range(size):
            if is_done[other]:
                row_price[row_of[other]] += step
                column_price[other] -= step
            else:
                slack[other] -= step
        column = nearest
    while column:
        row_of[column] = row_of[came_from[column]]
        column = came_from[column]
