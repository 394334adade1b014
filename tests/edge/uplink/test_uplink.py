"""The uplink on a real mosquitto with mutual TLS, and a hub that acknowledges."""

import logging
import queue
import random
import socket
import threading
import time
from collections.abc import Callable

import msgspec
import paho.mqtt.client as paho
import pytest
from paho.mqtt.packettypes import PacketTypes
from paho.mqtt.properties import Properties

from edge.clock import SettableClock
from edge.errors import ConfigError
from edge.outbox import Entry, Outbox
from edge.uplink import Backoff, Schedule, Uplink
from edge.uplink.pieces import outgoing_clip
from edge.wire.clips import read_head
from edge.wire.messages import (
    MAX_STILL_BYTES,
    Ack,
    Desired,
    Offline,
    OfflineReason,
    Online,
    Reply,
    RunSelftest,
    decode_records,
    decode_reply,
    decode_state,
    encode,
    ranges_of,
)
from edge.wire.records.bodies import ClockQuality, Lane, MotionEvent, SensorReading

DEVICE = "cam-1"
MIB = 1024 * 1024


def until(is_true: Callable[[], object], what: str, *, seconds: float = 240.0) -> None:
    deadline = time.monotonic() + seconds
    while not is_true():
        assert time.monotonic() < deadline, f"not within {seconds} s: {what}"
        time.sleep(0.01)


class Hub:
    """What the hub does, in memory: it notes every message and acknowledges records."""

    def __init__(self, mosquitto) -> None:
        self.is_acknowledging = True
        self.seen: list[tuple[str, int]] = []
        self.messages: list[paho.MQTTMessage] = []
        self.states: list = []
        self._is_subscribed = threading.Event()
        self._client = paho.Client(paho.CallbackAPIVersion.VERSION2, client_id="hub", protocol=paho.MQTTv5)
        self._client.tls_set_context(mosquitto.context("hub"))
        self._client.reconnect_delay_set(0.1, 0.2)
        self._client.on_connect = lambda client, *_: client.subscribe("pontive/1/up/#", qos=1)
        self._client.on_subscribe = lambda *_: self._is_subscribed.set()
        self._client.on_disconnect = lambda *_: self._is_subscribed.clear()
        self._client.on_message = self._on_message
        self._client.connect("127.0.0.1", mosquitto.port)
        self._client.loop_start()
        self.wait()

    def wait(self) -> None:
        assert self._is_subscribed.wait(240)

    def say(self, channel: str, payload: bytes, *, answer_to: str | None = None) -> None:
        properties = Properties(PacketTypes.PUBLISH)
        if answer_to:
            properties.ResponseTopic = answer_to
            properties.CorrelationData = b"c-7"
        self._client.publish(f"pontive/1/dn/{DEVICE}/{channel}", payload, qos=1, properties=properties)

    def on(self, channel: str) -> list[paho.MQTTMessage]:
        return [m for m in self.messages if f"/{channel}" in m.topic]

    def close(self) -> None:
        self._client.disconnect()
        self._client.loop_stop()

    def _on_message(self, client: paho.Client, _data, message: paho.MQTTMessage) -> None:
        if message.topic.endswith("/records"):
            batch = decode_records(message.payload)
            self.seen += [(batch.epoch, record.seq) for record in batch.records]
            if self.is_acknowledging:
                ranges = ranges_of([record.seq for record in batch.records])
                ack = encode(Ack(epoch=batch.epoch, ranges=ranges))
                client.publish(f"pontive/1/dn/{DEVICE}/ack", ack)
        elif message.topic.endswith("/state"):
            self.states.append(decode_state(message.payload))
        self.messages.append(message)


class Device:
    """An outbox and an uplink, and what the hub told them."""

    def __init__(self, folder, mosquitto, *, device: str = DEVICE, link=None) -> None:
        self.clock = SettableClock()
        self.outbox = Outbox.open(folder / f"{device}.db", max_bytes=16 * MIB, clock=self.clock)
        self.commands: queue.Queue = queue.Queue()
        self.desired: queue.Queue = queue.Queue()
        chance = random.Random(1)
        self.uplink = Uplink(
            device=device,
            link=link or mosquitto.link(device),
            boot_id=self.clock.boot_id,
            outbox=self.outbox,
            schedule=Schedule(self.outbox, chance=chance),
            backoff=Backoff(chance, first_s=0.2, cap_s=0.5),
            birth=self.birth,
            on_command=lambda command, answer: self.commands.put((command, answer)),
            on_desired=self.desired.put,
        )

    def birth(self) -> Online:
        stamp = self.clock.now()
        return Online(
            epoch=self.outbox.epoch,
            boot_id=self.clock.boot_id,
            at=stamp.at,
            clock=stamp.quality,
            firmware="1",
            hardware="test",
            uptime_s=1,
        )

    def put(self, count: int = 1, *, is_event: bool = False) -> list[int]:
        body = (
            MotionEvent(camera="c", duration_s=1.0, peak_share=0.5)
            if is_event
            else SensorReading(sensor="s", quantity="q", value=1.0)
        )
        at = self.clock.now().at
        seqs = self.outbox.append_many([Entry(body, at, time.monotonic_ns(), ClockQuality.HELD)] * count)
        self.uplink.wake()
        return seqs

    def waiting(self) -> int:
        return sum(stats.rows for stats in self.outbox.stats().values())

    def close(self) -> None:
        if self.uplink._thread.is_alive():
            self.uplink.stop(10)
        self.outbox.close()


@pytest.fixture
def mosquitto(new_mosquitto):
    return new_mosquitto()


@pytest.fixture
def hub(mosquitto):
    one = Hub(mosquitto)
    yield one
    one.close()


@pytest.fixture
def device(tmp_path, mosquitto):
    one = Device(tmp_path, mosquitto)
    yield one
    one.close()


def test_backlog_and_live_rows_arrive_once_and_leave_the_outbox(device: Device, hub: Hub) -> None:
    backlog = device.put(5000)
    device.uplink.start()
    until(lambda: device.uplink.is_connected and hub.states, "connected and subscribed")
    live = [device.put(is_event=True)[0] for _ in range(20)]
    until(lambda: device.waiting() == 0, "acknowledged")
    assert sorted(hub.seen) == [(device.outbox.epoch, seq) for seq in sorted([*backlog, *live])]
    assert isinstance(hub.states[0], Online)
    assert hub.states[0].epoch == device.outbox.epoch


def test_live_rows_do_not_wait_for_the_backlog(device: Device, hub: Hub) -> None:
    for _ in range(20):
        device.put(1000)
    device.uplink.start()
    until(lambda: device.uplink.is_connected and hub.states, "connected and subscribed")
    live = device.put(is_event=True)[0]
    until(lambda: device.waiting() == 0, "drained")
    # All of the backlog was there before it; only what was under way already passes.
    assert hub.seen.index((device.outbox.epoch, live)) < 15_000


def test_rows_stay_until_the_hub_acknowledges_whatever_the_broker_says(device: Device, hub: Hub) -> None:
    hub.is_acknowledging = False
    seqs = device.put(3)
    device.uplink.start()
    until(lambda: len(hub.seen) >= 6, "sent twice")
    assert device.waiting() == 3
    assert device.uplink.rejected_publishes == 0
    hub.is_acknowledging = True
    until(lambda: device.waiting() == 0, "acknowledged")
    assert {seq for _, seq in hub.seen} == set(seqs)


def test_without_a_hub_the_broker_takes_nothing_and_it_is_counted(device: Device, mosquitto) -> None:
    device.put(2)
    device.uplink.start()
    until(lambda: device.uplink.rejected_publishes > 0, "rejected")
    assert device.waiting() == 2
    hub = Hub(mosquitto)
    until(lambda: device.waiting() == 0, "acknowledged")
    hub.close()


def test_a_killed_broker_costs_nothing(device: Device, hub: Hub, mosquitto) -> None:
    device.uplink.start()
    until(lambda: device.uplink.is_connected and hub.states, "connected and subscribed")
    for _ in range(2):
        mosquitto.kill()
        device.put(50)
        until(lambda: not device.uplink.is_connected, "loss noticed")
        mosquitto.start()
        device.put(50)
        until(lambda: device.waiting() == 0, "acknowledged")
    assert {seq for _, seq in hub.seen} == set(range(1, 201))


def test_a_broker_that_comes_late_is_found_and_named_once(tmp_path, new_mosquitto, caplog) -> None:
    caplog.set_level(logging.INFO)
    mosquitto = new_mosquitto()
    mosquitto.kill()
    device = Device(tmp_path, mosquitto)
    device.uplink.start()
    until(lambda: "refused" in caplog.text, "named")
    time.sleep(1)
    mosquitto.start()
    until(lambda: device.uplink.is_connected, "connected")
    device.close()
    assert caplog.text.count("refused") == 1
    assert f"connected to the broker at 127.0.0.1:{mosquitto.port}" in caplog.text


def test_a_stop_says_goodbye_and_no_will_follows(device: Device, hub: Hub) -> None:
    device.uplink.start()
    until(lambda: device.uplink.is_connected and hub.states, "connected and subscribed")
    device.uplink.stop(10)
    until(lambda: len(hub.states) == 2, "goodbye")
    assert hub.states[1] == Offline(boot_id="0" * 32, reason=OfflineReason.STOPPED)
    assert not device.uplink.is_connected


def test_the_broker_says_the_will_of_a_device_that_vanished_at_once(device: Device, hub: Hub) -> None:
    # A broker that waits with it keeps a session meanwhile, which mosquitto can fall over.
    device.uplink.start()
    until(lambda: device.uplink.is_connected and hub.states, "connected and subscribed")
    device.uplink._live._client.socket().shutdown(socket.SHUT_RDWR)
    until(lambda: any(isinstance(state, Offline) for state in hub.states), "will")
    until(lambda: device.uplink.is_connected and isinstance(hub.states[-1], Online), "back")
    wills = [state for state in hub.states if isinstance(state, Offline)]
    assert wills == [Offline(boot_id="0" * 32, reason=OfflineReason.WILL)]


def test_a_command_is_handed_on_and_answered_where_the_hub_wants_it(device: Device, hub: Hub) -> None:
    device.uplink.start()
    until(lambda: device.uplink.is_connected and hub.states, "connected and subscribed")
    hub.say("cmd", encode(RunSelftest()), answer_to=f"pontive/1/up/{DEVICE}/reply")
    command, answer = device.commands.get(timeout=240)
    assert command == RunSelftest()
    answer(Reply(command="run-selftest", is_done=True, values={"disk": "ok"}))
    until(lambda: hub.on("reply"), "reply")
    (message,) = hub.on("reply")
    assert decode_reply(message.payload).values == {"disk": "ok"}
    assert message.properties.CorrelationData == b"c-7"


def test_an_answer_is_never_sent_below_somebody_elses_name(device: Device, hub: Hub) -> None:
    device.uplink.start()
    until(lambda: device.uplink.is_connected and hub.states, "connected and subscribed")
    hub.say("cmd", encode(RunSelftest()), answer_to="pontive/1/up/other/reply")
    _, answer = device.commands.get(timeout=240)
    answer(Reply(command="run-selftest", is_done=True))
    until(lambda: hub.on("reply"), "reply")
    assert hub.on("reply")[0].topic == f"pontive/1/up/{DEVICE}/reply"


@pytest.mark.parametrize(
    "payload", [b"", b"\xff", b'{"kind":"format-disk"}', b'{"kind":"run-selftest","x":1}']
)
def test_a_garbled_command_is_refused_and_the_next_one_is_done(device, hub, payload: bytes) -> None:
    device.uplink.start()
    until(lambda: device.uplink.is_connected and hub.states, "connected and subscribed")
    hub.say("cmd", payload)
    hub.say("cmd", encode(RunSelftest()))
    assert device.commands.get(timeout=240)[0] == RunSelftest()
    until(lambda: hub.on("reply"), "refusal")
    assert not decode_reply(hub.on("reply")[0].payload).is_done


def test_garbled_acknowledgements_and_documents_stop_nothing(device: Device, hub: Hub, caplog) -> None:
    device.uplink.start()
    until(lambda: device.uplink.is_connected and hub.states, "connected and subscribed")
    for channel in ("ack", "desired"):
        hub.say(channel, b'{"epoch":1}')
    hub.say("nonsense", b"x")
    document = Desired(document="roster", version=3, sealed="AAAA", signature="BBBB")
    hub.say("desired", encode(document))
    assert device.desired.get(timeout=240) == document
    device.put()
    until(lambda: device.waiting() == 0, "acknowledged")
    assert caplog.text.count("not understood") == 2


def test_a_callback_that_raises_costs_one_connection(device: Device, hub: Hub, caplog) -> None:
    def raise_always(_desired: Desired) -> None:
        raise msgspec.MsgspecError("a bug of the agent")

    device.uplink._downlink._on_desired = raise_always
    device.uplink.start()
    until(lambda: device.uplink.is_connected and hub.states, "connected and subscribed")
    hub.say("desired", encode(Desired(document="roster", version=3, sealed="AAAA", signature="BBBB")))
    until(lambda: "stumbled" in caplog.text, "logged")
    device.put()
    until(lambda: device.waiting() == 0, "acknowledged on the next connection")


def test_a_still_arrives_with_its_time_and_is_dropped_without_a_connection(device: Device, hub: Hub) -> None:
    at = device.clock.now().at
    assert not device.uplink.publish_still("utara", b"jpeg", at)
    device.uplink.start()
    until(lambda: device.uplink.is_connected and hub.states, "connected and subscribed")
    assert not device.uplink.publish_still("utara", bytes(MAX_STILL_BYTES + 1), at)
    assert device.uplink.publish_still("utara", b"jpeg", at)
    until(lambda: hub.on("still"), "still")
    (message,) = hub.on("still")
    assert (message.topic, message.payload) == (f"pontive/1/up/{DEVICE}/still/utara", b"jpeg")
    assert message.properties.UserProperty == [("at", at.isoformat())]


def test_a_still_behind_an_unsent_one_of_the_same_camera_is_dropped(device: Device, mosquitto) -> None:
    device.uplink.start()
    until(lambda: device.uplink.is_connected, "connected")
    mosquitto.freeze()
    at = device.clock.now().at
    answers = [device.uplink.publish_still("utara", bytes(MAX_STILL_BYTES), at) for _ in range(200)]
    mosquitto.thaw()
    assert answers[0]
    assert not all(answers)


def test_a_strangers_certificate_is_refused_and_the_device_keeps_its_rows(
    tmp_path, mosquitto, new_mosquitto, caplog
) -> None:
    stranger = new_mosquitto()
    link = msgspec.structs.replace(stranger.link("cam-1"), port=mosquitto.port)
    device = Device(tmp_path, mosquitto, link=link)
    device.put()
    device.uplink.start()
    until(lambda: "certificate" in caplog.text.lower(), "named")
    assert not device.uplink.is_connected
    assert device.waiting() == 1
    device.close()


def test_a_missing_certificate_is_named_at_once(tmp_path, mosquitto) -> None:
    link = msgspec.structs.replace(mosquitto.link("cam-1"), key=str(tmp_path / "gone.key"))
    with pytest.raises(ConfigError, match=r"gone\.key.*enrol"):
        Device(tmp_path, mosquitto, link=link)


def test_an_outbox_that_fails_is_named_and_the_uplink_lives_on(device: Device, hub: Hub, caplog) -> None:
    device.uplink.start()
    until(lambda: device.uplink.is_connected and hub.states, "connected and subscribed")
    device.outbox.close()
    device.uplink.wake()
    until(lambda: "outbox cannot be used" in caplog.text, "named")
    assert device.uplink._thread.is_alive()


def test_lanes_arrive_apart(device: Device, hub: Hub) -> None:
    device.put(5)
    device.put(5, is_event=True)
    device.uplink.start()
    until(lambda: device.waiting() == 0, "acknowledged")
    lanes = [decode_records(message.payload).lane for message in hub.on("records")]
    assert set(lanes) == {Lane.EVENT, Lane.TELEMETRY}


def test_a_clip_arrives_in_pieces_and_not_without_a_connection(device: Device, hub: Hub, tmp_path) -> None:
    film = random.Random(3).randbytes(1_000_000)
    path = tmp_path / "20261121t001359z-0badcafe.mp4"
    path.write_bytes(film)
    clip = outgoing_clip("utara", path, ())
    assert not device.uplink.send_clip(clip), "the hub asks again when the device is back"
    device.uplink.start()
    until(lambda: device.uplink.is_connected and hub.states, "connected and subscribed")
    assert device.uplink.send_clip(clip)
    records = device.put(200)
    until(lambda: len(hub.on("clip")) == 16, "the pieces")
    assert b"".join(message.payload for message in hub.on("clip")) == film
    for number, message in enumerate(hub.on("clip")):
        assert message.topic == f"pontive/1/up/{DEVICE}/clip/utara"
        head = read_head(message.properties.UserProperty, payload_bytes=len(message.payload))
        assert (head.clip, head.number) == (path.stem, number)
    until(lambda: device.waiting() == 0, "acknowledged")
    assert len(hub.seen) == len(records)


def test_records_pass_a_clip_that_is_under_way(device: Device, hub: Hub, tmp_path) -> None:
    path = tmp_path / "20261121t001359z-0badcafe.mp4"
    path.write_bytes(bytes(30_000_000))
    device.uplink.start()
    until(lambda: device.uplink.is_connected and hub.states, "connected and subscribed")
    device.uplink.send_clip(outgoing_clip("utara", path, ()))
    until(lambda: len(hub.on("clip")) >= 3, "the first pieces")
    (seq,) = device.put(is_event=True)
    until(lambda: hub.on("records"), "the record")
    assert hub.seen == [(device.outbox.epoch, seq)]
    place = next(n for n, message in enumerate(hub.messages) if message.topic.endswith("/records"))
    assert place < 458, "before the clip was over"


def test_a_birth_that_nobody_heard_is_said_again_when_the_hub_shows_itself(device: Device, mosquitto) -> None:
    device.put(1)
    device.uplink.start()
    until(lambda: device.uplink.rejected_publishes > 0, "rejected")
    hub = Hub(mosquitto)
    until(lambda: device.waiting() == 0, "acknowledged")
    until(lambda: any(isinstance(state, Online) for state in hub.states), "born again")
    device.put(1)
    until(lambda: device.waiting() == 0, "acknowledged once more")
    assert len([state for state in hub.states if isinstance(state, Online)]) == 1
    hub.close()
