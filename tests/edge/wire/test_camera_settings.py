"""What no single key of a camera's settings can tell is judged as a whole."""

import json
from typing import Any

import pytest

from edge.wire.camera_settings import SettingsError, decode_camera

SQUARE = [[0, 0], [1, 0], [1, 1], [0, 1]]
FLAT = [[0, 0], [0.5, 0], [1, 0], [0, 1]]
TALL = [[0.1, 0.1], [0.2, 0.1], [0.2, 0.9], [0.1, 0.9]]
ZONE = {"id": "z", "polygon": [[0, 0], [1, 0], [1, 1]]}
LINE = {"id": "a", "points": [[0, 0.5], [1, 0.5]]}
GAUGE = {"id": "peil", "corners": TALL, "top_m": 2, "bottom_m": 0}
PRESET = {"id": "p", "token": "1"}


@pytest.mark.parametrize(
    ("said", "complaint"),
    [
        ({"zones": [ZONE, ZONE]}, "zones: zone id 'z' is used twice"),
        ({"gauges": [GAUGE | {"top_m": -1}]}, "gauges: 'peil' reads no more at its top"),
        ({"gauges": [GAUGE | {"corners": FLAT}]}, "gauges: the corners of 'peil' span no area"),
        ({"ground": {"points": SQUARE, "metres": FLAT}}, "ground: three of the four"),
        ({"ground": {"points": FLAT, "metres": SQUARE}}, "ground: three of the four"),
        ({"lines": [LINE | {"sizes": [0.3, 0.2]}]}, "lines: sizes of 'a' must be above 0 and rise"),
        ({"lines": [LINE | {"sizes": [0, 0.2]}]}, "lines: sizes of 'a' must be above 0 and rise"),
        ({"presets": [PRESET, PRESET | {"token": "2"}]}, "presets: preset id 'p' is used twice"),
        ({"presets": [PRESET, PRESET | {"id": "q"}]}, "presets: preset token '1' is used twice"),
        ({"presets": [PRESET | {"lines": [LINE | {"points": [[0, 0], [0, 0]]}]}]}, "presets[0].lines: 'a'"),
        ({"zones": [ZONE | {"polygon": [[0, 0], [1, 1]]}]}, "zones[0].polygon"),
        ({"presets": [PRESET | {"token": ""}]}, "presets[0].token"),
    ],
)
def test_settings_that_cannot_be_meant_are_named_with_their_key(said: dict[str, Any], complaint: str) -> None:
    with pytest.raises(SettingsError) as caught:
        decode_camera(json.dumps(said))
    assert complaint in str(caught.value)


def test_a_whole_view_is_taken() -> None:
    camera = decode_camera(
        json.dumps(
            {
                "lines": [LINE | {"sizes": [0.05, 0.12]}],
                "zones": [ZONE | {"purpose": "crowd", "person_height": 0.2}],
                "gauges": [GAUGE],
                "ground": {"points": SQUARE, "metres": [[0, 0], [3.5, 0], [3.5, 20], [0, 20]]},
                "presets": [PRESET | {"masks": [ZONE["polygon"]]}],
            }
        )
    )
    assert camera.presets is not None
    assert camera.presets[0].masks
    assert camera.lines is not None
    assert camera.lines[0].sizes == (0.05, 0.12)
