"""A bad link as a TCP proxy of this process: it can be narrow, or swallow everything and keep the connection.

The kernel here has no netem, and a proxy needs no rights. What is in the pipe when it turns into a hole is
lost to the other side for as long as it is one.
"""

import asyncio
import contextlib
import threading
from types import TracebackType

_PIECE_BYTES = 1_448


class BadLink:
    """A port that leads to another port of this machine; use as a context."""

    def __init__(self, port: int, *, bits_per_s: float = 0.0, delay_s: float = 0.0) -> None:
        """Lead to ``port``; ``bits_per_s`` 0 is as fast as it goes, each way."""
        self.port = 0
        self.carried_bytes = 0
        self.swallowed_bytes = 0
        self._target = port
        self._bits_per_s = bits_per_s
        self._delay_s = delay_s
        self._is_hole = False
        self._loop = asyncio.new_event_loop()
        self._is_ready = threading.Event()
        self._thread = threading.Thread(target=self._run, name="bad-link", daemon=True)

    def __enter__(self) -> "BadLink":
        self._thread.start()
        assert self._is_ready.wait(240)
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._loop.call_soon_threadsafe(lambda: [task.cancel() for task in asyncio.all_tasks(self._loop)])
        self._thread.join(240)

    def swallow(self) -> None:
        """From now on nothing arrives, and nobody hears why: connections stay, new ones are accepted."""
        self._is_hole = True

    def heal(self) -> None:
        """Connections begun from now on are fine; the old ones stay dead, as after a router's restart."""
        self._is_hole = False

    def _run(self) -> None:
        asyncio.set_event_loop(self._loop)
        with contextlib.suppress(asyncio.CancelledError):
            self._loop.run_until_complete(self._serve())
        left = asyncio.all_tasks(self._loop)
        for task in left:
            task.cancel()
        self._loop.run_until_complete(asyncio.gather(*left, return_exceptions=True))
        self._loop.close()

    async def _serve(self) -> None:
        server = await asyncio.start_server(self._meet, "127.0.0.1", 0)
        self.port = server.sockets[0].getsockname()[1]
        self._is_ready.set()
        async with server:
            await server.serve_forever()

    async def _meet(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            there_reader, there_writer = await asyncio.open_connection("127.0.0.1", self._target)
        except OSError:
            writer.close()
            return
        await asyncio.gather(
            self._carry(reader, there_writer), self._carry(there_reader, writer), return_exceptions=True
        )

    async def _carry(self, source: asyncio.StreamReader, target: asyncio.StreamWriter) -> None:
        has_swallowed = False
        try:
            while data := await source.read(_PIECE_BYTES if self._bits_per_s else 2**16):
                # What once lost a byte in the middle of TLS can never go on.
                has_swallowed = has_swallowed or self._is_hole
                if has_swallowed:
                    self.swallowed_bytes += len(data)
                    continue
                if self._delay_s or self._bits_per_s:
                    await asyncio.sleep(self._delay_s + 8 * len(data) / (self._bits_per_s or 1e12))
                self.carried_bytes += len(data)
                target.write(data)
                await target.drain()
        except ConnectionError:
            return
        finally:
            target.close()
