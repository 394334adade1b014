"""What a VictoriaMetrics behind the mirror silently threw away: its 204 hides it, its counters do not.

Malformed lines, points older than its retention and points two days ahead are all answered with
success. Other servers have no such counters; then there is nothing to watch.
"""

import logging
import re
from collections.abc import Callable

import urllib3
from urllib3.exceptions import HTTPError

log = logging.getLogger(__name__)

WATCHED = (
    'vm_rows_invalid_total{type="influx"}',
    'vm_rows_ignored_total{reason="small_timestamp"}',
    'vm_rows_ignored_total{reason="big_timestamp"}',
)
TIMEOUT_S = 5.0
_LINE = re.compile(r"^(\S+) (\S+)$", re.MULTILINE)


def read_metrics(url: str) -> str:
    """Return the counters of a server as text; empty when it has none or is away."""
    try:
        answer = urllib3.request("GET", url.rstrip("/") + "/metrics", timeout=TIMEOUT_S, retries=False)
    except HTTPError:
        return ""
    return answer.data.decode("utf-8", "replace") if answer.status == 200 else ""


def thrown_away(metrics: str) -> dict[str, float]:
    """Return the watched counters that a server shows."""
    return {name: float(value) for name, value in _LINE.findall(metrics) if name in WATCHED}


class MirrorWatch:
    """Says it once each time a counter rose."""

    def __init__(self, *, read: Callable[[], str]) -> None:
        """Begin at the first look; what was thrown away before we came is not ours."""
        self._read = read
        self._before: dict[str, float] | None = None

    def look(self) -> dict[str, float]:
        """Return by how much each counter rose since the last look, and log it."""
        now = thrown_away(self._read())
        before = self._before if self._before is not None else now
        # A server that was restarted counts from zero again.
        risen = {name: now[name] - before.get(name, 0.0) for name in now if now[name] > before.get(name, 0.0)}
        for name, by in risen.items():
            log.error("the mirror answered success and threw %d points away: %s", by, name)
        if now:
            self._before = now
        return risen
