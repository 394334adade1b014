"""What a device that is ours and not itself any more may send: broken, lying, huge.

All of it is published by a client with a valid certificate, between the records of honest devices.
"""

import random
import threading

import paho.mqtt.client as paho

from tests.mosquitto import Mosquitto

ROGUE = "rogue"
_RECORD = b'{"seq":%s,"at":"2026-11-21T00:00:00Z","clock":"synced","boot_id":"%s","mono_ns":1,"body":%s}'
_BOOT = b"0" * 32
_READING = b'{"kind":"sensor-reading","sensor":"s","quantity":"q","value":%s}'


def _batch(
    *, seq: bytes = b"1", body: bytes = _READING % b"1.0", lane: bytes = b"telemetry", more: bytes = b""
) -> bytes:
    record = _RECORD % (seq, _BOOT, body)
    return b'{"epoch":"eeeeeeeeeeeeeeee","lane":"%s","records":[%s]%s,"v":1}' % (lane, record, more)


# The 17 of reliability.md, finding 10 (2026), as far as they are told there, and more of their kind.
PAYLOADS: tuple[bytes, ...] = (
    _batch(body=_READING % b"NaN"),
    _batch(body=_READING % b"Infinity"),
    _batch(body=_READING % b"1e999"),
    _batch(body=_READING % b"true"),
    _batch(body=b'{"kind":"device-incident","what":"\\ud800","detail":""}'),
    _batch(body=b'{"kind":"device-incident","what":"\\u0000","detail":""}', lane=b"event"),
    _batch(body=b'{"kind":"device-incident","what":"a\\n","detail":""}', lane=b"event"),
    _batch(
        body=b'{"kind":"device-incident","what":"<script>alert(1)</script>","detail":""}', lane=b"telemetry"
    ),
    _batch(seq=b"true"),
    _batch(seq=b"-1"),
    _batch(seq=b"0"),
    _batch(seq=b"9223372036854775808"),
    _batch(seq=b"1.5"),
    _batch(more=b',"extra":1'),
    _batch(more=b',"epoch":"ffffffffffffffff"'),
    b"[" * 20_000,
    b'{"a":' * 20_000,
    b"",
    b"null",
    b"\xff\xfe\x00",
    b"not json",
    b'{"epoch":"EEEEEEEEEEEEEEEE","lane":"telemetry","records":[],"v":1}',
    b'{"epoch":"eeeeeeeeeeeeeeee\\n","lane":"telemetry","records":[],"v":1}',
    _batch(body=b'{"kind":"hadir-scan"}', lane=b"attendance"),
    _batch(body=b'{"kind":"nonsense"}'),
    _batch(lane=b"nonsense"),
    _batch()[:-7],
    _batch() + b"\n{}",
    b" " * 70_000 + _batch(),
    b"x" * 250_000,
)
# More than the broker takes: it hangs up on whoever sends that.
HUGE = b"x" * 10_000_000
# Said in somebody else's name, and well-formed: must never arrive.
LIE = _batch()

_CHANNELS = ("records", "state", "reply", "still/utara", "live/utara", "nonsense")


class Rogue(threading.Thread):
    """Publishes hostile things until told to stop."""

    def __init__(self, mosquitto: Mosquitto, *, victim: str, chance: random.Random) -> None:
        super().__init__(name="rogue", daemon=True)
        self.published = 0
        self._victim = victim
        self._chance = chance
        self._is_stopping = threading.Event()
        self._client = paho.Client(paho.CallbackAPIVersion.VERSION2, client_id=ROGUE, protocol=paho.MQTTv5)
        self._client.tls_set_context(mosquitto.context(ROGUE))
        self._client.reconnect_delay_set(0.1, 0.5)
        self._client.max_queued_messages_set(20)
        self._client.connect_async("127.0.0.1", mosquitto.port)

    def run(self) -> None:
        self._client.loop_start()
        while not self._is_stopping.wait(self._chance.uniform(0.01, 0.1)):
            if self._client.is_connected():
                self._publish_something()
        self._client.disconnect()
        self._client.loop_stop()

    def stop(self) -> None:
        self._is_stopping.set()
        self.join()

    def _publish_something(self) -> None:
        draw = self._chance.random()
        if draw < 0.01:
            self._say(ROGUE, "records", HUGE, qos=0)
        elif draw < 0.1:
            self._say(self._victim, "records", LIE, qos=1)
        elif draw < 0.7:
            self._say(ROGUE, "records", self._chance.choice(PAYLOADS), qos=1)
        else:
            channel = self._chance.choice(_CHANNELS)
            self._say(ROGUE, channel, self._chance.choice(PAYLOADS), qos=self._chance.choice((0, 1)))

    def _say(self, device: str, channel: str, payload: bytes, *, qos: int) -> None:
        # The broker hangs up at a retained message; at QoS 1 paho would send it again for ever.
        retain = qos == 0 and self._chance.random() < 0.05
        info = self._client.publish(f"pontive/1/up/{device}/{channel}", payload, qos=qos, retain=retain)
        self.published += info.rc == paho.MQTT_ERR_SUCCESS
