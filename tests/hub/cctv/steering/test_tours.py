"""Rounds of presets: kept, made by the hub, ended at once by the first hand that turns the camera."""

import json
from typing import Any

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select

from edge.wire.messages import GoToPreset
from hub.cctv.steering.models import CameraTour
from hub.cctv.steering.tours import MOST_TOURS, Stop, Tour, TourGuide
from hub.live.streams import CameraKey
from hub.people.models import AuditEntry
from hub.people.permissions import Role
from tests.hub.cctv.steering.test_views import PAGE, Device, device, send
from tests.hub.screens import Screens, csrf_of

__all__ = ["device"]
KEY = CameraKey("pi-jawi", "utara")
STOPS = (Stop("1", "Simpang", 10), Stop("2", "Pasar", 5))


def kept(client: FlaskClient, name: str = "Malam", stops: Any = STOPS) -> Any:
    text = json.dumps([{"token": s.token, "name": s.name, "dwell_s": s.dwell_s} for s in stops])
    return send(client, "tur", nama=name, stops=text)


def standing(client: FlaskClient) -> Any:
    return client.get(f"{PAGE}/kendali/keadaan").json


@pytest.fixture
def oki(city: Screens) -> FlaskClient:
    return city.signed_in(Role.OPERATOR, name="oki")


def test_the_guide_goes_round_and_waits_at_each_stop() -> None:
    now_s, told, running = [0.0], [], [Tour(7, KEY, "Malam", STOPS, True)]

    def tell(device: str, command: GoToPreset) -> bool:
        told.append((now_s[0], device, command.token))
        return True

    guide = TourGuide(read=lambda: running, tell=tell, monotonic=lambda: now_s[0])
    for half_second in range(70):
        now_s[0] = half_second / 2
        guide.turn()
    assert told == [
        (at, "pi-jawi", token) for at, token in ((0, "1"), (10, "2"), (15, "1"), (25, "2"), (30, "1"))
    ]
    running.clear()
    guide.turn()
    running.append(Tour(7, KEY, "Malam", STOPS, True))
    guide.turn()
    assert told[-1] == (34.5, "pi-jawi", "1"), "begun again, it begins with its first stop"


def test_without_a_connection_the_stop_is_tried_again() -> None:
    told: list[str] = []

    def tell(_device: str, command: GoToPreset) -> bool:
        told.append(command.token)
        return len(told) > 2

    guide = TourGuide(read=lambda: [Tour(7, KEY, "Malam", STOPS, True)], tell=tell, monotonic=lambda: 5.0)
    for _ in range(5):
        guide.turn()
    assert told == ["1", "1", "1"]


def test_a_round_runs_until_a_hand_turns_the_camera(city: Screens, oki: FlaskClient, device: Device) -> None:
    assert kept(oki).status_code == 200
    assert kept(oki, "Siang").status_code == 200
    (night, day) = standing(oki)["tours"]
    assert night["stops"][0] == {"token": "1", "name": "Simpang", "dwell_s": 10}
    assert send(oki, f"tur/{night['id']}/mulai").status_code == 200
    device.desk.turn()
    assert device.commands == [GoToPreset(camera="utara", token="1")]
    send(oki, f"tur/{day['id']}/mulai")
    assert [tour["name"] for tour in standing(oki)["tours"] if tour["is_running"]] == ["Siang"]
    send(oki, "gerak", pan="1")
    assert not any(tour["is_running"] for tour in standing(oki)["tours"])
    before = len(device.commands)
    device.desk.turn()
    assert len(device.commands) == before, "not one stop more"
    with city.database.reading() as db:
        acts = set(db.scalars(select(AuditEntry.action).where(AuditEntry.action.like("camera.tour%"))))
    assert acts == {"camera.tour-kept", "camera.tour-begun"}


def test_letting_go_of_a_key_ends_no_round(oki: FlaskClient, device: Device) -> None:
    kept(oki)
    send(oki, f"tur/{standing(oki)['tours'][0]['id']}/mulai")
    send(oki, "gerak")
    assert standing(oki)["tours"][0]["is_running"]
    send(oki, "tur/henti")
    assert not standing(oki)["tours"][0]["is_running"]


def test_a_round_does_not_begin_under_somebodys_hand(city: Screens, oki: FlaskClient, device: Device) -> None:
    kept(oki)
    number = standing(oki)["tours"][0]["id"]
    budi = city.signed_in(Role.OPERATOR, name="budi")
    send(budi, "gerak", pan="1")
    held = standing(oki)
    assert (held["holder"], held["is_own"], held["left_s"]) == ("Budi", False, 45)
    refused = send(oki, f"tur/{number}/mulai")
    assert refused.status_code == 409
    assert refused.json["detail"] == "Dikendalikan Budi, 45 detik lagi"
    assert send(budi, f"tur/{number}/mulai").status_code == 200
    assert standing(oki)["holder"] == "", "his own hold ends with it"


@pytest.mark.parametrize(
    ("name", "stops"),
    [("", STOPS), ("x" * 41, STOPS), ("Malam", STOPS[:1]), ("Malam", (Stop("1", "", 4), STOPS[1]))],
)
def test_what_is_no_round_is_refused_in_words(
    city: Screens, oki: FlaskClient, device: Device, name: str, stops: Any
) -> None:
    answer = kept(oki, name, stops)
    assert answer.status_code == 400
    assert "2 sampai 32 preset" in answer.json["detail"]
    with city.database.reading() as db:
        assert db.scalars(select(CameraTour)).all() == []


def test_rounds_are_replaced_by_name_deleted_and_not_without_number(oki: FlaskClient, device: Device) -> None:
    for number in range(MOST_TOURS):
        assert kept(oki, f"Tur {number:02}").status_code == 200
    assert kept(oki, "Satu lagi").status_code == 400
    assert kept(oki, "Tur 00", STOPS[::-1]).status_code == 200
    first = standing(oki)["tours"][0]
    assert first["stops"][0]["token"] == "2"
    assert send(oki, f"tur/{first['id']}/hapus").status_code == 200
    assert len(standing(oki)["tours"]) == MOST_TOURS - 1
    assert send(oki, "tur/999/mulai").status_code == 404
    assert send(oki, "tur/999/hapus").status_code == 404


def test_a_fixed_camera_has_no_rounds(city: Screens) -> None:
    oki = city.signed_in(Role.OPERATOR, name="oki")
    token = csrf_of(oki, "/sandi")
    stops = '[{"token":"1","name":"","dwell_s":5},{"token":"2","name":"","dwell_s":5}]'
    answer = oki.post(
        "/kamera/pi-jawi/selatan/kendali/tur", data={"csrf_token": token, "nama": "Malam", "stops": stops}
    )
    assert answer.status_code == 404
