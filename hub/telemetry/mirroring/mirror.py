"""The mirror: committed readings copied to a server that speaks InfluxDB's v2 write API.

The only file that imports influxdb_client. Nothing waits for the mirror and nothing rests on it:
it is fed from committed rows, at least once, and can be filled again from the store at any time.
"""

import logging
import threading
import time
from collections import deque
from collections.abc import Callable, Iterable, Iterator, Sequence
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any, Protocol

import msgspec
from influxdb_client.client.influxdb_client import InfluxDBClient
from influxdb_client.client.write_api import SYNCHRONOUS
from influxdb_client.domain.write_precision import WritePrecision
from influxdb_client.rest import ApiException
from sqlalchemy import delete, func, select
from urllib3.exceptions import HTTPError

from hub.bulk import upsert
from hub.config import MirrorSettings
from hub.db import Database
from hub.telemetry.mirroring.feed import FeedReader
from hub.telemetry.mirroring.lines import line_of
from hub.telemetry.mirroring.watch import MirrorWatch, read_metrics
from hub.telemetry.models import TelemetryFeed, TelemetryMirror
from hub.telemetry.store import Channel, Reading, Series, TelemetryStore, ms_of_instant

log = logging.getLogger(__name__)

LINES_A_WRITE = 5_000
PAUSE_S = 1.0
LONGEST_PAUSE_S = 60.0
# A server may answer 204 before it is on its disk: VictoriaMetrics lost what was younger than 7 s.
SAFE_AFTER_S = 60.0
# A mirror that is away for longer than this many commits is filled again: ``pontive-hub rebuild mirror``.
MOST_FEED_ROWS = 200_000
TIMEOUT_MS = 10_000
WATCH_EVERY_S = 60.0


class MirrorError(Exception):
    """The mirror did not take the lines."""


class LineSink(Protocol):
    """Where lines go."""

    def write(self, lines: Sequence[str]) -> None:
        """Write lines, times in milliseconds. Raises :class:`MirrorError`."""

    def close(self) -> None:
        """Give the connection back."""


class MemorySink:
    """A sink that keeps lines in a list."""

    def __init__(self) -> None:
        """Begin empty and reachable."""
        self.lines: list[str] = []
        self.is_reachable = True

    def write(self, lines: Sequence[str]) -> None:
        """See :class:`LineSink`."""
        if not self.is_reachable:
            raise MirrorError("the memory sink was made unreachable")
        self.lines.extend(lines)

    def close(self) -> None:
        """See :class:`LineSink`."""


class InfluxSink:
    """A server behind influxdb-client, written synchronously."""

    def __init__(self, *, url: str, token: str, org: str, bucket: str) -> None:
        """Prepare; nothing is connected before the first write."""
        self._bucket = bucket
        self._client = InfluxDBClient(url=url, token=token, org=org, timeout=TIMEOUT_MS)
        # The batching writer of the client keeps lines in memory and can lose them.
        self._writer = self._client.write_api(write_options=SYNCHRONOUS)

    def write(self, lines: Sequence[str]) -> None:
        """See :class:`LineSink`."""
        try:
            self._writer.write(self._bucket, record="\n".join(lines), write_precision=WritePrecision.MS)  # type: ignore[arg-type]  # its enum is plain texts
        except (ApiException, HTTPError, OSError) as error:
            raise MirrorError(f"the mirror took nothing: {error}") from error

    def close(self) -> None:
        """See :class:`LineSink`."""
        self._writer.close()  # type: ignore[no-untyped-call]  # the client types only a part of itself
        self._client.close()  # type: ignore[no-untyped-call]


class Mirror:
    """Follows the feed of committed readings with a cursor that lags."""

    def __init__(
        self,
        *,
        name: str,
        database: Database,
        sink: LineSink,
        monotonic_s: Callable[[], float] = time.monotonic,
        watch: MirrorWatch | None = None,
    ) -> None:
        """Take collaborators; ``name`` is what the cursor is kept under."""
        self._watch = watch
        self._looked_at_s = float("-inf")
        self._name = name
        self._database = database
        self._sink = sink
        self._monotonic_s = monotonic_s
        self._feed = FeedReader(wait_s=SAFE_AFTER_S, monotonic_s=monotonic_s)
        self._unsafe: deque[tuple[float, int]] = deque()

    def run(self, stop: threading.Event, is_ours: Callable[[], bool] = lambda: True) -> None:
        """Copy until told to stop; a mirror that is away is said once and tried again.

        Args:
            stop: Ends it.
            is_ours: Whether it is this process that copies, of several that take in records.
        """
        pause_s, is_failing = PAUSE_S, False
        while not stop.is_set():
            if not is_ours():
                self._begin_anew()
                stop.wait(PAUSE_S)
                continue
            # The outermost loop of this thread: whatever happens here, records are not concerned.
            try:
                self._look()
                if self.copy_some():
                    continue
                pause_s, is_failing = PAUSE_S, False
            except Exception as error:
                if not is_failing:
                    log.error("the mirror falls behind: %s", error)
                pause_s, is_failing = min(2 * pause_s, LONGEST_PAUSE_S), True
            stop.wait(pause_s)
        self._sink.close()

    def _look(self) -> None:
        if self._watch is not None and self._monotonic_s() - self._looked_at_s >= WATCH_EVERY_S:
            self._looked_at_s = self._monotonic_s()
            self._watch.look()

    def copy_some(self) -> bool:
        """Copy one write's worth; return whether there was any.

        Raises:
            MirrorError: the server did not take it; the next call begins at the same place.
        """
        self._advance_cursor()
        rows = self._next_rows()
        lines = [line for _, packed in rows for line in _lines_of(packed)]
        if lines:
            self._sink.write(lines)
        self._feed.note(rows)
        if rows and self._feed.position is not None:
            self._unsafe.append((self._monotonic_s(), self._feed.position))
        return bool(rows)

    def _begin_anew(self) -> None:
        # Another one goes on from the cursor; what it copied meanwhile is not known here.
        self._feed.begin(None)
        self._unsafe.clear()

    def _next_rows(self) -> list[tuple[int, bytes]]:
        with self._database.reading() as session:
            if self._feed.position is None:
                held = session.get(TelemetryMirror, self._name)
                self._feed.begin(held.feed_id if held else 0)
            return self._feed.read(session)

    def _advance_cursor(self) -> None:
        safe = None
        while self._unsafe and self._monotonic_s() - self._unsafe[0][0] >= SAFE_AFTER_S:
            safe = self._unsafe.popleft()[1]
        if safe is None:
            return
        with self._database.writing() as session:
            upsert(
                session,
                TelemetryMirror,
                [{"name": self._name, "feed_id": safe}],
                key=("name",),
                changes=lambda new: {"feed_id": new.feed_id},
            )
            # The row at the cursor stays: SQLite would give the numbers of an empty table out again.
            session.execute(delete(TelemetryFeed).where(TelemetryFeed.id < safe))


def forget_old_feed(database: Database, *, most: int = MOST_FEED_ROWS) -> bool:
    """Cut a feed that nobody follows; return whether something was cut and a refill is due."""
    with database.writing() as session:
        newest = session.scalar(select(func.max(TelemetryFeed.id))) or 0
        oldest = session.scalar(select(func.min(TelemetryFeed.id))) or newest
        session.execute(delete(TelemetryFeed).where(TelemetryFeed.id <= newest - most))
    return oldest <= newest - most


def refill(store: TelemetryStore, sink: LineSink, *, begin: datetime, end: datetime) -> int:
    """Write everything of ``begin <= at < end`` to the mirror again, from the store.

    Returns:
        How many lines were written. The same point twice is one point.

    Raises:
        MirrorError: the server did not take a part; call again.
    """
    written = 0
    lines: list[str] = []
    for series in sorted(store.last()):
        for line in _lines_of_series(store, series, begin, end):
            lines.append(line)
            if len(lines) == LINES_A_WRITE:
                sink.write(lines)
                written += len(lines)
                lines = []
    if lines:
        sink.write(lines)
    return written + len(lines)


def _lines_of_series(store: TelemetryStore, series: Series, begin: datetime, end: datetime) -> Iterator[str]:
    channel = Channel(series.device, series.source, (series.quantity,))
    while begin < end:
        day_end = min(begin + timedelta(days=1), end)
        for point in store.window(series, begin, day_end):
            at_ms = ms_of_instant(point.at)
            yield line_of(Reading(channel, at_ms, 0, (point.value,), at_ms))
        begin = day_end


_feed = msgspec.msgpack.Decoder(list[Any])


def _lines_of(packed: bytes) -> Iterable[str]:
    for (device, source, quantities), at_ms, rank, values, received_ms in _feed.decode(packed):
        channel = Channel(device, source, tuple(quantities))
        line = line_of(Reading(channel, at_ms, rank, tuple(values), received_ms))
        if line:
            yield line


def mirror_of(settings: MirrorSettings, *, database: Database) -> Mirror | None:
    """Return the mirror that is configured, or ``None``.

    Raises:
        OSError: the token file cannot be read.
    """
    if not settings.url:
        return None
    watch = MirrorWatch(read=lambda: read_metrics(settings.url))
    name = f"{settings.url} {settings.bucket}"
    return Mirror(name=name, database=database, sink=sink_of(settings), watch=watch)


def sink_of(settings: MirrorSettings) -> InfluxSink:
    """Return the way to the server that is configured.

    Raises:
        OSError: the token file cannot be read.
    """
    token = Path(settings.token_file).read_text("utf-8").strip() if settings.token_file else ""
    return InfluxSink(url=settings.url, token=token, org=settings.org, bucket=settings.bucket)
