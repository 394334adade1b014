"""Clips on the camera page: seen, asked for, played; by those who may."""

import shutil
from datetime import timedelta

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select

from edge.wire.messages import KeepClip, SendClip, decode_command
from edge.wire.records.bodies import ClipKept, ClipReason
from hub.ingest.models import Clip, DeviceCommand
from hub.people.models import AuditEntry
from hub.people.permissions import Role
from tests.browser.sample import FETCHED_CLIP
from tests.hub.screens import START, Screens, post

PAGE = "/kamera/pi-jawi/utara"
CLIP = "20261121t030922z-0badcafe"
FILM = bytes(range(256)) * 8


@pytest.fixture
def operator(city: Screens) -> FlaskClient:
    body = ClipKept(
        camera="utara",
        clip=CLIP,
        started_at=START - timedelta(minutes=5),
        duration_s=20.04,
        bytes=len(FILM),
        reason=ClipReason.INTEGRITY,
    )
    city.city.say("pi-jawi", body, at=START)
    return city.signed_in(Role.OPERATOR, name="oki")


def row(city: Screens) -> Clip:
    with city.database.reading() as db:
        return db.get_one(Clip, ("pi-jawi", "utara", CLIP))


def commands(city: Screens) -> list[object]:
    with city.database.reading() as db:
        return [decode_command(one.body.encode()) for one in db.scalars(select(DeviceCommand))]


def test_the_page_lists_time_reason_and_length_in_both_languages(
    city: Screens, operator: FlaskClient
) -> None:
    page = operator.get(PAGE).get_data(as_text=True)
    for text in ("Sab 21 Nov 2026 10.09", "gambar berubah keadaan", "20 detik", "di perangkat", "Ambil"):
        assert text in page, text
    post(operator, "/tampilan", "/sandi", language="en")
    page = operator.get(PAGE).get_data(as_text=True)
    for text in ("Clips", "picture changed", "20 seconds", "on the device", "Fetch"):
        assert text in page, text
    other = city.signed_in(Role.ADMIN).get("/kamera/pi-jawi/selatan").get_data(as_text=True)
    assert "Belum ada klip" in other


def test_asking_sends_the_device_one_command_and_is_noted(city: Screens, operator: FlaskClient) -> None:
    answer = post(operator, f"{PAGE}/klip/{CLIP}/ambil", "/sandi")
    assert (answer.status_code, answer.location) == (303, f"{PAGE}#klip")
    post(operator, f"{PAGE}/klip/{CLIP}/ambil", "/sandi")
    assert commands(city) == [SendClip(camera="utara", clip=CLIP)]
    assert row(city).state == "asked"
    assert "sedang diambil" in operator.get(f"{PAGE}/klip/{CLIP}").get_data(as_text=True)
    with city.database.reading() as db:
        entries = db.scalars(select(AuditEntry).where(AuditEntry.action == "camera.fetch-clip")).all()
    assert entries[0].object == f"clip:pi-jawi/utara/{CLIP}"


def test_a_script_gets_the_line_that_asks_again(city: Screens, operator: FlaskClient) -> None:
    token = {"HX-Request": "true"}
    page = operator.get("/sandi").get_data(as_text=True)
    csrf = page.split('name="csrf_token" value="')[1].split('"')[0]
    answer = operator.post(f"{PAGE}/klip/{CLIP}/ambil", data={"csrf_token": csrf}, headers=token)
    text = answer.get_data(as_text=True)
    assert "sedang diambil" in text
    assert "hx-trigger" in text
    assert text.lstrip().startswith("<li")


def test_a_fetched_clip_plays_also_in_parts_and_stays_private(city: Screens, operator: FlaskClient) -> None:
    assert operator.get(f"{PAGE}/klip/{CLIP}/video.mp4").status_code == 404, "not here yet"
    video = f"{PAGE}/klip/{FETCHED_CLIP}/video.mp4"
    assert f'src="{video}"' in operator.get(PAGE).get_data(as_text=True)
    whole = operator.get(video)
    assert (whole.data, whole.mimetype) == (FILM, "video/mp4")
    assert whole.headers["Cache-Control"].startswith("private")
    assert "media-src 'self'" in whole.headers["Content-Security-Policy"]
    part = operator.get(video, headers={"Range": "bytes=256-511"})
    assert (part.status_code, part.data) == (206, FILM[256:512])
    shutil.rmtree(city.folder / "clips")
    assert operator.get(video).status_code == 404


@pytest.mark.parametrize("role", [Role.TECHNICIAN, Role.EXECUTIVE, Role.DISPLAY])
def test_others_see_no_clips(city: Screens, operator: FlaskClient, role: Role) -> None:
    other = city.signed_in(role)
    assert f"klip-{CLIP}" not in other.get(PAGE).get_data(as_text=True)
    assert other.get(f"{PAGE}/klip/{FETCHED_CLIP}/video.mp4").status_code == 404
    assert post(other, f"{PAGE}/klip/{CLIP}/ambil", "/sandi").status_code == 404
    assert city.stranger().get(f"{PAGE}/klip/{FETCHED_CLIP}/video.mp4").status_code in (302, 303, 401)


@pytest.mark.parametrize(
    "path",
    [
        f"/kamera/pi-tugu/plaza/klip/{FETCHED_CLIP}/video.mp4",
        f"{PAGE}/klip/..%2f..%2f..%2fweb.secret/video.mp4",
        f"{PAGE}/klip/nothing",
    ],
)
def test_another_cameras_clip_and_a_path_are_not_found(operator: FlaskClient, path: str) -> None:
    assert operator.get(path).status_code == 404


def test_a_clip_of_now_can_be_asked_for(city: Screens, operator: FlaskClient) -> None:
    answer = post(operator, f"{PAGE}/rekam", "/sandi")
    assert answer.status_code == 303
    assert commands(city) == [KeepClip(camera="utara")]
    assert post(operator, "/kamera/pi-jawi/nirgends/rekam", "/sandi").status_code == 404
