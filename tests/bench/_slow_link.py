"""A poor link as a TCP proxy: delay, a narrow pipe, and segments that are lost and sent again.

In user space, so no rights are needed and nothing else on the machine is slowed down. A lost
segment holds up what is behind it for one more round trip, as TCP's fast retransmission does.
"""

import asyncio
import contextlib
import random
import threading
from collections.abc import Iterator
from dataclasses import dataclass

_SEGMENT_BYTES = 1_448


@dataclass(frozen=True, slots=True)
class Quality:
    """What a link is like."""

    delay_s: float = 0.04  # each way
    jitter_s: float = 0.015
    bits_per_s: float = 4e6
    loss: float = 0.03


async def _carry(source: asyncio.StreamReader, target: asyncio.StreamWriter, quality: Quality) -> None:
    chance = random.Random(20261122)
    loop = asyncio.get_running_loop()
    queue: asyncio.Queue[tuple[float, bytes]] = asyncio.Queue(200)

    async def deliver() -> None:
        while True:
            due_s, data = await queue.get()
            await asyncio.sleep(max(0.0, due_s - loop.time()))
            if not data:
                target.close()
                return
            target.write(data)
            await target.drain()

    delivering = asyncio.create_task(deliver())
    free_at_s = due_s = 0.0
    with contextlib.suppress(ConnectionError):
        while True:
            data = await source.read(_SEGMENT_BYTES)
            # The pipe is taken for as long as the segment is long; what comes behind waits.
            free_at_s = max(free_at_s, loop.time()) + 8 * len(data) / quality.bits_per_s
            late_s = quality.delay_s + chance.uniform(0, quality.jitter_s)
            if chance.random() < quality.loss:
                late_s += 2 * quality.delay_s
            due_s = max(due_s, free_at_s + late_s)  # in order, as TCP delivers
            await queue.put((due_s, data))
            if not data:
                break
            if free_at_s - loop.time() > 0.2:
                await asyncio.sleep(free_at_s - loop.time() - 0.2)
    with contextlib.suppress(ConnectionError):
        await delivering


@contextlib.contextmanager
def slow_link(port: int, quality: Quality) -> Iterator[int]:
    """Open a poor link to a port of this machine; yields the port to connect to."""
    started: threading.Event = threading.Event()
    found: list[int] = []
    loop = asyncio.new_event_loop()

    async def meet(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        there_reader, there_writer = await asyncio.open_connection("127.0.0.1", port)
        await asyncio.gather(
            _carry(reader, there_writer, quality),
            _carry(there_reader, writer, quality),
            return_exceptions=True,
        )

    async def serve() -> None:
        server = await asyncio.start_server(meet, "127.0.0.1", 0)
        found.append(server.sockets[0].getsockname()[1])
        started.set()
        async with server:
            await server.serve_forever()

    def run() -> None:
        asyncio.set_event_loop(loop)
        task = loop.create_task(serve())
        with contextlib.suppress(asyncio.CancelledError):
            loop.run_until_complete(task)
        for left in asyncio.all_tasks(loop):
            left.cancel()
        loop.run_until_complete(asyncio.sleep(0.05))
        loop.close()

    thread = threading.Thread(target=run, daemon=True)
    thread.start()
    assert started.wait(10)
    try:
        yield found[0]
    finally:
        loop.call_soon_threadsafe(lambda: [task.cancel() for task in asyncio.all_tasks(loop)])
        thread.join(5)
