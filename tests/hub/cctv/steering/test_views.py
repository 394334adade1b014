"""Turning a camera from its page: one hand at a time, priority, a countdown, words when it cannot be."""

from typing import Any

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select

from edge.wire.messages import Command, GoToPreset, Reply, Steer, TellPresets, decode_command, encode
from hub.ingest.taking.link import Publish
from hub.live.desk import LiveDesk
from hub.people.models import AuditEntry
from hub.people.permissions import Role
from hub.places.models import CityCamera
from tests.hub.screens import Screens, csrf_of

PAGE = "/kamera/pi-jawi/utara"


class Device:
    """A device that obeys, or does not."""

    def __init__(self, desk: LiveDesk) -> None:
        self.desk = desk
        self.commands: list[Command] = []
        self.reply: Reply | None = Reply(command="steer", is_done=True)

    def start(self) -> None:
        """Always there."""

    def stop(self) -> None:
        """Nothing to end."""

    def say(self, publish: Publish) -> bool:
        self.commands.append(decode_command(publish.payload))
        if self.reply is not None:
            self.desk.calls.answered("pi-jawi", publish.correlation, encode(self.reply))
        return self.reply is not None


@pytest.fixture
def device(city: Screens) -> Device:
    with city.database.writing() as db:
        db.get_one(CityCamera, ("pi-jawi", "utara")).kind = "ptz"
    desk: LiveDesk = city.app.extensions["pontive"].live
    desk.link = Device(desk)
    return desk.link


def send(client: FlaskClient, act: str, **fields: str) -> Any:
    token = csrf_of(client, "/sandi")
    return client.post(f"{PAGE}/kendali/{act}", data={"csrf_token": token, **fields})


def test_a_move_takes_the_camera_and_a_second_hand_is_told_who_has_it(city: Screens, device: Device) -> None:
    oki = city.signed_in(Role.OPERATOR, name="oki")
    budi = city.signed_in(Role.OPERATOR, name="budi")
    answer = send(oki, "gerak", pan="-0.5", tilt="0.25")
    assert (answer.status_code, answer.json) == (200, {"left_s": 45})
    assert device.commands == [Steer(camera="utara", pan=-0.5, tilt=0.25)]
    refused = send(budi, "gerak", pan="1")
    assert refused.status_code == 409
    assert refused.json["detail"] == "Dikendalikan Oki, 45 detik lagi"
    assert len(device.commands) == 1
    city.clock.advance(seconds=46)
    assert send(budi, "gerak", pan="1").status_code == 200


def test_a_hand_that_goes_on_keeps_the_camera(city: Screens, device: Device) -> None:
    oki = city.signed_in(Role.OPERATOR, name="oki")
    budi = city.signed_in(Role.OPERATOR, name="budi")
    for _ in range(6):
        assert send(oki, "gerak", pan="1").status_code == 200
        city.clock.advance(seconds=20)
    assert send(budi, "gerak", pan="1").status_code == 409
    with city.database.reading() as db:
        entries = list(db.scalars(select(AuditEntry).where(AuditEntry.action == "camera.turn")))
    assert [entry.actor for entry in entries] == ["oki"], "noted once, not with each repeat"


def test_the_shift_leader_goes_first_and_is_not_pushed_aside(city: Screens, device: Device) -> None:
    oki = city.signed_in(Role.OPERATOR, name="oki")
    leader = city.signed_in(Role.SUPERVISOR, name="sri")
    second = city.signed_in(Role.SUPERVISOR, name="tono")
    send(oki, "gerak", pan="1")
    assert send(leader, "gerak", pan="1").status_code == 200
    assert send(oki, "gerak", pan="1").json["holder"] == "Sri"
    assert send(second, "gerak", pan="1").status_code == 409
    assert send(leader, "lepas").status_code == 200
    assert send(oki, "gerak", pan="1").status_code == 200


def test_letting_a_key_go_takes_no_camera(city: Screens, device: Device) -> None:
    oki = city.signed_in(Role.OPERATOR, name="oki")
    assert send(oki, "gerak").status_code == 200
    assert device.commands == []
    send(oki, "gerak", zoom="1")
    send(oki, "gerak")
    assert device.commands[-1] == Steer(camera="utara")


def test_presets_are_told_and_reached(city: Screens, device: Device) -> None:
    oki = city.signed_in(Role.OPERATOR, name="oki")
    device.reply = Reply(
        command="tell-presets", is_done=True, values={"presets": '[{"token":"1","name":"Simpang"}]'}
    )
    assert send(oki, "daftar").json == {"presets": [{"token": "1", "name": "Simpang"}]}
    assert send(oki, "preset", token="1").status_code == 200
    assert device.commands == [TellPresets(camera="utara"), GoToPreset(camera="utara", token="1")]
    assert send(oki, "preset").status_code == 400


def test_what_cannot_be_is_told_in_words(city: Screens, device: Device) -> None:
    oki = city.signed_in(Role.OPERATOR, name="oki")
    assert send(oki, "gerak", pan="9").status_code == 400
    assert send(oki, "gerak", pan="kiri").status_code == 400
    device.reply = Reply(command="steer", is_done=False, detail="the camera does not answer")
    answer = send(oki, "gerak", pan="1")
    assert answer.status_code == 409
    assert "Kamera tidak menurut" in answer.json["detail"]
    device.reply = None
    assert send(oki, "gerak", pan="1").json["detail"] == "Perangkat tidak menjawab."


def test_a_fixed_camera_and_strangers_to_it(city: Screens) -> None:
    oki = city.signed_in(Role.OPERATOR, name="oki")
    assert "Kendali PTZ" not in oki.get("/kamera/pi-jawi/selatan").text
    token = csrf_of(oki, "/sandi")
    fixed = oki.post("/kamera/pi-jawi/selatan/kendali/gerak", data={"csrf_token": token, "pan": "1"})
    assert fixed.status_code == 404
    wall = city.signed_in(Role.DISPLAY)
    assert send(wall, "gerak", pan="1").status_code == 404


def test_the_page_has_a_pad_for_a_turning_camera(city: Screens, device: Device) -> None:
    page = city.signed_in(Role.OPERATOR).get(PAGE).text
    assert page.count("data-pan=") == 9
    assert 'aria-label="kiri atas"' in page
