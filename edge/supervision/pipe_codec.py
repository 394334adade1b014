"""Bytes of a worker's pipe to a message, without trusting the worker.

A worker decodes video from the street and QR codes of strangers, so it is the part most likely
to be taken over or to run wild. Nothing of it is unpickled, and what comes is checked like anything
else from outside.
"""

import re
from datetime import datetime
from multiprocessing.connection import Connection

import msgspec

from edge.supervision.messages import (
    Answered,
    Beat,
    DoorScreen,
    Faulted,
    FromWorker,
    LivePart,
    Said,
    StillTaken,
    Told,
)
from edge.wire.live import MAX_LIVE_BYTES, MAX_THUMB_BYTES
from edge.wire.messages import (
    MAX_BODY_BYTES,
    MAX_STILL_BYTES,
    DecodeError,
    Reply,
    decode_body,
    decode_reply,
    encode,
)
from edge.wire.records.bodies import MAX_INTEGER, CameraFault
from edge.wire.topics import UpChannel

# The largest message is a piece of live video; the rest is room for what stands around it.
MAX_MESSAGE_BYTES = MAX_LIVE_BYTES + 4_096
_MOST_OF_LIVE = {UpChannel.LIVE: MAX_LIVE_BYTES, UpChannel.THUMB: MAX_THUMB_BYTES}
_MAX_DETAIL_CHARACTERS = 500
# Of a door's screen.
_MAX_LINE_CHARACTERS, _MAX_FOOTERS = 200, 4
_MESSAGE_CODE = re.compile(r"\A[EHSTW][0-9]{2}\Z")
_FIGURES = re.compile(r"\A(?:[0-9]{3})?\Z")


class GarbageError(ValueError):
    """A worker sent something that is no message of :mod:`edge.supervision.messages`."""


# A message is the place of its class here as one byte, then MessagePack: a format without references
# or code, whose lengths cannot promise more than is there. Unpickling has all three.
_KINDS: tuple[type[FromWorker], ...] = (
    Beat,
    Said,
    StillTaken,
    LivePart,
    Answered,
    Faulted,
    Told,
    DoorScreen,
)
_PLACES = {kind: bytes([place]) for place, kind in enumerate(_KINDS)}
_DECODERS = tuple(msgspec.msgpack.Decoder(kind) for kind in _KINDS)
_ENCODER = msgspec.msgpack.Encoder()


class WorkerPipe(Connection):
    """A worker's end of its pipe: what it sends is put into words that need no trust."""

    def send(self, obj: FromWorker) -> None:
        """Send a message. What the agent sends back is its own, and is read as it is."""
        self.send_bytes(encode_message(obj))


def encode_message(message: FromWorker) -> bytes:
    """Return a message as bytes."""
    return _PLACES[type(message)] + _ENCODER.encode(message)


def decode(payload: bytes) -> FromWorker:
    """Return the message in ``payload``.

    Raises:
        GarbageError: it is none, or one with impossible values.
    """
    try:
        message = _DECODERS[payload[0]].decode(memoryview(payload)[1:])
    # A deep nest of lists ends in a RecursionError before anything of it is kept.
    except (IndexError, ValueError, RecursionError) as error:
        raise GarbageError(f"{len(payload)} bytes that are no message: {error!r:.120}") from error
    if not _is_sane(message):
        raise GarbageError(f"a {type(message).__name__} with impossible values")
    return message


def _is_sane(message: object) -> bool:
    match message:
        case Beat(frames=int(), pts_s=float() | int()):
            return True
        case Said(body=body, at=datetime() as at, mono_ns=int(mono_ns), ticket=int(ticket)):
            return (
                at.tzinfo is not None and 0 <= mono_ns <= MAX_INTEGER and ticket >= 0 and is_acceptable(body)
            )
        case StillTaken(camera=str(), jpeg=bytes(jpeg), at=datetime() as at):
            return at.tzinfo is not None and 0 < len(jpeg) <= MAX_STILL_BYTES
        case LivePart(channel=UpChannel() as channel, payload=bytes(payload)):
            return 0 < len(payload) <= _MOST_OF_LIVE.get(channel, 0)
        case Answered(ticket=int(ticket), reply=Reply() as reply):
            return ticket > 0 and _is_reply(reply)
        case Told(code=str(code), text=str(text), name=str(name), action=str(action), note=str(note)):
            return bool(_MESSAGE_CODE.match(code)) and _are_lines(text, name, action, note)
        case DoorScreen(challenge=str(figures), footers=tuple(footers)):
            is_ours = _FIGURES.match(figures) and len(footers) <= _MAX_FOOTERS
            return bool(is_ours) and _are_lines(*footers)
        case Faulted(fault=CameraFault(), detail=str(detail)):
            return len(detail) <= MAX_MESSAGE_BYTES
        case _:
            return False


def _are_lines(*lines: object) -> bool:
    """Return whether these may stand on a screen."""
    return all(isinstance(line, str) and len(line) <= _MAX_LINE_CHARACTERS for line in lines)


def is_acceptable(body: object) -> bool:
    """Return whether the hub would take ``body``.

    One body that the hub cannot decode would take the whole batch around it into the dead
    letters, so each is decoded once, strictly, before it is accepted.
    """
    if not isinstance(body, msgspec.Struct):
        return False
    try:
        payload = encode(body)
        decode_body(payload)
    except (DecodeError, TypeError, ValueError):
        return False
    return len(payload) <= MAX_BODY_BYTES


def _is_reply(reply: Reply) -> bool:
    try:
        payload = encode(reply)
        decode_reply(payload)
    except (DecodeError, TypeError, ValueError):
        return False
    return len(payload) <= MAX_BODY_BYTES


def clean_detail(detail: str) -> str:
    """Return ``detail`` as it may stand in a record: printable and short."""
    printable = "".join(c if c.isprintable() else " " for c in detail)
    return printable[:_MAX_DETAIL_CHARACTERS].strip()
