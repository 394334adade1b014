"""Officers keep the weather, citizens read it; what is wrong is said beside the field and keeps nothing."""

import io
from datetime import timedelta

from flask.testing import FlaskClient
from sqlalchemy import select

from hub.people.models import AuditEntry
from hub.people.permissions import Role
from hub.portal.weather.models import WeatherForecast, WeatherText
from hub.portal.weather.service import weather_now
from tests.hub.portal.weather.test_bmkg import JSON, XML
from tests.hub.screens import Screens, csrf_of, post

PAGE = "/cuaca/isi"


def send_file(client: FlaskClient, content: bytes, name: str = "cuaca.json") -> tuple[int, str]:
    data = {"csrf_token": csrf_of(client, PAGE), "berkas": (io.BytesIO(content), name)}
    answer = client.post("/cuaca/berkas", data=data, content_type="multipart/form-data")
    return answer.status_code, answer.get_data(as_text=True)


def page(client: FlaskClient, path: str = "/cuaca") -> str:
    return client.get(path).get_data(as_text=True)


def test_a_file_of_bmkg_is_on_the_front_page_and_as_csv(screens: Screens) -> None:
    officer = screens.signed_in(Role.SUPERVISOR)
    assert send_file(officer, JSON)[0] == 303
    shown = page(screens.stranger())
    for words in (
        "Berawan",
        "Hujan sedang",
        "Hujan petir",
        "Sab 21 Nov 2026 07.00 WIB",
        "Tengah, Pontianak Kota",
    ):
        assert words in shown
    assert "data basi" not in shown
    assert "Hujan sedang" in page(screens.stranger(), "/")
    rows = page(screens.stranger(), "/cuaca.csv").splitlines()
    assert rows[1] == "2026-11-21T03:00:00+00:00,3,Berawan,30.0,71.0,6.3"
    with screens.database.reading() as db:
        assert "weather.forecast" in db.scalars(select(AuditEntry.action)).all()


def test_an_old_forecast_is_grey_and_one_that_is_over_is_not_shown(screens: Screens) -> None:
    send_file(screens.signed_in(Role.SUPERVISOR), JSON)
    screens.clock.advance(hours=22)
    assert "data basi" in page(screens.stranger())
    screens.clock.advance(days=2)
    assert "Prakiraan sudah lewat" in page(screens.stranger())
    assert "Prakiraan sudah lewat" in page(screens.stranger(), "/")


def test_a_file_that_is_over_older_or_no_forecast_changes_nothing(screens: Screens) -> None:
    officer = screens.signed_in(Role.SUPERVISOR)
    assert send_file(officer, JSON)[0] == 303
    before = screens.dump()
    for content, said in (
        (b"<html>", "tidak terbaca"),
        (XML.replace(b"<timestamp>20261121", b"<timestamp>20261120"), "yang lebih baru sudah ada"),
        (XML.replace(b"20261121", b"20251121"), "sudah lewat"),
        (b"", "bukan berkas BMKG"),
    ):
        code, shown = send_file(officer, content)
        assert code == 422
        assert said in shown
    answer = post(officer, "/cuaca/berkas", PAGE)
    assert answer.status_code == 422
    after = screens.dump()
    assert after["weather_forecast"] == before["weather_forecast"]
    assert after["audit_entry"] == before["audit_entry"]


def test_a_warning_stands_first_until_it_ends_or_is_taken_back(screens: Screens) -> None:
    officer = screens.signed_in(Role.ADMIN, name="ani")
    until = "2026-11-21T20:00"
    post(officer, PAGE, PAGE, teks="Angin  kencang <b>sore</b> ini.", sampai=until, peringatan="ya")
    post(officer, PAGE, PAGE, teks="Bawa payung.", sampai="2026-11-22T08:00")
    for path in ("/", "/cuaca"):
        shown = page(screens.stranger(), path)
        assert shown.index("Angin kencang &lt;b&gt;sore&lt;/b&gt; ini.") < shown.index("Bawa payung.")
    assert "Peringatan cuaca" in page(screens.stranger(), "/")
    with screens.database.reading() as db:
        number = db.scalars(select(WeatherText.id).where(WeatherText.is_warning.is_(True))).one()
    post(officer, f"/cuaca/isi/{number}/tarik", PAGE)
    post(officer, f"/cuaca/isi/{number}/tarik", PAGE)
    assert "Angin" not in page(screens.stranger())
    with screens.database.reading() as db:
        assert db.scalars(select(AuditEntry.action)).all().count("weather.withdraw") == 1
    assert post(officer, "/cuaca/isi/99/tarik", PAGE).status_code == 404
    screens.clock.advance(days=1)
    assert "Bawa payung" not in page(screens.stranger())


def test_a_text_that_cannot_be_is_refused_and_what_was_typed_stays(screens: Screens) -> None:
    officer = screens.signed_in(Role.SUPERVISOR)
    for text, until, said in (
        ("", "2026-11-21T20:00", "antara 5 dan 600"),
        ("x" * 601, "2026-11-21T20:00", "antara 5 dan 600"),
        ("Hujan lebat", "", "berlaku sampai"),
        ("Hujan lebat", "2026-11-20T20:00", "berlaku sampai"),
        ("Hujan lebat", "2027-11-20T20:00", "berlaku sampai"),
        ("Hujan lebat", "9999-99-99", "berlaku sampai"),
        ("Hujan\x01 lebat", "2026-11-21T20:00", "tidak dapat dicetak"),
    ):
        answer = post(officer, PAGE, PAGE, teks=text, sampai=until)
        assert answer.status_code == 422
        shown = answer.get_data(as_text=True)
        assert said in shown
        assert not text or text[:11].replace("\x00", "") in shown.replace("\x00", "")
    with screens.database.reading() as db:
        assert db.scalars(select(WeatherText)).all() == []


def test_only_who_keeps_measures_keeps_the_weather(screens: Screens) -> None:
    for client in (screens.signed_in(Role.OPERATOR), screens.signed_in(Role.EXECUTIVE)):
        assert client.get(PAGE).status_code == 404
    assert screens.stranger().get(PAGE, headers={"Accept": "text/html"}).status_code == 303


def test_old_forecasts_go(screens: Screens) -> None:
    officer = screens.signed_in(Role.SUPERVISOR)
    with screens.database.writing() as db:
        for _each in range(61):
            row = WeatherForecast(
                area="x",
                source="x",
                issued_at=screens.clock() - timedelta(days=2),
                periods=[],
                kept_at=screens.clock(),
                kept_by="x",
            )
            db.add(row)
    send_file(officer, JSON)
    with screens.database.reading() as db:
        assert len(db.scalars(select(WeatherForecast)).all()) == 60
        assert weather_now(db, screens.clock()).forecast is not None
