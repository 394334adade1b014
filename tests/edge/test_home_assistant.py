"""What Home Assistant is told; the way there is tested in uplink/test_local_broker.py."""

import json

import pytest

from edge.config import CameraSettings, Line
from edge.home_assistant import HomeAssistant
from edge.wire.records.bodies import (
    Body,
    CameraCounts,
    CameraFault,
    CameraIntegrity,
    Cause,
    DeviceIncident,
    LineCount,
    PictureState,
)

CAMERA = CameraSettings(
    id="gate",
    source="rtsp://admin@10.0.0.9/live",
    lines=(Line(id="road", points=((0.1, 0.5), (0.9, 0.5)), forward="masuk", backward="keluar"),),
)


@pytest.fixture
def home() -> HomeAssistant:
    return HomeAssistant(device="pi-1", prefix="homeassistant", cameras=[CAMERA])


def test_each_camera_has_a_picture_and_each_line_two_counts(home: HomeAssistant) -> None:
    told = {each.topic: json.loads(each.payload) for each in home.announcements()}
    assert list(told) == [
        "homeassistant/binary_sensor/pontive_pi-1_gate_picture/config",
        "homeassistant/sensor/pontive_pi-1_gate_road_forward/config",
        "homeassistant/sensor/pontive_pi-1_gate_road_backward/config",
    ]
    count = told["homeassistant/sensor/pontive_pi-1_gate_road_forward/config"]
    assert count["name"] == "gate: road, masuk"
    assert count["state_topic"] == "pontive-local/pi-1/gate/counts"
    assert count["value_template"] == "{{ value_json['forward_road'] }}"
    assert len({each["unique_id"] for each in told.values()}) == 3
    assert "10.0.0.9" not in str(told), "no address of a camera is told"


def test_counts_are_totals(home: HomeAssistant) -> None:
    line = LineCount(line="road", forward=1, backward=2, forward_total=41, backward_total=52)
    (told,) = home.heard(
        CameraCounts(camera="gate", period_s=60, frames=600, lines=(line,), motion_share=0, confidence=0.5)
    )
    assert told.topic == "pontive-local/pi-1/gate/counts"
    assert json.loads(told.payload) == {"forward_road": 41, "backward_road": 52, "confidence": 0.5}


@pytest.mark.parametrize(
    ("picture", "problem"),
    [(PictureState.GOOD, "OFF"), (PictureState.ABSENT, "ON"), (PictureState.FROZEN, "ON")],
)
def test_a_picture_is_a_problem_unless_it_is_good(
    home: HomeAssistant, picture: PictureState, problem: str
) -> None:
    (told,) = home.heard(
        CameraIntegrity(camera="gate", picture=picture, fault=CameraFault.NONE, cause=Cause.POWER)
    )
    said = json.loads(told.payload)
    assert (said["problem"], said["picture"], said["cause"]) == (problem, picture, "power")


@pytest.mark.parametrize("body", [DeviceIncident(what="x")])
def test_other_records_are_not_told(home: HomeAssistant, body: Body) -> None:
    assert home.heard(body) == []
