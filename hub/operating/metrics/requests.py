"""Counts the requests of the web process: how many, how long, by part of the hub and class of answer.

Never by address: addresses name people's things, and there are endlessly many.
"""

import threading
from collections import Counter, defaultdict
from collections.abc import Iterator

from hub.operating.metrics.text import Family

BOUNDS_S = (0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0)


class RequestCounts:
    """Filled by all threads of the process."""

    def __init__(self) -> None:
        """Begin at zero."""
        self._lock = threading.Lock()
        self._answers: Counter[tuple[str, str]] = Counter()
        self._buckets: dict[str, list[int]] = defaultdict(lambda: [0] * (len(BOUNDS_S) + 1))
        self._seconds: defaultdict[str, float] = defaultdict(float)

    def note(self, part: str, status: int, took_s: float) -> None:
        """Count one answer."""
        place = sum(took_s > bound for bound in BOUNDS_S)
        with self._lock:
            self._answers[part, f"{status // 100}xx"] += 1
            self._buckets[part][place] += 1
            self._seconds[part] += took_s

    def families(self) -> Iterator[Family]:
        """Yield what was counted."""
        answers = Family("pontive_web_requests_total", "counter", "Answers, by part of the hub and class.")
        took = Family("pontive_web_request_duration_seconds", "histogram", "How long answers took to begin.")
        with self._lock:
            for (part, status), count in sorted(self._answers.items()):
                answers.add(count, part=part, status=status)
            for part, buckets in sorted(self._buckets.items()):
                total = 0
                for bound, count in zip((*BOUNDS_S, float("inf")), buckets, strict=True):
                    total += count
                    took.add(total, "_bucket", part=part, le="+Inf" if bound == float("inf") else bound)
                took.add(self._seconds[part], "_sum", part=part)
                took.add(total, "_count", part=part)
        yield from (answers, took)
