"""A plan of a city, from which both halves of the system get their files.

The hub gets names, places and owners (``pontive-hub places load``), each device gets its
``edge.toml``: one plan, so that the two cannot disagree. Pure.
"""

from typing import Any, Literal

from edge.config import (
    CameraNetwork,
    CameraSettings,
    DoorSettings,
    EdgeConfig,
    HealthSettings,
    HubLink,
    KioskSettings,
    Line,
    Medium,
    OutboxSettings,
    SensorSettings,
    UpdateSettings,
)
from edge.wire.strict_toml import Section

# As most fixed cameras of streets see: a lens of 4 mm on a sensor of 1/3".
FIELD_OF_VIEW_DEG, VIEW_RANGE_M = 70.0, 80.0
# Simulated cameras run beside the simulated device, on one machine with the hub.
ON_THIS_MACHINE = ("127.0.0.0/8", "::1", "localhost")


class LinePlan(Section, frozen=True):
    """A counting line and what people call it."""

    name: str
    line: Line


class CameraPlan(Section, frozen=True):
    """A camera: how the device reads it, and what the hub knows of it besides.

    ``heading_deg`` is where it looks, clockwise from north; None: nobody measured it.
    """

    settings: CameraSettings
    name: str
    lines: tuple[LinePlan, ...] = ()
    kind: Literal["ptz", "fixed"] = "fixed"
    owner: str = "Dinas Perhubungan"
    heading_deg: float | None = None


class DoorPlan(Section, frozen=True):
    """A door with its reader."""

    settings: DoorSettings
    name: str


class SensorPlan(Section, frozen=True):
    """A sensor."""

    settings: SensorSettings
    name: str


class SitePlan(Section, frozen=True):
    """A point of the city; latitude 0.0 is one."""

    id: str
    name: str
    kelurahan: str
    lat: float
    lon: float


class DevicePlan(Section, frozen=True):
    """A device at a site, and what carries it to the hub.

    ``is_fickle``: the sample city lets it go and come back.
    """

    id: str
    site: str
    name: str
    cameras: tuple[CameraPlan, ...] = ()
    doors: tuple[DoorPlan, ...] = ()
    sensors: tuple[SensorPlan, ...] = ()
    medium: Literal[Medium.FIBRE, Medium.WIRELESS] = Medium.FIBRE
    is_fickle: bool = False

    @property
    def sources(self) -> tuple[str, ...]:
        """The ids of its cameras, doors and sensors."""
        return (
            *(camera.settings.id for camera in self.cameras),
            *(door.settings.id for door in self.doors),
            *(sensor.settings.id for sensor in self.sensors),
        )


class CityPlan(Section, frozen=True):
    """All sites and devices."""

    sites: tuple[SitePlan, ...]
    devices: tuple[DevicePlan, ...]

    @property
    def sources(self) -> tuple[str, ...]:
        """All cameras, doors and sensors, as ``device/source``."""
        return tuple(f"{device.id}/{source}" for device in self.devices for source in device.sources)


def hub_inventory(plan: CityPlan) -> dict[str, Any]:
    """Return the plan as the hub's inventory file, ready for JSON."""
    return {
        "sites": [
            {"id": s.id, "name": s.name, "kelurahan": s.kelurahan, "lat": s.lat, "lon": s.lon}
            for s in plan.sites
        ],
        "devices": [_hub_device(device) for device in plan.devices],
    }


def _hub_device(device: DevicePlan) -> dict[str, Any]:
    return {
        "id": device.id,
        "site": device.site,
        "name": device.name,
        "cameras": [_hub_camera(camera, device) for camera in device.cameras],
        "doors": [
            {"id": door.settings.id, "name": door.name, "direction": door.settings.direction}
            for door in device.doors
        ],
        "sensors": [
            {"id": sensor.settings.id, "name": sensor.name, "quantity": sensor.settings.quantity}
            for sensor in device.sensors
        ],
    }


def _hub_camera(camera: CameraPlan, device: DevicePlan) -> dict[str, Any]:
    return {
        "id": camera.settings.id,
        "name": camera.name,
        "kind": camera.kind,
        "medium": device.medium,
        "owner": camera.owner,
        "heading_deg": camera.heading_deg,
        "field_of_view_deg": FIELD_OF_VIEW_DEG,
        "view_range_m": VIEW_RANGE_M,
        "purposes": ["service", "decision"],
        "network_switch": f"sw-{device.site}",
        "lines": [
            {
                "id": planned.line.id,
                "name": planned.name,
                "forward": planned.line.forward,
                "backward": planned.line.backward,
            }
            for planned in camera.lines
        ],
    }


def edge_config(
    device: DevicePlan, *, broker_port: int, outbox_mib: int, health_every_s: float, kiosk_port: int = 0
) -> EdgeConfig:
    """Return a device's configuration; its key files lie beside it under their usual names.

    Args:
        device: The device.
        broker_port: Where the broker listens on this machine.
        outbox_mib: How much disk its outbox takes.
        health_every_s: How often it reports on itself.
        kiosk_port: Where a device with doors serves their screen; 0: nowhere.
    """
    return EdgeConfig(
        device=device.id,
        health=HealthSettings(medium=device.medium),
        hub=HubLink(port=broker_port),
        outbox=OutboxSettings(max_mib=outbox_mib),
        camera_network=CameraNetwork(allowed=ON_THIS_MACHINE),
        cameras=tuple(_with_lines(camera) for camera in device.cameras),
        doors=tuple(door.settings for door in device.doors),
        sensors=tuple(sensor.settings for sensor in device.sensors),
        health_every_s=health_every_s,
        kiosk=KioskSettings(port=kiosk_port if device.doors else 0),
        update=UpdateSettings(system="simulated"),
    )


def _with_lines(camera: CameraPlan) -> CameraSettings:
    values = {name: getattr(camera.settings, name) for name in camera.settings.__struct_fields__}
    return CameraSettings(**{**values, "lines": tuple(planned.line for planned in camera.lines)})
