"""Measures on the camera page: nothing dead-lettered, levels in words, doubts said."""

import csv
import io
from datetime import timedelta

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select

from edge.wire.records.bodies import (
    CameraCounts,
    CrowdLevel,
    FlowLevel,
    GaugeReading,
    GaugeState,
    LineCount,
    LineSpeed,
    Quality,
    SceneMeasures,
    SizeCounts,
    ZoneMeasure,
)
from hub.cctv.measures.models import CameraMeasure
from hub.ingest.models import DeadLetter
from hub.people.permissions import Role
from tests.hub.screens import Screens

PAGE = "/kamera/pi-jawi/utara"


def zone(name: str, *, flow: FlowLevel | None = None, crowd: CrowdLevel | None = None) -> ZoneMeasure:
    return ZoneMeasure(zone=name, occupancy=0.62, cover=0.31, flow=flow, crowd=crowd)


def scene(*zones: ZoneMeasure, preset: str | None = None) -> SceneMeasures:
    return SceneMeasures(camera="utara", period_s=60, zones=zones, preset=preset)


def gauge(state: GaugeState, level_m: float | None = None) -> GaugeReading:
    spread_m = None if level_m is None else 0.02
    return GaugeReading(
        camera="utara", gauge="papan", state=state, samples=30, level_m=level_m, spread_m=spread_m
    )


def counts(*, is_trusted: bool = True) -> CameraCounts:
    line = LineCount(
        line="jalan",
        forward=21,
        backward=17,
        forward_total=21,
        backward_total=17,
        forward_sizes=SizeCounts(motor=14, car=6, heavy=1),
        backward_sizes=SizeCounts(motor=9, car=8),
        forward_speed=LineSpeed(samples=18, median_kmh=32.4, p85_kmh=44.1),
    )
    return CameraCounts(
        camera="utara",
        period_s=60,
        frames=600,
        lines=(line,),
        motion_share=0.1,
        confidence=0.4,
        is_trusted=is_trusted,
        quality=Quality(index=0.38, night=0.91, rain=0.23),
        skipped=7,
        suspended_s=4,
    )


@pytest.fixture
def operator(city: Screens) -> FlaskClient:
    return city.signed_in(Role.OPERATOR)


def text_of(client: FlaskClient, path: str = PAGE) -> str:
    return client.get(path).get_data(as_text=True)


@pytest.mark.parametrize(
    ("measure", "word"),
    [
        (zone("jalan", flow=FlowLevel.FREE), "lancar"),
        (zone("jalan", flow=FlowLevel.SLOW), "padat"),
        (zone("jalan", flow=FlowLevel.JAM), "macet"),
        (zone("jalan", flow=FlowLevel.UNKNOWN), "belum diketahui"),
        (zone("alun", crowd=CrowdLevel.EMPTY), "sepi"),
        (zone("alun", crowd=CrowdLevel.FEW), "sedikit"),
        (zone("alun", crowd=CrowdLevel.MANY), "ramai"),
        (zone("alun", crowd=CrowdLevel.DENSE), "padat sekali"),
        (zone("alun"), "belum diketahui"),
    ],
)
def test_a_level_is_said_in_words(
    city: Screens, operator: FlaskClient, measure: ZoneMeasure, word: str
) -> None:
    city.city.say("pi-jawi", scene(measure), at=city.clock())
    page = text_of(operator, f"{PAGE}/kini")
    assert f"<span>{word}</span>" in page
    assert "terisi 62 % waktu, tertutup 31 %" in page


@pytest.mark.parametrize(
    ("reading", "words"),
    [
        (gauge(GaugeState.READ, 1.234), ("1,23 m", "± 0,02 m")),
        (gauge(GaugeState.BAD_PICTURE), ("papan duga tidak terbaca", "gambar gelap")),
        (gauge(GaugeState.UNCLEAR), ("papan duga tidak terbaca", "batas air tidak jelas")),
        (gauge(GaugeState.AWAY), ("papan duga tidak terbaca", "kamera mengarah ke tempat lain")),
    ],
)
def test_a_gauge_tells_its_level_or_why_not(
    city: Screens, operator: FlaskClient, reading: GaugeReading, words: tuple[str, ...]
) -> None:
    city.city.say("pi-jawi", reading, at=city.clock())
    page = text_of(operator)
    for word in words:
        assert word in page, word


def test_sizes_speeds_and_quality_are_shown_with_every_number(city: Screens, operator: FlaskClient) -> None:
    city.city.say("pi-jawi", counts(), at=city.clock())
    page = text_of(operator)
    for word in ("motor", "mobil", "besar", "14", "44", "91 %", "23 %", "38 %", "Gambar yang terlewat"):
        assert word in page, word
    assert "Tidak menghitung (kamera berputar)" in page
    assert "Angka kurang dapat dipercaya" not in page


def test_doubtful_counts_point_to_the_zones_or_ask_for_one(city: Screens, operator: FlaskClient) -> None:
    city.city.say("pi-jawi", counts(is_trusted=False), at=city.clock())
    page = text_of(operator)
    assert "Angka kurang dapat dipercaya: memakai indeks kepadatan." in page
    assert "Belum ada zona" in page
    city.city.say("pi-jawi", scene(zone("jalan", flow=FlowLevel.JAM)), at=city.clock())
    assert "Belum ada zona" not in text_of(operator)


def test_a_camera_without_measures_says_none(operator: FlaskClient) -> None:
    page = text_of(operator)
    assert "Kepadatan dan muka air" not in page
    assert "Mutu gambar" not in page
    assert "Kepadatan 24 jam" not in page
    assert "Kelas ukuran" not in text_of(operator, "/kamera/pi-balai/lobi")


def test_late_measures_change_nothing_and_views_stand_side_by_side(
    city: Screens, operator: FlaskClient
) -> None:
    city.city.say("pi-jawi", scene(zone("kiri", flow=FlowLevel.FREE), preset="kiri"), at=city.clock())
    city.city.say("pi-jawi", scene(zone("kanan", flow=FlowLevel.JAM), preset="kanan"), at=city.clock())
    late = city.clock() - timedelta(minutes=5)
    city.city.say("pi-jawi", scene(zone("kiri", flow=FlowLevel.JAM), preset="kiri"), at=late)
    city.city.say("pi-jawi", gauge(GaugeState.READ, 2.0), gauge(GaugeState.READ, 1.0), at=city.clock())
    page = text_of(operator)
    assert "lancar" in page
    assert "macet" in page
    assert "1,00 m" in page
    with city.database.reading() as db:
        assert len(db.scalars(select(CameraMeasure)).all()) == 3
        assert db.scalars(select(DeadLetter)).all() == []


def test_what_was_taken_out_of_the_settings_is_gone_after_a_day(city: Screens) -> None:
    city.city.say("pi-jawi", scene(zone("lama", flow=FlowLevel.FREE)), at=city.clock())
    city.clock.advance(hours=25)
    assert "lama</th>" not in text_of(city.signed_in(Role.OPERATOR))


def test_the_day_is_charted_and_the_csv_has_the_same_numbers(city: Screens, operator: FlaskClient) -> None:
    for hours in range(5):
        at = city.clock() - timedelta(hours=hours)
        measure = ZoneMeasure(zone="jalan", occupancy=0.1 * hours, cover=0.05, flow=FlowLevel.FREE)
        city.city.say("pi-jawi", scene(measure), gauge(GaugeState.READ, 1 + hours / 10), at=at)
    city.city.say("pi-jawi", gauge(GaugeState.UNCLEAR), at=city.clock())
    page = text_of(operator)
    assert 'id="zones-table"' in page
    assert 'id="gauges-table"' in page
    answer = operator.get(f"{PAGE}/pengukuran.csv")
    sheet = list(csv.reader(io.StringIO(answer.get_data(as_text=True).removeprefix("\ufeff"))))
    assert sheet[0] == ["jam (WIB)", "jalan (%)", "papan (m)"]
    assert len(sheet) == 25
    # The newest hour is the last; an hour that was not heard of stays empty.
    assert [row[1:] for row in sheet[-5:]] == [
        ["40.0", "1.4"], ["30.0", "1.3"], ["20.0", "1.2"], ["10.0", "1.1"], ["0.0", "1.0"],
    ]  # fmt: skip
    assert sheet[1][1:] == ["", ""]
    assert 'data-value="40.0"' in page
    assert 'data-value="1.4"' in page


def test_a_stranger_gets_no_measures(city: Screens) -> None:
    assert city.stranger().get(f"{PAGE}/pengukuran.csv").status_code in (302, 303, 404)
    assert city.signed_in(Role.OPERATOR).get("/kamera/pi-jawi/lain/pengukuran.csv").status_code == 404
