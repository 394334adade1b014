"""The alarm page and its buttons."""

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select

from hub.notify.models import NotifyAddress, OutboxMessage
from hub.people.permissions import Role, ScopeKind
from tests.hub.alarms.conftest import Sayings
from tests.hub.screens import START, Screens, post


@pytest.fixture
def say(city: Screens) -> Sayings:
    return Sayings(city.database)


@pytest.fixture
def operator(city: Screens, say: Sayings) -> FlaskClient:
    say.dark("jawi")
    say.dark("tugu")
    return city.signed_in(Role.OPERATOR, name="oki")


def text_of(client: FlaskClient, path: str) -> str:
    answer = client.get(path)
    assert answer.status_code == 200, path
    return answer.get_data(as_text=True)


def test_many_are_acknowledged_at_once_with_a_note(say: Sayings, operator: FlaskClient) -> None:
    answer = post(operator, "/alarm/ketahui", "/alarm", id="1", catatan="PLN", lanjut="/alarm?keadaan=semua")
    assert (answer.status_code, answer.location) == (303, "/alarm?keadaan=semua")
    page = text_of(operator, "/alarm")
    assert "1 alarm dinyatakan diketahui" in page
    token = {"id": ["1", "2", "x", "99999999999999999999"]}
    from tests.hub.screens import csrf_of

    operator.post("/alarm/ketahui", data={"csrf_token": csrf_of(operator, "/alarm"), **token})
    assert [one.acknowledged_by for one in say.all()] == ["oki", "oki"]
    assert "PLN" in text_of(operator, "/alarm/1")


def test_the_way_back_stays_on_this_hub(operator: FlaskClient) -> None:
    for elsewhere in ("https://jahat.example", "//jahat.example", "/keluar"):
        answer = post(operator, "/alarm/ketahui", "/alarm", id="1", lanjut=elsewhere)
        assert answer.location == "/alarm"


def test_shelving_asks_for_a_reason_and_can_be_taken_back(say: Sayings, operator: FlaskClient) -> None:
    post(operator, "/alarm/tunda", "/alarm", id="1", jam="8", catatan="")
    assert "tulis alasan penundaan" in text_of(operator, "/alarm")
    assert say.all()[0].shelved_until is None
    post(operator, "/alarm/tunda", "/alarm", id="1", jam="8", catatan="kerja jalan")
    page = text_of(operator, "/alarm/1")
    assert "kerja jalan" in page
    assert "ditunda sampai" in text_of(operator, "/alarm?keadaan=ditunda")
    assert post(operator, "/alarm/1/kembalikan", "/alarm/1").status_code == 303
    assert say.all()[0].shelved_until is None
    post(operator, "/alarm/tunda", "/alarm", id="1", jam="delapan", catatan="kerja jalan")
    assert say.all()[0].shelved_until is None


def test_assigning_and_commenting_are_on_the_page(city: Screens, say: Sayings, operator: FlaskClient) -> None:
    number = say.all()[0].id
    city.account(Role.TECHNICIAN, name="budi")
    with city.database.writing() as db:
        from hub.people.service import find_account

        budi = find_account(db, "budi")
        assert budi is not None
        db.add(
            NotifyAddress(
                account_id=budi.id, channel="email", address="budi@x.id", least="low", added_at=START
            )
        )
    assert post(operator, f"/alarm/{number}/tugaskan", "/alarm/1", kepada=str(budi.id)).status_code == 303
    assert (
        post(operator, f"/alarm/{number}/catat", "/alarm/1", catatan="teknisi berangkat").status_code == 303
    )
    page = text_of(operator, "/alarm/1")
    for words in ("Budi", "teknisi berangkat", "ditugaskan"):
        assert words in page, words
    with city.database.reading() as db:
        message = db.scalars(select(OutboxMessage)).one()
        assert (message.account_id, message.link) == (budi.id, f"/alarm/{number}")
        assert message.subject.startswith("[Pontive] TUGAS: ")
    post(operator, "/alarm/1/tugaskan", "/alarm/1", kepada="424242")
    assert "petugas itu tidak ada" in text_of(operator, "/alarm")
    post(operator, "/alarm/1/catat", "/alarm/1", catatan=" ", lanjut="/alarm/1")
    assert "tulis catatan" in text_of(operator, "/alarm/1")


def test_who_may_only_look_has_no_buttons(city: Screens, operator: FlaskClient) -> None:
    boss = city.signed_in(Role.EXECUTIVE)
    assert "Ketahui" not in text_of(boss, "/alarm/1")
    assert "Ketahui" not in text_of(boss, "/alarm")
    assert post(boss, "/alarm/ketahui", "/sandi", id="1").status_code == 404
    assert "Ketahui" in text_of(operator, "/alarm")


def test_beyond_ones_part_of_the_city_there_is_nothing(
    city: Screens, say: Sayings, operator: FlaskClient
) -> None:
    technician = city.signed_in(Role.TECHNICIAN, name="tono", kind=ScopeKind.SITE)
    assert technician.get("/alarm/1").status_code == 404
    assert post(technician, "/alarm/1/catat", "/sandi", catatan="halo").status_code == 404
    post(technician, "/alarm/ketahui", "/sandi", id="1")
    assert not say.all()[0].is_acknowledged
    assert operator.get("/alarm/99").status_code == 404


def test_a_storm_shows_what_is_folded_under_it(say: Sayings, operator: FlaskClient) -> None:
    say.change(1, lambda alarm: setattr(alarm, "kind", "outage-many"))
    say.change(1, lambda alarm: setattr(alarm, "facts", '{"count": "5"}'))
    say.change(2, lambda alarm: setattr(alarm, "parent_id", 1))
    page = text_of(operator, "/alarm/1")
    assert "Digabung di bawah alarm ini" in page
    assert 'href="/alarm/2"' in page
    assert "Sebab bersama" in text_of(operator, "/alarm/2")
    assert "1 dari 1 masih padam" in text_of(operator, "/alarm")
