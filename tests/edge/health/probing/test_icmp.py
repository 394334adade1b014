"""Pings against a played kernel, and against the real one where it lets us."""

import socket

import pytest

from edge.health.probing.icmp import (
    Echoes,
    PingForbiddenError,
    checksum,
    echo_request,
    number_of_reply,
    open_icmp_socket,
    ping,
)
from tests.edge.health.twins import PingingKernel


@pytest.mark.parametrize(("answered", "loss"), [({0, 1, 2, 3}, 0.0), ({1, 3}, 0.5), (set(), 1.0)])
def test_answers_are_counted_and_strangers_are_not(answered: set[int], loss: float) -> None:
    kernel = PingingKernel(answered=answered)
    echoes = ping("192.0.2.7", count=4, timeout_s=0.1, every_s=0.01, open_socket=kernel.open)
    assert echoes == Echoes(4, len(answered))
    assert echoes.loss_share == loss
    assert kernel.asked == ["192.0.2.7"] * 4


def test_an_address_without_a_route_answers_nothing_at_once() -> None:
    kernel = PingingKernel(answered={0})
    assert ping("192.0.2.99", count=4, timeout_s=60, open_socket=kernel.open) == Echoes(4, 0)


def test_a_system_that_forbids_pings_says_so() -> None:
    def forbidden() -> socket.socket:
        raise PermissionError

    with pytest.raises(PingForbiddenError):
        ping("127.0.0.1", count=1, timeout_s=1, open_socket=forbidden)


def test_an_unreachable_report_on_the_socket_is_passed_over() -> None:
    class Grumpy(socket.socket):
        def sendto(self, packet: bytes, address: tuple[str, int]) -> int:  # type: ignore[override]  # one form
            return len(packet)

    # A connected UDP socket whose partner is gone reports that as an error of recv, as a ping socket does.
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as gone:
        gone.bind(("127.0.0.1", 0))
        port = gone.getsockname()[1]
    grumpy = Grumpy(socket.AF_INET, socket.SOCK_DGRAM)
    grumpy.connect(("127.0.0.1", port))
    grumpy.send(b"x")
    assert ping("127.0.0.1", count=1, timeout_s=0.2, open_socket=lambda: grumpy) == Echoes(1, 0)


def test_a_request_has_a_right_sum_and_only_its_reply_counts() -> None:
    packet = echo_request(3, b"abcdefgh")
    assert checksum(packet) == 0
    assert number_of_reply(b"\0\0" + packet[2:], b"abcdefgh") == 3
    assert number_of_reply(packet, b"abcdefgh") is None
    assert checksum(b"\xff\xff\xff\xff\x01") == 0xFEFF


def test_the_kernels_own_socket_answers_on_loopback() -> None:
    try:
        open_icmp_socket().close()
    except PermissionError:
        pytest.skip("net.ipv4.ping_group_range forbids unprivileged pings here")
    assert ping("127.0.0.1", count=2, timeout_s=2, every_s=0.01).answered == 2
