"""RTSP servers on a small network that a technician names: connect, say OPTIONS, hang up.

Only private networks, and only small ones: this looks for the cameras of a site, no further.
"""

import ipaddress
import socket
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass

from edge.errors import ConfigError
from edge.health.probing.rtsp_stages import RtspStage, RtspTarget, rtsp_stage

# IANA: rtsp and rtsp-alt, 2024.
RTSP_PORTS = (554, 8554)
MAX_ADDRESSES = 1_024
_AT_ONCE = 64
_SPEAKS_RTSP = frozenset({RtspStage.UNAUTHORISED, RtspStage.NO_STREAM, RtspStage.DESCRIBES})


@dataclass(frozen=True, slots=True)
class RtspServer:
    """Something that speaks RTSP; ``needs_login`` is so for its root, and then for most of it."""

    address: str
    port: int
    needs_login: bool


def network_of(text: str) -> ipaddress.IPv4Network:
    """Return a network that may be looked through.

    Raises:
        ConfigError: no IPv4 network, not a private one, or too large.
    """
    try:
        network = ipaddress.IPv4Network(text, strict=False)
    except ValueError as error:
        raise ConfigError(f"--network {text}: {error}; write it as 192.168.1.0/24") from error
    if not network.is_private:
        raise ConfigError(f"--network {text}: not a private network; only a site's own network is looked at")
    if network.num_addresses > MAX_ADDRESSES:
        raise ConfigError(
            f"--network {text}: {network.num_addresses} addresses, at most {MAX_ADDRESSES}; name a part of it"
        )
    return network


def find_rtsp_servers(
    network: ipaddress.IPv4Network, *, ports: Sequence[int] = RTSP_PORTS, timeout_s: float = 0.5
) -> Iterator[RtspServer]:
    """Return what speaks RTSP in a network, in the order of addresses, as it is found.

    Args:
        network: As checked by :func:`network_of`.
        ports: Where to knock.
        timeout_s: For each step of each address.
    """
    places = [(str(address), port) for address in network.hosts() for port in ports]
    with ThreadPoolExecutor(_AT_ONCE, thread_name_prefix="scan") as pool:
        answers = pool.map(lambda place: _server_at(*place, timeout_s=timeout_s), places)
        yield from (server for server in answers if server is not None)


def _server_at(address: str, port: int, *, timeout_s: float) -> RtspServer | None:
    # Most addresses are empty: they are let go after one step.
    try:
        socket.create_connection((address, port), timeout=timeout_s).close()
    except OSError:
        return None
    stage = rtsp_stage(RtspTarget(address, port, "/"), timeout_s=max(timeout_s, 1.0))
    if stage not in _SPEAKS_RTSP:
        return None
    return RtspServer(address, port, needs_login=stage is RtspStage.UNAUTHORISED)
