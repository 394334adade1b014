"""The negative control: ``pontive-edge`` with an uplink that believes the broker.

It deletes a row as soon as the broker has taken it, as many a design does. It must lose rows
where ours does not, or the scenario proves nothing.
"""

import edge.running.agent
from edge.cli import main
from edge.uplink import Uplink
from edge.uplink.connection import Answered
from edge.wire.messages import Ack, ranges_of


class BelievingUplink(Uplink):
    """Takes the broker's PUBACK for the hub's word."""

    def _answered(self, answered: Answered) -> None:
        _, batch = self._under_way.get(answered.message_id, (None, None))
        super()._answered(answered)
        if batch is not None and answered.is_taken:
            self._acknowledged(Ack(epoch=batch.epoch, ranges=ranges_of(list(batch.seqs))))


if __name__ == "__main__":
    edge.running.agent.Uplink = BelievingUplink
    main()
