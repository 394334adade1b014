"""Three real workers of ingest, a real broker that divides the messages, and a real PostgreSQL."""

import asyncio
import os
import random
import signal
from collections import Counter
from collections.abc import Coroutine, Iterator
from concurrent.futures import ThreadPoolExecutor
from typing import Any, TypeVar

import psutil
import psycopg
import pytest
from sqlalchemy import func, select

from hub.ingest.keeping.receipts import read_receipts
from hub.ingest.models import DeadLetter, IngestHealth, IngestLease
from tests.bench.fleet_parts.real_hub import FleetBroker, HubIngest
from tests.bench.fleet_parts.site import RECORDS_A_MINUTE
from tests.bench.fleet_parts.swarm import Swarm

WORKERS = 3
DEVICES = [f"site-{number}" for number in range(12)]
WITHIN_S = 240.0
pytestmark = pytest.mark.postgres
Result = TypeVar("Result")


@pytest.fixture
def hub(postgres_server: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[HubIngest]:
    with psycopg.connect(f"{postgres_server}/template1", autocommit=True) as admin:
        admin.execute("CREATE DATABASE several")
    folder = tmp_path_factory.mktemp("several")
    broker = FleetBroker(folder)
    broker.start()
    hub = HubIngest(folder / "hub", broker, f"{postgres_server}/several", workers=WORKERS)
    hub.plain_port = broker.plain_port
    hub.load(DEVICES)
    yield hub
    hub.stop()
    broker.stop()
    with psycopg.connect(f"{postgres_server}/template1", autocommit=True) as admin:
        admin.execute("DROP DATABASE several WITH (FORCE)")


def in_own_thread(what: Coroutine[Any, Any, Result]) -> Result:
    """Run it to its end: the browser tests of the same process leave their loop in the main thread."""
    with ThreadPoolExecutor(max_workers=1) as threads:
        return threads.submit(asyncio.run, what).result()


class Watching:
    """What a test asks of the workers while they run."""

    def __init__(self, hub: HubIngest, keeper: int) -> None:
        self._hub = hub
        self._keeper = psutil.Process(keeper)

    def pid_of(self, worker: int) -> int:
        for child in self._keeper.children():
            words = child.cmdline()
            if "--worker" in words and words[words.index("--worker") + 1] == str(worker):
                return child.pid
        raise AssertionError(f"worker {worker} does not run")

    def health(self) -> dict[int, tuple[str, int]]:
        """Return of each worker when it started and what it kept since."""
        with self._hub.database.reading() as db:
            rows = db.scalars(select(IngestHealth)).all()
        return {row.worker: (str(row.started_at), row.records) for row in rows}

    def keeps(self, worker: int, *, unlike: str = "") -> bool:
        started, records = self.health().get(worker, (unlike, 0))
        return started != unlike and records > 0

    def leader(self) -> str:
        with self._hub.database.reading() as db:
            row = db.get(IngestLease, "chores")
            return "" if row is None else row.holder


async def _say_on(swarm: Swarm, over: asyncio.Event) -> None:
    """Every site says something four times a second, and again what is owed."""
    number = 0
    while not over.is_set():
        for link in swarm.links:
            link.say_record(number % RECORDS_A_MINUTE)
        number += 1
        await swarm.look()
        await asyncio.sleep(0.25)


async def _until(is_true, what: str) -> None:
    async with asyncio.timeout(WITHIN_S):
        while not await asyncio.to_thread(is_true):
            await asyncio.sleep(0.1)


async def _storm(swarm: Swarm, watching: Watching) -> tuple[list[str], int]:
    """Kill each worker in turn, freeze one; return who led, and what is not acknowledged at the end."""
    await swarm.connect()
    over = asyncio.Event()
    saying = asyncio.create_task(_say_on(swarm, over))
    leaders = []
    for worker in range(WORKERS):
        await _until(lambda one=worker: watching.keeps(one), "each takes its share")
    for worker in range(WORKERS):
        leaders.append(watching.leader())
        before, _ = watching.health()[worker]
        os.kill(watching.pid_of(worker), signal.SIGKILL)
        await _until(lambda one=worker, old=before: watching.keeps(one, unlike=old), "it is back")
    frozen = watching.pid_of(0)
    os.kill(frozen, signal.SIGSTOP)
    accepted = swarm.tally.acknowledged
    await _until(lambda: swarm.tally.acknowledged > accepted + 100, "the others go on")
    over.set()
    await saying
    # The broker goes on dealing to the frozen one: the sites send again until somebody else is dealt it.
    left = await swarm.settle(WITHIN_S)
    os.kill(frozen, signal.SIGCONT)
    await _until(lambda: watching.leader() != leaders[0], "who led was killed, so another one leads")
    leaders.append(watching.leader())
    swarm.close()
    return leaders, left


def test_three_workers_that_are_killed_in_turn_lose_nothing_and_double_nothing(hub: HubIngest) -> None:
    keeper = hub.start().pid
    swarm = Swarm(DEVICES, hub.plain_port, chance=random.Random(1))
    watching = Watching(hub, keeper)
    leaders, left = in_own_thread(_storm(swarm, watching))

    assert left == 0, hub.log.read_text()[-3000:]
    accepted = {
        (link.site.device, link.site.epoch, seq)
        for link in swarm.links
        for seq in range(1, link.site.seq + 1)
    }
    with hub.database.reading() as db:
        kept = Counter((one.device, one.epoch, one.seq) for one in read_receipts(db))
        assert not db.scalar(select(func.count()).select_from(DeadLetter))
    assert set(kept) == accepted
    assert max(kept.values()) == 1
    assert swarm.sent_again() > 0, "a storm in which nothing went astray proves nothing"
    assert set(watching.health()) == set(range(WORKERS))
    assert len(set(leaders)) > 1


def test_a_worker_whose_keeper_was_killed_ends_too(hub: HubIngest) -> None:
    keeper = hub.start("--worker", "0", "--worker", "1")
    watching = Watching(hub, keeper.pid)

    async def both_beat() -> None:
        await _until(lambda: set(watching.health()) == {0, 1}, "both run")

    in_own_thread(both_beat())
    workers = [psutil.Process(watching.pid_of(number)) for number in (0, 1)]
    keeper.kill()
    keeper.wait()
    _gone, alive = psutil.wait_procs(workers, timeout=WITHIN_S)
    assert not alive
