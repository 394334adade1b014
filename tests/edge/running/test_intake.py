"""From a worker's word to a kept row: answers, acceptance log, and a disk that refuses."""

import logging
import zlib
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, cast

import pytest

from edge.clock import SettableClock
from edge.errors import ConfigError, OutboxFullError, OutboxUnavailableError
from edge.outbox import Entry, Outbox
from edge.running.intake import AcceptanceLog, Intake, Statement
from edge.supervision.link import Link
from edge.supervision.messages import Said, Stored
from edge.wire.messages import encode
from edge.wire.records.bodies import (
    Assurance,
    Body,
    ClockQuality,
    HadirScan,
    Lane,
    MotionEvent,
    ScanMethod,
    SensorReading,
)

AT = datetime(2026, 11, 21, tzinfo=UTC)
SCAN = HadirScan(
    door="d",
    person=1,
    method=ScanMethod.PHONE,
    assurance=Assurance.STRONG,
    issued_at=AT,
    token="0" * 32,
    roster_version=1,
)


def said(body: Body | None = None, ticket: int = 0) -> Said:
    return Said(
        body=body or SensorReading(sensor="s", quantity="x", value=1.5), at=AT, mono_ns=9, ticket=ticket
    )


@dataclass
class Ears:
    """Plays the link to a worker and remembers the answers."""

    heard: list[Any] = field(default_factory=list)

    def send(self, message: Any) -> bool:
        self.heard.append(message)
        return True


def statement(body: Body | None = None, ticket: int = 0, ears: Ears | None = None) -> Statement:
    return Statement(said(body, ticket), cast("Link | None", ears))


@dataclass
class Store:
    """An outbox whose refusals the test chooses."""

    refused_lanes: tuple[type, ...] = ()
    error: Exception = field(default_factory=lambda: OutboxFullError("no room"))
    commits: list[list[Body]] = field(default_factory=list)
    epoch: str = "0123456789abcdef"

    def append_many(self, entries: Sequence[Entry]) -> list[int]:
        if any(isinstance(entry.body, self.refused_lanes) for entry in entries):
            raise self.error
        first = sum(len(commit) for commit in self.commits) + 1
        self.commits.append([entry.body for entry in entries])
        return list(range(first, first + len(entries)))


def intake(store: Store, acceptance: AcceptanceLog | None = None) -> tuple[Intake, list[str]]:
    woken: list[str] = []
    made = Intake(
        outbox=store, clock=SettableClock(), acceptance=acceptance, on_kept=lambda: woken.append("kept")
    )
    return made, woken


def test_what_came_together_is_kept_in_one_commit_and_the_uplink_is_woken_once() -> None:
    store = Store()
    made, woken = intake(store)
    made.keep([statement() for _ in range(50)])
    assert [len(commit) for commit in store.commits] == [50]
    assert woken == ["kept"]
    assert made.kept == 50


def test_nothing_said_is_no_commit() -> None:
    store = Store()
    made, woken = intake(store)
    made.keep([])
    assert (store.commits, woken) == ([], [])


def test_attendance_is_kept_first_and_in_a_commit_of_its_own() -> None:
    store = Store()
    made, _ = intake(store)
    made.keep([statement(), statement(SCAN), statement()])
    assert [[type(body) for body in commit] for commit in store.commits] == [
        [HadirScan],
        [SensorReading, SensorReading],
    ]


def test_a_door_is_answered_after_the_commit_and_only_if_it_asked() -> None:
    ears = Ears()
    made, _ = intake(Store())
    made.keep([statement(SCAN, 7, ears), statement(SCAN, 0, ears), statement(SCAN, 8, ears)])
    assert ears.heard == [Stored(7, is_kept=True), Stored(8, is_kept=True)]


@pytest.mark.parametrize(
    "error", [OutboxFullError("no room"), OutboxUnavailableError("disk I/O error"), ValueError("bad body")]
)
def test_a_refusal_is_answered_said_once_and_does_not_stop_the_others(
    error: Exception, caplog: pytest.LogCaptureFixture
) -> None:
    store = Store(refused_lanes=(SensorReading,), error=error)
    ears = Ears()
    made, _ = intake(store)
    event = MotionEvent(camera="c", duration_s=1, peak_share=0.5)
    with caplog.at_level(logging.INFO):
        for _ in range(3):
            made.keep([statement(None, 5, ears), statement(event, 6, ears)])
    assert ears.heard == [Stored(5, is_kept=False), Stored(6, is_kept=True)] * 3
    assert made.refused == 3
    errors = [record for record in caplog.records if record.levelno == logging.ERROR]
    assert len(errors) >= 1
    assert str(error) in errors[0].getMessage()


def test_a_full_outbox_is_logged_once_and_its_recovery_too(caplog: pytest.LogCaptureFixture) -> None:
    store = Store(refused_lanes=(SensorReading,))
    made, _ = intake(store)
    with caplog.at_level(logging.INFO):
        for _ in range(5):
            made.keep([statement()])
        assert made.trouble == "no room"
        store.refused_lanes = ()
        made.keep([statement()])
        made.keep([statement()])
    assert made.trouble == ""
    assert [record.levelname for record in caplog.records] == ["ERROR", "INFO"]


def test_the_acceptance_log_names_each_row_by_its_key_and_the_crc_of_its_body(tmp_path: Path) -> None:
    log = AcceptanceLog(tmp_path / "accepted.log")
    store = Store(refused_lanes=(MotionEvent,))
    made, _ = intake(store, log)
    made.keep(
        [statement(), statement(MotionEvent(camera="c", duration_s=1, peak_share=0.5)), statement(SCAN)]
    )
    log.close()
    reading = store.commits[1][0]
    assert (tmp_path / "accepted.log").read_text().splitlines() == [
        f"{store.epoch} 1 {zlib.crc32(encode(SCAN)):08x} hadir-scan",
        f"{store.epoch} 2 {zlib.crc32(encode(reading)):08x} sensor-reading",
    ]


def test_an_acceptance_log_that_cannot_be_written_is_a_config_error(tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match=r"acceptance_log .*name a writable file"):
        AcceptanceLog(tmp_path / "no" / "such.log")


def test_the_agents_own_word_carries_the_clock(tmp_path: Path) -> None:
    clock = SettableClock(AT, quality=ClockQuality.UNKNOWN, mono_ns=77)
    outbox = Outbox.open(tmp_path / "outbox.db", max_bytes=4 * 1024 * 1024, clock=clock)
    Intake(outbox=outbox, clock=clock, acceptance=None, on_kept=lambda: None).note(
        SensorReading(sensor="s", quantity="x", value=1)
    )
    row = outbox.rows(Lane.TELEMETRY, limit=1)[0]
    assert (row.at, row.clock, row.mono_ns) == (AT, ClockQuality.UNKNOWN, 77)
    outbox.close()
