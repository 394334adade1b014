"""Where a camera may be: never this machine, its link-local neighbours or the hub's own machines. Pure.

Whoever writes a camera's address makes the device connect there and show what comes back. A slip or
a trick must not make it read services of its own, a cloud's metadata (169.254.169.254) or the hub.
Names are judged as they are written: reading a configuration asks no name server.
"""

import ipaddress
import socket
from urllib.parse import urlsplit

from edge.wire.camera_settings import SettingsError
from edge.wire.strict_toml import Section

Address = ipaddress.IPv4Address | ipaddress.IPv6Address
_SCHEMES = frozenset({"rtsp", "rtsps", "http", "https"})


class CameraNetwork(Section, frozen=True):
    """Where cameras may not be, besides this machine, link-local addresses and the hub's host.

    ``refused`` are addresses, networks (``10.10.0.0/24``) or names of the hub's own servers;
    ``allowed`` are exceptions from all of it, as for a restreamer on this machine.
    """

    refused: tuple[str, ...] = ()
    allowed: tuple[str, ...] = ()


def check_place(source: str, path: str, *, hub_host: str, network: CameraNetwork) -> None:
    """Check where a source of a camera or door leads; files, drawn scenes and local devices lead nowhere.

    Args:
        source: As in the configuration.
        path: Of the key, for the message.
        hub_host: The hub as the configuration names it.
        network: What is refused besides, and what is allowed all the same.

    Raises:
        SettingsError: names the key, why, and the setting that would allow it.
    """
    try:
        parts = urlsplit(source)
        host = (parts.hostname or "").rstrip(".")
    except ValueError:
        return  # no address at all, which is told when it is opened
    if parts.scheme.lower() not in _SCHEMES or not host or _is_in(host, network.allowed):
        return
    why = _refusal(host, hub_host, network)
    if why:
        raise SettingsError(
            f"{path}: {host} is {why}; give the camera's own address, or if it is meant,"
            f' add "{host}" to camera_network.allowed'
        )


def _refusal(host: str, hub_host: str, network: CameraNetwork) -> str:
    address = _address_of(host)
    if host == "localhost" or host.endswith(".localhost"):
        return "this device itself"
    if address is not None:
        if address.is_loopback or address.is_unspecified:
            return "this device itself"
        if address.is_link_local:
            return "a link-local address, where no camera of a site is"
        if address.is_multicast or address.is_reserved:
            return "no address of a single machine"
    if _is_in(host, (hub_host,)):
        return "the hub"
    return "inside camera_network.refused" if _is_in(host, network.refused) else ""


def _is_in(host: str, places: tuple[str, ...]) -> bool:
    address = _address_of(host)
    for place in places:
        if host.casefold() == place.casefold().rstrip("."):
            return True
        try:
            if address is not None and address in ipaddress.ip_network(place, strict=False):
                return True
        except ValueError:
            continue  # a name, which was compared
    return False


def _address_of(host: str) -> Address | None:
    """Return the address that a host is, in any of the ways in which libraries read one.

    ``127.1``, ``2130706433`` and ``0x7f.1`` are all 127.0.0.1 to them.
    """
    try:
        address = ipaddress.ip_address(host.partition("%")[0])
    except ValueError:
        try:
            return ipaddress.IPv4Address(socket.inet_aton(host))
        except OSError:
            return None
    mapped = getattr(address, "ipv4_mapped", None)
    return mapped or address
