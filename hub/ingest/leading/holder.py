"""Who holds a lease, in words that another process of this machine can check: is it still there?

A worker that was killed is replaced at once by one beside it, not when its lease ends. Of another
machine, or another container, nothing is known: there the lease's time decides.
"""

import os
import re
from pathlib import Path
from socket import gethostname

PROC = Path("/proc")
_HOLDER = re.compile(r"\Aworker \d+ pid (?P<pid>\d+) since (?P<since>\d+) at (?P<place>.+)\Z")
_LONGEST_HOST = 40


def this_process(worker: int, *, proc: Path = PROC) -> str:
    """Return who we are, unlike every other process that ever ran.

    Args:
        worker: Our number.
        proc: Where the kernel tells of processes.
    """
    pid = os.getpid()
    return f"worker {worker} pid {pid} since {_since(pid, proc) or 0} at {_place(proc)}"


def is_gone(holder: str, *, proc: Path = PROC) -> bool:
    """Return whether a holder certainly runs no more; ``False`` where that cannot be known."""
    match = _HOLDER.match(holder)
    if match is None or match["place"] != _place(proc) or _since(os.getpid(), proc) is None:
        return False
    return _since(int(match["pid"]), proc) != match["since"]


def _place(proc: Path) -> str:
    # Two containers may have one host name: each counts its processes for itself.
    try:
        boot = (proc / "sys/kernel/random/boot_id").read_text("ascii")[:8]
        space = (proc / "self/ns/pid").stat().st_ino
    except OSError:
        boot, space = "", 0
    return f"{gethostname()[:_LONGEST_HOST]} {boot} {space}"


def _since(pid: int, proc: Path) -> str | None:
    """Return when a process began, in ticks since the boot; ``None``: there is none that still runs."""
    try:
        # The name, in brackets, may hold anything.
        fields = (proc / str(pid) / "stat").read_text("utf-8", "replace").rpartition(") ")[2].split()
    except OSError:
        return None
    # proc(5), 2023: the state is field 3, the start field 22.
    return None if fields[0] in {"Z", "X"} else fields[19]
