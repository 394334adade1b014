"""What is known of one outage; grows while it lasts and after, and is kept with it. Pure data."""

from enum import StrEnum

import msgspec

from edge.wire.records.bodies import BootReason, CameraFault, Cause, PictureState
from hub.cctv.rules import CameraState


class Scope(StrEnum):
    """How far one root cause reaches."""

    CAMERA = "camera"
    DEVICE = "device"
    SWITCH = "switch"
    POINT = "point"


class SaidReturn(msgspec.Struct, frozen=True):
    """What a device said of its own silence once it was back."""

    cause: Cause
    confidence: float
    boot: BootReason
    outage_s: float
    rows_from_gap: int = 0
    evidence: tuple[str, ...] = ()


class DeviceFacts(msgspec.Struct, frozen=True):
    """How one device went and came back.

    ``reason`` is how it went, as in ``device_presence``; ``boot`` the boot it went with, or came
    back with. It may have come back several times: ``same_boots`` and ``new_boots`` count how.
    ``uptime_s`` and ``gap_s`` are of the newest return; ``is_gone`` says that it is away now.
    """

    device: str
    reason: str
    gone_at_s: float
    boot: str
    is_gone: bool = True
    same_boots: int = 0
    new_boots: int = 0
    uptime_s: float | None = None
    gap_s: float | None = None
    had_late_cameras: bool = False
    said: SaidReturn | None = None


class CameraFacts(msgspec.Struct, frozen=True):
    """What is said of one held camera while its device lives; ``at_s`` is of the newest word."""

    device: str
    camera: str
    state: CameraState
    picture: PictureState | None = None
    fault: CameraFault = CameraFault.NONE
    cause: Cause = Cause.UNKNOWN
    confidence: float = 0.0
    evidence: tuple[str, ...] = ()
    at_s: float = 0.0


class OutageFacts(msgspec.Struct, frozen=True):
    """All of it. ``others_live`` are cameras of the same point that went on."""

    scope: Scope
    devices: tuple[DeviceFacts, ...] = ()
    cameras: tuple[CameraFacts, ...] = ()
    is_mains_lost: bool = False
    was_under_voltage: bool = False
    is_wireless: bool = False
    signal_dbm: float | None = None
    others_live: int = 0


def facts_from(text: str) -> OutageFacts:
    """Read what was kept."""
    return msgspec.json.decode(text, type=OutageFacts)


def facts_text(facts: OutageFacts) -> str:
    """Return what is kept."""
    return msgspec.json.encode(facts).decode()


def of_device(facts: OutageFacts, device: str) -> DeviceFacts | None:
    """Return what is known of one device."""
    return next((one for one in facts.devices if one.device == device), None)


def with_device(facts: OutageFacts, changed: DeviceFacts) -> OutageFacts:
    """Return the facts with one device put in or replaced."""
    others = tuple(one for one in facts.devices if one.device != changed.device)
    return msgspec.structs.replace(facts, devices=(*others, changed))


def with_camera(facts: OutageFacts, changed: CameraFacts) -> OutageFacts:
    """Return the facts with one camera put in or replaced, unless what is known of it is newer."""
    key = (changed.device, changed.camera)
    known = next((one for one in facts.cameras if (one.device, one.camera) == key), None)
    if known is not None and known.at_s > changed.at_s:
        return facts
    others = tuple(one for one in facts.cameras if (one.device, one.camera) != key)
    return msgspec.structs.replace(facts, cameras=(*others, changed))
