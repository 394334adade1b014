import numpy as np
import pytest
from scipy.optimize import linear_sum_assignment

from edge.vision.things.assignment import FORBIDDEN, assign


@pytest.mark.parametrize("seed", range(60))
def test_no_assignment_is_cheaper_than_ours(seed: int) -> None:
    random = np.random.default_rng(seed)
    costs = random.random((int(random.integers(1, 14)), int(random.integers(1, 14))))
    pairs = assign(costs.tolist())
    rows, columns = linear_sum_assignment(costs)
    assert len(pairs) == len(rows), f"seed {seed}"
    assert sum(costs[row, column] for row, column in pairs) == pytest.approx(costs[rows, columns].sum())


def test_a_forbidden_pair_is_left_alone() -> None:
    assert assign([[FORBIDDEN, 1.0], [FORBIDDEN, FORBIDDEN]]) == [(0, 1)]


def test_a_dear_pair_is_taken_when_both_together_are_cheapest() -> None:
    assert assign([[1.0, 2.0], [1.1, 9.0]]) == [(0, 1), (1, 0)]


def test_nothing_to_pair_gives_no_pairs() -> None:
    assert assign([]) == []
    assert assign([[], []]) == []
