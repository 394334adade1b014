"""The real ingest of the hub on a plain port: ``hub_ingest.py PORT RECORDS DATABASE``.

Says ``heard`` at the first message, ``done`` when RECORDS measurements are committed and
acknowledged, then one line of JSON with the time from publish to commit of each, in ms.
"""

import json
import sys
import time
from collections.abc import Sequence
from pathlib import Path

import msgspec

from edge.wire.records.bodies import CameraCounts
from hub.db import Base, Database
from hub.ingest import models as _ingest_models  # noqa: F401 (its tables are to be made)
from hub.ingest.garbage import calm_collector
from hub.ingest.process import Ingest
from hub.ingest.saying.desired import NothingDesired
from hub.ingest.taking.address import Address
from hub.ingest.taking.link import Message
from hub.ingest.taking.subscriber import MqttLink
from hub.telemetry import models as _telemetry_models  # noqa: F401


class _Stamped(msgspec.Struct):
    mono_ns: int


class _Batch(msgspec.Struct):
    records: list[_Stamped]


class TimedLink(MqttLink):
    """Notes when messages were settled, that is just after their commit; reads them only at the end."""

    def __init__(self, address: Address) -> None:
        super().__init__(address)
        self.settled: list[tuple[int, Sequence[Message]]] = []

    def settle(self, messages: Sequence[Message]) -> None:
        self.settled.append((time.monotonic_ns(), messages))
        super().settle(messages)

    def latencies_ms(self) -> list[float]:
        decode = msgspec.json.Decoder(_Batch).decode
        return [
            (at_ns - record.mono_ns) / 1e6
            for at_ns, messages in self.settled
            for message in messages
            for record in decode(message.payload).records
            if record.mono_ns
        ]


def main(port: int, records: int, database_path: str) -> None:
    calm_collector()
    database = Database(f"sqlite:///{database_path}")
    Base.metadata.create_all(database.engine)
    kept = 0

    def count(_session: object, arrivals: Sequence[object]) -> None:
        nonlocal kept
        kept += len(arrivals)

    link = TimedLink(Address(host="127.0.0.1", port=port))
    ingest = Ingest(
        database=database,
        link=link,
        folder=Path(database_path).parent,
        handlers={CameraCounts: count},
        is_known=lambda _device: True,
        desired=NothingDesired(),
    )
    link.start()
    has_said_heard = False
    while kept < records:
        ingest.turn(0.25)
        if ingest.heartbeat.records and not has_said_heard:
            print("heard", flush=True)
            has_said_heard = True
    print("done", flush=True)
    print(json.dumps(link.latencies_ms()), flush=True)
    link.stop()


if __name__ == "__main__":
    main(int(sys.argv[1]), int(sys.argv[2]), sys.argv[3])
