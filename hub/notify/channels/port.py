"""The port through which a message leaves, and the adapter for tests that keeps what it is given."""

from dataclasses import dataclass
from typing import Protocol


@dataclass(frozen=True, slots=True)
class Message:
    """What is sent to one address; ``link`` is a whole address or empty."""

    number: int
    address: str
    subject: str
    text: str
    link: str

    @property
    def whole_text(self) -> str:
        """The text with its link below."""
        return f"{self.text}\n\n{self.link}" if self.link else self.text


class SendError(Exception):
    """A message did not leave; ``is_final``: another try would not help."""

    def __init__(self, reason: str, *, is_final: bool = False) -> None:
        """Take the reason, without secrets."""
        super().__init__(reason)
        self.is_final = is_final


class MessageChannel(Protocol):
    """One way out."""

    def send(self, message: Message) -> None:
        """Send now. Raises :class:`SendError` when it was not taken."""


class MemoryChannel:
    """Keeps messages in a list."""

    def __init__(self) -> None:
        """Begin empty and reachable."""
        self.sent: list[Message] = []
        self.refusal: SendError | None = None

    def send(self, message: Message) -> None:
        """See :class:`MessageChannel`."""
        if self.refusal is not None:
            raise self.refusal
        self.sent.append(message)
