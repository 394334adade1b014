"""What one look around found: plain values that threads may share."""

from dataclasses import dataclass

from edge.health.probing.rtsp_stages import RtspStage
from edge.health.probing.ups import UpsState


@dataclass(frozen=True, slots=True)
class Surroundings:
    """The point as a whole at one moment; None is "not known"."""

    ups: UpsState | None = None
    is_under_voltage: bool | None = None
    signal_dbm: float | None = None
    is_signal_falling: bool | None = None
    is_gateway_answering: bool | None = None
    is_switch_answering: bool | None = None


@dataclass(frozen=True, slots=True)
class CameraFindings:
    """What one look at one camera found; None is "not known"."""

    camera: str
    answers: bool | None = None
    loss_share: float | None = None
    has_arp: bool | None = None
    has_own_carrier: bool | None = None
    stage: RtspStage | None = None


NOTHING_KNOWN = Surroundings()
