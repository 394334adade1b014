"""The hub's acknowledgements: which committed rows an edge may delete, said in few messages.

Told only after the commit. One that is lost costs a re-send, so they go at QoS 0.
"""

from collections import defaultdict
from collections.abc import Iterable

from edge.faultpoints import FaultPoint, reach
from edge.wire.messages import Ack, encode, ranges_of
from edge.wire.topics import DownChannel, down
from hub.ingest.keeping.seen import Stream
from hub.ingest.taking.link import Link, Publish

BUSY_INTERVAL_S = 1.0
IDLE_INTERVAL_S = 0.05
MAX_RANGES = 2_000


class Acknowledger:
    """Collects what is committed and tells each device, at most once a second while busy."""

    def __init__(self, *, link: Link) -> None:
        """Begin with nothing to tell."""
        self._link = link
        self._pending: dict[str, dict[str, set[int]]] = defaultdict(lambda: defaultdict(set))
        self._told_at_s: dict[str, float] = {}

    def add(self, stream: Stream, seqs: Iterable[int]) -> None:
        """Note committed rows, also those that were committed before."""
        self._pending[stream[0]][stream[1]].update(seqs)

    def tell(self, *, now_s: float, is_busy: bool) -> None:
        """Acknowledge to each device that is due.

        Args:
            now_s: Monotonic seconds.
            is_busy: More messages wait; then a device that was told less than a second ago waits too.
        """
        interval_s = BUSY_INTERVAL_S if is_busy else IDLE_INTERVAL_S
        for device in list(self._pending):
            if now_s - self._told_at_s.get(device, float("-inf")) >= interval_s and self._tell(device):
                self._told_at_s[device] = now_s
                del self._pending[device]

    def has_pending(self) -> bool:
        """Whether some device is still to be told."""
        return bool(self._pending)

    def _tell(self, device: str) -> bool:
        topic = down(device, DownChannel.ACK)
        for epoch, seqs in self._pending[device].items():
            ranges = ranges_of(list(seqs))
            for start in range(0, len(ranges), MAX_RANGES):
                ack = Ack(epoch=epoch, ranges=ranges[start : start + MAX_RANGES])
                if not self._link.say(Publish(topic=topic, payload=encode(ack))):
                    return False
        reach(FaultPoint.HUB_AFTER_ACK)
        return True
