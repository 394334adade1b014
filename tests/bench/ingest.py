"""``./pontive bench ingest``: durable records a CPU second of the hub, beside two rivals in the same run.

A real mosquitto holds the same preloaded messages for each consumer in turn: the consumer subscribes,
is frozen, all is published, it is let go, and its own CPU time is taken from outside until it is done.
Rivals: paho that only counts, and paho with one INSERT and commit a record. Batches of 50 records a
message are a backlog that drains; single records are live traffic. Then live traffic at a steady rate
gives the time from publish to commit.
"""

import json
import select
import signal
import socket
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path

import click
import psutil
from ingest_consumers.publisher import EPOCH, Publisher, backlog, counts_record, probe

from edge.wire.messages import Records, encode
from edge.wire.records.bodies import Lane
from edge.wire.topics import UpChannel, up

ROOT = Path(__file__).parents[2]
CONSUMERS = Path(__file__).parent / "ingest_consumers"
BATCHES = (50, 1)
LIVE_PER_S = 200
LONGEST_S = 300.0


@contextmanager
def mosquitto(folder: Path) -> Iterator[int]:
    """A broker that keeps everything in memory and drops nothing; yields its port."""
    with socket.socket() as probe_socket:
        probe_socket.bind(("127.0.0.1", 0))
        port = int(probe_socket.getsockname()[1])
    (folder / "mosquitto.conf").write_text(
        f"listener {port} 127.0.0.1\nallow_anonymous true\npersistence false\nset_tcp_nodelay true\n"
        "max_inflight_messages 2000\nmax_queued_messages 1000000\n"
    )
    broker = subprocess.Popen(["mosquitto", "-c", folder / "mosquitto.conf"], stderr=subprocess.DEVNULL)
    try:
        while socket.socket().connect_ex(("127.0.0.1", port)):
            assert broker.poll() is None, "mosquitto ended"
            time.sleep(0.02)
        yield port
    finally:
        broker.terminate()
        broker.wait()


class Consumer:
    """One consumer as a process of its own."""

    def __init__(self, name: str, *arguments: object) -> None:
        command = [sys.executable, CONSUMERS / f"{name}.py", *map(str, arguments)]
        self._process = subprocess.Popen(
            command, stdout=subprocess.PIPE, text=True, cwd=ROOT, env={"PYTHONPATH": str(ROOT)}
        )
        self._counter = psutil.Process(self._process.pid)

    def wait_until_it_hears(self, publisher: Publisher) -> None:
        seq = 0
        while not self._has_output(0.1):
            seq += 1
            publisher.publish([probe(seq)])
        self.wait_for("heard")
        # The probes that are under way must not count.
        time.sleep(0.5)

    def wait_for(self, word: str) -> None:
        while (line := self._read_line().strip()) != word:
            assert line == "heard", f"the consumer ended or said {line!r}"

    def result(self) -> list[float]:
        answer: list[float] = json.loads(self._read_line())
        return answer

    def cpu_s(self) -> float:
        times = self._counter.cpu_times()
        return float(times.user + times.system)

    def freeze(self) -> None:
        self._process.send_signal(signal.SIGSTOP)

    def thaw(self) -> None:
        self._process.send_signal(signal.SIGCONT)

    def stop(self) -> None:
        self.thaw()
        self._process.terminate()
        self._process.wait()

    def _read_line(self) -> str:
        assert self._process.stdout is not None
        assert self._has_output(LONGEST_S), f"a consumer said nothing for {LONGEST_S} s"
        return self._process.stdout.readline()

    def _has_output(self, within_s: float) -> bool:
        return bool(select.select([self._process.stdout], [], [], within_s)[0])


def cpu_s_of(name: str, port: int, messages: list[tuple[str, bytes]], target: int, folder: Path) -> float:
    """Return the CPU seconds a consumer needs for the preloaded messages."""
    publisher = Publisher(port)
    consumer = Consumer(name, port, target, folder / f"{name}-{len(messages)}.db")
    try:
        consumer.wait_until_it_hears(publisher)
        consumer.freeze()
        publisher.publish(messages)
        before_s = consumer.cpu_s()
        consumer.thaw()
        consumer.wait_for("done")
        return consumer.cpu_s() - before_s
    finally:
        consumer.stop()
        publisher.close()


def live_latencies_ms(port: int, folder: Path, *, seconds: float) -> list[float]:
    """Return publish -> committed of single records at a steady rate."""
    count = int(LIVE_PER_S * seconds)
    publisher = Publisher(port)
    consumer = Consumer("hub_ingest", port, count, folder / "live.db")
    try:
        consumer.wait_until_it_hears(publisher)
        begin_s = time.monotonic()
        for number in range(count):
            time.sleep(max(0.0, begin_s + number / LIVE_PER_S - time.monotonic()))
            record = counts_record(number + 1, datetime.now(UTC), mono_ns=time.monotonic_ns())
            batch = Records(epoch=EPOCH, lane=Lane.TELEMETRY, records=(record,))
            publisher.publish([(up("pi-live", UpChannel.RECORDS), encode(batch))])
        consumer.wait_for("done")
        return consumer.result()
    finally:
        consumer.stop()
        publisher.close()


def measure(port: int, records: int, records_per_message: int, folder: Path) -> dict[str, float]:
    """Return the figures of one batch size."""
    messages = list(backlog(records, records_per_message=records_per_message))
    hub_s = cpu_s_of("hub_ingest", port, messages, records, folder)
    bare_s = cpu_s_of("bare_counter", port, messages, len(messages), folder)
    each_s = cpu_s_of("insert_each", port, messages, records, folder)
    return {
        "records_per_message": records_per_message,
        "records": records,
        "durable_records_per_cpu_s": round(records / hub_s),
        "ratio_to_bare_counter": round(bare_s / hub_s, 3),
        "ratio_to_insert_each": round(each_s / hub_s, 3),
    }


@click.command()
@click.option("--json", "is_json", is_flag=True, help="One object a line.")
@click.option("--records", default=60_000, show_default=True, help="Records each consumer is given.")
@click.option("--live-s", default=10.0, show_default=True, help="Seconds of live traffic.")
def command(is_json: bool, records: int, live_s: float) -> None:
    """Durable records a CPU second of the hub's ingest, beside two rivals."""
    with tempfile.TemporaryDirectory() as name, mosquitto(Path(name)) as port:
        latencies_ms = live_latencies_ms(port, Path(name), seconds=live_s)
        p99_ms = round(statistics.quantiles(latencies_ms, n=100)[98], 1)
        for records_per_message in BATCHES:
            figures = measure(port, records, records_per_message, Path(name)) | {"p99_ms": p99_ms}
            if is_json:
                print(json.dumps(figures), flush=True)
            else:
                print(
                    f"{records_per_message:3} records a message: "
                    f"{figures['durable_records_per_cpu_s']:,} durable records a CPU second; "
                    f"{figures['ratio_to_bare_counter']} x a bare counter, "
                    f"{figures['ratio_to_insert_each']} x one insert each; "
                    f"live at {LIVE_PER_S}/s: p99 {p99_ms} ms from publish to commit",
                    flush=True,
                )
