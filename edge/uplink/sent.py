"""A message that is published and not yet acknowledged by the hub, and how many there may be.

Pure.
"""

from dataclasses import dataclass

from edge.uplink.batches import Batch
from edge.wire.messages import Ack


@dataclass(frozen=True, slots=True)
class Limits:
    """How much may be under way; times in seconds."""

    window: int = 100  # published, not yet PUBACKed
    backlog_window: int = 4
    unacknowledged: int = 256  # PUBACKed or not, not yet acknowledged by the hub
    unacknowledged_backlog: int = 48
    first_resend_s: float = 2.0
    longest_resend_s: float = 30.0
    # While the broker says that nobody listens: no hub is loaded by asking, only our link, a little.
    unheard_probe_s: float = 5.0


@dataclass(slots=True)
class Sent:
    """A message on its way. ``remaining`` are the seqs that the hub has not acknowledged.

    ``is_unheard``: the broker said that it passed it on to nobody.
    """

    batch: Batch
    is_backlog: bool
    remaining: set[int]
    first_sent_at_s: float
    sent_at_s: float = 0.0
    due_at_s: float = 0.0
    attempts: int = 0
    is_released: bool = False
    is_unheard: bool = False

    def note(self, ack: Ack) -> None:
        """Strike out what an acknowledgement of the same epoch covers."""
        lowest, highest = min(self.remaining), max(self.remaining)
        for first, last in ack.ranges:
            if first <= highest and last >= lowest:
                self.remaining = {seq for seq in self.remaining if not first <= seq <= last}
