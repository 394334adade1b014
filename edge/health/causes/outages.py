"""Follows each dark or bad camera from its first record to its return, and says why it is dark.

Pure: records and findings in, better records out. A first word waits until the neighbours had
time to go dark too; a later, better verdict is said again, a few times an outage at most.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

import msgspec

from edge.config import Medium
from edge.health.causes.diagnosis import CameraEvidence, Verdict, diagnose_camera
from edge.health.probing.rtsp_stages import RtspStage
from edge.health.probing.surroundings import CameraFindings, Surroundings
from edge.wire.records.bodies import CameraFault, CameraIntegrity, Cause, PictureState

# A hung worker is found within ten seconds: then all that went dark together are dark.
SETTLE_S = 12.0
# After that it is looked at again and again, ever more seldom; the last pause repeats.
_PAUSES_S = (20.0, 60.0, 300.0)
# A neighbour that changed is a new fact; its own neighbours get this long to follow.
_NEIGHBOUR_CHANGED_S = 5.0
# Findings that do not come by then are done without.
_PATIENCE_S = 60.0
_BETTER_BY = 0.1
_MAX_WORDS = 8

_OWN_FAULTS = frozenset({CameraFault.UNAUTHORISED, CameraFault.NOT_VIDEO, CameraFault.REFUSED})
_FAULT_OF_STAGE = {
    RtspStage.REFUSED: CameraFault.REFUSED,
    RtspStage.UNAUTHORISED: CameraFault.UNAUTHORISED,
    RtspStage.NO_STREAM: CameraFault.NOT_VIDEO,
    RtspStage.NOT_RTSP: CameraFault.NOT_VIDEO,
}


@dataclass(slots=True)
class _Outage:
    body: CameraIntegrity
    look_at_s: float
    looks: int = 0
    asked_at_s: float | None = None
    findings: CameraFindings | None = None
    said: Verdict | None = None
    words: int = 0


class Outages:
    """All cameras of a device; one loop owns it."""

    def __init__(self, *, media: Mapping[str, Medium], reachable: Iterable[str]) -> None:
        """Begin with every camera well.

        Args:
            media: What carries the picture of each camera.
            reachable: Cameras that can be asked over the network.
        """
        self._media = dict(media)
        self._reachable = frozenset(reachable)
        self._outages: dict[str, _Outage] = {}

    @property
    def dark(self) -> frozenset[str]:
        """Cameras that give no picture at all."""
        return frozenset(
            name for name, outage in self._outages.items() if outage.body.picture is PictureState.ABSENT
        )

    def heard(self, body: CameraIntegrity, *, now_s: float, surroundings: Surroundings) -> CameraIntegrity:
        """Take note of a camera's state and return its record, with a cause if there is one already."""
        was_dark = body.camera in self.dark
        if body.picture is PictureState.GOOD:
            self._outages.pop(body.camera, None)
            self._hurry_neighbours(body.camera, was_dark, now_s)
            return body
        outage = self._outages.get(body.camera)
        if outage is None or outage.body.picture is not body.picture:
            outage = _Outage(body, look_at_s=now_s + SETTLE_S)
            self._outages[body.camera] = outage
        outage.body = body
        self._hurry_neighbours(body.camera, was_dark, now_s)
        if body.evidence:
            return body
        if _is_plain(body):
            outage.said = self._judge(outage, surroundings)
        return body if outage.said is None else _labelled(body, outage.said)

    def found(self, findings: CameraFindings) -> None:
        """Take what a look at a camera brought."""
        outage = self._outages.get(findings.camera)
        if outage is not None and outage.asked_at_s is not None:
            outage.findings = findings
            outage.asked_at_s = None

    def due(self, now_s: float) -> list[str]:
        """Return the cameras that should be looked at now."""
        asked = []
        for name, outage in self._outages.items():
            if outage.asked_at_s is None and now_s >= outage.look_at_s and name in self._reachable:
                outage.asked_at_s = now_s
                asked.append(name)
        return asked

    def verdicts(self, *, now_s: float, surroundings: Surroundings) -> list[CameraIntegrity]:
        """Return the records of outages whose cause is known, or known better, since the last call."""
        bodies = []
        for outage in self._outages.values():
            if now_s < outage.look_at_s or not self._has_looked(outage, now_s):
                continue
            pause_s = _PAUSES_S[min(outage.looks, len(_PAUSES_S) - 1)]
            outage.looks += 1
            outage.look_at_s = now_s + pause_s
            verdict = self._judge(outage, surroundings)
            if outage.words < _MAX_WORDS and _is_news(outage.said, verdict):
                outage.words += 1
                outage.said = verdict
                bodies.append(_labelled(outage.body, verdict))
        return bodies

    def _has_looked(self, outage: _Outage, now_s: float) -> bool:
        if outage.asked_at_s is None:
            return True
        if now_s - outage.asked_at_s < _PATIENCE_S:
            return False
        outage.asked_at_s = None
        return True

    def _hurry_neighbours(self, camera: str, was_dark: bool, now_s: float) -> None:
        if was_dark == (camera in self.dark):
            return
        for name, outage in self._outages.items():
            # One that was not looked at yet is still within its own time to settle.
            if name != camera and outage.looks:
                outage.look_at_s = min(outage.look_at_s, now_s + _NEIGHBOUR_CHANGED_S)

    def _judge(self, outage: _Outage, around: Surroundings) -> Verdict:
        body, found = outage.body, outage.findings or CameraFindings(outage.body.camera)
        others = self._media.keys() - {body.camera}
        return diagnose_camera(
            CameraEvidence(
                picture=body.picture,
                fault=_fault(body.fault, found.stage),
                medium=self._media.get(body.camera, Medium.CABLE),
                siblings=len(others),
                siblings_dark=len(others & self.dark),
                answers_ping=found.answers,
                has_arp=found.has_arp,
                is_switch_answering=around.is_switch_answering,
                is_gateway_answering=around.is_gateway_answering,
                has_own_carrier=found.has_own_carrier,
                is_mains_lost=None if around.ups is None else around.ups.is_on_battery,
                is_under_voltage=around.is_under_voltage,
                loss_share=found.loss_share,
                signal_dbm=around.signal_dbm,
                is_signal_falling=around.is_signal_falling,
            )
        )


def _is_plain(body: CameraIntegrity) -> bool:
    """Return whether a record says by itself whose fault it is."""
    return body.picture is not PictureState.ABSENT or body.fault in _OWN_FAULTS


def _fault(said: CameraFault, stage: RtspStage | None) -> CameraFault:
    """Return the fault as exactly as it is known: a worker sees only that nothing came."""
    if said in _OWN_FAULTS or stage is None:
        return said
    return _FAULT_OF_STAGE.get(stage, said)


def _is_news(said: Verdict | None, verdict: Verdict) -> bool:
    if said is None:
        return True
    if verdict.cause is not said.cause:
        # To know less than before is no news.
        return verdict.cause is not Cause.UNKNOWN
    return verdict.confidence >= said.confidence + _BETTER_BY


def _labelled(body: CameraIntegrity, verdict: Verdict) -> CameraIntegrity:
    return msgspec.structs.replace(
        body, cause=verdict.cause, confidence=verdict.confidence, evidence=verdict.evidence[:16]
    )
