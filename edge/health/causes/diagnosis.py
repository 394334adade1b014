"""Why a camera or a whole device was gone: camera, power or link, and how sure that is. Pure.

Each fact that is known speaks for and against causes with a weight (log-odds); what is not
known says nothing. The verdict is the cause with the most behind it, or "unknown". The weights
follow how these cabinets fail: a point has one switch, its cameras fail alone, its mains takes
all of them, and a wireless hop fades before it breaks.
"""

import math
from collections.abc import Iterable
from dataclasses import dataclass

from edge.config import Medium
from edge.wire.records.bodies import CameraFault, Cause, PictureState


@dataclass(frozen=True, slots=True)
class Verdict:
    """A cause with its confidence, 0 to 1, and the facts that spoke for it, strongest first."""

    cause: Cause
    confidence: float
    evidence: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class CameraEvidence:
    """What an agent that is up itself knows of one dark camera; None is "not known".

    ``siblings`` are the other cameras of the point, ``siblings_dark`` those without picture.
    ``loss_share`` is of pings, 0 to 1; ``signal_dbm`` of the wireless hop.
    """

    picture: PictureState
    fault: CameraFault = CameraFault.NONE
    medium: Medium = Medium.CABLE
    siblings: int = 0
    siblings_dark: int = 0
    answers_ping: bool | None = None
    has_arp: bool | None = None
    has_port_power: bool | None = None
    is_switch_answering: bool | None = None
    is_gateway_answering: bool | None = None
    has_own_carrier: bool | None = None
    is_mains_lost: bool | None = None
    is_under_voltage: bool | None = None
    loss_share: float | None = None
    signal_dbm: float | None = None
    is_signal_falling: bool | None = None


@dataclass(frozen=True, slots=True)
class AbsenceEvidence:
    """What is known, after its return, of a device that had been silent for ``outage_s``.

    ``uptime_s`` is at the moment of return; ``rows_from_gap`` were recorded during the silence;
    ``has_watchdog_reset`` says that the board restarted itself because the agent hung.
    """

    outage_s: float
    uptime_s: float
    rows_from_gap: int = 0
    had_last_gasp: bool = False
    was_under_voltage: bool | None = None
    was_stopped_by_hand: bool = False
    has_watchdog_reset: bool | None = None
    is_same_boot: bool | None = None
    was_gateway_answering: bool | None = None
    was_signal_falling: bool | None = None
    medium: Medium = Medium.FIBRE


Weights = dict[Cause, float]
Fact = tuple[str, bool, Weights]

# Without facts nobody knows; most often it is the camera itself.
_CAMERA_PRIOR: Weights = {Cause.CAMERA: 0.4, Cause.POWER: 0.0, Cause.LINK: 0.0, Cause.UNKNOWN: 0.8}
_ABSENCE_PRIOR: Weights = {Cause.CAMERA: -9.0, Cause.POWER: 0.0, Cause.LINK: 0.0, Cause.UNKNOWN: 0.8}
# Nothing that is inferred is certain.
_MAX_CONFIDENCE = 0.97
_MIN_CONFIDENCE = 0.5
# Below this a 5 GHz bridge loses packets; a common planning value for outdoor links.
_WEAK_SIGNAL_DBM = -80.0
_HIGH_LOSS_SHARE = 0.15

_SOFTWARE_FAULTS = frozenset({CameraFault.UNAUTHORISED, CameraFault.NOT_VIDEO, CameraFault.REFUSED})
_BAD_PICTURES = frozenset(
    {
        PictureState.BLACK,
        PictureState.FROZEN,
        PictureState.COVERED,
        PictureState.DEFOCUSED,
        PictureState.MOVED,
        PictureState.SMEARED,
        PictureState.OVEREXPOSED,
        PictureState.FLICKERING,
    }
)


def diagnose_camera(evidence: CameraEvidence) -> Verdict:
    """Say why one camera is dark while the agent is up."""
    return _weigh(_CAMERA_PRIOR, (*_camera_facts(evidence), *_point_facts(evidence), *_hop_facts(evidence)))


def diagnose_absence(evidence: AbsenceEvidence) -> Verdict:
    """Say why a whole device had been silent, once it is back."""
    return _weigh(_ABSENCE_PRIOR, _absence_facts(evidence))


def _camera_facts(e: CameraEvidence) -> Iterable[Fact]:
    answers = e.answers_ping is True
    yield "picture-bad", e.picture in _BAD_PICTURES, {Cause.CAMERA: 5}
    yield "refuses-stream", e.fault in _SOFTWARE_FAULTS, {Cause.CAMERA: 4.5}
    is_steady = (e.loss_share or 0) < _HIGH_LOSS_SHARE
    yield "answers-without-picture", answers and is_steady, {Cause.CAMERA: 3, Cause.POWER: -3}
    has_power = e.has_port_power is True
    yield "powered-and-mute", has_power and not answers, {Cause.CAMERA: 1.5, Cause.POWER: -2.5}
    others_live = e.siblings > e.siblings_dark
    yield "port-without-power", e.has_port_power is False and others_live, {Cause.CAMERA: 1.2, Cause.LINK: -1}
    yield "others-live", others_live and not answers, {Cause.CAMERA: 1.6, Cause.POWER: -0.8}
    yield "known-in-arp", e.has_arp is True and not answers, {Cause.CAMERA: 1}


def _point_facts(e: CameraEvidence) -> Iterable[Fact]:
    """Facts about the point as a whole: mains, switch, and who else is dark."""
    all_dark = e.siblings > 0 and e.siblings_dark == e.siblings
    # A login that the camera refuses, or a covered lens, is its own even if its neighbours are dark too.
    is_mute = e.answers_ping is not True and e.picture not in _BAD_PICTURES
    yield "mains-lost", e.is_mains_lost is True and is_mute, {Cause.POWER: 5}
    yield "mains-present", e.is_mains_lost is False, {Cause.POWER: -1}
    yield "under-voltage", e.is_under_voltage is True and is_mute, {Cause.POWER: 1.8}
    yield "all-dark", all_dark and is_mute, {Cause.POWER: 1.6, Cause.LINK: 0.8, Cause.CAMERA: -1.5}
    yield "switch-mute", e.is_switch_answering is False and is_mute, {Cause.POWER: 1.6, Cause.CAMERA: -1}
    live_switch = e.is_switch_answering is True and is_mute
    yield "switch-answers-all-dark", live_switch and all_dark, {Cause.POWER: 0.3, Cause.LINK: -0.6}
    yield "no-own-carrier", e.has_own_carrier is False and is_mute, {Cause.POWER: 1.2, Cause.CAMERA: -1}
    dead_port = e.has_port_power is False and all_dark
    yield "ports-without-power", dead_port and is_mute, {Cause.POWER: 2.5}


def _hop_facts(e: CameraEvidence) -> Iterable[Fact]:
    """Facts about what carries the picture."""
    is_radio = e.medium is Medium.WIRELESS
    is_weak = e.signal_dbm is not None and e.signal_dbm < _WEAK_SIGNAL_DBM
    yield "weak-signal", is_radio and is_weak, {Cause.LINK: 2.6}
    yield "signal-was-falling", is_radio and e.is_signal_falling is True, {Cause.LINK: 2.2}
    loss = e.loss_share or 0.0
    yield "packets-lost", _HIGH_LOSS_SHARE <= loss < 1, {Cause.LINK: 3.2, Cause.CAMERA: -0.5}
    is_mute_hop = is_radio and e.answers_ping is False and e.has_port_power is not False
    yield "wireless-and-mute", is_mute_hop, {Cause.LINK: 1.4}
    is_long = e.medium is Medium.FIBRE and e.answers_ping is False and e.is_gateway_answering is False
    yield "fibre-and-gateway-mute", is_long, {Cause.LINK: 3, Cause.CAMERA: -1}


def _absence_facts(e: AbsenceEvidence) -> Iterable[Fact]:
    restarted = e.is_same_boot is False or (e.is_same_boot is None and e.uptime_s < e.outage_s)
    hung = e.has_watchdog_reset is True
    yield "last-gasp", e.had_last_gasp, {Cause.POWER: 5}
    yield "stopped-by-hand", e.was_stopped_by_hand, {Cause.UNKNOWN: 5}
    yield "restarted-by-watchdog", hung, {Cause.UNKNOWN: 5}
    # Power that failed came back when the device did; a reboot long ago explains nothing.
    is_fresh = restarted and e.uptime_s <= e.outage_s + 120
    was_alive_long = e.rows_from_gap > 0 and e.uptime_s < e.outage_s / 2
    yield "restarted-at-the-end", is_fresh and not hung and not was_alive_long, {Cause.POWER: 3}
    yield "lived-then-restarted", is_fresh and was_alive_long, {Cause.LINK: 1.2, Cause.POWER: 1.2}
    yield "lived-through-it", not restarted and e.rows_from_gap > 0, {Cause.LINK: 4, Cause.POWER: -2}
    yield (
        "up-but-recorded-nothing",
        not restarted and e.rows_from_gap == 0,
        {Cause.UNKNOWN: 1.5, Cause.LINK: 1},
    )
    yield "under-voltage-before", e.was_under_voltage is True, {Cause.POWER: 1.8}
    yield "signal-was-falling", e.was_signal_falling is True and not is_fresh, {Cause.LINK: 1.8}
    yield "gateway-was-mute", e.was_gateway_answering is False and not restarted, {Cause.LINK: 1.5}


def _weigh(prior: Weights, facts: Iterable[Fact]) -> Verdict:
    scores = dict(prior)
    spoken: list[tuple[str, Weights]] = [(name, weights) for name, holds, weights in facts if holds]
    for _, weights in spoken:
        for cause, weight in weights.items():
            scores[cause] += weight
    best = max(scores, key=lambda cause: scores[cause])
    share = math.exp(scores[best]) / sum(math.exp(score) for score in scores.values())
    if share < _MIN_CONFIDENCE:
        best = Cause.UNKNOWN
    speakers = sorted(spoken, key=lambda fact: -fact[1].get(best, 0.0))
    evidence = tuple(name for name, weights in speakers if weights.get(best, 0.0) > 0)
    return Verdict(
        best, round(min(share, _MAX_CONFIDENCE), 2), evidence or tuple(name for name, _ in speakers)
    )
