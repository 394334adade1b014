"""Where connections lead, as the kernel says it."""

import ipaddress
import socket

import pytest

from edge.cameras.sources.peers import connections, is_led_astray


@pytest.mark.parametrize(
    ("family", "host"), [(socket.AF_INET, "127.0.0.1"), (socket.AF_INET6, "::1")], ids=["v4", "v6"]
)
def test_a_connection_is_known_by_where_it_leads(family: socket.AddressFamily, host: str) -> None:
    try:
        server = socket.create_server((host, 0), family=family)
    except OSError as error:
        pytest.skip(f"no {host} on this machine: {error}")
    with server:
        before = connections()
        with socket.create_connection(server.getsockname()[:2]):
            new = {number: peer for number, peer in connections().items() if number not in before}
            assert set(new.values()) == {ipaddress.ip_address(host)}
            assert not is_led_astray(host, before)
            assert is_led_astray("192.0.2.1", before)
            assert is_led_astray(host, connections())
            assert is_led_astray("no-such-camera.invalid", before)


def test_a_v4_peer_of_a_v6_socket_is_the_v4_machine() -> None:
    with socket.create_server(("127.0.0.1", 0)) as server, socket.socket(socket.AF_INET6) as link:
        before = connections()
        try:
            link.connect(("::ffff:127.0.0.1", server.getsockname()[1]))
        except OSError as error:
            pytest.skip(f"no IPv6 on this machine: {error}")
        assert not is_led_astray("127.0.0.1", before)
