"""The camera page: state, still, a day of counts, and asking for a picture."""

import csv
import io
import re
from datetime import timedelta

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select

from edge.wire.records.bodies import CameraFault, CameraIntegrity, Cause, PictureState
from hub.cctv.models import CameraPicture, CameraRates
from hub.cctv.service import get_camera
from hub.errors import NotFoundError
from hub.ingest.models import DeviceCommand
from hub.people.models import AuditEntry
from hub.people.permissions import Role
from tests.browser.sample import counts
from tests.hub.screens import Screens, post

PAGE = "/kamera/pi-jawi/utara"


@pytest.fixture
def operator(city: Screens) -> FlaskClient:
    return city.signed_in(Role.OPERATOR, name="oki")


def text_of(client: FlaskClient, path: str = PAGE) -> str:
    return client.get(path).get_data(as_text=True)


def test_the_page_says_state_place_owner_and_rates(operator: FlaskClient) -> None:
    page = text_of(operator)
    for text in ("Lengan utara", "Sungai Jawi", "Dinas Perhubungan", "PTZ", "serat optik", "ke luar kota"):
        assert text in page, text
    assert "38,0" in page


@pytest.mark.parametrize(
    ("path", "words"),
    [
        ("/kamera/pi-jawi/selatan", "kamera: tertutup"),
        ("/kamera/pi-tugu/plaza", "media atau listrik"),
        ("/kamera/pi-balai/lobi", "Belum ada garis hitung. Gambar garisnya di Atur kamera"),
    ],
)
def test_what_is_wrong_is_said_in_words(operator: FlaskClient, path: str, words: str) -> None:
    assert words in text_of(operator, path)


def test_a_fault_comes_with_its_detail(city: Screens, operator: FlaskClient) -> None:
    fault = CameraIntegrity(
        camera="utara", picture=PictureState.ABSENT, fault=CameraFault.UNAUTHORISED, detail="401 dari kamera"
    )
    city.city.say("pi-jawi", fault, at=city.clock())
    page = text_of(operator)
    assert "sandi kamera ditolak" in page
    assert "401 dari kamera" in page


def test_a_cause_comes_with_its_facts_and_a_better_one_begins_no_new_outage(
    city: Screens, operator: FlaskClient
) -> None:
    dark = CameraIntegrity(camera="utara", picture=PictureState.ABSENT, fault=CameraFault.SILENT)
    city.city.say("pi-jawi", dark, at=city.clock() - timedelta(minutes=9))
    assert "belum jelas: kamera diam" in text_of(operator)
    judged = CameraIntegrity(
        camera="utara",
        picture=PictureState.ABSENT,
        fault=CameraFault.SILENT,
        cause=Cause.POWER,
        confidence=0.93,
        evidence=("mains-lost", "all-dark"),
    )
    city.city.say("pi-jawi", judged, at=city.clock())
    page = text_of(operator)
    assert "listrik: kamera diam" in page
    assert "listrik PLN padam, semua kamera di titik itu gelap" in page
    assert "93 %" in page
    with city.database.reading() as db:
        row = db.get_one(CameraPicture, ("pi-jawi", "utara"))
        assert row.since == city.clock() - timedelta(minutes=9)
        assert row.at == city.clock()


def test_chart_table_and_csv_have_the_same_numbers(operator: FlaskClient) -> None:
    page = text_of(operator)
    rows = re.findall(r'<tr data-at="\d+">(.*?)</tr>', page, re.DOTALL)
    table = [re.findall(r'data-value="(\d+)"', row) for row in rows]
    answer = operator.get(f"{PAGE}/hitungan.csv")
    sheet = list(csv.reader(io.StringIO(answer.get_data(as_text=True).removeprefix("\ufeff"))))
    assert answer.mimetype == "text/csv"
    assert len(table) == len(sheet) - 1 == 24
    assert [row[1:3] for row in reversed(sheet[1:])] == [row or ["", ""] for row in table]
    assert sheet[-1] == ["2026-11-21 10:00", "42", "38", "80"]
    assert sheet[0] == ["jam (WIB)", "Jl. Sungai Jawi: ke kota", "Jl. Sungai Jawi: ke luar kota", "jumlah"]


def test_an_hour_without_data_is_empty_and_not_zero(city: Screens) -> None:
    city.clock.advance(hours=30)
    rows = city.signed_in(Role.OPERATOR).get(f"{PAGE}/hitungan.csv").get_data(as_text=True).splitlines()
    assert len(rows) == 25
    assert all(row.endswith(",,,") for row in rows[1:])


def test_a_still_is_sent_once_and_then_only_confirmed(city: Screens, operator: FlaskClient) -> None:
    first = operator.get(f"{PAGE}/gambar.jpg?v=1")
    assert first.mimetype == "image/jpeg"
    assert first.headers["Cache-Control"] == "private, max-age=300"
    etag = first.headers["ETag"]
    assert operator.get(f"{PAGE}/gambar.jpg", headers={"If-None-Match": etag}).status_code == 304
    city.city.still("pi-jawi", "utara", city.clock() + timedelta(seconds=5), shade=99)
    second = operator.get(f"{PAGE}/gambar.jpg", headers={"If-None-Match": etag})
    assert second.status_code == 200
    assert second.headers["Cache-Control"] == "private, no-cache"


@pytest.mark.parametrize(
    "path",
    ["/kamera/pi-tugu/sungai/gambar.jpg", "/kamera/pi-jawi/lain/gambar.jpg", "/kamera/..%2f/x/gambar.jpg"],
)
def test_a_still_that_is_not_there_is_not_found(operator: FlaskClient, path: str) -> None:
    assert operator.get(path, follow_redirects=True).status_code == 404


def test_a_camera_that_is_not_in_the_inventory_is_not_found(city: Screens, operator: FlaskClient) -> None:
    assert operator.get("/kamera/pi-jawi/lain").status_code == 404
    assert operator.get("/kamera/pi-lain/utara").status_code == 404
    with city.database.reading() as db, pytest.raises(NotFoundError):
        get_camera(db, "pi-jawi", "lain", city.clock())


class TestTakeStill:
    """The command, its answer, and the ways it ends."""

    def ask(self, city: Screens, client: FlaskClient) -> str:
        answer = post(client, f"{PAGE}/ambil", "/sandi")
        assert answer.status_code == 303
        return str(answer.location)

    def test_it_is_put_where_ingest_sends_it_from(self, city: Screens, operator: FlaskClient) -> None:
        self.ask(city, operator)
        with city.database.reading() as db:
            command = db.scalars(select(DeviceCommand)).one()
            entry = db.scalars(select(AuditEntry).order_by(AuditEntry.seq.desc()).limit(1)).one()
        assert (command.device, command.body) == ("pi-jawi", '{"kind":"take-still","camera":"utara"}')
        assert re.fullmatch(r"[0-9a-f]{32}", command.correlation)
        assert (entry.actor, entry.object) == ("oki", "camera:pi-jawi/utara")

    @pytest.mark.parametrize(
        ("change", "words"),
        [
            ({}, "menunggu dikirim"),
            ({"sent": True}, "menunggu perangkat"),
            ({"sent": True, "done": True}, "Gambar baru sudah diambil"),
            ({"sent": True, "done": False}, "lensa tertutup"),
            ({"sent": True, "late": True}, "tidak menjawab"),
        ],
    )
    def test_its_standing_is_shown(
        self, city: Screens, operator: FlaskClient, change: dict[str, bool], words: str
    ) -> None:
        where = self.ask(city, operator)
        with city.database.writing() as db:
            command = db.scalars(select(DeviceCommand)).one()
            if change.get("sent"):
                command.sent_at = city.clock()
            if "done" in change:
                command.replied_at, command.is_done = city.clock(), change["done"]
                command.detail = "" if change["done"] else "lensa tertutup"
            number = command.id
        if change.get("late"):
            city.clock.advance(minutes=2)
        fragment = text_of(operator, f"{PAGE}/perintah/{number}")
        assert words in fragment
        assert words in text_of(operator, where)
        assert ("hx-trigger" in fragment) == (change in ({}, {"sent": True}))

    def test_a_script_gets_the_fragment_at_once(self, city: Screens, operator: FlaskClient) -> None:
        from tests.hub.screens import csrf_of

        token = csrf_of(operator, "/sandi")
        answer = operator.post(f"{PAGE}/ambil", data={"csrf_token": token}, headers={"HX-Request": "true"})
        assert answer.status_code == 200
        assert "menunggu dikirim" in answer.get_data(as_text=True)

    def test_answers_to_other_devices_are_not_shown(self, city: Screens, operator: FlaskClient) -> None:
        self.ask(city, operator)
        assert operator.get("/kamera/pi-balai/lobi/perintah/1").status_code == 404
        assert "menunggu dikirim" not in text_of(operator, "/kamera/pi-balai/lobi?perintah=1")
        assert operator.get(f"{PAGE}/perintah/999").status_code == 404

    def test_who_may_only_watch_has_no_button(self, city: Screens) -> None:
        page = text_of(city.signed_in(Role.EXECUTIVE))
        assert "Ambil gambar sekarang" not in page


class TestIngest:
    """The newest word wins, whatever the order."""

    def test_counts_that_come_late_change_nothing(self, city: Screens) -> None:
        city.city.say(
            "pi-jawi",
            counts("utara", "jalan", 1, 1),
            at=city.clock() - timedelta(hours=3),
            received_at=city.clock(),
        )
        with city.database.reading() as db:
            assert db.get_one(CameraRates, ("pi-jawi", "utara")).at == city.clock()

    def test_in_one_batch_the_newest_counts_stay(self, city: Screens) -> None:
        later = city.clock() + timedelta(minutes=1)
        with city.database.writing() as db:
            city.city.say_in(db, "pi-jawi", counts("utara", "jalan", 5, 0), at=later)
            city.city.say_in(
                db, "pi-jawi", counts("utara", "jalan", 9, 0), at=city.clock(), received_at=later
            )
        with city.database.reading() as db:
            view = get_camera(db, "pi-jawi", "utara", later)
        assert [rate.per_minute for rate in view.rates] == [5, 0]

    def test_integrity_that_comes_late_changes_nothing(self, city: Screens) -> None:
        good = CameraIntegrity(camera="selatan", picture=PictureState.GOOD)
        city.city.say("pi-jawi", good, at=city.clock() - timedelta(days=1), received_at=city.clock())
        with city.database.reading() as db:
            assert db.get_one(CameraPicture, ("pi-jawi", "selatan")).picture == "covered"

    def test_a_line_the_inventory_does_not_know_is_shown_by_its_id(self, city: Screens) -> None:
        city.city.say("pi-balai", counts("lobi", "baru", 3, 0), at=city.clock())
        with city.database.reading() as db:
            view = get_camera(db, "pi-balai", "lobi", city.clock())
        assert [(rate.line_name, rate.per_minute) for rate in view.rates] == [("baru", 3), ("baru", 0)]
        assert view.per_minute == 3


def test_a_card_without_lines_says_that_lines_are_missing(operator: FlaskClient) -> None:
    cards = re.split(r"<article ", text_of(operator, "/"))[1:]
    without = [card for card in cards if "Belum ada garis hitung" in card]
    assert without
    assert all('class="rates"' not in card for card in without)
    assert any('class="rates"' in card for card in cards)
