"""Messages to a batch: whose they are, what they hold, and what cannot be kept. No database, no I/O."""

from collections import defaultdict
from collections.abc import Callable, Sequence
from datetime import UTC, datetime
from functools import lru_cache

import msgspec

from edge.wire.clips import PieceError, read_head
from edge.wire.messages import DecodeError, Record, Reply, State, decode_reply, decode_state
from edge.wire.topics import TopicError, UpChannel, UpTopic, parse_up
from hub.ingest.handlers import LATE_AFTER, Arrival
from hub.ingest.keeping.deadletter import Letter
from hub.ingest.keeping.seen import Stream
from hub.ingest.pictures.clips import ClipPiece
from hub.ingest.pictures.stills import Picture
from hub.ingest.presence import Heard
from hub.ingest.saying.commands import LIVE_CORRELATION
from hub.ingest.taking.decode import BadRecord, decode_message
from hub.ingest.taking.link import Message
from hub.ingest.taking.rate import TokenBuckets

# A message costs one token and one more for each so many bytes.
BYTES_A_TOKEN = 4096
# Of a picture only this much goes to the dead letters: they are no album.
STILL_RAW_BYTES = 64


# A city has a few thousand topics, each comes again and again.
_parse_up = lru_cache(maxsize=10_000)(parse_up)


class BadOne(msgspec.Struct, frozen=True):
    """A bad record whose number can be read: it is acknowledged, or it would come for ever."""

    stream: Stream
    seq: int
    letter: Letter


class Said(msgspec.Struct, frozen=True):
    """A birth or a will."""

    device: str
    state: State
    at: datetime


class Answered(msgspec.Struct, frozen=True):
    """A reply to a command."""

    device: str
    reply: Reply
    correlation: bytes
    letter: Letter  # for the case that it answers nothing


class Batch(msgspec.Struct, kw_only=True):
    """What one commit will keep."""

    arrivals: list[Arrival] = msgspec.field(default_factory=list)
    bad: list[BadOne] = msgspec.field(default_factory=list)
    letters: list[Letter] = msgspec.field(default_factory=list)
    states: list[Said] = msgspec.field(default_factory=list)
    replies: list[Answered] = msgspec.field(default_factory=list)
    pictures: dict[tuple[str, str], Picture] = msgspec.field(default_factory=dict)
    pieces: list[ClipPiece] = msgspec.field(default_factory=list)
    heard: dict[str, Heard] = msgspec.field(default_factory=dict)

    def seqs(self) -> dict[Stream, list[int]]:
        """Return all that this batch can acknowledge."""
        seqs: dict[Stream, list[int]] = defaultdict(list)
        for arrival in self.arrivals:
            seqs[arrival.device, arrival.epoch].append(arrival.record.seq)
        for bad in self.bad:
            seqs[bad.stream].append(bad.seq)
        return seqs


class Sorter:
    """Takes messages apart, device by device."""

    def __init__(
        self, *, is_known: Callable[[str], bool], message_rate: TokenBuckets, still_rate: TokenBuckets
    ) -> None:
        """Take collaborators.

        Args:
            is_known: Whether a device id is enrolled and not revoked, asked for each message.
            message_rate: Tokens of each device.
            still_rate: Tokens of each device for stills.
        """
        self._is_known = is_known
        self._message_rate = message_rate
        self._still_rate = still_rate

    def admit(self, messages: Sequence[Message]) -> tuple[list[Message], list[Message]]:
        """Divide into those within the rate of their device and those beyond; ask once a message.

        Retained ones are beyond too: nothing of ours is retained, so somebody else put them there.
        """
        admitted: list[Message] = []
        refused: list[Message] = []
        for message in messages:
            is_admitted = not message.is_retained and self._is_allowed(message)
            (admitted if is_admitted else refused).append(message)
        return admitted, refused

    def sort(self, messages: Sequence[Message]) -> Batch:
        """Return the batch that these messages make; the same messages may be sorted again."""
        batch = Batch()
        for message in messages:
            self._sort_one(batch, message)
        return batch

    def _sort_one(self, batch: Batch, message: Message) -> None:
        try:
            topic = _parse_up(message.topic)
        except TopicError as error:
            batch.letters.append(letter_for(message, "", str(error)))
            return
        if not self._is_known(topic.device):
            reason = "device is not enrolled or revoked; not acknowledged"
            batch.letters.append(letter_for(message, topic.device, reason))
        else:
            self._sort_known(batch, topic, message)

    def _is_allowed(self, message: Message) -> bool:
        levels = message.topic.split("/")
        device = levels[3] if len(levels) > 4 else ""
        if UpChannel.STILL in levels[4:5]:
            return self._still_rate.allows(device)
        return self._message_rate.allows(device, 1 + len(message.payload) / BYTES_A_TOKEN)

    def _sort_known(self, batch: Batch, topic: UpTopic, message: Message) -> None:
        try:
            match topic.channel:
                case UpChannel.RECORDS:
                    _sort_records(batch, topic.device, message)
                case UpChannel.STATE:
                    said = Said(topic.device, decode_state(message.payload), received_at(message))
                    batch.states.append(said)
                case UpChannel.REPLY if message.correlation.startswith(LIVE_CORRELATION):
                    pass  # a screen waits for it
                case UpChannel.REPLY:
                    _sort_reply(batch, topic.device, message)
                case UpChannel.STILL:
                    _sort_still(batch, topic, message)
                case UpChannel.CLIP:
                    _sort_piece(batch, topic, message)
                case UpChannel.LIVE | UpChannel.THUMB:  # never subscribed to: the screens' business
                    raise DecodeError("live video does not go through ingest")
        except (DecodeError, PieceError) as error:
            batch.letters.append(letter_for(message, topic.device, str(error)))


def received_at(message: Message) -> datetime:
    """Return when a message came, UTC."""
    return datetime.fromtimestamp(message.received_at_s, UTC)


def letter_for(message: Message, device: str, reason: str, raw: bytes | None = None) -> Letter:
    """Return the dead letter of a message, or of the part ``raw`` of it."""
    raw = message.payload if raw is None else raw
    is_picture = f"/{UpChannel.STILL}/" in message.topic or f"/{UpChannel.CLIP}/" in message.topic
    return Letter(
        device=device,
        topic=message.topic,
        reason=reason,
        raw=raw[:STILL_RAW_BYTES] if is_picture else raw,
        received_at=received_at(message),
    )


def still_letter(picture: Picture, topic: str, reason: str) -> Letter:
    """Return the dead letter of a still."""
    return Letter(
        device=picture.device,
        topic=topic,
        reason=reason,
        raw=picture.jpeg[:STILL_RAW_BYTES],
        received_at=picture.received_at,
    )


def piece_letter(piece: ClipPiece, topic: str, reason: str) -> Letter:
    """Return the dead letter of a piece of a clip."""
    return Letter(
        device=piece.device,
        topic=topic,
        reason=f"{piece.head.clip} piece {piece.head.number}: {reason}",
        raw=piece.payload[:STILL_RAW_BYTES],
        received_at=piece.received_at,
    )


def _sort_records(batch: Batch, device: str, message: Message) -> None:
    decoded = decode_message(message.payload)
    at = received_at(message)
    late_before = at - LATE_AFTER
    epoch = decoded.epoch
    batch.arrivals.extend(
        [
            Arrival(
                device=device,
                epoch=epoch,
                record=record,
                received_at=at,
                is_late=record.at < late_before,
                body_crc32=crc,
            )
            for record, crc in zip(decoded.records, decoded.body_crc32s, strict=True)
        ]
    )
    if decoded.records:
        batch.heard[device] = Heard(epoch, _newest(decoded.records).boot_id, at)
    for bad in decoded.bad:
        _sort_bad(batch, (device, epoch), bad, message)


def _newest(records: tuple[Record, ...]) -> Record:
    # Backlog of an earlier boot also comes; the row with the highest number is of the latest.
    return max(records, key=lambda record: record.seq)


def _sort_bad(batch: Batch, stream: Stream, bad: BadRecord, message: Message) -> None:
    letter = letter_for(message, stream[0], bad.reason, bad.raw)
    if bad.seq is None:
        batch.letters.append(letter)
    else:
        batch.bad.append(BadOne(stream, bad.seq, letter))


def _sort_reply(batch: Batch, device: str, message: Message) -> None:
    reply = decode_reply(message.payload)
    if reply.is_done and not message.correlation:
        return  # to an order that wants no answer, as those for the wall's pictures
    letter = letter_for(message, device, "answers no command that was sent")
    batch.replies.append(Answered(device, reply, message.correlation, letter))


def _sort_still(batch: Batch, topic: UpTopic, message: Message) -> None:
    camera = topic.source or ""
    batch.pictures[topic.device, camera] = Picture(
        device=topic.device,
        camera=camera,
        jpeg=message.payload,
        said_at=message.said_at,
        received_at=received_at(message),
    )


def _sort_piece(batch: Batch, topic: UpTopic, message: Message) -> None:
    head = read_head(message.labels, payload_bytes=len(message.payload))
    batch.pieces.append(
        ClipPiece(
            device=topic.device,
            camera=topic.source or "",
            head=head,
            payload=message.payload,
            received_at=received_at(message),
        )
    )
