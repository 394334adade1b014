"""What Home Assistant is told of cameras: entity descriptions, counts and picture states. Pure.

Source of the words: Home Assistant documentation, MQTT discovery, sensor and binary sensor (2024).
Knows no broker; a camera's name and numbers are all that is told, no pictures and no addresses.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

import msgspec

from edge.config import CameraSettings
from edge.wire.records.bodies import Body, CameraCounts, CameraIntegrity, PictureState

AVAILABLE, GONE = b"online", b"offline"


@dataclass(frozen=True, slots=True)
class Publication:
    """Something the local broker keeps (retained), so that a restart of Home Assistant finds it."""

    topic: str
    payload: bytes


class HomeAssistant:
    """Speaks for one device."""

    def __init__(self, *, device: str, prefix: str, cameras: Iterable[CameraSettings]) -> None:
        """Take whose cameras, and the prefix Home Assistant listens on."""
        self._device = device
        self._prefix = prefix
        self._cameras = tuple(cameras)

    @property
    def availability_topic(self) -> str:
        """Where it stands whether the device is there."""
        return f"pontive-local/{self._device}/availability"

    def announcements(self) -> list[Publication]:
        """Return the description of every entity, as they are known from the configuration."""
        found: list[Publication] = []
        for camera in self._cameras:
            found.append(self._picture_entity(camera))
            for line in camera.lines:
                for way, name in (("forward", line.forward), ("backward", line.backward)):
                    found.append(self._count_entity(camera, line.id, way, name))
        return found

    def heard(self, body: Body) -> list[Publication]:
        """Return what a record changes; most change nothing."""
        match body:
            case CameraCounts():
                totals = {
                    f"{way}_{line.line}": total
                    for line in body.lines
                    for way, total in (("forward", line.forward_total), ("backward", line.backward_total))
                }
                return [self._state(body.camera, "counts", {**totals, "confidence": body.confidence})]
            case CameraIntegrity():
                state = {
                    "problem": "OFF" if body.picture is PictureState.GOOD else "ON",
                    "picture": body.picture,
                    "fault": body.fault,
                    "cause": body.cause,
                }
                return [self._state(body.camera, "picture", state)]
            case _:
                return []

    def _state(self, camera: str, what: str, values: dict[str, Any]) -> Publication:
        return Publication(self._topic(camera, what), msgspec.json.encode(values))

    def _topic(self, camera: str, what: str) -> str:
        return f"pontive-local/{self._device}/{camera}/{what}"

    def _picture_entity(self, camera: CameraSettings) -> Publication:
        topic = self._topic(camera.id, "picture")
        return self._entity(
            "binary_sensor",
            f"{camera.id}_picture",
            {
                "name": f"{camera.id}: gambar",
                "device_class": "problem",
                "state_topic": topic,
                "value_template": "{{ value_json.problem }}",
                "json_attributes_topic": topic,
            },
        )

    def _count_entity(self, camera: CameraSettings, line: str, way: str, name: str) -> Publication:
        return self._entity(
            "sensor",
            f"{camera.id}_{line}_{way}",
            {
                "name": f"{camera.id}: {line}, {name}",
                # Counts begin again with the worker; Home Assistant knows what that means.
                "state_class": "total_increasing",
                "state_topic": self._topic(camera.id, "counts"),
                "value_template": f"{{{{ value_json['{way}_{line}'] }}}}",
            },
        )

    def _entity(self, component: str, name: str, facts: dict[str, Any]) -> Publication:
        unique = f"pontive_{self._device}_{name}"
        whole = {
            **facts,
            "unique_id": unique,
            "availability_topic": self.availability_topic,
            "device": {
                "identifiers": [f"pontive_{self._device}"],
                "name": self._device,
                "manufacturer": "Pontive",
            },
        }
        return Publication(f"{self._prefix}/{component}/{unique}/config", msgspec.json.encode(whole))
