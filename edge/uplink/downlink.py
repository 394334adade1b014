"""What the hub says: acknowledgements, commands and documents, decoded strictly and handed on.

Runs in the uplink's thread. A message that is not understood is dropped; must never stop anything.
"""

import logging
from collections.abc import Callable
from dataclasses import dataclass
from typing import Protocol

from edge.uplink.connection import Arrived, MqttConnection
from edge.wire.messages import (
    Ack,
    Command,
    DecodeError,
    Desired,
    Reply,
    decode_ack,
    decode_command,
    decode_desired,
    encode,
)
from edge.wire.topics import ROOT, DownChannel, UpChannel

logger = logging.getLogger(__name__)


class Answer(Protocol):
    """Sends the reply to one command; may be called from any thread, later or never."""

    def __call__(self, reply: Reply) -> None:
        """Send it."""
        ...


@dataclass(frozen=True, slots=True)
class Answering:
    """A reply on its way to the thread that may publish it."""

    reply: Reply
    arrived: Arrived


class Downlink:
    """Sorts the messages of the hub."""

    def __init__(
        self,
        *,
        device: str,
        on_ack: Callable[[Ack], None],
        on_command: Callable[[Command, Answer], None],
        on_desired: Callable[[Desired], None],
        post: Callable[[int, Answering], None],
    ) -> None:
        """Remember whom to tell.

        Args:
            device: The device id.
            on_ack: Told what the hub has committed.
            on_command: Told a command and how to answer it.
            on_desired: Told a document, still sealed.
            post: Brings a reply to the uplink's thread, with the number of the connection it belongs to.
        """
        self._device = device
        self._on_ack = on_ack
        self._on_command = on_command
        self._on_desired = on_desired
        self._post = post

    def hear(self, arrived: Arrived, *, number: int) -> None:
        """Decode a message that came on connection ``number`` and hand it on."""
        try:
            match arrived.channel:
                case DownChannel.ACK:
                    self._on_ack(decode_ack(arrived.payload))
                case DownChannel.CMD:
                    self._on_command(decode_command(arrived.payload), self._answer_to(arrived, number))
                case DownChannel.DESIRED:
                    self._on_desired(decode_desired(arrived.payload))
        except DecodeError as error:
            logger.warning("a message on %s is not understood and dropped: %s", arrived.channel, error)
            if arrived.channel is DownChannel.CMD:
                garbled = Reply(command="?", is_done=False, detail="the command is garbled")
                self._answer_to(arrived, number)(garbled)

    def reply(self, connection: MqttConnection, answering: Answering) -> None:
        """Publish an answer where the asker wants it."""
        topic = answering.arrived.response_topic
        # Nobody makes us speak elsewhere than below our own name.
        is_ours = topic is not None and topic.startswith(f"{ROOT}/up/{self._device}/")
        connection.publish(
            UpChannel.REPLY,
            encode(answering.reply),
            topic=topic if is_ours else None,
            correlation=answering.arrived.correlation,
        )

    def _answer_to(self, arrived: Arrived, number: int) -> Answer:
        def answer(reply: Reply) -> None:
            self._post(number, Answering(reply, arrived))

        return answer
