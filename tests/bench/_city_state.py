"""Says things in the name of all devices of a city, over the real broker: births, counts, integrity."""

import time
from collections import defaultdict
from datetime import UTC, datetime

import paho.mqtt.client as paho

from edge.wire.messages import Online, Record, Records, encode
from edge.wire.records.bodies import Body, CameraCounts, CameraIntegrity, ClockQuality, Lane, PictureState
from edge.wire.topics import UpChannel, up
from hub.places.inventory import Inventory
from tests.mosquitto import Mosquitto

EPOCH, BOOT = "00000000000000cc", "0123456789abcdef0123456789abcdef"


class CityVoices:
    """The devices of an inventory."""

    def __init__(self, broker: Mosquitto, inventory: Inventory, *, silent: frozenset[str]) -> None:
        """Connect and be born.

        Args:
            broker: It lets the hub's certificate say anything.
            inventory: The devices and their cameras.
            silent: Devices that speak for themselves.
        """
        self._cameras = {
            device.id: [camera.id for camera in device.cameras]
            for device in inventory.devices
            if device.id not in silent
        }
        self._seqs: dict[str, int] = defaultdict(int)
        self._client = paho.Client(paho.CallbackAPIVersion.VERSION2, client_id="city", protocol=paho.MQTTv5)
        self._client.tls_set_context(broker.context("hub"))
        self._client.connect("127.0.0.1", broker.port)
        self._client.loop_start()

    def keys(self) -> list[tuple[str, str]]:
        """Return every camera that is spoken for."""
        return [(device, camera) for device, cameras in self._cameras.items() for camera in cameras]

    def be_born(self) -> None:
        """Say that all devices are there, and what their cameras counted."""
        now = datetime.now(UTC)
        for device, cameras in self._cameras.items():
            state = Online(
                epoch=EPOCH,
                boot_id=BOOT,
                at=now,
                clock=ClockQuality.SYNCED,
                firmware="0.1.0",
                hardware="bench",
                uptime_s=60,
            )
            self._client.publish(up(device, UpChannel.STATE), encode(state), qos=1)
            self.say(device, *[_counts(camera) for camera in cameras])
            self.say(device, *[CameraIntegrity(camera=c, picture=PictureState.GOOD) for c in cameras])

    def say(self, device: str, *bodies: Body) -> None:
        """Publish records of a device, at QoS 1."""
        records = []
        for body in bodies:
            self._seqs[device] += 1
            records.append(
                Record(
                    seq=self._seqs[device],
                    at=datetime.now(UTC),
                    clock=ClockQuality.SYNCED,
                    boot_id=BOOT,
                    mono_ns=time.monotonic_ns(),
                    body=body,
                )
            )
        lane = Lane.EVENT if isinstance(bodies[0], CameraIntegrity) else Lane.TELEMETRY
        message = Records(epoch=EPOCH, lane=lane, records=tuple(records))
        self._client.publish(up(device, UpChannel.RECORDS), encode(message), qos=1)

    def show(self, device: str, camera: str, picture: PictureState) -> None:
        """Say how a camera's picture is."""
        self.say(device, CameraIntegrity(camera=camera, picture=picture))

    def stop(self) -> None:
        """End."""
        self._client.disconnect()
        self._client.loop_stop()


def _counts(camera: str) -> CameraCounts:
    return CameraCounts(camera=camera, period_s=60, frames=600, lines=(), motion_share=0.1, confidence=0.9)
