"""The last process of a city: ends every child group when the city itself is gone, however it went.

Reads ``+GROUP`` and ``-GROUP`` lines from its standard input, whose other end only the city
holds; the end of that input means that nobody is left to stop the children. Standard library
only, and it must never wait for anything but its input and the children's end.
"""

import contextlib
import os
import signal
import sys
import time
from collections.abc import Callable, Sequence

GRACE_S = 5.0
_POLL_S = 0.05


def is_alive(group: int) -> bool:
    """Return whether any process of the group is left, be it one that nobody has collected yet."""
    try:
        os.killpg(group, 0)
    except ProcessLookupError:
        return False
    return True


def end_groups(
    groups: Sequence[int], *, grace_s: float = GRACE_S, collect: Callable[[], object] = lambda: None
) -> None:
    """Ask process groups to end, and kill what is still there after a while.

    Args:
        groups: The groups, in the order in which they are asked.
        grace_s: How long they may take; 0 kills without asking.
        collect: Called while waiting, to collect children of ours that ended.
    """
    left = list(groups)
    for group in left if grace_s > 0 else []:
        _signal(group, signal.SIGTERM)
        _signal(group, signal.SIGCONT)  # a stopped process hears nothing else
    deadline = time.monotonic() + grace_s
    while left and time.monotonic() < deadline:
        collect()
        left = [group for group in left if is_alive(group)]
        time.sleep(_POLL_S)
    for group in left:
        _signal(group, signal.SIGKILL)


def _signal(group: int, number: signal.Signals) -> None:
    with contextlib.suppress(ProcessLookupError):
        os.killpg(group, number)


def main() -> None:
    """Keep the list until the input ends, then end whatever is on it."""
    groups: list[int] = []
    for line in sys.stdin:
        group = int(line[1:])
        if line.startswith("+"):
            groups.append(group)
        elif group in groups:
            groups.remove(group)
    end_groups(groups[::-1])


if __name__ == "__main__":
    main()
