"""When new settings have failed, and when a camera merely is unplugged."""

import pytest

from edge.commissioning.trial import TRIAL_S, Trial, Verdict
from edge.wire.records.bodies import CameraFault


def trial() -> Trial:
    return Trial(cameras=frozenset({"utara"}), began_s=100.0)


@pytest.mark.parametrize("fault", [CameraFault.CRASHED, CameraFault.HUNG, CameraFault.FAILED])
def test_a_camera_that_worked_before_and_does_not_start_now_fails_the_trial(fault: CameraFault) -> None:
    one = trial()
    one.lost("utara", fault, "exit code 9")
    assert one.verdict(101.0) is Verdict.BAD
    assert one.reason == f"utara: {fault}: exit code 9"


@pytest.mark.parametrize("fault", [CameraFault.NOT_FOUND, CameraFault.SILENT, CameraFault.UNAUTHORISED])
def test_an_unplugged_camera_says_nothing_about_settings(fault: CameraFault) -> None:
    one = trial()
    one.lost("utara", fault, "")
    assert one.verdict(101.0) is Verdict.OPEN
    assert one.verdict(100.0 + TRIAL_S) is Verdict.GOOD


def test_one_crash_at_work_is_an_accident_and_two_are_none() -> None:
    one = trial()
    one.progressed("utara")
    one.lost("utara", CameraFault.CRASHED, "")
    assert one.verdict(110.0) is Verdict.OPEN
    one.progressed("utara")
    one.lost("utara", CameraFault.CRASHED, "")
    assert one.verdict(120.0) is Verdict.BAD


def test_a_camera_that_did_not_work_before_proves_nothing() -> None:
    one = trial()
    one.lost("selatan", CameraFault.CRASHED, "")
    assert one.verdict(101.0) is Verdict.OPEN
