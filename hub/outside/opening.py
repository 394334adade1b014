"""Connections to addresses that somebody typed: never into our own network, never for longer than a deadline.

Shared by whatever calls out: webhooks, and looks at websites. Names are looked up by
:mod:`hub.outside.names`; the connection goes to an address that was checked.
"""

import contextlib
import ipaddress
import socket
import ssl
import threading
import time
from collections.abc import Iterator, Sequence
from urllib.parse import SplitResult

Address = ipaddress.IPv4Address | ipaddress.IPv6Address


def is_outside(address: Address) -> bool:
    """Return whether an address is one of the open internet, whatever way it is written."""
    real = getattr(address, "ipv4_mapped", None) or address
    return real.is_global and not real.is_multicast and not _embeds_ipv4(real)


def _embeds_ipv4(address: Address) -> bool:
    """Return whether an IPv6 address may be led on to an IPv4 one: NAT64, 6to4, Teredo."""
    if isinstance(address, ipaddress.IPv4Address):
        return False
    is_nat64 = address in ipaddress.ip_network("64:ff9b::/96")
    return is_nat64 or address.sixtofour is not None or address.teredo is not None


def port_of(url: SplitResult) -> int:
    """Return the port that an address asks for."""
    return url.port or (80 if url.scheme == "http" else 443)


@contextlib.contextmanager
def opened(url: SplitResult, targets: Sequence[str], timeout_s: float) -> Iterator[socket.socket]:
    """Give a connection to the first address that takes one, by TLS for ``https``; cut at its deadline.

    Args:
        url: Names the port and, for TLS, whose certificate it must be.
        targets: Checked addresses.
        timeout_s: For connecting, and again for all that is done with the connection.

    Raises:
        OSError: nobody answers; ``ssl.SSLError`` when the certificate is not good.
    """
    with _connected(targets, port_of(url), timeout_s) as link, link.dup() as handle:
        # A time for each read is none for the whole: a byte now and then would hold us for ever.
        deadline = threading.Timer(timeout_s, _cut, [handle])
        deadline.daemon = True
        deadline.start()
        try:
            # The certificate is that of the name, whatever address we connect to.
            secure = None if url.scheme == "http" else ssl.create_default_context()
            used = secure.wrap_socket(link, server_hostname=url.hostname) if secure else link
            with used:
                yield used
        finally:
            deadline.cancel()
            # Before the handle closes: its number may belong to another socket a moment later.
            deadline.join()


def _connected(targets: Sequence[str], port: int, timeout_s: float) -> socket.socket:
    """Return a connection to the first address that takes one, all of them within the time."""
    until_s, why = time.monotonic() + timeout_s, OSError("no address")
    for target in targets:
        left_s = until_s - time.monotonic()
        if left_s <= 0:
            break
        try:
            link = socket.create_connection((target, port), timeout=left_s)
        except OSError as error:
            why = error
        else:
            link.settimeout(timeout_s)
            return link
    raise why


def _cut(handle: socket.socket) -> None:
    # The other side may have gone by itself meanwhile.
    with contextlib.suppress(OSError):
        handle.shutdown(socket.SHUT_RDWR)
