"""The summary: numbers of one's own part of the city, in words that need no training."""

import re
from datetime import timedelta

import pytest
from sqlalchemy import delete, select

from edge.wire.records.bodies import FlowLevel, GaugeReading, GaugeState, SceneMeasures
from edge.wire.records.camera_bodies import ZoneMeasure
from hub.alarms.kinds import AlarmKind, Severity
from hub.alarms.service import raise_alarm
from hub.cctv.events.models import CameraEvent, WaterMark
from hub.cctv.outages.models import FaultTicket, Outage, OutageCamera, OutageVerdict, TicketNote
from hub.people.models import Account
from hub.people.permissions import Role, ScopeKind
from hub.web.contributions.cards import Card
from tests.hub.screens import Screens


def card(page: str, name: str) -> str:
    """The text of one card, without its tags."""
    found = re.search(rf'id="kartu-{name}".*?</section>', page, re.DOTALL)
    return " ".join(re.sub(r"<[^>]+>", " ", found.group()).split()) if found else ""


def summary(
    city: Screens, role: Role = Role.EXECUTIVE, kind: ScopeKind = ScopeKind.CITY, scope: str = ""
) -> str:
    return city.signed_in(role, kind=kind, scope=scope).get("/eksekutif").get_data(as_text=True)


def test_the_mayor_sees_the_city_and_why_cameras_are_dark(city: Screens) -> None:
    page = summary(city)
    assert "<h1>Kota Pontianak</h1>" in page
    assert "3 /5 kamera" in card(page, "kamera")
    assert "2 mati" in card(page, "kamera")


def test_last_week_is_not_invented_when_nobody_kept_account(city: Screens) -> None:
    assert "pekan lalu" in card(summary(city), "kamera")
    with city.database.writing() as db:
        for table in (TicketNote, FaultTicket, OutageVerdict, OutageCamera, Outage):
            db.execute(delete(table))
    assert "pekan lalu" not in card(summary(city), "kamera")


def test_a_lurah_sees_the_kelurahan_and_opens_it_as_first_page(city: Screens) -> None:
    client = city.signed_in(Role.EXECUTIVE, kind=ScopeKind.KELURAHAN, scope="61.71.05.1005")
    answer = client.get("/", follow_redirects=True)
    page = answer.get_data(as_text=True)
    assert answer.request.path == "/eksekutif"
    assert "<h1>Kelurahan Sungai Jawi</h1>" in page
    assert "2 /2 kamera" in card(page, "kamera")


@pytest.mark.parametrize(
    ("kind", "scope", "words"),
    [
        (ScopeKind.KECAMATAN, "61.71.04", "Kecamatan Pontianak Utara"),
        (ScopeKind.SITE, "tugu", "Tugu Khatulistiwa"),
        (ScopeKind.OPD, "1", "Dinas Komunikasi dan Informatika"),
        (ScopeKind.UNIT, "11", "Kota Pontianak"),
    ],
)
def test_the_area_is_called_by_its_name(city: Screens, kind: ScopeKind, scope: str, words: str) -> None:
    assert f"<h1>{words}</h1>" in summary(city, kind=kind, scope=scope)


def test_cameras_are_compared_with_a_week_ago(city: Screens) -> None:
    then = city.clock() - timedelta(days=7)
    with city.database.writing() as db:
        outage = Outage(
            scope="camera", key="pi-jawi/utara", site="jawi", began_at=then - timedelta(hours=1),
            ended_at=then + timedelta(hours=1), facts="{}",
        )  # fmt: skip
        db.add(outage)
        db.flush()
        for camera in ("utara", "selatan"):
            db.add(
                OutageCamera(
                    outage=outage.id,
                    device="pi-jawi",
                    camera=camera,
                    is_dark=True,
                    began_at=outage.began_at,
                    ended_at=outage.ended_at,
                )
            )
    assert "sama dengan pekan lalu" in card(summary(city), "kamera")
    ward = summary(city, kind=ScopeKind.KELURAHAN, scope="61.71.05.1005")
    assert "lebih baik dari pekan lalu (0)" in card(ward, "kamera")


def test_jams_and_high_water_are_named(city: Screens) -> None:
    now = city.clock()
    zone = ZoneMeasure(zone="lajur", occupancy=0.9, cover=0.8, flow=FlowLevel.JAM)
    city.city.say("pi-jawi", SceneMeasures(camera="utara", period_s=60, zones=(zone,)), at=now)
    gauge = GaugeReading(camera="sungai", gauge="papan", state=GaugeState.READ, level_m=1.47, spread_m=0.01)
    city.city.say("pi-tugu", gauge, at=now)
    city.account(Role.OPERATOR, name="tina")
    with city.database.writing() as db:
        who = db.scalars(select(Account.id).where(Account.name == "tina")).one()
        db.add(
            WaterMark(device="pi-tugu", camera="sungai", gauge="papan", level_m=1.2, set_by=who, set_at=now)
        )
    page = summary(city)
    assert "1 titik macet Simpang Empat Sungai Jawi: macet" in card(page, "lalu-lintas")
    assert "Tugu Khatulistiwa: 1,47 m" in card(page, "air")
    assert "pekan lalu" not in card(page, "lalu-lintas"), "nobody kept account a week ago"
    assert card(summary(city, kind=ScopeKind.KELURAHAN, scope="61.71.05.1005"), "air") == ""
    then = now - timedelta(days=7)
    began = then - timedelta(hours=2)
    with city.database.writing() as db:
        for camera, kind, device in (("utara", "jam", "pi-jawi"), ("sungai", "water", "pi-tugu")):
            for what, hours in (("x", 1), ("y", 1), ("z", -1)):
                db.add(
                    CameraEvent(
                        device=device,
                        camera=camera,
                        kind=kind,
                        what=what,
                        began_at=began,
                        ended_at=then + timedelta(hours=hours),
                    )
                )
    page = summary(city)
    assert "lebih baik dari pekan lalu (2)" in card(page, "lalu-lintas")
    assert "lebih baik dari pekan lalu (2)" in card(page, "air")


def test_alarms_are_counted_by_severity(city: Screens) -> None:
    now = city.clock()
    with city.database.writing() as db:
        raise_alarm(
            db, key="x:1", kind=AlarmKind.DEVICE_HOT, severity=Severity.HIGH,
            facts={"name": "Pi Tugu", "value": "85", "limit": "80"}, site="tugu", device="pi-tugu",
            camera=None, link="/perangkat/pi-tugu", now=now,
        )  # fmt: skip
    assert "1 alarm" in card(summary(city), "alarm")
    assert "1 tinggi" in card(summary(city), "alarm")
    ward = summary(city, kind=ScopeKind.KELURAHAN, scope="61.71.05.1005")
    assert "0 alarm" in card(ward, "alarm")


def test_attendance_is_numbers_without_names(city: Screens) -> None:
    page = summary(city)
    assert "pegawai" in card(page, "hadir")
    assert "Pegawai 101" not in page
    area = summary(city, kind=ScopeKind.KELURAHAN, scope="61.71.05.1003")
    assert card(area, "hadir").replace("pekan lalu", "") != ""


def test_links_lead_only_to_pages_that_open(city: Screens) -> None:
    client = city.signed_in(Role.EXECUTIVE, kind=ScopeKind.KECAMATAN, scope="61.71.05")
    page = client.get("/eksekutif").get_data(as_text=True)
    links = re.findall(r'<a class="summary-more" href="([^"]+)"', page)
    assert links
    for link in links:
        assert client.get(link).status_code == 200, link


def test_the_changing_part_is_given_alone(city: Screens) -> None:
    part = city.signed_in(Role.EXECUTIVE).get("/eksekutif/kini").get_data(as_text=True)
    assert "<html" not in part
    assert "kamera" in card(part, "kamera")


def test_who_has_no_board_has_no_summary(city: Screens) -> None:
    assert city.signed_in(Role.EMPLOYEE).get("/eksekutif").status_code == 404


@pytest.mark.parametrize(
    ("value", "before", "is_more_better", "trend"),
    [
        (3, None, True, ""),
        (None, 3, True, ""),
        (3, 3, True, "same"),
        (4, 3, True, "better"),
        (2, 3, True, "worse"),
        (2, 3, False, "better"),
        (4, 3, False, "worse"),
        (4, 3, None, "more"),
        (2, 3, None, "less"),
    ],
)
def test_a_trend_knows_which_way_is_good(
    value: int | None, before: int | None, is_more_better: bool | None, trend: str
) -> None:
    made = Card(id="x", title="X", value=value, before=before, is_more_better=is_more_better)
    assert made.trend == trend
