"""Where a camera's connection really leads: what an address says and where a camera sends us are two things.

An RTSP camera may answer "look there instead", FFmpeg goes there and offers no option against it. So
the connection is looked at once it stands, and given up before anything of it is decoded or shown. That
a greeting reached the other machine is not prevented; that its pictures come here is.
"""

import ipaddress
import logging
import os
import socket
import sys
from collections.abc import Mapping
from pathlib import Path

logger = logging.getLogger(__name__)

Address = ipaddress.IPv4Address | ipaddress.IPv6Address
_TABLES = (Path("/proc/self/net/tcp"), Path("/proc/self/net/tcp6"))
_HANDLES = Path("/proc/self/fd")
_WORD = 8  # hexadecimal digits of 32 bits; an address is one such word or four


def connections() -> Mapping[int, Address]:
    """Return where each TCP connection of this process leads, by the number of its socket."""
    own = _own_sockets()
    found = {}
    for table in _TABLES:
        if table.exists():
            for line in table.read_text("ascii").splitlines()[1:]:
                columns = line.split()
                if (number := int(columns[9])) in own:
                    found[number] = _address_of(columns[2].partition(":")[0])
    return found


def is_led_astray(host: str, before: Mapping[int, Address]) -> bool:
    """Return whether none of the connections made since ``before`` leads to ``host``.

    Another stream may be opened at the same time, so strangers among them prove nothing. A name
    that is known no more a moment after it was used counts as led astray: it is tried again.
    """
    if not _TABLES[0].exists():
        return False  # no Linux: a developer's machine
    own = _addresses_of(host)
    return not any(peer in own for number, peer in connections().items() if number not in before)


def _addresses_of(host: str) -> frozenset[Address]:
    try:
        found = socket.getaddrinfo(host, None, type=socket.SOCK_STREAM)
    except OSError as error:
        logger.warning("%s is known no more: %s", host, error)
        return frozenset()
    return frozenset(_plain(ipaddress.ip_address(str(one[4][0]).partition("%")[0])) for one in found)


def _own_sockets() -> frozenset[int]:
    numbers = set()
    for handle in os.listdir(_HANDLES):
        try:
            target = os.readlink(_HANDLES / handle)
        except FileNotFoundError:
            continue  # closed meanwhile, as the handle of this very listing
        if target.startswith("socket:["):
            numbers.add(int(target[len("socket:[") : -1]))
    return frozenset(numbers)


def _address_of(digits: str) -> Address:
    words = [digits[at : at + _WORD] for at in range(0, len(digits), _WORD)]
    # The kernel prints each word as the number it is in its own byte order.
    packed = b"".join(int(word, 16).to_bytes(4, sys.byteorder) for word in words)
    return _plain(ipaddress.ip_address(packed))


def _plain(address: Address) -> Address:
    return getattr(address, "ipv4_mapped", None) or address
