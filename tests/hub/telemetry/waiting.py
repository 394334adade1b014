"""Waiting for other threads and programs: poll with a deadline, never sleep as proof."""

import time
from collections.abc import Callable


def until(is_true: Callable[[], bool], *, within_s: float = 240.0) -> None:
    deadline_s = time.monotonic() + within_s
    while not is_true():
        assert time.monotonic() < deadline_s, "it did not become true in time"
        time.sleep(0.05)
