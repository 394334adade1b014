"""The verdict about a camera: a table of evidence and what follows."""

from datetime import UTC, datetime, timedelta

import pytest

from edge.wire.messages import OfflineReason
from edge.wire.records.bodies import CameraFault, PictureState
from edge.wire.records.bodies import Cause as SaidCause
from hub.cctv.rules import SILENT_AFTER, CameraState, Cause, Evidence, OutageWord, Verdict, judge

NOW = datetime(2026, 11, 21, 3, 14, tzinfo=UTC)
AGO = NOW - timedelta(minutes=7)


@pytest.mark.parametrize(
    ("evidence", "verdict"),
    [
        (Evidence(NOW), Verdict(CameraState.UNHEARD)),
        (Evidence(NOW, is_device_online=True), Verdict(CameraState.UNHEARD)),
        (Evidence(NOW, is_device_online=True, data_at=NOW), Verdict(CameraState.LIVE)),
        (
            Evidence(NOW, is_device_online=True, data_at=NOW, picture=PictureState.GOOD, picture_at=AGO),
            Verdict(CameraState.LIVE),
        ),
        (Evidence(NOW, is_device_online=True, data_at=NOW - SILENT_AFTER), Verdict(CameraState.LIVE)),
        (
            Evidence(NOW, is_device_online=True, data_at=AGO),
            Verdict(CameraState.SILENT, Cause.UNKNOWN, AGO, facts=("agent-alive-no-frames",)),
        ),
        (
            Evidence(NOW, is_device_online=True, data_at=NOW, picture=PictureState.FROZEN, picture_at=AGO),
            Verdict(CameraState.DISTURBED, Cause.CAMERA, AGO, PictureState.FROZEN),
        ),
        (
            Evidence(
                NOW,
                is_device_online=True,
                data_at=NOW,
                picture=PictureState.ABSENT,
                fault=CameraFault.REFUSED,
                picture_at=AGO,
            ),
            Verdict(CameraState.OFFLINE, Cause.CAMERA, AGO, PictureState.ABSENT, CameraFault.REFUSED),
        ),
        (
            Evidence(NOW, is_device_online=True, picture=PictureState.ABSENT, fault=CameraFault.SILENT),
            Verdict(CameraState.OFFLINE, Cause.UNKNOWN, None, PictureState.ABSENT, CameraFault.SILENT),
        ),
        *(
            (
                Evidence(
                    NOW,
                    is_device_online=True,
                    picture=PictureState.ABSENT,
                    fault=CameraFault.REFUSED,
                    said_cause=said,
                    confidence=0.9,
                    facts=("mains-lost",),
                ),
                Verdict(
                    CameraState.OFFLINE,
                    cause,
                    None,
                    PictureState.ABSENT,
                    CameraFault.REFUSED,
                    0.9,
                    ("mains-lost",),
                ),
            )
            for said, cause in (
                (SaidCause.CAMERA, Cause.CAMERA),
                (SaidCause.POWER, Cause.POWER),
                (SaidCause.LINK, Cause.LINK),
                (SaidCause.UNKNOWN, Cause.UNKNOWN),
            )
        ),
        *(
            (
                Evidence(NOW, is_device_online=False, device_since=AGO, offline_reason=reason, data_at=NOW),
                Verdict(CameraState.OFFLINE, cause, AGO, confidence=confidence, facts=facts),
            )
            for reason, cause, confidence, facts in (
                (OfflineReason.POWER, Cause.POWER, 0.9, ("last-gasp",)),
                (OfflineReason.STOPPED, Cause.UNKNOWN, 0.0, ("stopped-in-order",)),
                (OfflineReason.WILL, Cause.UNKNOWN, 0.0, ("gone-without-word",)),
                ("silent", Cause.UNKNOWN, 0.0, ("fell-silent",)),
                ("", Cause.UNKNOWN, 0.0, ()),
            )
        ),
        (
            Evidence(NOW, is_device_online=True, data_at=AGO, device_since=NOW - SILENT_AFTER),
            Verdict(CameraState.LIVE),
        ),
    ],
)
def test_the_evidence_decides(evidence: Evidence, verdict: Verdict) -> None:
    assert judge(evidence) == verdict


@pytest.mark.parametrize("reason", list(OfflineReason))
def test_every_reason_to_be_offline_has_words(reason: OfflineReason) -> None:
    verdict = judge(Evidence(NOW, is_device_online=False, offline_reason=reason))
    assert verdict.facts


OUTAGE = OutageWord(7, "point", AGO - timedelta(hours=1), Cause.POWER, 0.8, ("dark-together",), cameras=4)


def test_the_outage_that_holds_a_camera_knows_more_than_its_own_rows() -> None:
    dark = Evidence(NOW, is_device_online=False, device_since=AGO, offline_reason="will", outage=OUTAGE)
    verdict = judge(dark)
    assert (verdict.state, verdict.cause, verdict.confidence) == (CameraState.OFFLINE, Cause.POWER, 0.8)
    assert (verdict.since, verdict.facts) == (OUTAGE.began_at, ("dark-together",))


def test_what_is_live_again_is_live_whatever_its_outage_says() -> None:
    verdict = judge(Evidence(NOW, is_device_online=True, data_at=NOW, outage=OUTAGE))
    assert verdict == Verdict(CameraState.LIVE)


def test_announced_darkness_is_maintenance_and_a_picture_is_a_picture() -> None:
    dark = Evidence(NOW, is_device_online=False, device_since=AGO, offline_reason="will", is_maintained=True)
    assert judge(dark).state is CameraState.MAINTENANCE
    live = Evidence(NOW, is_device_online=True, data_at=NOW, is_maintained=True)
    assert judge(live).state is CameraState.LIVE
    assert judge(Evidence(NOW, is_maintained=True)).state is CameraState.UNHEARD
