"""When Python looks for garbage in ingest: seldom on its own, and every ten seconds between two batches.

A batch is thousands of objects, hardly any of them in a ring: looking at them again and again cost a
fifth of the CPU time of a batch. Left alone with a high threshold, the few rings that there are (of
SQLAlchemy's statements) pile up for minutes, some megabytes, and look like a leak.
"""

import gc


def calm_collector() -> None:
    """Take what is there now for everlasting, and let the collector look by itself almost never."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(50_000, 20, 100)


def collect_garbage() -> None:
    """Collect; a chore. Between batches there is little to look at: some ten thousand objects."""
    gc.collect()
