"""ONVIF cameras by WS-Discovery: one question to a multicast group, answers within seconds.

Source: WS-Discovery 1.0 (2005) and the ONVIF Core Specification 2.6, section 7 (2016). Answers
come from strangers: they are small, without a DTD, and nothing in them is followed.
"""

import socket
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from urllib.parse import unquote
from uuid import uuid4
from xml.etree import ElementTree
from xml.sax.saxutils import escape

from edge.wire.strict_xml import has_dtd

GROUP = "239.255.255.250"
PORT = 3702

_SOAP = "http://www.w3.org/2003/05/soap-envelope"
_ADDRESSING = "http://schemas.xmlsoap.org/ws/2004/08/addressing"
_DISCOVERY = "http://schemas.xmlsoap.org/ws/2005/04/discovery"
_NETWORK = "http://www.onvif.org/ver10/network/wsdl"
_TO = "urn:schemas-xmlsoap-org:ws:2005:04:discovery"
_SCOPE = "onvif://www.onvif.org/"
_MAX_ANSWER_BYTES = 65_507
_MAX_ANSWERS = 1_000
_MAX_TEXT = 200


@dataclass(frozen=True, slots=True)
class OnvifCamera:
    """What a camera says of itself: its address, where its services are, its name and hardware."""

    address: str
    services: tuple[str, ...]
    name: str = ""
    hardware: str = ""


def find_onvif_cameras(
    *,
    wait_s: float,
    interface: str = "",
    destination: tuple[str, int] = (GROUP, PORT),
    monotonic: Callable[[], float] = time.monotonic,
) -> tuple[OnvifCamera, ...]:
    """Ask all ONVIF cameras of a network who they are.

    Args:
        wait_s: How long to collect answers.
        interface: Own IPv4 address of the interface to ask on; empty leaves that to the system.
        destination: Whom to ask: the group, or one camera.
        monotonic: Seconds that never go back.

    Returns:
        Cameras by address, each once.

    Raises:
        OSError: the question cannot be sent.
    """
    message_id = f"uuid:{uuid4()}"
    found: dict[str, OnvifCamera] = {}
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as link:
        link.setsockopt(socket.IPPROTO_IP, socket.IP_MULTICAST_TTL, 1)
        if interface:
            link.setsockopt(socket.IPPROTO_IP, socket.IP_MULTICAST_IF, socket.inet_aton(interface))
        link.bind((interface, 0))
        link.sendto(probe(message_id), destination)
        for payload, address in _answers(link, deadline_s=monotonic() + wait_s, monotonic=monotonic):
            camera = camera_of(payload, address=address, message_id=message_id)
            if camera is not None:
                found[address] = camera
    return tuple(found[address] for address in sorted(found, key=socket.inet_aton))


def _answers(
    link: socket.socket, *, deadline_s: float, monotonic: Callable[[], float]
) -> Iterator[tuple[bytes, str]]:
    """Return what comes until the time is up, with the address it came from."""
    for _ in range(_MAX_ANSWERS):
        left_s = deadline_s - monotonic()
        if left_s <= 0:
            return
        link.settimeout(left_s)
        try:
            payload, (address, _) = link.recvfrom(_MAX_ANSWER_BYTES)
        except OSError:
            # Time is up, or somebody refused the question: there may be others.
            continue
        yield payload, str(address)


def probe(message_id: str) -> bytes:
    """Return the question for cameras (network video transmitters)."""
    return (
        '<?xml version="1.0" encoding="UTF-8"?>'
        f'<e:Envelope xmlns:e="{_SOAP}" xmlns:a="{_ADDRESSING}" xmlns:d="{_DISCOVERY}" xmlns:n="{_NETWORK}">'
        f"<e:Header><a:MessageID>{escape(message_id)}</a:MessageID>"
        f'<a:To e:mustUnderstand="true">{_TO}</a:To>'
        f'<a:Action e:mustUnderstand="true">{_DISCOVERY}/Probe</a:Action></e:Header>'
        "<e:Body><d:Probe><d:Types>n:NetworkVideoTransmitter</d:Types></d:Probe></e:Body></e:Envelope>"
    ).encode()


def camera_of(payload: bytes, *, address: str, message_id: str) -> OnvifCamera | None:
    """Read an answer; None when it is not an answer to our question."""
    if has_dtd([payload]):
        return None
    try:
        root = ElementTree.fromstring(payload)  # noqa: S314 - no DTD, see above
    except (ElementTree.ParseError, ValueError, LookupError):
        return None
    relates = root.findtext(f"{{{_SOAP}}}Header/{{{_ADDRESSING}}}RelatesTo", "").strip()
    match = root.find(f"{{{_SOAP}}}Body/{{{_DISCOVERY}}}ProbeMatches/{{{_DISCOVERY}}}ProbeMatch")
    if relates != message_id or match is None:
        return None
    services = match.findtext(f"{{{_DISCOVERY}}}XAddrs", "").split()
    scopes = match.findtext(f"{{{_DISCOVERY}}}Scopes", "").split()
    return OnvifCamera(
        address=address,
        services=tuple(_printable(each) for each in services[:8]),
        name=_scope(scopes, "name"),
        hardware=_scope(scopes, "hardware"),
    )


def _scope(scopes: list[str], kind: str) -> str:
    start = f"{_SCOPE}{kind}/"
    return next((_printable(unquote(each[len(start) :])) for each in scopes if each.startswith(start)), "")


def _printable(text: str) -> str:
    return "".join(letter for letter in text if letter.isprintable())[:_MAX_TEXT]
