"""A root of tests/firmware_images/chroot.py that is really started: its own systemd is process 1.

Namespaces of its own for mounts, processes, host name and network, and a control group: no container
program is needed. Where a sandbox allows none of it, ``why_not_boot`` says so.
"""

import os
import secrets
import signal
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

PATIENCE_S = 240.0
_GROUPS = Path("/sys/fs/cgroup/systemd")
_APART = ("unshare", "--mount", "--pid", "--fork", "--cgroup", "--net", "--uts", "--kill-child")
# What a machine has before its first process, in the root that is given as $0.
_BEFORE = """
set -e
mount --make-rprivate /
mount --bind "$0" "$0"
mount -t proc proc "$0/proc"
mount -t sysfs -o ro sysfs "$0/sys"
mount -t tmpfs tmpfs "$0/sys/fs/cgroup"
mkdir "$0/sys/fs/cgroup/systemd"
mount -t cgroup -o none,name=systemd cgroup "$0/sys/fs/cgroup/systemd"
for at in run tmp; do mount -t tmpfs tmpfs "$0/$at"; done
mount -t tmpfs -o mode=755 tmpfs "$0/dev"
for name in null zero random urandom full tty; do
    touch "$0/dev/$name"
    mount --bind "/dev/$name" "$0/dev/$name"
done
mkdir "$0/dev/shm" "$0/dev/pts"
mount -t devpts -o newinstance,ptmxmode=666 devpts "$0/dev/pts"
ln -s pts/ptmx "$0/dev/ptmx"
touch "$0/dev/console"
ip link set lo up
# Not chroot: the kernel gives a process behind one no namespace of users, which the units ask for.
cd "$0"
mkdir -p .before
pivot_root . .before
umount -l /.before
exec /usr/bin/env -i container=other PATH=/usr/sbin:/usr/bin:/sbin:/bin /lib/systemd/systemd
"""


def why_not_boot() -> str:
    """Return why no systemd can be started here; empty when one can."""
    if not _GROUPS.is_dir():
        return "no control group named systemd (version 1) here"
    if subprocess.run([*_APART, "true"], capture_output=True).returncode:
        return "this sandbox allows no namespaces"
    return ""


class Booted:
    """A machine that runs."""

    def __init__(self, first: int) -> None:
        """Know its first process by our own number of it."""
        self._enter = ["nsenter", "-t", str(first), "-m", "-p", "-n", "-u", "--root", "--wd"]

    def run(self, *command: str) -> str:
        """Run a program on it; return what it said, on both streams, whatever came of it."""
        ran = subprocess.run(
            [*self._enter, "/usr/bin/env", "LANG=C.UTF-8", *command],
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            timeout=PATIENCE_S,
        )
        return ran.stdout.strip()

    def wait_for(self, wanted: str, *command: str) -> None:
        """Wait until a program says exactly this."""
        deadline_s = time.monotonic() + PATIENCE_S
        while (said := self.run(*command)) != wanted:
            assert time.monotonic() < deadline_s, f"{command}: {said}"
            time.sleep(1)


@contextmanager
def booted(root: Path) -> Iterator[Booted]:
    """Start the machine, and end all its processes."""
    group = _GROUPS / f"pontive-{secrets.token_hex(4)}"
    group.mkdir()
    entering = f'echo $$ > "{group}/cgroup.procs" && exec "$@"'
    outer = subprocess.Popen(["sh", "-c", entering, "sh", *_APART, "sh", "-c", _BEFORE, str(root)])
    try:
        yield Booted(_first_of(outer))
    finally:
        for child in _children_of(outer.pid):
            os.kill(child, signal.SIGKILL)  # the first of its namespace takes all others along
        outer.wait(240)
        _remove(group)


def _first_of(outer: "subprocess.Popen[bytes]") -> int:
    deadline_s = time.monotonic() + PATIENCE_S
    while time.monotonic() < deadline_s and outer.poll() is None:
        for child in _children_of(outer.pid):
            if Path(f"/proc/{child}/comm").read_text().strip() == "systemd":
                return child
        time.sleep(0.1)
    raise AssertionError(f"no systemd was started (exit code {outer.poll()})")


def _children_of(pid: int) -> list[int]:
    return [int(word) for word in Path(f"/proc/{pid}/task/{pid}/children").read_text().split()]


def _remove(group: Path) -> None:
    deadline_s = time.monotonic() + 240
    while True:
        try:
            for below in sorted(group.rglob("*/"), reverse=True):
                below.rmdir()
            group.rmdir()
        except OSError:
            # The kernel takes a moment to let go of the last processes.
            if time.monotonic() > deadline_s:
                return
            time.sleep(0.2)
        else:
            return
