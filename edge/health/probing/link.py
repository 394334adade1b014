"""What the kernel knows of the way out: routes, carriers, neighbours, radio. Sends nothing."""

import ipaddress
from dataclasses import dataclass
from pathlib import Path

from edge.health.probing.system_files import SystemFiles

# include/uapi/linux/route.h (Linux 6.1, 2022)
_ROUTE_UP = 0x1
_ROUTE_GATEWAY = 0x2
# include/uapi/linux/if_arp.h (Linux 6.1, 2022)
_ARP_COMPLETE = 0x2


@dataclass(frozen=True, slots=True)
class Route:
    """The way to an address: by which interface, and over which gateway if it is not a neighbour."""

    interface: str
    gateway: str = ""


class LinkProbes:
    """The kernel's view of this board's links."""

    def __init__(self, root: Path = Path("/")) -> None:
        """Look below ``root``, which holds ``proc`` and ``sys``."""
        self._files = SystemFiles(root)

    def route_to(self, address: str) -> Route | None:
        """Return the way to an IPv4 address, or None when there is none or it is no IPv4 address."""
        try:
            target = int(ipaddress.IPv4Address(address))
        except ValueError:
            return None
        best: tuple[int, int, Route] | None = None
        for network, mask, metric, route in self._routes():
            if target & mask == network and (best is None or (mask, -metric) > best[:2]):
                best = (mask, -metric, route)
        return None if best is None else best[2]

    def default_gateway(self) -> str:
        """Return the address of the default route; empty when there is none."""
        defaults = [(metric, route) for _, mask, metric, route in self._routes() if mask == 0]
        return min(defaults, key=lambda found: found[0])[1].gateway if defaults else ""

    def has_carrier(self, interface: str) -> bool | None:
        """Return whether the interface's plug has a living partner; None when it is not known."""
        match self._files.number(f"sys/class/net/{interface}/carrier"):
            case 1:
                return True
            case 0:
                return False
        # An interface that is down gives no answer; one that has lost its partner is "down" too.
        state = self._files.text(f"sys/class/net/{interface}/operstate").strip()
        return False if state in {"down", "lowerlayerdown"} else None

    def speed_mbit(self, interface: str) -> int | None:
        """Return the negotiated speed in Mbit/s; None when there is none or it is not known."""
        speed = self._files.number(f"sys/class/net/{interface}/speed")
        return speed if speed is not None and speed > 0 else None

    def is_full_duplex(self, interface: str) -> bool | None:
        """Return whether both ends may speak at once; None when it is not known."""
        word = self._files.text(f"sys/class/net/{interface}/duplex").strip()
        return word == "full" if word in {"full", "half"} else None

    def way_out(self) -> str:
        """Return the interface of the default route, else the first with a living partner; empty: none."""
        defaults = [(metric, route.interface) for _, mask, metric, route in self._routes() if mask == 0]
        if defaults:
            return min(defaults)[1]
        names = (name for name in self._files.names("sys/class/net") if name != "lo")
        return next((name for name in names if self.has_carrier(name)), "")

    def has_network(self) -> bool:
        """Return whether there is a route to anywhere but this machine."""
        return any(route.interface != "lo" for *_, route in self._routes())

    def is_radio(self, interface: str) -> bool:
        """Return whether an interface is wireless."""
        return self._files.has(f"sys/class/net/{interface}/wireless")

    def signal_dbm(self) -> float | None:
        """Return the signal of the best wireless interface in dBm; None without one."""
        levels = []
        for line in self._files.text("proc/net/wireless").splitlines()[2:]:
            words = line.partition(":")[2].split()
            try:
                levels.append(float(words[2]))
            except (IndexError, ValueError):
                continue
        # Old drivers count from 0 to 255, or give 0 for "not connected".
        believable = [level for level in levels if -120 <= level < 0]
        return max(believable, default=None)

    def has_neighbour(self, address: str) -> bool | None:
        """Return whether ARP knows who has an address; None when nobody asked lately."""
        for line in self._files.text("proc/net/arp").splitlines()[1:]:
            words = line.split()
            if len(words) >= 4 and words[0] == address:
                try:
                    return bool(int(words[2], 16) & _ARP_COMPLETE)
                except ValueError:
                    return None
        return None

    def _routes(self) -> list[tuple[int, int, int, Route]]:
        """Return network, mask, metric and route of every entry that is up."""
        routes = []
        for line in self._files.text("proc/net/route").splitlines()[1:]:
            words = line.split()
            try:
                flags, metric = int(words[3], 16), int(words[6])
                network, gateway, mask = (_little_endian(words[place]) for place in (1, 2, 7))
            except (IndexError, ValueError):
                continue
            if flags & _ROUTE_UP:
                over = str(ipaddress.IPv4Address(gateway)) if flags & _ROUTE_GATEWAY else ""
                routes.append((network, mask, metric, Route(words[0], over)))
        return routes


def _little_endian(word: str) -> int:
    """Return an address as /proc/net/route writes it: in the byte order of every board we have."""
    return int.from_bytes(int(word, 16).to_bytes(4, "little"), "big")
