"""Several links that share: what a broker must know."""

import pytest
from paho.mqtt.packettypes import PacketTypes
from paho.mqtt.properties import Properties
from paho.mqtt.reasoncodes import ReasonCode

from hub.ingest.taking.address import SHARED, Address
from hub.ingest.taking.subscriber import MqttLink


class Heard:
    """Stands where paho's client stands and notes what was subscribed to."""

    def __init__(self) -> None:
        self.filters: list[str] = []

    def subscribe(self, wanted: list[tuple[str, object]]) -> None:
        self.filters += [name for name, _options in wanted]


def connected(link: MqttLink, *, can_share: int | None) -> list[str]:
    properties = Properties(PacketTypes.CONNACK)
    if can_share is not None:
        properties.SharedSubscriptionAvailable = can_share
    heard = Heard()
    success = ReasonCode(PacketTypes.CONNACK, "Success")
    link._on_connect(heard, None, None, success, properties)  # type: ignore[arg-type]  # a stand-in
    return heard.filters


def test_a_broker_that_cannot_share_is_refused_by_name(caplog: pytest.LogCaptureFixture) -> None:
    link = MqttLink(Address(host="127.0.0.1", port=1, share_prefix=SHARED))
    assert connected(link, can_share=0) == []
    assert "set [ingest] workers = 1" in caplog.text
    assert all(
        one.startswith("$share/pontive-hub/pontive/1/up/+/") for one in connected(link, can_share=None)
    )
    alone = MqttLink(Address(host="127.0.0.1", port=1))
    assert all(one.startswith("pontive/1/up/+/") for one in connected(alone, can_share=0))
