"""One's own addresses, the test button, and the list of what could not be sent."""

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select

from hub.notify.channels.port import MemoryChannel, SendError
from hub.notify.choosing.service import MOST_ADDRESSES, people_without_address
from hub.notify.models import NotifyAddress, OutboxMessage
from hub.notify.outbox_views import masked
from hub.notify.sender import Sender
from hub.notify.service import Channel
from hub.people.models import AuditEntry
from hub.people.permissions import Role
from tests.hub.screens import Screens, post

OWN = "/akun/pemberitahuan"


@pytest.fixture
def oki(city: Screens) -> FlaskClient:
    return city.signed_in(Role.OPERATOR, name="oki")


def text_of(client: FlaskClient, path: str = OWN) -> str:
    answer = client.get(path)
    assert answer.status_code == 200, path
    return answer.get_data(as_text=True)


def add(client: FlaskClient, address: str = "oki@pontianak.go.id", **more: str) -> str:
    fields = {"saluran": "email", "alamat": address, "tingkat": "high", **more}
    assert post(client, OWN, OWN, **fields).status_code == 303
    return text_of(client)


def test_an_address_is_added_shown_and_removed(city: Screens, oki: FlaskClient) -> None:
    assert "Belum ada alamat" in text_of(oki)
    page = add(oki)
    assert "oki@pontianak.go.id" in page
    assert "belum diatur admin" in page
    assert "sudah ada di daftar" in add(oki)
    assert post(oki, f"{OWN}/1/hapus", OWN).status_code == 303
    assert "Belum ada alamat" in text_of(oki)
    with city.database.reading() as db:
        actions = db.scalars(select(AuditEntry.action).where(AuditEntry.action.startswith("notify."))).all()
    assert actions == ["notify.address.add", "notify.address.remove"]


@pytest.mark.parametrize(
    ("fields", "words"),
    [
        ({"alamat": "bukan alamat"}, "alamat e-mail tidak benar"),
        ({"saluran": "telegram", "alamat": "budi"}, "obrolan Telegram tidak benar"),
        ({"saluran": "webhook", "alamat": "ftp://x"}, "alamat webhook tidak benar"),
    ],
)
def test_a_wrong_address_is_refused_in_words(oki: FlaskClient, fields: dict[str, str], words: str) -> None:
    assert words in add(oki, **({"address": fields.pop("alamat")} | fields))


def test_a_form_that_nobody_made_is_refused(oki: FlaskClient) -> None:
    assert post(oki, OWN, OWN, saluran="merpati", alamat="x", tingkat="high").status_code == 422


def test_there_is_an_end_to_addresses(oki: FlaskClient) -> None:
    for number in range(MOST_ADDRESSES):
        add(oki, f"oki{number}@pontianak.go.id")
    assert "paling banyak 6 alamat" in add(oki, "oki9@pontianak.go.id")


def test_the_addresses_of_others_are_nobodys_business(city: Screens, oki: FlaskClient) -> None:
    add(oki)
    other = city.signed_in(Role.OPERATOR, name="ani")
    assert "oki@" not in text_of(other)
    assert post(other, f"{OWN}/1/hapus", OWN).status_code == 404
    assert post(other, f"{OWN}/1/uji", OWN).status_code == 404


def test_a_test_message_is_queued_once_a_minute(city: Screens, oki: FlaskClient) -> None:
    add(oki)
    for _time in range(3):
        assert post(oki, f"{OWN}/1/uji", OWN).status_code == 303
    assert "menit ini sudah dikirim" in text_of(oki)
    city.clock.advance(minutes=1)
    post(oki, f"{OWN}/1/uji", OWN)
    with city.database.reading() as db:
        rows = db.scalars(select(OutboxMessage)).all()
    assert [row.subject for row in rows] == ["[Pontive] Pesan uji"] * 2


def test_quiet_hours_are_kept_refused_and_taken_back(oki: FlaskClient) -> None:
    where = f"{OWN}/jam-tenang"
    for begins, ends, words in (
        ("22:00", "", "isi jam mulai"),
        ("22:00", "22:00", "isi jam mulai"),
        ("25:00", "06:00", "jam tidak benar"),
        ("22:00", "06:00", 'value="22:00"'),
        ("21:30", "06:00", 'value="21:30"'),
        ("", "", "Jam tenang disimpan"),
    ):
        post(oki, where, OWN, mulai=begins, selesai=ends)
        assert words in text_of(oki), (begins, ends)
    assert "21:30" not in text_of(oki)


def fail(city: Screens) -> None:
    memory = MemoryChannel()
    memory.refusal = SendError("kotak penuh", is_final=True)
    Sender(
        database=city.database,
        channels={Channel.EMAIL: memory},
        address="",
        most_tries=3,
        now=city.clock,
    )()


def test_what_could_not_be_sent_is_listed_and_tried_again(city: Screens, oki: FlaskClient) -> None:
    admin = city.signed_in(Role.ADMIN, name="ada")
    assert "Belum ada pesan" in text_of(admin, "/pemberitahuan")
    add(oki)
    post(oki, f"{OWN}/1/uji", OWN)
    assert "menunggu" in text_of(admin, "/pemberitahuan")
    fail(city)
    page = text_of(admin, "/pemberitahuan")
    assert "kotak penuh" in page
    assert "ok…@pontianak.go.id" in page
    assert "oki@pontianak.go.id" not in page
    assert post(admin, "/pemberitahuan/1/ulang", "/pemberitahuan").status_code == 303
    assert post(admin, "/pemberitahuan/1/ulang", "/pemberitahuan").status_code == 404
    assert oki.get("/pemberitahuan").status_code == 404


@pytest.mark.parametrize(
    ("address", "shown"),
    [
        ("oki@pontianak.go.id", "ok…@pontianak.go.id"),
        ("https://x.id/kait?kunci=rahasia", "https://x.id/kait"),
        ("123456789", "…789"),
        ("@kanal", "…nal"),
    ],
)
def test_an_address_is_shown_in_part(address: str, shown: str) -> None:
    assert masked(address) == shown


def test_who_cannot_be_told_is_counted(city: Screens, oki: FlaskClient) -> None:
    add(oki)
    with city.database.reading() as db:
        number = db.scalars(select(NotifyAddress.account_id)).one()
        assert people_without_address(db, [number, 77]) == 1
