"""The durable queue between what a device sees and what the hub has committed."""

from edge.outbox.entry import Entry
from edge.outbox.queue import Outbox
from edge.outbox.row import Row
from edge.outbox.upkeep import LaneStats

__all__ = ["Entry", "LaneStats", "Outbox", "Row"]
