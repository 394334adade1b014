"""The verdict about an outage: what speaks for which cause, and how sure that ever is."""

import itertools

import msgspec
import pytest

from edge.wire.records.bodies import BootReason, CameraFault, PictureState
from edge.wire.records.bodies import Cause as SaidCause
from hub.cctv.outages.facts import (
    CameraFacts,
    DeviceFacts,
    OutageFacts,
    SaidReturn,
    Scope,
    facts_from,
    facts_text,
    of_device,
    with_camera,
    with_device,
)
from hub.cctv.outages.rules import MAX_CONFIDENCE, SURE, judge_outage
from hub.cctv.rules import CameraState, Cause


def device(reason: str = "will", **more: object) -> DeviceFacts:
    return DeviceFacts(device="pi-1", reason=reason, gone_at_s=0.0, boot="a", **more)  # type: ignore[arg-type]  # by name


def said(cause: SaidCause, confidence: float, boot: BootReason, **more: object) -> SaidReturn:
    return SaidReturn(cause=cause, confidence=confidence, boot=boot, outage_s=600.0, **more)  # type: ignore[arg-type]  # by name


def point(*devices: DeviceFacts, **more: object) -> OutageFacts:
    return OutageFacts(scope=Scope.POINT, devices=devices, **more)  # type: ignore[arg-type]  # by name


def camera(
    *, picture: PictureState = PictureState.ABSENT, fault: CameraFault = CameraFault.NOT_FOUND, **more: object
) -> CameraFacts:
    state = CameraState.OFFLINE if picture is PictureState.ABSENT else CameraState.DISTURBED
    return CameraFacts(
        **({"device": "pi-1", "camera": "c1", "state": state, "picture": picture, "fault": fault} | more)  # type: ignore[arg-type]  # by name
    )


NEW = {"is_gone": False, "new_boots": 1, "uptime_s": 40.0, "gap_s": 600.0}
SAME = {"is_gone": False, "same_boots": 1, "uptime_s": 90_000.0, "gap_s": 600.0}
CUT = said(SaidCause.POWER, 0.95, BootReason.POWER_CUT)
LIVED = said(SaidCause.LINK, 0.95, BootReason.SAME_BOOT, rows_from_gap=12)


@pytest.mark.parametrize(
    ("facts", "cause"),
    [
        (point(device()), Cause.UNKNOWN),
        (point(device("silent")), Cause.UNKNOWN),
        (point(device("power")), Cause.POWER),
        (point(device("stopped")), Cause.UNKNOWN),
        (point(device("stopped"), is_mains_lost=True), Cause.POWER),
        (point(device(), is_mains_lost=True), Cause.POWER),
        (point(device(), was_under_voltage=True), Cause.POWER),
        (point(device(), is_wireless=True, signal_dbm=-86.0), Cause.LINK),
        (point(device(), is_wireless=True, signal_dbm=-60.0), Cause.UNKNOWN),
        (point(device(**NEW)), Cause.POWER),
        (point(device(**SAME)), Cause.LINK),
        (point(device(**SAME), device(**SAME)), Cause.LINK),
        (point(device("power", **SAME)), Cause.POWER),
        (point(device(**SAME), is_mains_lost=True), Cause.POWER),
        (point(device(**SAME, said=LIVED), is_mains_lost=True), Cause.POWER),
        (point(device(**NEW, said=CUT)), Cause.POWER),
        (point(device(**NEW, said=CUT, had_late_cameras=True)), Cause.POWER),
        (point(device(**SAME, said=LIVED)), Cause.LINK),
        (point(device(**(NEW | {"uptime_s": 5_000.0}))), Cause.UNKNOWN),
        (point(device(**SAME, said=said(SaidCause.UNKNOWN, 0.7, BootReason.SAME_BOOT))), Cause.UNKNOWN),
        (point(device(**NEW, said=said(SaidCause.UNKNOWN, 0.9, BootReason.WATCHDOG))), Cause.UNKNOWN),
        (point(device(**NEW, said=said(SaidCause.UNKNOWN, 0.9, BootReason.REBOOT))), Cause.UNKNOWN),
        (
            point(device(**NEW, said=said(SaidCause.UNKNOWN, 0.6, BootReason.POWER_CUT, rows_from_gap=9))),
            Cause.UNKNOWN,
        ),
        (OutageFacts(Scope.CAMERA, cameras=(camera(picture=PictureState.COVERED),)), Cause.CAMERA),
        (OutageFacts(Scope.CAMERA, cameras=(camera(fault=CameraFault.UNAUTHORISED),)), Cause.CAMERA),
        (OutageFacts(Scope.CAMERA, cameras=(camera(),)), Cause.UNKNOWN),
        (OutageFacts(Scope.CAMERA, cameras=(camera(state=CameraState.SILENT, picture=None),)), Cause.UNKNOWN),
        (
            OutageFacts(
                Scope.CAMERA,
                cameras=(camera(cause=SaidCause.LINK, confidence=0.9, evidence=("packets-lost",)),),
            ),
            Cause.LINK,
        ),
        (
            OutageFacts(
                Scope.CAMERA, cameras=(camera(cause=SaidCause.CAMERA, confidence=0.8),), others_live=2
            ),
            Cause.CAMERA,
        ),
        (
            OutageFacts(
                Scope.POINT,
                cameras=(camera(), camera(camera="c2")),
                is_mains_lost=True,
                was_under_voltage=True,
            ),
            Cause.POWER,
        ),
        (OutageFacts(Scope.POINT), Cause.UNKNOWN),
    ],
)
def test_the_facts_decide(facts: OutageFacts, cause: Cause) -> None:
    verdict = judge_outage(facts)
    assert verdict.cause is cause
    assert (verdict.confidence > 0) == (cause is not Cause.UNKNOWN)


def test_evidence_names_the_strongest_first_and_nothing_that_speaks_against() -> None:
    verdict = judge_outage(point(device(**NEW, said=CUT), others_live=1))
    assert verdict.evidence[0] == "device-says-power"
    assert "others-live" not in verdict.evidence
    assert "gone-without-word" in verdict.evidence


def test_nothing_is_ever_certain_whatever_is_put_together() -> None:
    reasons = ("power", "will", "silent", "stopped")
    for reason, back, word, mains in itertools.product(
        reasons, ({}, NEW, SAME), (None, CUT, LIVED), (True, False)
    ):
        verdict = judge_outage(point(device(reason, **back, said=word), is_mains_lost=mains))
        assert verdict.confidence <= MAX_CONFIDENCE < 1


def test_a_silence_alone_is_never_sure() -> None:
    for reason, wireless, others in itertools.product(("will", "silent"), (True, False), (0, 3)):
        facts = point(device(reason), is_wireless=wireless, signal_dbm=-90.0, others_live=others)
        assert judge_outage(facts).confidence < SURE


def test_facts_are_kept_and_read_back() -> None:
    facts = point(device(**NEW, said=CUT), cameras=(camera(),))
    assert facts_from(facts_text(facts)) == facts


def test_newer_words_of_a_camera_replace_older_ones_only() -> None:
    facts = OutageFacts(Scope.CAMERA, cameras=(camera(at_s=10.0),))
    assert with_camera(facts, camera(at_s=5.0, cause=SaidCause.LINK)) is facts
    newer = with_camera(facts, camera(at_s=11.0, cause=SaidCause.LINK))
    assert [one.cause for one in newer.cameras] == [SaidCause.LINK]
    assert len(with_camera(facts, camera(camera="c2")).cameras) == 2


def test_a_device_is_put_in_or_replaced() -> None:
    facts = with_device(point(), device())
    again = with_device(facts, msgspec.structs.replace(device(), is_gone=False))
    assert [one.is_gone for one in again.devices] == [False]
    assert of_device(again, "pi-2") is None
