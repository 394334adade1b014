"""The numbers of the hub at this moment: from committed rows, the disk, and the process that is asked."""

import os
import resource
import shutil
from collections.abc import Iterator
from pathlib import Path

from sqlalchemy import func, make_url, select
from sqlalchemy.orm import Session

from hub.alarms.models import Alarm
from hub.backup.noting import RunKind, newest
from hub.config import HubConfig
from hub.ingest.models import DeadLetter, DevicePresence, IngestHealth
from hub.notify.models import OutboxMessage
from hub.operating.doctor.records import mirror_behind
from hub.operating.metrics.text import Family

_PAGE_BYTES = resource.getpagesize()
# Of one worker: column, name, kind, help.
_OF_WORKER = (
    ("records", "records_total", "counter", "Records kept since the worker started."),
    ("duplicates", "duplicate_records_total", "counter", "Records that had come before."),
    ("dead_letters", "dead_letters_total", "counter", "Messages and records that could not be kept."),
    ("refused", "refused_messages_total", "counter", "Messages over the rate of their device."),
    ("queue_length", "queue_messages", "gauge", "Messages that wait to be kept."),
    ("last_commit_at", "last_commit_timestamp_seconds", "gauge", "When it committed last: alert on its age."),
    ("last_record_at", "last_record_timestamp_seconds", "gauge", "When it kept a record last."),
    ("started_at", "start_timestamp_seconds", "gauge", "When it started."),
)


def gather(config: HubConfig, db: Session) -> Iterator[Family]:
    """Yield all families that stand in the database or on the disk."""
    yield from _ingest(db)
    yield from _counts(db)
    yield from _mirror(config, db)
    yield from _backups(db)
    yield from _disk(config)


def of_process(role: str) -> Iterator[Family]:
    """Yield what this process takes of the machine; ``role``: web or ingest."""
    used = resource.getrusage(resource.RUSAGE_SELF)
    cpu = Family("pontive_process_cpu_seconds_total", "counter", "Processor time of the process.")
    cpu.add(used.ru_utime + used.ru_stime, role=role)
    pages = int(Path("/proc/self/statm").read_text("ascii").split()[1])
    memory = Family("pontive_process_resident_memory_bytes", "gauge", "Memory of the process.")
    memory.add(pages * _PAGE_BYTES, role=role)
    files = Family("pontive_process_open_fds", "gauge", "Open files and connections of the process.")
    files.add(len(os.listdir("/proc/self/fd")), role=role)
    yield from (cpu, memory, files)


def _ingest(db: Session) -> Iterator[Family]:
    workers = db.scalars(select(IngestHealth).order_by(IngestHealth.worker)).all()
    for column, name, kind, words in _OF_WORKER:
        family = Family(f"pontive_ingest_{name}", kind, words)  # type: ignore[arg-type]  # one of the three above
        for worker in workers:
            value = getattr(worker, column)
            if value is not None:
                family.add(value.timestamp() if column.endswith("_at") else value, worker=worker.worker)
        yield family


def _counts(db: Session) -> Iterator[Family]:
    devices = Family("pontive_devices", "gauge", "Devices that were heard, by whether they are connected.")
    for is_online, count in db.execute(
        select(DevicePresence.is_online, func.count()).group_by(DevicePresence.is_online)
    ):
        devices.add(count, state="online" if is_online else "offline")
    alarms = Family("pontive_alarms_active", "gauge", "Alarms whose cause is there, by severity.")
    is_active = Alarm.cleared_at.is_(None) & Alarm.open_key.is_not(None)
    for severity, count in db.execute(
        select(Alarm.severity, func.count()).where(is_active).group_by(Alarm.severity)
    ):
        alarms.add(count, severity=severity)
    letters = Family("pontive_dead_letters", "gauge", "Different messages among the dead letters.")
    letters.add(db.scalar(select(func.count()).select_from(DeadLetter)) or 0)
    messages = Family("pontive_notify_messages", "gauge", "Messages to people, by state.")
    for state, count in db.execute(select(OutboxMessage.state, func.count()).group_by(OutboxMessage.state)):
        messages.add(count, state=state)
    yield from (devices, alarms, letters, messages)


def _mirror(config: HubConfig, db: Session) -> Iterator[Family]:
    if config.mirror.url:
        behind = Family("pontive_mirror_behind_commits", "gauge", "Commits the mirror was not told of yet.")
        behind.add(mirror_behind(db))
        yield behind


def _backups(db: Session) -> Iterator[Family]:
    at = Family("pontive_backup_timestamp_seconds", "gauge", "When one was last made, drilled, restored.")
    size = Family("pontive_backup_size_bytes", "gauge", "Size of the newest backup.")
    took = Family("pontive_backup_duration_seconds", "gauge", "How long that took.")
    for kind in RunKind:
        if (run := newest(db, kind)) is not None:
            at.add(run.at.timestamp(), kind=kind)
            took.add(run.seconds, kind=kind)
            if kind is RunKind.MADE:
                size.add(run.bytes)
    yield from (at, size, took)


def _disk(config: HubConfig) -> Iterator[Family]:
    room = shutil.disk_usage(config.folder)
    free = Family("pontive_disk_free_bytes", "gauge", "Room where the hub keeps its files.")
    free.add(room.free)
    total = Family("pontive_disk_size_bytes", "gauge", "All room there.")
    total.add(room.total)
    size = Family("pontive_database_size_bytes", "gauge", "Files of an SQLite database.")
    url = make_url(config.database)
    if url.get_backend_name() == "sqlite":
        files = [Path(str(url.database) + end) for end in ("", "-wal")]
        size.add(sum(one.stat().st_size for one in files if one.exists()))
    yield from (free, total, size)
