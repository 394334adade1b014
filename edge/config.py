"""What an agent can be told: the sections of ``edge.toml`` as frozen structs. Reads no file."""

import re
from enum import StrEnum
from typing import Annotated, Literal
from urllib.parse import urlsplit, urlunsplit

import msgspec

from edge.cameras.network import CameraNetwork as CameraNetwork

# The same words as the hub's, and part of this module for everybody on the edge.
from edge.wire.camera_settings import Fraction as Fraction
from edge.wire.camera_settings import Gauge as Gauge
from edge.wire.camera_settings import Ground as Ground
from edge.wire.camera_settings import Line as Line
from edge.wire.camera_settings import Point as Point
from edge.wire.camera_settings import Polygon as Polygon
from edge.wire.camera_settings import Preset as Preset
from edge.wire.camera_settings import Presets
from edge.wire.camera_settings import View as View
from edge.wire.camera_settings import Zone as Zone
from edge.wire.camera_settings import ZonePurpose as ZonePurpose
from edge.wire.records.bodies import DeviceId, SourceId
from edge.wire.strict_toml import Section


class HubLink(Section, frozen=True):
    """Where the hub's broker is, and who we are to it. Paths are relative to the file."""

    host: str = "127.0.0.1"
    port: Annotated[int, msgspec.Meta(ge=1, le=65535)] = 8883
    ca: str = "ca.pem"
    certificate: str = "device.pem"
    key: str = "device.key"
    hub_key: str = "hub-signing.pem"
    keepalive_s: Annotated[int, msgspec.Meta(ge=4, le=600)] = 30


class OutboxSettings(Section, frozen=True):
    """The durable queue. ``max_mib`` is taken on the disk at the first start, once and for all."""

    path: str = "outbox.db"
    max_mib: Annotated[int, msgspec.Meta(ge=4, le=4096)] = 256


class Medium(StrEnum):
    """What carries the picture of a camera to the device, or the device to the hub."""

    CABLE = "cable"
    FIBRE = "fibre"
    WIRELESS = "wireless"


class ClipLengths(Section, frozen=True):
    """Whether clips are kept, and how much is held in memory for what came before an event."""

    enabled: bool = False
    pre_roll_s: Annotated[float, msgspec.Meta(ge=0, le=60)] = 10
    post_roll_s: Annotated[float, msgspec.Meta(ge=1, le=60)] = 10
    ram_mib: Annotated[int, msgspec.Meta(ge=1, le=32)] = 16


class ClipSettings(ClipLengths, frozen=True):
    """Clips of the whole device; off by default, as every camera takes up to ``ram_mib`` of memory.

    All clips together take at most ``max_mib`` of the disk, none is kept longer than
    ``keep_days``. ``folder`` is by default ``clips`` beside the outbox.
    """

    max_mib: Annotated[int, msgspec.Meta(ge=16, le=1_048_576)] = 2048
    keep_days: Annotated[float, msgspec.Meta(gt=0, le=366)] = 7
    folder: str = ""


class DetectorSettings(Section, frozen=True):
    """An optional detector of objects: any ONNX model of the YOLO family's output shape.

    ``labels`` name its classes in order; a frame is looked at every ``every_s``.
    """

    model: str
    labels: Annotated[tuple[str, ...], msgspec.Meta(min_length=1, max_length=1000)]
    every_s: Annotated[float, msgspec.Meta(ge=0.1, le=3600)] = 5
    least_score: Annotated[float, msgspec.Meta(gt=0, lt=1)] = 0.4


class CameraSettings(View, frozen=True, kw_only=True):
    """One camera.

    The keys of its view (lines, zones, masks, gauges …) hold for a camera that does not turn; one
    that does names the views of its ``presets``, and ``onvif`` is the address of its device service,
    where its position is read (with the password of ``password_file``).

    ``source`` is ``rtsp://…``, ``http(s)://…`` (MJPEG), ``/dev/videoN``, ``picamera:N``,
    ``replay:FILE`` or ``scene:NAME?seed=N``. The file ``memory`` keeps the empty scene (by default
    ``camera-ID.empty`` beside the outbox).

    ``clip_source`` is the ``rtsp://…`` of the main stream, which is kept for clips and never
    decoded; empty takes the analysed stream. Clips are kept when the picture's state changes and
    on command, with ``clip_on_motion`` also when motion begins. ``clips`` overrides the device's;
    a camera with privacy masks keeps none. ``clip_folder`` is that of the device.
    """

    id: SourceId
    source: str
    password_file: str | None = None
    fps: Annotated[float, msgspec.Meta(gt=0, le=60)] = 10
    presets: Presets = ()
    onvif: Annotated[str, msgspec.Meta(pattern=r"\A(?:https?://\S+)?\Z")] = ""
    detector: DetectorSettings | None = None
    counts_every_s: Annotated[float, msgspec.Meta(ge=1, le=3600)] = 60
    still_every_s: Annotated[float, msgspec.Meta(ge=0.5, le=3600)] = 5
    still_width_px: Annotated[int, msgspec.Meta(ge=64, le=1920)] = 640
    silent_after_s: Annotated[float, msgspec.Meta(ge=2, le=10)] = 8
    medium: Medium = Medium.CABLE
    memory: str = ""
    clip_source: Annotated[str, msgspec.Meta(pattern=r"\A(?:rtsps?://\S+)?\Z")] = ""
    clip_on_motion: bool = False
    clips: ClipLengths | None = None
    clip_folder: str = ""


class DoorSettings(Section, frozen=True):
    """One office door with its reader. ``source`` as for a camera, or ``scene:door?phones=FILE``.

    ``more_sources`` are further cameras of the same door; all share one memory of used codes,
    kept in the file ``memory`` (by default ``door-ID.used`` beside the outbox). ``password_file``
    holds the password of all RTSP sources. ``witness`` shows a button by which the guard at the
    screen vouches for a badge without its PIN.
    """

    id: SourceId
    source: str
    fps: Annotated[float, msgspec.Meta(gt=0, le=30)] = 15
    direction: Literal["in", "out", "both"] = "both"
    strict: bool = False
    feedback: Literal["simulated", "gpio"] = "simulated"
    more_sources: Annotated[tuple[str, ...], msgspec.Meta(max_length=3)] = ()
    memory: str = ""
    password_file: str | None = None
    witness: bool = False


class KioskSettings(Section, frozen=True):
    """The screen at a door: ``port`` of the page ``http://127.0.0.1:PORT/DOOR``; 0: no screen."""

    port: Annotated[int, msgspec.Meta(ge=0, le=65535)] = 0


class SensorSettings(Section, frozen=True):
    """One sensor. ``source`` is ``simulated:NAME?seed=N`` until a driver is named here."""

    id: SourceId
    source: str
    quantity: str
    every_s: Annotated[float, msgspec.Meta(ge=0.001, le=3600)] = 60


class HealthSettings(Section, frozen=True):
    """What the device looks at to say why something is dark; all of it may be left out.

    ``ups`` is the name NUT (upsd) knows the supply by, on this machine or ``ups_host``;
    ``gateway`` overrides the default route; ``switch`` is the address of the point's switch;
    ``medium`` is what carries the device to the hub.
    """

    ups: Annotated[str, msgspec.Meta(pattern=r"\A[A-Za-z0-9_.-]{0,32}\Z")] = ""
    ups_host: str = "127.0.0.1"
    ups_port: Annotated[int, msgspec.Meta(ge=1, le=65535)] = 3493
    gateway: str = ""
    switch: str = ""
    medium: Medium = Medium.FIBRE
    round_every_s: Annotated[float, msgspec.Meta(ge=5, le=3600)] = 60


class HomeAssistantSettings(Section, frozen=True):
    """A second, local broker that is told about cameras in Home Assistant's words; no host: off."""

    host: str = ""
    port: Annotated[int, msgspec.Meta(ge=1, le=65535)] = 1883
    user: str = ""
    password_file: str | None = None
    ca: str | None = None
    prefix: Annotated[str, msgspec.Meta(pattern=r"\A[A-Za-z0-9_-]{1,32}\Z")] = "homeassistant"


class UpdateSettings(Section, frozen=True):
    """Software updates. ``auto`` uses RAUC on the city's own image, and none elsewhere.

    ``folder`` is by default ``update`` beside the outbox. A new release that the hub has not heard
    within ``trial_minutes`` is taken back, before the image's own timer does it. ``simulated`` plays a
    machine with two slots in ``folder``. Nothing is installed and nothing restarts before nobody was
    scanned at a door for ``door_pause_s``.
    """

    system: Literal["auto", "rauc", "simulated", "none"] = "auto"
    folder: str = ""
    trial_minutes: Annotated[float, msgspec.Meta(gt=0, le=240)] = 8
    door_pause_s: Annotated[float, msgspec.Meta(ge=5, le=3600)] = 120


class EdgeConfig(Section, frozen=True):
    """Everything an agent is told by its file."""

    device: DeviceId
    hub: HubLink = HubLink()
    outbox: OutboxSettings = OutboxSettings()
    camera_network: CameraNetwork = CameraNetwork()
    cameras: tuple[CameraSettings, ...] = ()
    doors: tuple[DoorSettings, ...] = ()
    sensors: tuple[SensorSettings, ...] = ()
    health_every_s: Annotated[float, msgspec.Meta(ge=1, le=3600)] = 30
    health: HealthSettings = HealthSettings()
    clips: ClipSettings = ClipSettings()
    home_assistant: HomeAssistantSettings = HomeAssistantSettings()
    kiosk: KioskSettings = KioskSettings()
    update: UpdateSettings = UpdateSettings()
    # Writes each accepted record's key here, outside the outbox: the oracle of the torture tests.
    acceptance_log: str | None = None


# Cheap cameras take the password in the path or the query: rtsp://…/user=admin&password=…
SECRET_WORD = re.compile(r"((?:pass(?:word|wd)?|pwd|token|auth)=)[^&/\s\"']+", re.IGNORECASE)


def mask_secrets(source: str) -> str:
    """Return a source with the passwords in its address, wherever they stand, replaced by ``***``."""
    parts = urlsplit(source)
    if parts.password is not None:
        host = parts.netloc.rpartition("@")[2]
        source = urlunsplit(parts._replace(netloc=f"{parts.username}:***@{host}"))
    return SECRET_WORD.sub(r"\1***", source)
