"""NUT over a real socket."""

import socket

import pytest

from edge.health.probing.ups import UpsState, UpsUnavailableError, read_ups
from tests.edge.health.twins import Upsd, served, talker


@pytest.mark.parametrize(
    ("status", "charge", "expected"),
    [
        ("OL CHRG", "100", UpsState(False, False, 1.0)),
        ("OB DISCHRG", "62.5", UpsState(True, False, 0.625)),
        ("OB LB", "9", UpsState(True, True, 0.09)),
        ("OL", "ERR VAR-NOT-SUPPORTED", UpsState(False, False)),
        ("OL", "250", UpsState(False, False)),
        ("OL", "much", UpsState(False, False)),
    ],
)
def test_a_supply_tells_mains_battery_and_charge(status: str, charge: str, expected: UpsState) -> None:
    upsd = Upsd({"ups.status": status, "battery.charge": charge})
    with served(upsd) as port:
        assert read_ups("kabinet", port=port) == expected
    assert upsd.heard == ["GET VAR kabinet ups.status", "GET VAR kabinet battery.charge", "LOGOUT"]


@pytest.mark.parametrize("answer", ["ERR UNKNOWN-UPS", "ERR DATA-STALE", "ERR DRIVER-NOT-CONNECTED"])
def test_an_error_of_upsd_is_named(answer: str) -> None:
    with served(Upsd({"ups.status": answer})) as port, pytest.raises(UpsUnavailableError, match=answer[4:]):
        read_ups("kabinet", port=port)


@pytest.mark.parametrize("answer", [b"SSH-2.0-x\r\n", b'VAR other ups.status "OL"\n', b"\xff\xfe\n", b""])
def test_something_else_on_the_port_is_no_supply(answer: bytes) -> None:
    with talker(answer) as port, pytest.raises(UpsUnavailableError):
        read_ups("kabinet", port=port, timeout_s=0.5)


def test_nobody_on_the_port_is_said() -> None:
    with socket.create_server(("127.0.0.1", 0)) as gone:
        port = gone.getsockname()[1]
    with pytest.raises(UpsUnavailableError, match=f"127.0.0.1:{port}"):
        read_ups("kabinet", port=port)
