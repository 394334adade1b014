"""A camera that is not there: an RTSP server with a drawn street, and with faults on demand.

    pontive-provision simulate camera --port 8554 --fault freeze --after 20

Serves any number of clients over TCP. For tests, and for technicians who want to see what the
hub says about a broken camera before one breaks.
"""

import asyncio
import contextlib
import random
import secrets
import threading
from collections.abc import Callable, Iterator
from concurrent.futures import Future
from dataclasses import dataclass, field
from pathlib import Path

import click

from provisioning.simulators.faults import FROM_THE_BEGINNING, film_with, garbage, told_of
from provisioning.simulators.faults import Fault as Fault
from provisioning.simulators.film import Film, Unit, film_from, street_film
from provisioning.simulators.rtp import CLOCK_HZ, Packetiser
from provisioning.simulators.rtsp_protocol import Conversation, Login, parse_request

_MAX_REQUEST_BYTES = 8_192
_DRIBBLE_S = 0.2
_CLOCK_JUMP_S = 3600


@dataclass
class RtspCameraSimulator:
    """The server.

    ``fault`` may be changed while it runs; it begins ``after_s`` seconds after a client began
    to watch. ``port`` 0 takes a free one, and then says which.
    """

    film: Film
    fault: Fault = Fault.NONE
    after_s: float = 0.0
    login: Login | None = None
    host: str = "127.0.0.1"
    port: int = 0
    clients: int = 0
    _films: dict[Fault, Film] = field(default_factory=dict)

    async def serve(self, started: Callable[[], None] = lambda: None) -> None:
        """Serve until cancelled; ``started`` is called when the port is open."""
        server = await asyncio.start_server(self._meet, self.host, self.port)
        self.port = server.sockets[0].getsockname()[1]
        started()
        async with server:
            await server.serve_forever()

    @property
    def address(self) -> str:
        """Where to watch, without the password."""
        user = f"{self.login.user}@" if self.login else ""
        return f"rtsp://{user}{self.host}:{self.port}/live"

    def film_with(self, fault: Fault) -> Film:
        """Return what is shown while ``fault`` lasts."""
        if fault not in self._films:
            self._films[fault] = film_with(fault, self.film)
        return self._films[fault]

    async def _meet(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self.clients += 1
        try:
            # A client that goes away, or talks nonsense, ends its own visit and nothing else.
            with contextlib.suppress(ConnectionError, asyncio.IncompleteReadError, ValueError):
                await self._converse(reader, writer)
        finally:
            self.clients -= 1
            writer.close()

    async def _converse(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        conversation = Conversation(
            film=self.film,
            login=self.login,
            nonce=secrets.token_hex(16),
            refuses_all=self.fault is Fault.WRONG_PASSWORD,
            describe=lambda film: told_of(film, self.fault),
        )
        showing: asyncio.Task[None] | None = None
        try:
            while (text := await _read_request(reader)) is not None:
                if self.fault is Fault.MUTE:
                    continue
                writer.write(conversation.reply(parse_request(text)))
                if conversation.is_playing and showing is None:
                    showing = asyncio.create_task(Show(self, writer).run())
        finally:
            if showing is not None:
                showing.cancel()


async def _read_request(reader: asyncio.StreamReader) -> str | None:
    """Return the next request; what a player reports about its reception is passed over."""
    while first := await reader.read(1):
        if first == b"$":
            header = await reader.readexactly(3)
            await reader.readexactly(int.from_bytes(header[1:], "big"))
            continue
        rest = await reader.readuntil(b"\r\n\r\n")
        if len(rest) > _MAX_REQUEST_BYTES:
            raise ValueError("request too long")
        return (first + rest).decode("utf-8", "replace").strip()
    return None


class Show:
    """The film as one client sees it."""

    def __init__(self, camera: RtspCameraSimulator, writer: asyncio.StreamWriter) -> None:
        self._camera = camera
        self._writer = writer
        self._packetiser = Packetiser()
        self._random = random.Random(1)  # noqa: S311 - damage, not secrets
        self._film = camera.film
        self._first = 0

    async def run(self) -> None:
        """Show the film until the client goes away or a fault ends it."""
        number, fps = 0, self._camera.film.fps
        loop = asyncio.get_running_loop()
        began_s = loop.time()
        with contextlib.suppress(ConnectionError):
            while True:
                fault = self._fault_at(number / fps)
                if fault is Fault.DROP:
                    self._writer.close()
                    return
                await self._send(fault, number)
                number += 1
                await asyncio.sleep(max(0.0, began_s + number / fps - loop.time()))

    def _fault_at(self, shown_s: float) -> Fault:
        fault = self._camera.fault
        is_on = fault in FROM_THE_BEGINNING or shown_s >= self._camera.after_s
        return fault if is_on else Fault.NONE

    async def _send(self, fault: Fault, number: int) -> None:
        if fault is Fault.SILENCE:
            return
        if fault is Fault.GARBAGE:
            self._writer.write(garbage(self._random))
            await self._writer.drain()
            return
        unit = self._unit(fault, number)
        if fault is Fault.NO_KEY_FRAMES and unit.is_key:
            return
        timestamp = number * CLOCK_HZ // self._camera.film.fps
        if fault is Fault.CLOCK_JUMP:
            timestamp -= _CLOCK_JUMP_S * CLOCK_HZ
        for packet in self._packetiser.packets(unit, timestamp):
            if fault is Fault.DRIBBLE:
                await self._dribble(packet)
            else:
                self._writer.write(packet)
        await self._writer.drain()

    async def _dribble(self, packet: bytes) -> None:
        for byte in packet:
            self._writer.write(bytes((byte,)))
            await asyncio.sleep(_DRIBBLE_S)

    def _unit(self, fault: Fault, number: int) -> Unit:
        film = self._camera.film_with(fault)
        if film is not self._film:
            # Another film begins with its key frame, as after a change of the camera's settings.
            self._film, self._first = film, number
        place = (number - self._first) % len(film.units)
        unit = film.units[place]
        match fault:
            case Fault.FREEZE:
                return next(each for each in reversed(film.units[: place + 1]) if each.is_key)
            case Fault.NOISE:
                return Unit((self._random.randbytes(500),), is_key=True)
            case Fault.GARBLE if not unit.is_key:
                return Unit(tuple(map(self._damaged, unit.nals)), is_key=False)
            case _:
                return unit

    def _damaged(self, nal: bytes) -> bytes:
        # The first bytes say what the rest is; damage to them would only make it be ignored.
        return nal[:8] + bytes(b ^ (self._random.random() < 0.02) * 0x55 for b in nal[8:])


@contextlib.contextmanager
def running(camera: RtspCameraSimulator) -> Iterator[RtspCameraSimulator]:
    """Run the server in a thread of its own; its port is open when the block begins.

    Raises:
        OSError: the port is taken.
    """
    stop: Future[Callable[[], None]] = Future()

    async def live() -> None:
        loop, serving = asyncio.get_running_loop(), asyncio.current_task()
        assert serving is not None, "asyncio.run made one"

        def end() -> None:
            loop.call_soon_threadsafe(serving.cancel)

        await camera.serve(lambda: stop.set_result(end))

    def serve() -> None:
        try:
            asyncio.run(live())
        except asyncio.CancelledError:
            return
        except OSError as error:
            stop.set_exception(error)

    thread = threading.Thread(target=serve, name="rtsp-camera")
    thread.start()
    try:
        stop.result()
        yield camera
    finally:
        if stop.exception() is None:
            stop.result()()
        thread.join()


@click.command()
@click.option("--host", default="127.0.0.1", show_default=True, help="Address to listen on.")
@click.option("--port", default=8554, show_default=True, help="Port to listen on; 0 takes a free one.")
@click.option("--fault", type=click.Choice([each.value for each in Fault]), default="none", show_default=True)
@click.option("--after", "after_s", default=0.0, help="Seconds of good picture before the fault begins.")
@click.option("--video", type=click.Path(exists=True, dir_okay=False, path_type=Path), help="Show this file.")
@click.option("--user", help="Ask for a login; the password comes from the variable CAMERA_PASSWORD.")
@click.option("--password", envvar="CAMERA_PASSWORD", hidden=True, default="")
def main(
    host: str, port: int, fault: str, after_s: float, video: Path | None, user: str | None, password: str
) -> None:
    """Be a network camera, healthy or not, until Ctrl-C."""
    camera = RtspCameraSimulator(
        film=film_from(video) if video else street_film(),
        fault=Fault(fault),
        after_s=after_s,
        login=Login(user, password) if user else None,
        host=host,
        port=port,
    )
    with contextlib.suppress(KeyboardInterrupt):
        asyncio.run(camera.serve(lambda: click.echo(f"{camera.address}  (fault: {fault}; Ctrl-C ends it)")))
