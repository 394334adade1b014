"""The verdict about a camera: a table of evidence and what follows."""

from datetime import UTC, datetime, timedelta

import pytest

from edge.wire.bodies import CameraFault, PictureState
from edge.wire.bodies import Cause as SaidCause
from edge.wire.messages import OfflineReason
from hub.cctv.rules import SILENT_AFTER, CameraState, Cause, Evidence, Verdict, judge

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
            Verdict(CameraState.SILENT, Cause.UNKNOWN, AGO),
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
                Verdict(CameraState.OFFLINE, cause, AGO),
            )
            for reason, cause in (
                (OfflineReason.POWER, Cause.POWER),
                (OfflineReason.STOPPED, Cause.STOPPED),
                (OfflineReason.WILL, Cause.LINK_OR_POWER),
                ("silent", Cause.LINK_OR_POWER),
                ("", Cause.UNKNOWN),
            )
        ),
    ],
)
def test_the_evidence_decides(evidence: Evidence, verdict: Verdict) -> None:
    assert judge(evidence) == verdict


@pytest.mark.parametrize("reason", list(OfflineReason))
def test_every_reason_to_be_offline_has_a_cause(reason: OfflineReason) -> None:
    verdict = judge(Evidence(NOW, is_device_online=False, offline_reason=reason))
    assert verdict.cause is not Cause.UNKNOWN
