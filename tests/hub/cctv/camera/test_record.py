"""What stands on a camera's page besides its picture, and who may see who watched."""

from datetime import timedelta

import pytest
from sqlalchemy import select

from edge.wire.records.bodies import CameraIntegrity, PictureState
from hub.cctv.camera.record import record_of, wind_of
from hub.cctv.live.models import CameraView as Watching
from hub.cctv.models import CameraPicture, CameraRates
from hub.cctv.outages.models import FaultTicket, Outage, OutageCamera
from hub.errors import NotFoundError
from hub.people.models import Account
from hub.people.permissions import Role
from hub.places.models import CityCamera
from tests.browser.sample import counts
from tests.hub.screens import Screens

CAMERA = "/kamera/pi-jawi/utara"


def page_of(city: Screens, role: Role = Role.OPERATOR) -> str:
    return city.signed_in(role).get(CAMERA).get_data(as_text=True)


@pytest.mark.parametrize(
    ("heading_deg", "wind"),
    [
        (None, ""),
        (0.0, "U"),
        (22.4, "U"),
        (22.6, "TL"),
        (90.0, "T"),
        (180.0, "S"),
        (270.0, "B"),
        (359.0, "U"),
    ],
)
def test_a_heading_has_a_wind(heading_deg: float | None, wind: str) -> None:
    assert wind_of(heading_deg) == wind


def test_the_page_says_whose_it_is_and_where_it_looks(city: Screens) -> None:
    with city.database.writing() as db:
        row = db.get_one(CityCamera, ("pi-jawi", "utara"))
        row.heading_deg, row.field_of_view_deg, row.view_range_m = 0.0, 70.0, 120.0
        row.purposes, row.network_switch = "service disaster", "SW-07"
    page = page_of(city)
    for words in ("Dinas Perhubungan", "0° U", "sudut 70°", "120 m", "Daerah rawan bencana", "SW-07"):
        assert words in page
    assert 'href="/titik/jawi"' in page
    assert 'class="strip"' in page


def test_what_nobody_measured_is_said_to_be_unmeasured(city: Screens) -> None:
    page = page_of(city)
    assert "belum diukur" in page
    assert "Tidak ada gangguan dalam 30 hari" in page


def test_outages_stand_there_with_their_tickets(city: Screens) -> None:
    now = city.clock()
    with city.database.writing() as db:
        outage = Outage(
            scope="camera",
            key="pi-jawi/utara",
            site="jawi",
            cause="power",
            began_at=now - timedelta(hours=2),
            facts="{}",
        )
        db.add(outage)
        db.flush()
        held = OutageCamera(
            outage=outage.id, device="pi-jawi", camera="utara", is_dark=True, began_at=outage.began_at
        )
        ticket = FaultTicket(
            number="GGN-2026-00042", outage=outage.id, owner="Dishub", state="assigned", opened_at=now
        )
        db.add_all([held, ticket])
    page = page_of(city)
    assert "GGN-2026-00042 ditugaskan" in page
    assert "masih berlangsung" in page
    point = city.signed_in(Role.OPERATOR).get("/titik/jawi").get_data(as_text=True)
    assert "listrik" in point.split('class="area-head"')[0], "the open outage stands above the cameras"


def test_only_who_answers_for_the_room_sees_who_watched(city: Screens) -> None:
    city.account(Role.OPERATOR, name="tina")
    with city.database.writing() as db:
        who = db.scalars(select(Account.id).where(Account.name == "tina")).one()
        began_at = city.clock() - timedelta(minutes=3)
        db.add(
            Watching(
                device="pi-jawi",
                camera="utara",
                account_id=who,
                purpose="service",
                began_at=began_at,
                ended_at=city.clock(),
            )
        )
    assert "Tina · Kinerja pelayanan publik" in page_of(city, Role.SUPERVISOR)
    assert "Siapa yang menonton" not in page_of(city, Role.OPERATOR)


def test_an_unknown_camera_has_no_record(city: Screens) -> None:
    with city.database.reading() as db, pytest.raises(NotFoundError):
        record_of(db, "pi-jawi", "tidak-ada", city.clock())


def test_a_clock_that_is_ahead_freezes_neither_picture_nor_counts(city: Screens) -> None:
    now, ahead, key = city.clock(), city.clock() + timedelta(days=90), ("pi-jawi", "utara")
    bodies = (CameraIntegrity(camera="utara", picture=PictureState.BLACK), counts("utara"))
    city.city.say("pi-jawi", *bodies, at=ahead, received_at=now)
    with city.database.writing() as db:
        picture, rates = db.get_one(CameraPicture, key), db.get_one(CameraRates, key)
        assert (picture.at, picture.since, rates.at) == (now, now, now)
        # As an older version of the hub kept them.
        picture.at = rates.at = ahead
    later = now + timedelta(minutes=1)
    good = CameraIntegrity(camera="utara", picture=PictureState.GOOD)
    city.city.say("pi-jawi", good, counts("utara"), at=later)
    city.city.say("pi-jawi", bodies[0], at=now, received_at=later)
    with city.database.reading() as db:
        picture, rates = db.get_one(CameraPicture, key), db.get_one(CameraRates, key)
        assert (picture.picture, picture.at, rates.at) == ("good", later, later)
