"""The list, its files, its piece for walls, and its stream."""

import csv
import io
from datetime import timedelta

import pytest
from flask.testing import FlaskClient
from openpyxl import load_workbook
from sqlalchemy import select, update

from hub.alarms.kinds import AlarmKind, Severity
from hub.alarms.screens.views import PANEL_ROWS
from hub.alarms.service import raise_alarm
from hub.people.models import LoginSession
from hub.people.permissions import Role
from tests.hub.alarms.conftest import Sayings
from tests.hub.screens import Screens, post


@pytest.fixture
def say(city: Screens) -> Sayings:
    return Sayings(city.database)


@pytest.fixture
def operator(city: Screens, say: Sayings) -> FlaskClient:
    say.dark("jawi", severity=Severity.CRITICAL)
    say.dark("tugu", severity=Severity.LOW)
    return city.signed_in(Role.OPERATOR, name="oki")


def text_of(client: FlaskClient, path: str) -> str:
    answer = client.get(path)
    assert answer.status_code == 200, path
    return answer.get_data(as_text=True)


def test_the_list_says_what_where_since_and_how_grave(operator: FlaskClient) -> None:
    page = text_of(operator, "/alarm")
    for words in ("Titik Jawi padam (listrik): 3 kamera", "Simpang Empat Sungai Jawi", "kritis", "rendah"):
        assert words in page, words
    assert page.index("Titik Jawi") < page.index("Titik Tugu")
    assert page.count("data-loud=") == 1


def test_the_list_is_empty_in_two_different_ways(city: Screens) -> None:
    client = city.signed_in(Role.OPERATOR)
    assert "Tidak ada alarm. Yang muncul" in text_of(client, "/alarm")
    assert "cocok dengan saringan" in text_of(client, "/alarm?cari=xyz")
    assert "Tidak ada alarm." in text_of(client, "/alarm/panel")


@pytest.mark.parametrize(
    ("query", "there"),
    [
        ("tingkat=low", ["Titik Tugu"]),
        ("cari=jawi", ["Titik Jawi"]),
        ("kecamatan=Pontianak+Utara", ["Titik Tugu"]),
        ("saya=1", []),
        ("keadaan=selesai", []),
        ("keadaan=apa&tingkat=apa", ["Titik Jawi", "Titik Tugu"]),
    ],
)
def test_the_address_chooses(operator: FlaskClient, query: str, there: list[str]) -> None:
    rows = text_of(operator, f"/alarm/baris?{query}")
    assert [name for name in ("Titik Jawi", "Titik Tugu") if name in rows] == there


def test_page_csv_and_workbook_have_the_same_rows(operator: FlaskClient) -> None:
    sheet = operator.get("/alarm/daftar.csv").get_data(as_text=True).removeprefix("\ufeff")
    rows = list(csv.reader(io.StringIO(sheet)))
    book = load_workbook(io.BytesIO(operator.get("/alarm/daftar.xlsx").get_data()))
    cells = [["" if cell is None else str(cell) for cell in row] for row in book.active.values]
    assert [row[2] for row in rows[1:]] == [row[2] for row in cells[3:]]
    assert rows[1][:4] == ["1", "kritis", "Titik Jawi padam (listrik): 3 kamera", "Simpang Empat Sungai Jawi"]
    assert rows[1][5:9] == ["aktif, belum diketahui", "Sab 21 Nov 2026 10.14 WIB", "", "1"]


def test_a_wall_sees_the_first_alarms_and_no_names(
    city: Screens, say: Sayings, operator: FlaskClient
) -> None:
    post(operator, "/alarm/ketahui", "/alarm", id="2")
    wall = city.signed_in(Role.DISPLAY)
    piece = text_of(wall, "/alarm/panel")
    assert "1 alarm belum diketahui" in piece
    assert "oki" not in piece
    assert "<form" not in piece
    assert "<form" in text_of(operator, "/alarm/panel")
    with city.database.writing() as db:
        for number in range(PANEL_ROWS + 3):
            raise_alarm(
                db,
                key=f"clock:{number}",
                kind=AlarmKind.DEVICE_CLOCK,
                severity=Severity.LOW,
                facts={"name": str(number)},
                site="jawi",
                device=None,
                camera=None,
                link="/",
                now=city.clock() - timedelta(days=2),
            )
    piece = text_of(wall, "/alarm/panel")
    assert piece.count("<li") == PANEL_ROWS
    assert "dan 5 lagi" in piece
    assert "basi" in text_of(operator, "/alarm")


def test_the_board_has_the_number(operator: FlaskClient) -> None:
    assert "Alarm belum diketahui" in text_of(operator, "/")


def test_what_comes_often_is_below_the_list(city: Screens, say: Sayings, operator: FlaskClient) -> None:
    for minute in (1, 2):
        say.gone("jawi", at=city.clock() + timedelta(minutes=minute))
        say.dark("jawi", at=city.clock() + timedelta(minutes=minute))
    city.clock.advance(minutes=5)
    page = text_of(operator, "/alarm")
    assert "Paling sering dalam tujuh hari" in page
    assert "×3" in page


def test_the_stream_begins_with_the_version(operator: FlaskClient) -> None:
    answer = operator.get("/alarm/aliran", buffered=False)
    assert answer.mimetype == "text/event-stream"
    pieces = iter(answer.response)
    begin = b"".join(_bytes(next(pieces)) for _ in range(2)).decode()
    assert begin.startswith("retry: 2000")
    assert "event: alarm" in begin
    answer.close()


def _bytes(piece: object) -> bytes:
    return piece if isinstance(piece, bytes) else str(piece).encode()


def test_the_stream_ends_with_its_session(city: Screens, operator: FlaskClient) -> None:
    answer = operator.get("/alarm/aliran", buffered=False)
    pieces = iter(answer.response)
    assert len([next(pieces) for _ in range(2)]) == 2
    with city.database.writing() as db:
        db.execute(update(LoginSession).values(ended_at=city.clock()))
    city.clock.advance(seconds=11)
    assert _bytes(next(pieces)).startswith(b"event: ended")
    assert list(pieces) == []
    answer.close()


def test_a_wall_that_listens_is_in_use(city: Screens) -> None:
    wall = city.signed_in(Role.DISPLAY)
    answer = wall.get("/alarm/aliran", buffered=False)
    pieces = iter(answer.response)
    assert len([next(pieces) for _ in range(2)]) == 2
    city.clock.advance(minutes=5)
    assert b"ended" not in _bytes(next(pieces))
    with city.database.reading() as db:
        assert db.scalars(select(LoginSession.seen_at)).one() == city.clock()
    answer.close()
