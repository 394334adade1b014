"""Workers that misbehave on order, run as real processes by the tests of supervision."""

import os
import sys
import time
from datetime import UTC, datetime
from multiprocessing.connection import Connection
from typing import Any

from edge.supervision.messages import Beat, DoorScreen, Faulted, Said, StillTaken, Stop, Told
from edge.wire.records.bodies import CameraFault, CameraIntegrity, PictureState, SensorReading


def reading(number: int, ticket: int = 0) -> Said:
    body = SensorReading(sensor="puppet", quantity="number", value=float(number))
    return Said(body=body, at=datetime.now(UTC), mono_ns=time.monotonic_ns(), ticket=ticket)


def steady(settings: Any, pipe: Connection) -> None:
    """Beat 20 times a second, echo every order as a record, and end when told to."""
    frames = 0
    while True:
        pipe.send(Beat(frames=frames, pts_s=frames / 20))
        frames += 1
        if pipe.poll(0.05):
            message = pipe.recv()
            if isinstance(message, Stop):
                pipe.send(reading(999))
                return
            pipe.send(
                Said(
                    body=SensorReading(sensor="echo", quantity=type(message).__name__.lower(), value=1.0),
                    at=datetime.now(UTC),
                    mono_ns=time.monotonic_ns(),
                )
            )


def crash_after_a_beat(settings: Any, pipe: Connection) -> None:
    pipe.send(Beat(frames=1, pts_s=0))
    os._exit(7)


def exit_at_start(settings: Any, pipe: Connection) -> None:
    sys.exit(0)


def give_up(settings: Any, pipe: Connection) -> None:
    pipe.send(Faulted(CameraFault.NOT_FOUND, "no such camera"))


def never_begin(settings: Any, pipe: Connection) -> None:
    time.sleep(3_600)


def beat_once_then_hang(settings: Any, pipe: Connection) -> None:
    pipe.send(Beat(frames=1, pts_s=0))
    time.sleep(3_600)


def flood(settings: Any, pipe: Connection) -> None:
    """Send pictures and records as fast as the pipe takes them, and never read."""
    number = 0
    jpeg = bytes(190_000)
    while True:
        number += 1
        pipe.send(reading(number))
        pipe.send(StillTaken(camera="puppet", jpeg=jpeg, at=datetime.now(UTC)))
        pipe.send(Beat(frames=number, pts_s=0))


def garbage(settings: Any, pipe: Connection) -> None:
    pipe.send(Beat(frames=1, pts_s=0))
    pipe.send_bytes(b"\x80this is no message")
    time.sleep(3_600)


def half_a_message(settings: Any, pipe: Connection) -> None:
    """Begin a large message and stop in the middle of it."""
    pipe.send(Beat(frames=1, pts_s=0))
    os.write(pipe.fileno(), (100_000).to_bytes(4, "big") + b"half")
    time.sleep(3_600)


def huge(settings: Any, pipe: Connection) -> None:
    pipe.send_bytes(bytes(10_000_000))
    time.sleep(3_600)


def tickets(settings: Any, pipe: Connection) -> None:
    """Say records with tickets and record the answers."""
    for number in range(1, 4):
        pipe.send(Beat(frames=number, pts_s=0))
        pipe.send(reading(number, ticket=number))
        stored = pipe.recv()
        pipe.send(reading(1_000 + stored.ticket + (0 if stored.is_kept else 500)))
    steady(settings, pipe)


def a_body_the_hub_refuses(settings: Any, pipe: Connection) -> None:
    """Say a body the hub would refuse."""
    body = CameraIntegrity(camera="NOT A VALID ID", picture=PictureState.GOOD)
    pipe.send(Said(body=body, at=datetime.now(UTC), mono_ns=1))
    time.sleep(3_600)


def child_holds_the_pipe(settings: Any, pipe: Connection) -> None:
    """Crash while a grandchild still has the pipe open."""
    pipe.send(Beat(frames=1, pts_s=0))
    if os.fork() == 0:
        time.sleep(5)
        os._exit(0)
    os._exit(3)


def greet(settings: Any, pipe: Connection) -> None:
    """A door that says one thing and shows another."""
    pipe.send(Beat(frames=1, pts_s=0.0))
    pipe.send(DoorScreen(challenge="123"))
    pipe.send(Told("E06", "Kode tidak sah."))
    steady(settings, pipe)
