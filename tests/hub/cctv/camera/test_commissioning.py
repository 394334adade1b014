"""The page on which a camera is set up, without its scripts: saving, going back, asking, and strangers."""

import json

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select

from edge.wire.messages import CountWithMe, Online, Reply, ShowOverlay, decode_command
from edge.wire.records.bodies import ClockQuality, DeviceIncident
from hub.ingest.models import DeviceCommand
from hub.ingest.presence import PresenceBook
from hub.ingest.saying.commands import note_reply
from hub.people.models import AuditEntry
from hub.people.permissions import Role
from hub.places.models import CameraSettingsVersion
from tests.browser.sample import BOOT, EPOCH
from tests.hub.screens import Screens, post

PAGE = "/kamera/pi-jawi/utara/atur"
LINE = {"id": "timur", "points": [[0.1, 0.5], [0.9, 0.5]], "forward": "ke pelabuhan"}


@pytest.fixture
def technician(city: Screens) -> FlaskClient:
    return city.signed_in(Role.TECHNICIAN, name="tini")


def born(city: Screens, version: int) -> None:
    birth = Online(
        epoch=EPOCH,
        boot_id=BOOT,
        at=city.clock(),
        clock=ClockQuality.SYNCED,
        firmware="1",
        hardware="Pi",
        uptime_s=1,
        config_version=version,
    )
    with city.database.writing() as db:
        PresenceBook().say(db, "pi-jawi", birth, at=city.clock())


def save(client: FlaskClient, based_on: int = 0, **settings: object) -> None:
    answer = post(client, PAGE, PAGE, setelan=json.dumps(settings), dasar=str(based_on), catatan="coba")
    assert answer.status_code == 303


def present(client: FlaskClient) -> dict[str, str]:
    found: dict[str, str] = client.get(PAGE + "/kini").get_json()
    return found


def test_a_version_is_saved_shown_and_audited(city: Screens, technician: FlaskClient) -> None:
    save(technician, lines=[LINE])
    page = technician.get(PAGE).get_data(as_text=True)
    for text in ("Versi 1", "tini", "coba", "ke pelabuhan"):
        assert text in page, text
    with city.database.reading() as db:
        actions = [(e.actor, e.action, e.object, e.detail) for e in db.scalars(select(AuditEntry))]
    assert ("tini", "camera.settings-save", "camera:pi-jawi/utara", "version 1") in actions


def test_how_far_a_version_came_is_said(city: Screens, technician: FlaskClient) -> None:
    assert present(technician)["step"] == "none"
    born(city, 0)
    save(technician, fps=5)
    assert present(technician)["step"] == "waiting"
    born(city, 1)
    assert present(technician)["step"] == "in-force"
    save(technician, based_on=1, fps=6)
    city.city.will("pi-jawi", city.clock())
    assert present(technician)["step"] == "away"


@pytest.mark.parametrize(
    ("what", "step"), [("config-refused", "refused"), ("config-rolled-back", "rolled-back")]
)
def test_a_version_that_failed_on_the_device_says_why(
    city: Screens, technician: FlaskClient, what: str, step: str
) -> None:
    born(city, 0)
    save(technician, fps=5)
    for version in (1, 77):
        incident = DeviceIncident(what=what, detail=f"version {version}: utara: crashed")
        city.city.say("pi-jawi", incident, at=city.clock())
    now = present(technician)
    assert now["step"] == step
    assert "version 1: utara: crashed" in now["words"]


def test_what_cannot_be_used_is_said_and_not_saved(city: Screens, technician: FlaskClient) -> None:
    answer = post(technician, PAGE, PAGE, setelan='{"fps": 900}', dasar="0")
    assert answer.status_code == 303
    assert "fps" in technician.get(PAGE).get_data(as_text=True)
    with city.database.reading() as db:
        assert db.scalars(select(CameraSettingsVersion)).all() == []


def test_an_old_version_is_sent_again_and_a_stranger_one_is_not(
    city: Screens, technician: FlaskClient
) -> None:
    save(technician, fps=5)
    save(technician, based_on=1, fps=6)
    post(technician, PAGE + "/kembali", PAGE, versi="1")
    post(technician, PAGE + "/kembali", PAGE, versi="99")
    page = technician.get(PAGE).get_data(as_text=True)
    assert "Versi itu tidak ada" in page
    with city.database.reading() as db:
        bodies = [json.loads(row.body)["fps"] for row in db.scalars(select(CameraSettingsVersion))]
    assert bodies == [5, 6, 5]


def test_what_is_asked_reaches_the_device_and_its_answer_the_page(
    city: Screens, technician: FlaskClient
) -> None:
    post(technician, PAGE + "/minta", PAGE, apa="count-with-me")
    post(technician, PAGE + "/minta", PAGE, apa="hide-overlay")
    with city.database.writing() as db:
        rows = db.scalars(select(DeviceCommand).order_by(DeviceCommand.id)).all()
        commands = [decode_command(row.body.encode()) for row in rows[-2:]]
        reply = Reply(command="count-with-me", is_done=True, values={"jalan.forward": 4.0})
        number, correlation = rows[-2].id, rows[-2].correlation.encode()
        note_reply(db, device="pi-jawi", correlation=correlation, reply=reply, now=city.clock())
    assert commands == [CountWithMe(camera="utara"), ShowOverlay(camera="utara", lease_s=0)]
    answer = technician.get(f"{PAGE}/jawaban/{number}").get_json()
    assert (answer["standing"], answer["values"]) == ("done", {"jalan.forward": 4.0})
    assert technician.get(f"{PAGE}/jawaban/99999").get_json()["standing"] == "unknown"


def test_nonsense_is_not_asked(city: Screens, technician: FlaskClient) -> None:
    post(technician, PAGE + "/minta", PAGE, apa="format-disk")
    assert "tidak dikenal" in technician.get(PAGE).get_data(as_text=True)


@pytest.mark.parametrize("role", [Role.EXECUTIVE, Role.DISPLAY, Role.SUPERVISOR])
def test_who_only_watches_sets_nothing_up(city: Screens, role: Role) -> None:
    watcher = city.signed_in(role)
    assert watcher.get(PAGE).status_code == 404
    assert "Atur kamera" not in watcher.get("/kamera/pi-jawi/utara").get_data(as_text=True)
