"""Who shows a device's certificate under another name is hung up on: at a real mosquitto, under our rules."""

import time
from collections.abc import Iterator

import pytest

from hub.ingest.taking.address import Address
from hub.ingest.taking.strangers import LOG_TOPIC, StrangerWatch
from hub.ingest.taking.subscriber import take_over
from tests.provisioning.conftest import RunningBroker

PATIENCE_S = 240.0


class Watch:
    """The hub's watch, and whom it hung up on."""

    def __init__(self, broker: RunningBroker) -> None:
        tls = broker.context(broker.identity("hub"))
        self.ended: list[str] = []
        address = Address(host="127.0.0.1", port=broker.port, client_id="hub-doorkeeper", tls=tls)

        def end(client: str) -> None:
            self.ended.append(client)
            take_over(address, client)

        self.watch = StrangerWatch(address, end=end)


@pytest.fixture
def watch(broker: RunningBroker) -> Iterator[Watch]:
    found = Watch(broker)
    found.watch.start()
    assert found.watch.listening.wait(PATIENCE_S)
    yield found
    found.watch.stop()


def test_a_thief_under_a_name_of_his_own_is_hung_up_on_and_devices_are_not(
    broker: RunningBroker, watch: Watch, caplog: pytest.LogCaptureFixture
) -> None:
    ear = broker.connect("pi-satu", "pi-satu")
    ear.subscribe("$SYS/#")
    ear.subscribe(LOG_TOPIC)
    own = [broker.connect("pi-curi", name) for name in ("pi-curi", "pi-curi-live")]
    for name in ("pencuri", "pi-lain", "(p5, c1, k60, u'hub')."):
        thief = broker.connect("pi-curi", name)
        assert thief.disconnection() in ("Session taken over", "Unspecified error")
        thief.close()
        assert name in watch.ended
    for connection in own:
        assert connection.publish("pontive/1/up/pi-curi/state")
        assert connection.disconnected_with.empty()
    assert ear.received == [], "the log is for the hub alone"
    assert not {"pi-curi", "pi-curi-live", "pi-satu"} & set(watch.ended)
    said = [one for one in caplog.records if "pi-curi: its certificate" in one.getMessage()]
    assert len(said) == 1, "said once a device"


def test_a_name_that_the_log_cuts_off_is_said_with_the_remedy(
    broker: RunningBroker, watch: Watch, caplog: pytest.LogCaptureFixture
) -> None:
    broker.connect("pi-curi", "n" * 5_000)
    until_s = time.monotonic() + PATIENCE_S
    while "restart mosquitto" not in caplog.text and time.monotonic() < until_s:
        time.sleep(0.05)
    assert "endless name" in caplog.text
    assert watch.ended == []
