"""Watching live: with a purpose, noted, for those who may, in words when it cannot be."""

from typing import Any

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select

from edge.wire.live import LiveKind, LivePiece, pack_live
from edge.wire.messages import Reply, encode
from hub.cctv.live.models import CameraView
from hub.ingest.taking.link import Publish
from hub.live.desk import LiveDesk
from hub.live.streams import CameraKey
from hub.people.models import AuditEntry
from hub.people.permissions import Role
from hub.places.purposes import Purpose
from tests.hub.screens import Screens, post

PAGE = "/kamera/pi-jawi/utara"
ASK = f"{PAGE}/langsung"
KEY = CameraKey("pi-jawi", "utara")


class Device:
    """A link at whose other end the device answers as it is told here."""

    def __init__(self, desk: LiveDesk) -> None:
        self.desk = desk
        self.reply: Reply | None = Reply(command="send-live", is_done=True)

    def start(self) -> None:
        """Always there."""

    def stop(self) -> None:
        """Nothing to end."""

    def say(self, publish: Publish) -> bool:
        if publish.correlation and self.reply is not None:
            self.desk.calls.answered("pi-jawi", publish.correlation, encode(self.reply))
        return self.reply is not None


@pytest.fixture
def device(city: Screens) -> Device:
    desk: LiveDesk = city.app.extensions["pontive"].live
    desk.link = Device(desk)
    return desk.link


@pytest.fixture
def operator(city: Screens) -> FlaskClient:
    return city.signed_in(Role.OPERATOR, name="oki")


def views(city: Screens) -> list[CameraView]:
    with city.database.reading() as db:
        return list(db.scalars(select(CameraView)))


def begin(operator: FlaskClient, **fields: str) -> Any:
    return post(operator, ASK, PAGE, **({"tujuan": "service"} | fields))


def pieces(desk: LiveDesk) -> None:
    for number, kind in enumerate([LiveKind.INIT, LiveKind.KEY, LiveKind.DELTA]):
        desk.streams.arrived(KEY, pack_live(LivePiece(kind, 3, number, b"<%d>" % number)))


def test_a_view_is_noted_streamed_and_ended(city: Screens, operator: FlaskClient, device: Device) -> None:
    answer = begin(operator)
    assert answer.status_code == 200, answer.text
    assert answer.json["viewers"] == 1
    (view,) = views(city)
    assert (view.device, view.camera, view.purpose) == ("pi-jawi", "utara", "service")
    device.desk.watch(KEY)  # somebody else watches already
    pieces(device.desk)
    stream = operator.get(answer.json["stream"], buffered=False)
    assert stream.mimetype == "video/mp4"
    assert stream.headers["Cache-Control"] == "no-store"
    body = iter(stream.response)
    assert next(body) == b"<0><1><2>"
    assert device.desk.streams.viewers_of(KEY) == 2
    city.clock.advance(seconds=40)
    stream.close()
    assert device.desk.streams.viewers_of(KEY) == 1
    (view,) = views(city)
    assert view.ended_at is not None
    assert (view.ended_at - view.began_at).total_seconds() == 40
    with city.database.reading() as db:
        entry = db.scalars(select(AuditEntry).where(AuditEntry.action == "camera.live")).one()
    assert (entry.actor, entry.object, entry.detail) == ("oki", "camera:pi-jawi/utara", "service")


def test_whoever_lost_the_right_to_watch_is_cut_off(
    city: Screens, operator: FlaskClient, device: Device
) -> None:
    device.desk.watch(KEY)
    pieces(device.desk)
    stream = operator.get(begin(operator).json["stream"], buffered=False)
    body = iter(stream.response)
    next(body)
    city.clock.advance(days=2)
    device.desk.streams.arrived(KEY, pack_live(LivePiece(LiveKind.DELTA, 3, 3, b"<3>")))
    assert list(body) == [], "not one picture more"
    assert operator.get(PAGE).status_code == 303


@pytest.mark.parametrize(
    ("reply", "status", "words"),
    [
        (None, 503, "Perangkat tidak menjawab"),
        ("the camera sends HEVC, browsers need H.264; set its codec", 409, "Atur aliran kamera ke H.264"),
        ("camera utara is being restarted; ask again in a minute", 409, "Kamera belum dapat ditonton"),
    ],
)  # fmt: skip
def test_what_cannot_be_watched_is_told_in_words(
    operator: FlaskClient, device: Device, reply: str | None, status: int, words: str
) -> None:
    device.reply = None if reply is None else Reply(command="send-live", is_done=False, detail=reply)
    answer = begin(operator)
    assert answer.status_code == status
    assert words in answer.json["detail"]


def test_without_a_purpose_nothing_begins(city: Screens, operator: FlaskClient, device: Device) -> None:
    answer = begin(operator, tujuan="penasaran")
    assert answer.status_code == 400
    assert "tujuan" in answer.json["detail"]
    assert views(city) == []


def test_a_view_is_good_for_its_owner_and_its_camera_only(
    city: Screens, operator: FlaskClient, device: Device
) -> None:
    address = begin(operator).json["stream"]
    other = city.signed_in(Role.OPERATOR)
    assert other.get(address).status_code == 404
    assert operator.get(address.replace("utara", "selatan")).status_code == 404
    assert operator.get(f"{PAGE}/langsung.mp4").status_code == 404


def test_a_wall_screen_may_not_watch_live(city: Screens, device: Device) -> None:
    wall = city.signed_in(Role.DISPLAY)
    assert "Tonton langsung" not in wall.get(PAGE).text
    assert post(wall, ASK, "/sandi", tujuan="service").status_code == 404


def test_an_unknown_camera_is_none(city: Screens, operator: FlaskClient, device: Device) -> None:
    assert post(operator, "/kamera/pi-jawi/hantu/langsung", PAGE, tujuan="service").status_code == 404
    assert views(city) == []


def test_the_page_offers_the_seven_purposes(operator: FlaskClient) -> None:
    page = operator.get(PAGE).text
    for words in ("Kinerja pelayanan publik", "Daerah rawan bencana", "Kedisiplinan pegawai"):
        assert words in page
    for purpose in Purpose:
        assert f'<option value="{purpose.value}"' in page
