"""Watching by asking again and again: HLS and single pictures, noted, for those who began the view."""

from typing import Any

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select

from edge.wire.live import LiveKind, LivePiece, pack_live
from edge.wire.messages import Reply, SendLive, SendThumbs, decode_command
from hub.cctv.live.models import CameraView
from hub.ingest.taking.link import Publish
from hub.people.permissions import Role
from tests.hub.cctv.live.test_views import KEY, PAGE, Device, begin, device, operator
from tests.hub.live.test_hls import PIECES
from tests.hub.screens import Screens

__all__ = ["device", "operator"]


class Camera(Device):
    """A device that sends all of a film as soon as it is asked, and a picture as soon as it is wanted."""

    commands: list[Any]

    def say(self, publish: Publish) -> bool:
        command = decode_command(publish.payload)
        self.commands = [*getattr(self, "commands", []), command]
        if isinstance(command, SendThumbs):
            self.desk.thumbs.arrived(KEY, b"\xff\xd8jpeg")
        return super().say(publish)

    def film(self, *, is_main: bool = False) -> None:
        for piece in PIECES:
            sent = LivePiece(piece.kind, 3, piece.number, piece.data, is_main=is_main)
            self.desk.streams.arrived(KEY, pack_live(sent))


@pytest.fixture
def camera(city: Screens, device: Device) -> Camera:
    device.desk.link = Camera(device.desk)
    return device.desk.link


def ended_at(city: Screens) -> Any:
    with city.database.reading() as db:
        return db.scalars(select(CameraView.ended_at)).one()


@pytest.mark.parametrize("quality", ["biasa", "utama"])
def test_a_list_its_beginning_its_segments_and_its_parts(
    city: Screens, operator: FlaskClient, camera: Camera, quality: str
) -> None:
    address = begin(operator, cara="hls", mutu=quality).json["stream"]
    folder = address.rpartition("/")[0]
    assert folder.endswith(quality)
    asked = [one for one in camera.commands if isinstance(one, SendLive)]
    assert {one.quality for one in asked} == {"main" if quality == "utama" else "sub"}
    number = int(folder.split("/")[-2])
    camera.desk.window(KEY, view=number, is_main=quality == "utama")
    camera.film(is_main=quality == "utama")
    listing = operator.get(address)
    assert listing.mimetype == "application/vnd.apple.mpegurl"
    assert "#EXT-X-PART-INF" in listing.text
    assert operator.get(f"{folder}/awal.mp4").data == PIECES[0].data
    first = int(listing.text.split("MEDIA-SEQUENCE:")[1].split("\n")[0])
    part = operator.get(f"{folder}/{first}.0.m4s")
    whole = operator.get(f"{folder}/{first}.m4s")
    assert whole.data.startswith(part.data)
    assert whole.headers["Cache-Control"] == "no-store"
    blocked = operator.get(f"{address}?_HLS_msn={first}&_HLS_part=0")
    assert blocked.status_code == 200
    assert operator.get(f"{address}?_HLS_msn={first + 99}").status_code == 400
    for name in (f"{first + 99}.0.m4s", f"{first + 99}.m4s", "lain.mp4", "1.2.3.m4s"):
        assert operator.get(f"{folder}/{name}").status_code == 404
    assert camera.desk.viewers_of(KEY) == 1
    assert operator.get(f"{PAGE}/langsung/penonton").json == {"viewers": 1}
    first_end = ended_at(city)
    city.clock.advance(seconds=12)
    operator.get(address)
    assert (ended_at(city) - first_end).total_seconds() == 12


def test_a_stream_that_begins_anew_ends_the_list(operator: FlaskClient, camera: Camera) -> None:
    address = begin(operator, cara="hls").json["stream"]
    window = camera.desk.window(KEY, view=1)
    camera.film()
    window.end()
    for piece in PIECES[:3]:
        camera.desk.streams.arrived(KEY, pack_live(LivePiece(piece.kind, 4, piece.number, piece.data)))
    fresh = camera.desk.window(KEY, view=1)
    assert fresh is not window
    fresh.put(LivePiece(LiveKind.INIT, 4, 0, b"rubbish"))
    assert camera.desk.window(KEY, view=1) is not fresh
    assert address.endswith("index.m3u8")


def test_pictures_come_one_by_one(city: Screens, operator: FlaskClient, camera: Camera) -> None:
    address = begin(operator, cara="jpeg").json["stream"]
    assert not hasattr(camera, "commands"), "no video is asked for"
    camera.desk.want(KEY, 640)
    camera.desk.turn()
    first = operator.get(f"{address}&setelah=0")
    assert (first.status_code, first.mimetype, first.data) == (200, "image/jpeg", b"\xff\xd8jpeg")
    assert any(one.width_px == 640 and one.cameras == ("utara",) for one in camera.commands)
    assert camera.desk.viewers_of(KEY) == 1
    later = operator.get(f"{address}&setelah={float(first.headers['X-Came']) + 5}")
    assert later.status_code == 204


def test_somebody_elses_view_is_not_watched(city: Screens, operator: FlaskClient, camera: Camera) -> None:
    hls = begin(operator, cara="hls").json["stream"]
    jpeg = begin(operator, cara="jpeg").json["stream"]
    other = city.signed_in(Role.OPERATOR)
    for address in (hls, jpeg, hls.replace("index.m3u8", "awal.mp4")):
        assert other.get(address).status_code == 404


@pytest.mark.parametrize(
    ("quality", "detail", "instead", "words"),
    [
        ("utama", "no main stream here; set clip_source", "biasa", "tidak mengenal aliran utama"),
        ("utama", "this camera has privacy masks, which", "biasa", "bertopeng privasi"),
        ("utama", "main stream: refused the password", "biasa", "belum dapat ditonton"),
        ("biasa", "the camera sends HEVC, browsers need H.264", "jpeg", "H.264"),
        ("biasa", "the camera sends no key frame for more than 15 s", "jpeg", "bingkai kunci (GOP)"),
        ("biasa", "camera utara is being restarted", None, "belum dapat ditonton"),
    ],
)  # fmt: skip
def test_what_can_be_had_instead_is_named(
    operator: FlaskClient, camera: Camera, quality: str, detail: str, instead: str | None, words: str
) -> None:
    camera.reply = Reply(command="send-live", is_done=False, detail=detail)
    answer = begin(operator, mutu=quality)
    assert answer.status_code == 409
    assert answer.json.get("instead") == instead
    assert words in answer.json["detail"]


def test_a_media_server_is_named_where_there_is_one(
    city: Screens, operator: FlaskClient, camera: Camera
) -> None:
    assert 'data-whep=""' in operator.get(PAGE).text
    assert "langsung.mp4" in begin(operator, cara="whep").json["stream"], "what there is, without one"
