"""The page of one camera, its files, the city's worst ten, and the water mark."""

import csv
import io
from datetime import timedelta

import pytest
from flask.testing import FlaskClient
from openpyxl import load_workbook
from sqlalchemy import select

from edge.wire.records.bodies import (
    CameraCounts,
    CrowdLevel,
    FlowLevel,
    GaugeReading,
    GaugeState,
    Quality,
    SceneMeasures,
    ZoneMeasure,
)
from hub.cctv.events.models import WaterMark
from hub.people.models import RoleGrant
from hub.people.permissions import Role, ScopeKind
from tests.browser.sample import counts
from tests.hub.screens import Screens, post

PAGE = "/lalu-lintas/pi-jawi/utara"


@pytest.fixture
def operator(city: Screens) -> FlaskClient:
    say_scene(city)
    return city.signed_in(Role.OPERATOR, name="oki")


def say_scene(city: Screens) -> None:
    zones = (
        ZoneMeasure(zone="lajur", occupancy=0.9, cover=0.6, flow=FlowLevel.JAM),
        ZoneMeasure(zone="trotoar", occupancy=0.4, cover=0.2, crowd=CrowdLevel.MANY),
        ZoneMeasure(zone="gelap", occupancy=0, cover=0, flow=FlowLevel.UNKNOWN),
    )
    city.city.say(
        "pi-jawi",
        SceneMeasures(camera="utara", period_s=60, zones=zones),
        GaugeReading(camera="utara", gauge="papan", state=GaugeState.READ, level_m=1.62, spread_m=0.02),
        GaugeReading(camera="selatan", gauge="kabur", state=GaugeState.UNCLEAR),
        CameraCounts(
            camera="selatan", period_s=60, frames=600, lines=(), motion_share=0.1, confidence=0.5,
            quality=Quality(index=0.31, night=0.8), is_trusted=False,
        ),
        at=city.clock(),
    )  # fmt: skip


def text_of(client: FlaskClient, path: str) -> str:
    return client.get(path).get_data(as_text=True)


def rows_of(client: FlaskClient, query: str = "") -> list[list[str]]:
    text = text_of(client, f"{PAGE}/angka.csv{query}").removeprefix("\ufeff")
    return list(csv.reader(io.StringIO(text)))


def test_the_page_has_a_table_for_each_thing_that_is_measured(operator: FlaskClient) -> None:
    page = text_of(operator, PAGE)
    for words in (
        "Hitungan lintasan", "Keterisian zona", "Tingkat kepadatan", "Keramaian", "Tinggi muka air",
        "ke luar kota", "lajur", "trotoar", "1,62", "belum ada tanda siaga",
    ):  # fmt: skip
        assert words in page, words


def test_page_csv_and_workbook_have_the_same_numbers(operator: FlaskClient) -> None:
    rows = rows_of(operator)
    assert len(rows) == 25
    counts_column = next(place for place, name in enumerate(rows[0]) if "ke kota" in name)
    ten = next(row for row in rows if row[0] == "2026-11-21 10:00")
    assert ten[counts_column] == "42"
    assert 'data-value="42.0"' in text_of(operator, PAGE)
    answer = operator.get(f"{PAGE}/angka.xlsx")
    sheet = load_workbook(io.BytesIO(answer.data)).worksheets[0]
    table = [row for row in sheet.iter_rows(values_only=True) if row[0] == "2026-11-21 10:00"]
    assert table[0][counts_column] == 42
    assert "lalu-lintas-pi-jawi-utara-2026-11-21" in answer.headers["Content-Disposition"]


def test_ranges_are_rows_of_minutes_hours_and_days(operator: FlaskClient) -> None:
    lengths = {"kini": 180, "hari": 24, "7hari": 168, "bulan": 30}
    for choice, length in lengths.items():
        assert len(rows_of(operator, f"?rentang={choice}")) == length + 1, choice
        assert operator.get(f"{PAGE}?rentang={choice}").status_code == 200
    assert len(rows_of(operator, "?rentang=sendiri&dari=2026-11-20&sampai=2026-11-21")) == 49


def test_dates_that_cannot_be_are_told_and_today_is_shown(operator: FlaskClient) -> None:
    page = text_of(operator, f"{PAGE}?rentang=sendiri&dari=2026-11-21&sampai=2026-11-20")
    assert "tukar keduanya" in page
    assert "Hitungan lintasan" in page
    assert operator.get(f"{PAGE}/angka.csv?rentang=sendiri").status_code == 400


def test_an_hour_stands_beside_the_last_weeks_or_says_that_they_are_too_few(
    city: Screens, operator: FlaskClient
) -> None:
    assert "terlalu sedikit: 0 dari 4 pekan" in text_of(operator, PAGE)
    nine = city.clock().replace(minute=5) - timedelta(hours=1)
    for week in (1, 2, 3, 4):
        city.city.say("pi-jawi", counts("utara", "jalan", 500, 500), at=nine - timedelta(weeks=week))
    page = text_of(operator, PAGE)
    assert "1.000–1.000" in page
    assert "di luar sebaran" in page
    assert "pekan terakhir" not in text_of(operator, f"{PAGE}?rentang=7hari")
    assert "pekan terakhir" not in text_of(operator, f"{PAGE}?rentang=kini")


def test_a_camera_without_numbers_says_how_they_come(operator: FlaskClient) -> None:
    assert "Tidak ada angka dalam rentang ini" in text_of(operator, "/lalu-lintas/pi-tugu/sungai")
    assert operator.get("/lalu-lintas/pi-tugu/tidak-ada").status_code == 404


def test_bad_pictures_in_the_range_are_listed(operator: FlaskClient) -> None:
    page = text_of(operator, "/lalu-lintas/pi-jawi/selatan")
    assert 'href="/peristiwa/1"' in page
    assert "Tidak ada gangguan gambar" in text_of(operator, PAGE)


def test_the_city_page_shows_the_worst_of_each(city: Screens, operator: FlaskClient) -> None:
    page = text_of(operator, "/lalu-lintas")
    for words in ("macet", "ramai", "1,62 m", "tanpa tanda siaga", "31 %", "tertutup 60 %"):
        assert words in page, words
    assert "basi" not in text_of(operator, "/lalu-lintas/kini")
    city.clock.advance(minutes=5)
    assert "basi" in text_of(operator, "/lalu-lintas/kini")
    city.clock.advance(days=2)
    later = city.signed_in(Role.OPERATOR)
    assert "Belum ada zona lalu lintas yang diukur" in text_of(later, "/lalu-lintas")


def test_ten_at_most_the_worst_first_and_stale_last(city: Screens, operator: FlaskClient) -> None:
    zones = tuple(
        ZoneMeasure(zone=f"zona-{number}", occupancy=1, cover=number / 20, flow=FlowLevel.SLOW)
        for number in range(12)
    )
    city.city.say("pi-jawi", SceneMeasures(camera="selatan", period_s=60, zones=zones), at=city.clock())
    page = text_of(operator, "/lalu-lintas/kini")
    congestion = page[page.index("h-congestion") : page.index("h-crowd")]
    assert congestion.count("<tr") == 11
    assert congestion.index("lajur") < congestion.index("zona-11") < congestion.index("zona-10")
    assert "zona-1<" not in congestion


def test_a_water_mark_is_set_watched_and_taken_away(city: Screens, operator: FlaskClient) -> None:
    answer = post(operator, f"{PAGE}/siaga", papan="papan", tinggi="1,5")
    assert "tanda siaga 1,50 m" in text_of(operator, answer.location)
    assert "siaga 1,50 m" in text_of(operator, "/lalu-lintas")
    reading = GaugeReading(camera="utara", gauge="papan", state=GaugeState.READ, level_m=1.7)
    city.city.say("pi-jawi", reading, at=city.clock())
    assert "air mencapai tanda siaga" in text_of(operator, "/peristiwa")
    post(operator, f"{PAGE}/siaga", papan="papan", tinggi="")
    post(operator, f"{PAGE}/siaga", papan="papan", tinggi="")
    with city.database.reading() as db:
        assert db.scalars(select(WaterMark)).all() == []


def test_a_water_mark_that_cannot_be_is_refused(city: Screens, operator: FlaskClient) -> None:
    for fields, words in (
        ({"papan": "papan", "tinggi": "tinggi"}, "dalam meter"),
        ({"papan": "papan", "tinggi": "500"}, "paling besar 100"),
        ({"papan": "", "tinggi": "1"}, "Pilih papan duganya"),
    ):
        answer = post(operator, f"{PAGE}/siaga", **fields)
        assert words in text_of(operator, answer.location), fields
    with city.database.reading() as db:
        assert db.scalars(select(WaterMark)).all() == []


def test_a_camat_sees_the_own_kecamatan_only(city: Screens) -> None:
    say_scene(city)
    client = city.signed_in(Role.EXECUTIVE, name="camat", kind=ScopeKind.KECAMATAN)
    with city.database.writing() as db:
        db.scalars(select(RoleGrant).where(RoleGrant.scope_kind == "kecamatan")).one().scope_id = "61.71.04"
    assert "lajur" not in text_of(client, "/lalu-lintas")
    assert client.get(PAGE).status_code == 404
    assert client.get(f"{PAGE}/angka.csv").status_code == 404
    assert client.get("/lalu-lintas/pi-tugu/plaza").status_code == 200
    assert "/peristiwa/1" not in text_of(client, "/peristiwa")
    assert client.get("/peristiwa/1").status_code == 404
