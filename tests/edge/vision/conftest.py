"""Pictures and real clips for the tests of seeing."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray

Luma = NDArray[np.uint8]
CLIPS = Path(__file__).parents[3] / "../shared/video"


@pytest.fixture
def street() -> Luma:
    """Return a grey, slightly textured street of 160 x 90 with nobody on it."""
    random = np.random.default_rng(5)
    return np.clip(random.normal(110, 6, (90, 160)), 0, 255).astype(np.uint8)


@pytest.fixture
def clip() -> Callable[[str], tuple[Path, dict[str, Any]]]:
    """Return a function that gives a real clip and its truth, or skips."""

    def find(name: str) -> tuple[Path, dict[str, Any]]:
        path = CLIPS / name
        if not path.is_file():
            pytest.skip(f"the real clip {name} is not beside the checkout (../shared/video)")
        truth = json.loads((CLIPS / "ground_truth.json").read_text())
        return path, next(entry for entry in truth["videos"] if entry["file"] == name)

    return find
