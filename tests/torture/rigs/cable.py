"""A cable that can be pulled: a network namespace with one end of a veth pair. Needs root and ``ip``."""

import os
import shutil
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager

from tests.torture.rigs.small_city import EDGE_PROGRAM

# A test network (RFC 5737, 2010: 198.51.100.0/24), split by process so that two suites do not meet.
_NETWORK = "198.51.100"


class Cable:
    """One cable between this machine and a place of its own."""

    def __init__(self, number: int) -> None:
        """Take a number below 60 for addresses and names."""
        self.space = f"ptk{os.getpid() % 100_000}"
        self.here, self.there = f"pt{os.getpid() % 100_000}a", f"pt{os.getpid() % 100_000}b"
        self.host = f"{_NETWORK}.{4 * number + 1}"
        self._guest = f"{_NETWORK}.{4 * number + 2}"

    def lay(self) -> None:
        """Make namespace and cable.

        Raises:
            subprocess.CalledProcessError: the kernel does not allow it.
        """
        _ip("netns", "add", self.space)
        _ip("link", "add", self.here, "type", "veth", "peer", "name", self.there)
        _ip("link", "set", self.there, "netns", self.space)
        _ip("addr", "add", f"{self.host}/30", "dev", self.here)
        _ip("link", "set", self.here, "up")
        for words in (
            ("addr", "add", f"{self._guest}/30", "dev", self.there),
            ("link", "set", self.there, "up"),
            ("link", "set", "lo", "up"),  # paho wakes itself through it
        ):
            _ip("netns", "exec", self.space, "ip", *words)

    def pull(self) -> None:
        """No packet passes any more; connections are not told."""
        _ip("link", "set", self.here, "down")

    def plug_in(self) -> None:
        """Packets pass again."""
        _ip("link", "set", self.here, "up")

    def remove(self) -> None:
        """Take it away; also one that was never laid whole."""
        subprocess.run(["ip", "link", "del", self.here], capture_output=True, env=_environment())
        subprocess.run(["ip", "netns", "del", self.space], capture_output=True, env=_environment())

    def program(self) -> tuple[str, ...]:
        """Return how an edge is started behind the cable."""
        return ("ip", "netns", "exec", self.space, *EDGE_PROGRAM)


@contextmanager
def laid_cable() -> Iterator[Cable | str]:
    """Give a cable, or the reason why there is none."""
    if os.geteuid() != 0:
        yield "not root: no network namespaces"
        return
    if shutil.which("ip", path=_environment()["PATH"]) is None:
        yield "no ip: apt-get install iproute2"
        return
    cable = Cable(os.getpid() % 60)
    try:
        try:
            cable.lay()
        except subprocess.CalledProcessError as error:
            yield f"the kernel lays no cable: {error.stderr.decode().strip()[:200]}"
            return
        yield cable
    finally:
        cable.remove()


def _ip(*words: str) -> None:
    subprocess.run(["ip", *words], check=True, capture_output=True, env=_environment())


def _environment() -> dict[str, str]:
    return {**os.environ, "PATH": os.environ.get("PATH", "") + ":/usr/sbin:/sbin"}
