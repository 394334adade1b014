"""From where screens may be looked at that nobody signs in at."""

from ipaddress import ip_network
from typing import Annotated

import msgspec

from edge.wire.strict_toml import Section

# RFC 1918 (1996) and RFC 4193 (2005): addresses that are never routed through the internet.
_PRIVATE = ("10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16", "fc00::/7")
_LOOPBACK = ("127.0.0.0/8", "::1/128")


class BoardSettings(Section, frozen=True):
    """Screens of boards. ``networks`` are the ranges whose computers may show one, as ``10.20.0.0/16``.

    Left out: private ranges and this machine, as long as browsers speak to the hub itself. Behind a
    proxy every visitor has the proxy's address, so nobody is let in until ranges are named here; the
    proxy must then let ``/layar/`` through from the city's own network only.
    """

    networks: tuple[Annotated[str, msgspec.Meta(max_length=49)], ...] | None = None

    def __post_init__(self) -> None:
        """Refuse what is no range.

        Raises:
            ValueError: names it.
        """
        for one in self.networks or ():
            ip_network(one)

    def ranges(self, *, is_behind_proxy: bool) -> tuple[str, ...]:
        """Return the ranges that count."""
        if self.networks is not None:
            return self.networks
        return () if is_behind_proxy else (*_PRIVATE, *_LOOPBACK)
