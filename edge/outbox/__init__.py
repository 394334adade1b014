"""The durable queue between what a device sees and what the hub has committed."""

from edge.outbox.entry import Entry
from edge.outbox.queue import LaneStats, Outbox
from edge.outbox.row import Row

__all__ = ["Entry", "LaneStats", "Outbox", "Row"]
