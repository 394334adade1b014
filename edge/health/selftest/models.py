"""Detector models that are named and not there: seen without loading anything heavy."""

from collections.abc import Iterable
from pathlib import Path

from edge.config import CameraSettings


def missing_models(cameras: Iterable[CameraSettings]) -> list[str]:
    """Return what to say of each detector model that is not there; nothing is read."""
    return [
        f"camera {camera.id}: detector model {camera.detector.model} is missing; copy the ONNX file there"
        for camera in cameras
        if camera.detector is not None and not Path(camera.detector.model).is_file()
    ]
