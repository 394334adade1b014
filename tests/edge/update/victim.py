"""A process that updates a device and is killed by SIGKILL in one state; see test_states.py."""

import sys
from pathlib import Path

from edge.wire.updates import UpdateState
from tests.edge.update.device import Device, Fault, Kind

if __name__ == "__main__":
    folder, state, is_good = sys.argv[1:]
    device = Device(
        Path(folder),
        fault=Fault(UpdateState(state), 1, Kind.SIGKILL),
        deaf_numbers=() if is_good == "1" else (2,),
    )
    device.live_on(device.release(2))
