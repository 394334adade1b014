"""Checks of what a camera has beside its picture: ONVIF of one that turns, the model of a detector.

Asks each once; a camera that lacks either is watched all the same, so nothing here stops an agent.
"""

from collections.abc import Iterable
from pathlib import Path

from edge.cameras.detecting import load_detector
from edge.config import CameraSettings
from edge.health.selftest.checks import Check
from edge.ptz.building import turning_of
from edge.ptz.port import Turning, TurningError
from edge.vision.objects.detector import DetectorError


def check_equipment(cameras: Iterable[CameraSettings]) -> list[Check]:
    """Return a check for each ONVIF address and each detector model."""
    checks: list[Check] = []
    for camera in cameras:
        turning = turning_of(camera)
        if turning is not None:
            checks.append(check_onvif(camera, turning))
        if camera.detector is not None:
            checks.append(check_detector(camera))
    return checks


def check_onvif(camera: CameraSettings, turning: Turning) -> Check:
    """Return whether a camera says where it looks, and knows the presets that were drawn."""
    name = f"onvif-{camera.id}"
    try:
        known = turning.presets()
        pose = turning.pose()
    except TurningError as error:
        return Check(name, False, str(error))
    if pose.position is None:
        return Check(name, False, "answers, but names no position; presets cannot be told apart")
    places = {preset.token for preset in known if preset.position is not None}
    lost = [preset.id for preset in camera.presets if preset.token not in places]
    if lost:
        return Check(name, False, f"the camera has no place for preset {lost[0]}; teach it there again")
    return Check(name, True, f"{len(known)} presets, {len(camera.presets)} of them drawn")


def check_detector(camera: CameraSettings) -> Check:
    """Return whether the model of a camera's detector can be used."""
    assert camera.detector is not None, "only asked of a camera with a detector"
    name = f"detector-{camera.id}"
    try:
        load_detector(camera.detector)
    except DetectorError as error:
        return Check(name, False, str(error))
    return Check(name, True, f"{Path(camera.detector.model).name} with {len(camera.detector.labels)} labels")
