"""What lies over the file: only the keys of the hub, and every mistake with its path."""

from datetime import UTC, datetime

import pytest

from edge.commissioning.overlay import Origin, Overlay, changed, lay_over, origins
from edge.config import CameraSettings
from edge.wire.camera_settings import REMOTE_KEYS, SettingsError, decode_camera, decode_loosely

CAMERAS = (
    CameraSettings(id="utara", source="scene:street"),
    CameraSettings(id="selatan", source="scene:street"),
)


def test_every_key_of_the_hub_is_a_key_of_the_file() -> None:
    assert set(REMOTE_KEYS) <= set(CameraSettings.__struct_fields__)


def test_what_is_said_lies_over_the_file_and_the_rest_stays() -> None:
    line = {"id": "jalan", "points": [[0.1, 0.2], [0.9, 0.2]], "forward": "masuk", "backward": "keluar"}
    utara, selatan = lay_over(CAMERAS, {"utara": {"lines": [line], "fps": 5}})
    assert (utara.source, utara.fps, utara.lines[0].forward) == ("scene:street", 5, "masuk")
    assert selatan == CAMERAS[1]
    assert changed(CAMERAS, (utara, selatan)) == (utara,)


@pytest.mark.parametrize(
    ("said", "path"),
    [
        ({"barat": {}}, "cameras.barat: this device has no such camera"),
        ({"utara": {"source": "rtsp://10.0.0.66/"}}, r"cameras.utara.source: not a key"),
        ({"utara": {"zoom": 3}}, r"cameras.utara.zoom: not a key"),
        ({"utara": {"fps": 500}}, r"cameras.utara.fps: "),
        ({"utara": {"fps": "ten"}}, r"cameras.utara.fps: "),
        ({"utara": {"masks": [[[0, 0], [1, 1]]]}}, r"cameras.utara.masks\[0\]: "),
        ({"utara": {"lines": [{"id": "a", "points": [[0, 0], [0, 2]]}]}}, r"cameras.utara.lines\[0\].points"),
        ({"utara": {"lines": [{"id": "a", "points": [[0, 0], [0, 0]]}]}}, r"cameras.utara.lines: 'a' has no"),
    ],
)
def test_a_mistake_is_named_by_its_path(said: dict[str, dict[str, object]], path: str) -> None:
    with pytest.raises(SettingsError, match=path):
        lay_over(CAMERAS, said)


def test_a_line_id_that_is_used_twice_is_refused() -> None:
    line = '{"id": "a", "points": [[0, 0], [1, 1]]}'
    with pytest.raises(SettingsError, match="used twice"):
        decode_camera(f'{{"lines": [{line}, {line}]}}')


@pytest.mark.parametrize(
    "plain", [b"", b"[]", b'{"version": 0, "cameras": {}}', b'{"cameras": {}}', b"[" * 9999]
)
def test_what_is_no_document_is_refused(plain: bytes) -> None:
    with pytest.raises(SettingsError):
        decode_loosely(plain)


def test_the_origin_of_each_key_is_told() -> None:
    at = datetime(2026, 11, 21, tzinfo=UTC)
    overlay = Overlay(version=7, origin=Origin.HUB, at=at, cameras={"utara": {"fps": 5}})
    assert origins(overlay) == {"cameras.utara.fps": "hub, version 7, 2026-11-21T00:00:00Z"}
    assert origins(None) == {}
