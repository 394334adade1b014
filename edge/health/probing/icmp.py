"""Echo requests from an unprivileged datagram socket (Linux, ``net.ipv4.ping_group_range``)."""

import os
import select
import socket
import struct
import time
from collections.abc import Callable
from dataclasses import dataclass

# RFC 792 (1981)
_ECHO_REQUEST = 8
_ECHO_REPLY = 0
_HEADER = struct.Struct("!BBHHH")


class PingForbiddenError(OSError):
    """This system does not let ordinary programs ping; see ``net.ipv4.ping_group_range``."""


@dataclass(frozen=True, slots=True)
class Echoes:
    """How many requests were sent, how many came back."""

    sent: int
    answered: int

    @property
    def loss_share(self) -> float:
        """Share of requests without an answer, 0 to 1."""
        return 1 - self.answered / self.sent


def open_icmp_socket() -> socket.socket:
    """Return the kernel's ping socket: it fills in the identifier and sorts out foreign replies."""
    return socket.socket(socket.AF_INET, socket.SOCK_DGRAM, socket.IPPROTO_ICMP)


def ping(
    address: str,
    *,
    count: int,
    timeout_s: float,
    every_s: float = 0.2,
    open_socket: Callable[[], socket.socket] = open_icmp_socket,
    monotonic: Callable[[], float] = time.monotonic,
) -> Echoes:
    """Send ``count`` requests and count the answers.

    Args:
        address: IPv4.
        count: How many, at least 1.
        timeout_s: How long to wait for answers after the last request.
        every_s: Between two requests.
        open_socket: Makes the socket.
        monotonic: Seconds that never go back.

    Raises:
        PingForbiddenError: the system does not allow it.
    """
    try:
        link = open_socket()
    except PermissionError as error:
        raise PingForbiddenError("unprivileged ping is switched off") from error
    token = os.urandom(8)
    answered: set[int] = set()
    with link:
        for number in range(count):
            if not _send(link, address, number, token):
                # No route: waiting would not bring an answer.
                break
            is_last = number == count - 1
            wait_s = timeout_s if is_last else every_s
            _listen(link, token, answered, count, deadline_s=monotonic() + wait_s, monotonic=monotonic)
    return Echoes(sent=count, answered=len(answered))


def _send(link: socket.socket, address: str, number: int, token: bytes) -> bool:
    try:
        link.sendto(echo_request(number, token), (address, 0))
    except OSError:
        return False
    return True


def _listen(
    link: socket.socket,
    token: bytes,
    answered: set[int],
    count: int,
    *,
    deadline_s: float,
    monotonic: Callable[[], float],
) -> None:
    while len(answered) < count and (left_s := deadline_s - monotonic()) > 0:
        if not select.select([link], [], [], left_s)[0]:
            return
        try:
            number = number_of_reply(link.recv(1_500), token)
        except OSError:
            continue  # "host unreachable" of a router comes as an error of the socket
        if number is not None and number < count:
            answered.add(number)


def echo_request(number: int, token: bytes) -> bytes:
    """Return the packet of one request; the kernel puts its own identifier in and corrects the sum."""
    bare = _HEADER.pack(_ECHO_REQUEST, 0, 0, 0, number) + token
    return _HEADER.pack(_ECHO_REQUEST, 0, checksum(bare), 0, number) + token


def number_of_reply(packet: bytes, token: bytes) -> int | None:
    """Return which request a packet answers; None when it is none of ours."""
    if len(packet) < _HEADER.size or packet[_HEADER.size :] != token:
        return None
    kind, code, _, _, number = _HEADER.unpack_from(packet)
    return int(number) if (kind, code) == (_ECHO_REPLY, 0) else None


def checksum(packet: bytes) -> int:
    """Return the sum of RFC 1071 (1988)."""
    padded = packet + b"\0" * (len(packet) % 2)
    total = sum(padded[0::2]) * 256 + sum(padded[1::2])
    while total > 0xFFFF:
        total = (total & 0xFFFF) + (total >> 16)
    return ~total & 0xFFFF
