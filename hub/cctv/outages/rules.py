"""Why an outage is: camera, power or link, and how sure that is. Pure.

Each fact that holds speaks for and against causes with a weight (log-odds); what is not known says
nothing. The verdict is the cause with the most behind it, or "unknown". Before a device is back
most silences are unknown, and that is said; its return, its boot and its own record decide.
"""

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from edge.wire.records.bodies import BootReason, PictureState
from hub.cctv.outages.facts import CameraFacts, DeviceFacts, OutageFacts, Scope
from hub.cctv.rules import OWN_FAULTS, CameraState, Cause

Weights = dict[Cause, float]
Fact = tuple[str, float, Weights]  # its name, for which share of the devices or cameras it holds, weights

# Nothing that is inferred is certain.
MAX_CONFIDENCE = 0.95
MIN_CONFIDENCE = 0.5
# What screens call "almost certain"; a wrong verdict must never be this sure.
SURE = 0.9

# A whole device never goes because of a camera.
_GONE_PRIOR: Weights = {Cause.CAMERA: -9.0, Cause.POWER: 0.0, Cause.LINK: 0.0, Cause.UNKNOWN: 0.8}
_ALIVE_PRIOR: Weights = {Cause.CAMERA: 0.4, Cause.POWER: 0.0, Cause.LINK: 0.0, Cause.UNKNOWN: 0.8}
# Below this a 5 GHz bridge loses packets; a common planning value for outdoor links.
_WEAK_SIGNAL_DBM = -80.0
# A board needs this long from power to its first word.
_BOOT_S = 180.0
_PLAIN_PICTURES = frozenset(PictureState) - {PictureState.GOOD, PictureState.ABSENT}


@dataclass(frozen=True, slots=True)
class OutageVerdict:
    """A cause with its confidence, 0 to 1, and the facts that spoke for it, strongest first."""

    cause: Cause
    confidence: float
    evidence: tuple[str, ...]


def judge_outage(facts: OutageFacts) -> OutageVerdict:
    """Say why an outage is, as well as it can be known now."""
    if facts.devices:
        return _weigh(_GONE_PRIOR, [*_going(facts), *_returning(facts), *_saying(facts)])
    return _weigh(_ALIVE_PRIOR, [*_cameras(facts), *_place(facts)])


def _share(holds: Sequence[bool]) -> float:
    return sum(holds) / len(holds) if holds else 0.0


def _going(facts: OutageFacts) -> Iterable[Fact]:
    """How the devices went, and how their supply and link were before."""
    reasons = [one.reason for one in facts.devices]
    yield "last-gasp", float("power" in reasons), {Cause.POWER: 5}
    yield "mains-lost", float(facts.is_mains_lost), {Cause.POWER: 3.5}
    yield "under-voltage", float(facts.was_under_voltage), {Cause.POWER: 1.8}
    # A supply that runs dry has the board stopped in order: that is no hand.
    has_supply_word = facts.is_mains_lost or "power" in reasons
    by_hand = 0.0 if has_supply_word else _share([reason == "stopped" for reason in reasons])
    yield "stopped-in-order", by_hand, {Cause.UNKNOWN: 5}
    is_weak = facts.signal_dbm is not None and facts.signal_dbm < _WEAK_SIGNAL_DBM
    yield "weak-signal", float(facts.is_wireless and is_weak), {Cause.LINK: 1.6}
    # What hangs on the same mains went on.
    yield "others-live", float(facts.others_live > 0), {Cause.POWER: -1, Cause.UNKNOWN: 0.4}
    yield "gone-without-word", _share([reason == "will" for reason in reasons]), {}
    yield "fell-silent", _share([reason == "silent" for reason in reasons]), {}


def _returning(facts: OutageFacts) -> Iterable[Fact]:
    """With which boot the devices came back, and whether their cameras had to start too."""
    has_supply_word = facts.is_mains_lost or any(one.reason == "power" for one in facts.devices)
    back = [one for one in facts.devices if one.same_boots + one.new_boots]
    # A board on a battery lives through the mains' absence; the switch beside it does not.
    same: Weights = {} if has_supply_word else {Cause.LINK: 2.6, Cause.POWER: -4}
    yield "same-boot", _mean([one.same_boots / (one.same_boots + one.new_boots) for one in back]), same
    fresh = [one.new_boots / (one.same_boots + one.new_boots) if _is_fresh(one) else 0.0 for one in back]
    yield "new-boot", _mean(fresh), {Cause.POWER: 2.4}
    yield "cameras-came-later", _share([one.had_late_cameras for one in back]), {Cause.POWER: 0.6}


def _is_fresh(one: DeviceFacts) -> bool:
    """Return whether the boot is as young as power that just came back; unknown counts as young."""
    return one.uptime_s is None or one.gap_s is None or one.uptime_s <= one.gap_s + _BOOT_S


def _saying(facts: OutageFacts) -> Iterable[Fact]:
    """What the devices say of their own silence; the board knows best how it was left."""
    has_supply_word = facts.is_mains_lost or any(one.reason == "power" for one in facts.devices)
    told = [(one, one.said) for one in facts.devices if one.said is not None]
    boots = [said.boot for _, said in told]
    by_watchdog = _share([boot is BootReason.WATCHDOG for boot in boots])
    yield "restarted-by-watchdog", by_watchdog, {Cause.UNKNOWN: 5, Cause.POWER: -2}
    by_hand = 0.0 if has_supply_word else _share([boot is BootReason.REBOOT for boot in boots])
    yield "restarted-in-order", by_hand, {Cause.UNKNOWN: 5, Cause.POWER: -2}
    cut = _share([boot is BootReason.POWER_CUT for boot in boots])
    yield "power-was-cut", cut, {Cause.POWER: 1.2}
    lived = [said.rows_from_gap > 0 and said.boot is BootReason.SAME_BOOT for _, said in told]
    yield "lived-through-it", _share(lived), {} if has_supply_word else {Cause.LINK: 1.5}
    # A board that was up and whose agent wrote nothing down had no agent: that is no link.
    idle = [said.rows_from_gap == 0 and said.boot is BootReason.SAME_BOOT for _, said in told]
    nothing: Weights = {} if has_supply_word else {Cause.LINK: -2.5, Cause.UNKNOWN: 2}
    yield "up-but-recorded-nothing", _share(idle), nothing
    mixed = [said.rows_from_gap > 0 and _booted_in_the_middle(one, said.outage_s) for one, said in told]
    yield "lived-then-restarted", _share(mixed), {Cause.POWER: -2, Cause.LINK: 0.8, Cause.UNKNOWN: 1}
    for cause in (Cause.POWER, Cause.LINK, Cause.UNKNOWN):
        weight = _mean([_weight_of(said.confidence) for _, said in told if Cause(said.cause) is cause])
        is_outdone = cause is not Cause.POWER and has_supply_word
        yield f"device-says-{cause}", 0.3 * weight if is_outdone else weight, {cause: 1.0}


def _booted_in_the_middle(one: DeviceFacts, outage_s: float) -> bool:
    return one.new_boots > 0 and one.uptime_s is not None and one.uptime_s < outage_s / 2


def _cameras(facts: OutageFacts) -> Iterable[Fact]:
    """What each camera's own words are, while its device lives."""
    ones = facts.cameras
    plain = _share([one.picture in _PLAIN_PICTURES for one in ones])
    yield "picture-bad", plain, {Cause.CAMERA: 5, Cause.POWER: -2}
    refused = _share([one.fault in OWN_FAULTS for one in ones])
    yield "refuses-stream", refused, {Cause.CAMERA: 4.5, Cause.POWER: -2}
    stuck = _share([one.state is CameraState.SILENT for one in ones])
    yield "agent-alive-no-frames", stuck, {Cause.CAMERA: 0.8, Cause.UNKNOWN: 1.5}
    for cause in (Cause.CAMERA, Cause.POWER, Cause.LINK):
        weight = _mean(
            [_weight_of(one.confidence) if one.cause.value == cause.value else 0.0 for one in ones]
        )
        yield f"device-says-{cause}", weight, {cause: 1.0}
    for name in sorted({name for one in ones for name in one.evidence}):
        yield name, _share([name in one.evidence for one in ones]), {}


def _place(facts: OutageFacts) -> Iterable[Fact]:
    """What hangs together there, and the supply of the point."""
    is_mute = any(_is_mute(one) for one in facts.cameras)
    yield "others-live", float(facts.others_live > 0 and is_mute), {Cause.CAMERA: 0.5, Cause.POWER: -0.5}
    is_place = facts.scope is not Scope.CAMERA and len(facts.cameras) > 1
    at_once: Weights = {Cause.POWER: 0.8, Cause.LINK: 0.5, Cause.CAMERA: -2.5}
    yield "dark-together", float(is_place and is_mute), at_once
    yield "mains-lost", float(facts.is_mains_lost and is_mute), {Cause.POWER: 3.5}
    yield "under-voltage", float(facts.was_under_voltage and is_mute), {Cause.POWER: 1.0}


def _is_mute(one: CameraFacts) -> bool:
    return one.picture not in _PLAIN_PICTURES and one.fault not in OWN_FAULTS


def _weight_of(confidence: float) -> float:
    """Return the log-odds behind a device's own verdict; below a half it is only a guess."""
    return max(0.0, 8 * (confidence - 0.5))


def _mean(values: Sequence[float]) -> float:
    return sum(values) / len(values) if values else 0.0


def _weigh(prior: Weights, facts: Sequence[Fact]) -> OutageVerdict:
    scores = dict(prior)
    spoken = [(name, share, weights) for name, share, weights in facts if share > 0]
    for _, share, weights in spoken:
        for cause, weight in weights.items():
            scores[cause] += share * weight
    best = max(scores, key=lambda cause: scores[cause])
    share = math.exp(scores[best]) / sum(math.exp(score) for score in scores.values())
    if share < MIN_CONFIDENCE:
        best = Cause.UNKNOWN
    speakers = sorted(spoken, key=lambda fact: -fact[1] * fact[2].get(best, 0.0))
    against = (name for name, _, weights in speakers if weights.get(best, 0.0) >= 0)
    confidence = 0.0 if best is Cause.UNKNOWN else round(min(share, MAX_CONFIDENCE), 2)
    return OutageVerdict(best, confidence, tuple(dict.fromkeys(against)))
