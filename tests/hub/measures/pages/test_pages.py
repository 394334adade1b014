"""The pages of measures: published figures as published, drill-down to rows, contradictions, imports."""

import io
from pathlib import Path

import pytest

from hub.measures.catalogue.reading import shipped
from hub.measures.catalogue.shape import Measure
from hub.measures.indicators.board import INDICATORS, indicators
from hub.measures.keeping.importing import import_figures
from hub.measures.pages.standing import Standing, score_of
from hub.people.permissions import Role
from hub.places.areas import read_areas
from tests.hub.screens import Screens, csrf_of

PUBLISHED = Path(__file__).parents[3] / "data/measures/published.csv"


def bring_in(screens: Screens, data: bytes = PUBLISHED.read_bytes()) -> None:
    with screens.database.writing() as db:
        import_figures(
            db,
            data,
            "angka.csv",
            catalogue=shipped(),
            kelurahan={area.code for area in read_areas().kelurahan},
            actor="siti",
            now=screens.clock(),
        )


def text_of(screens: Screens, path: str) -> str:
    answer = screens.stranger().get(path)
    assert answer.status_code == 200, path
    return answer.get_data(as_text=True)


def test_the_screens_show_exactly_what_the_city_published(screens: Screens) -> None:
    bring_in(screens)
    page = text_of(screens, "/ukuran")
    for shown in ("92,52", "59,4", "4,29", "163", "2.832", "921", "32,5", "268", "147", "136"):
        assert f"<strong>{shown}</strong>" in page, shown
    assert "angka tidak konsisten" not in page
    content = text_of(screens, "/konten/statistik")
    assert all(shown in content for shown in ("2.832", "921", "32,5", "268"))


def test_sums_that_contradict_each_other_are_marked_with_both_numbers(screens: Screens) -> None:
    wrong = PUBLISHED.read_bytes().replace(
        b"camera_offline,2021-12-31,,11,", b"camera_offline,2021-12-31,,12,"
    )
    bring_in(screens, wrong)
    page = text_of(screens, "/ukuran/camera_installed?dari=2021-01-01&sampai=2021-12-31")
    assert "angka tidak konsisten" in page
    assert "147" in page
    assert "148" in page
    assert text_of(screens, "/ukuran").count("angka tidak konsisten") == 3


def test_a_number_leads_down_to_its_rows_and_names_no_account_to_strangers(screens: Screens) -> None:
    bring_in(screens)
    path = "/ukuran/camera_availability/sumber?dari=2021-01-01&sampai=2021-12-31"
    page = text_of(screens, path)
    assert "uraian kota, 2021" in page
    assert "siti" not in page
    assert "siti" in screens.signed_in(Role.EXECUTIVE).get(path).get_data(as_text=True)
    assert "Belum ada data" in text_of(screens, "/ukuran/camera_availability/sumber?kelurahan=61.71.05.1004")
    assert "92.5" in text_of(screens, "/ukuran/camera_availability.csv?dari=2021-01-01&sampai=2021-12-31")


@pytest.mark.parametrize(
    "query",
    [
        "dari=9999-99-99&sampai=x&butir=abad&hal=-5",
        "_scheme=javascript&_external=1&_anchor=x&measure=lain&endpoint=x",
        f"kelurahan={'9' * 4000}&sisi=semua",
        "dari=2026-12-31&sampai=2020-01-01&butir=jam",
    ],
)
def test_addresses_from_outside_break_nothing(screens: Screens, query: str) -> None:
    for path in ("/ukuran/ispu", "/ukuran/ispu.csv", "/ukuran/ispu/sumber", "/ukuran/website_share"):
        assert "javascript:" not in text_of(screens, f"{path}?{query}")


def test_what_is_not_public_is_not_there_for_strangers(screens: Screens) -> None:
    assert not shipped().one("attendance").is_public
    for path in (
        "/ukuran/attendance",
        "/ukuran/attendance.csv",
        "/ukuran/attendance/sumber",
        "/ukuran/tidak-ada",
    ):
        assert screens.stranger().get(path).status_code == 404, path
    assert "Kehadiran" not in text_of(screens, "/ukuran") + text_of(screens, "/indikator")
    assert "Kehadiran" in screens.signed_in(Role.EXECUTIVE).get("/indikator").get_data(as_text=True)


def test_figures_are_brought_in_by_hand_all_or_none(screens: Screens) -> None:
    client = screens.signed_in(Role.SUPERVISOR)
    token = csrf_of(client, "/ukuran/impor")

    def send(data: bytes, name: str = "angka.csv") -> tuple[int, str]:
        sent = {"csrf_token": token, "berkas": (io.BytesIO(data), name)}
        answer = client.post("/ukuran/impor", data=sent)
        return answer.status_code, answer.get_data(as_text=True)

    code, page = send(b"ukuran,periode,nilai,sumber\naward_total,2021,24,kota\naward_total,2022,dua,kota\n")
    assert code == 422
    assert "baris 3" in page
    assert "Belum ada data" in text_of(screens, "/ukuran/award_total?dari=2021-01-01&butir=tahun")
    assert send(PUBLISHED.read_bytes())[0] == 303
    assert "<strong>24</strong>" in text_of(screens, "/ukuran")
    assert send(b"", "")[0] == 303


def test_standing_follows_the_direction_that_is_good() -> None:
    up = Measure(code="naik", label="x", direction="up", target=100.0, bad=70.0)
    down = Measure(code="turun", label="x", direction="down", target=50.0)
    said = [(score_of(up, value).standing, score_of(up, value).percent) for value in (100, 90, 70, None)]
    assert said == [
        (Standing.REACHED, 100),
        (Standing.NEAR, 90),
        (Standing.BEHIND, 70),
        (Standing.NO_DATA, None),
    ]
    assert [score_of(down, value).standing for value in (40, 60, 100)] == [
        Standing.REACHED,
        Standing.NEAR,
        Standing.BEHIND,
    ]
    assert score_of(Measure(code="polos", label="x"), 5).standing is Standing.NO_TARGET


def test_the_six_indicators_are_there_and_each_has_measures(screens: Screens) -> None:
    bring_in(screens)
    with screens.database.reading() as db:
        found = indicators(db, screens.clock(), sees_all=True)
    assert [one.code for one in found] == list(INDICATORS)
    assert all(one.lines for one in found)
    utility = found[2]
    assert utility.percent is not None
    assert 70 < utility.percent < 100
    assert utility.standing is Standing.BEHIND
    assert "Kualitas hidup" in text_of(screens, "/indikator.csv")


def test_content_is_counted_by_kind_channel_and_month(screens: Screens) -> None:
    assert "Belum ada konten" in text_of(screens, "/konten/statistik")
    assert screens.stranger().get("/konten/statistik.csv").status_code == 404
    rows = ["pemberitaan|instagram,7", "pemberitaan|facebook,3", "infografis|instagram,2"]
    lines = "".join(f"content_items,2026-0{n},{row},kota\n" for n, row in enumerate(rows, start=1))
    bring_in(screens, f"ukuran,periode,dimensi,nilai,sumber\n{lines}".encode())
    page = text_of(screens, "/konten/statistik?tahun=2026")
    assert "<strong>12</strong>" in page
    assert "<strong>10</strong>" in page
    assert "pemberitaan,instagram,7" in text_of(screens, "/konten/statistik.csv")
