"""Composed boards on the screens of people: what each tile says, to whom, of which part of the city."""

import itertools
import re

import msgspec
import pytest

from hub.alarms.kinds import AlarmKind, Severity
from hub.alarms.service import raise_alarm
from hub.boards.filling.city_map import steps_of
from hub.boards.keeping.service import save
from hub.boards.plan.shape import BoardPlan, PlacedTile, TileKind, Use
from hub.cases.complaints.examples import play
from hub.cases.keeping.versions import load_shipped
from hub.casework import case_engine
from hub.maps.projection import unit_place
from hub.people.permissions import Role, ScopeKind
from hub.places.areas import read_areas
from hub.places.models import Site
from tests.hub.screens import Screens, make_config

EXECUTIVE = Role.EXECUTIVE
LURAH = {"kind": ScopeKind.KELURAHAN, "scope": "61.71.05.1005"}


def words(page: str, tile: str) -> str:
    """The text of one tile, without its tags."""
    found = re.search(rf'id="ubin-{tile}".*?</section>', page, re.DOTALL)
    return " ".join(re.sub(r"<[^>]+>", " ", found.group()).split()) if found else ""


def links(page: str, tile: str) -> list[str]:
    found = re.search(rf'id="ubin-{tile}".*?</section>', page, re.DOTALL)
    return re.findall(r'href="([^"]+)"', found.group()) if found else []


def keep(screens: Screens, *tiles: PlacedTile, code: str = "uji", **more: object) -> None:
    plan = BoardPlan(code=code, title="Papan uji", use=Use.EXECUTIVE, tiles=tiles)
    with screens.database.writing() as db:
        save(db, msgspec.structs.replace(plan, **more), base=None, actor="siti", now=screens.clock())


def tile(name: str, kind: TileKind, y: int = 1, **more: object) -> PlacedTile:
    return msgspec.structs.replace(PlacedTile(id=name, kind=kind, x=1, y=y, w=6, h=2), **more)


def test_the_mayor_sees_numbers_that_click_down_to_their_source_rows(measured: Screens) -> None:
    client = measured.signed_in(EXECUTIVE)
    page = client.get("/papan/eksekutif").get_data(as_text=True)
    assert "3 /5 kamera" in words(page, "kamera")
    assert "90,0 %" in words(page, "kehadiran")
    assert "Nov 2026 20" not in words(page, "kehadiran")
    assert "Nov 2026 40" in words(page, "surat"), "the table behind the chart says the same"
    letters = next(link for link in links(page, "surat") if link.startswith("/ukuran/letter_issued?"))
    down = client.get(letters.replace("&amp;", "&")).get_data(as_text=True)
    rows = re.search(r'href="(/ukuran/letter_issued/sumber[^"]*)"', down)
    assert rows is not None
    assert "uji" in client.get(rows.group(1).replace("&amp;", "&")).get_data(as_text=True)


def test_a_board_of_a_kelurahan_adds_up_that_kelurahan_alone(measured: Screens) -> None:
    client = measured.signed_in(EXECUTIVE)
    page = client.get("/papan/eksekutif?lingkup=kelurahan:61.71.04.1004").get_data(as_text=True)
    assert "Kelurahan Batu Layang" in page
    assert "Nov 2026 20" in words(page, "surat")
    assert "Okt 2026 11" in words(page, "surat")
    assert "Tidak ada data untuk Kelurahan Batu Layang." in words(page, "kehadiran")
    assert "Harga dicatat per pasar" in words(page, "harga")
    assert client.get("/papan/eksekutif?lingkup=kelurahan:00").status_code == 404


def test_a_lurah_gets_the_own_kelurahan_and_no_other(measured: Screens) -> None:
    client = measured.signed_in(EXECUTIVE, **LURAH)
    page = client.get("/papan/eksekutif").get_data(as_text=True)
    assert "Kelurahan Sungai Jawi" in page
    assert "2 /2 kamera" in words(page, "kamera")
    assert "Nov 2026 20" in words(page, "surat")
    assert client.get("/papan/eksekutif?lingkup=kelurahan:61.71.04.1004").status_code == 404
    assert client.get("/papan/eksekutif?lingkup=kota").status_code == 404


def test_a_tile_without_right_is_honestly_empty_and_gives_no_file(measured: Screens) -> None:
    keep(
        measured,
        tile("hadir", TileKind.NUMBER, subject="attendance"),
        tile("kota", TileKind.ALARMS, y=3, scope="kota"),
        tile("register", TileKind.TABLE, y=5, subject="aplikasi"),
    )
    with measured.database.writing() as db:
        raise_alarm(
            db,
            key="jam-tugu",
            kind=AlarmKind.DEVICE_CLOCK,
            severity=Severity.HIGH,
            facts={"name": "Pi Tugu"},
            site="tugu",
            device="pi-tugu",
            camera=None,
            link="/perangkat/pi-tugu",
            now=measured.clock(),
        )
    technician = measured.signed_in(Role.TECHNICIAN)
    page = technician.get("/papan/uji").get_data(as_text=True)
    assert "tidak berhak" in words(page, "hadir")
    assert "90" not in words(page, "hadir")
    assert "tidak berhak" in words(page, "register")
    assert technician.get("/papan/uji/hadir.csv").status_code == 404
    assert "Pi Tugu" in words(page, "kota")
    lurah = measured.signed_in(EXECUTIVE, **LURAH).get("/papan/uji").get_data(as_text=True)
    assert "tidak berhak" in words(lurah, "kota"), "the whole city's alarms are not the lurah's"


def test_every_tile_says_how_old_it_is_and_the_stale_one_says_so(measured: Screens) -> None:
    client = measured.signed_in(EXECUTIVE)
    page = client.get("/papan/eksekutif").get_data(as_text=True)
    assert "is-stale" not in re.search(r'<section class="[^"]*" id="ubin-udara"', page).group()  # type: ignore[union-attr]  # the tile is there
    assert "68 Sedang" in words(page, "udara")
    measured.clock.advance(hours=9)
    stale = measured.signed_in(EXECUTIVE).get("/papan/eksekutif").get_data(as_text=True)
    assert "data basi" in words(stale, "udara")


def test_a_page_that_asks_again_is_told_when_nothing_changed(measured: Screens) -> None:
    client = measured.signed_in(EXECUTIVE)
    first = client.get("/papan/eksekutif/kini")
    again = client.get("/papan/eksekutif/kini", headers={"If-None-Match": first.headers["ETag"]})
    assert (first.status_code, again.status_code) == (200, 304)
    assert again.get_data() == b""
    measured.clock.advance(minutes=1)
    later = client.get("/papan/eksekutif/kini", headers={"If-None-Match": first.headers["ETag"]})
    assert later.status_code == 304, "an age that counts on is no change"


def test_the_file_of_a_tile_has_the_numbers_of_the_table_behind_it(measured: Screens) -> None:
    client = measured.signed_in(EXECUTIVE)
    file = client.get("/papan/eksekutif/surat.csv").get_data(as_text=True)
    assert "Nov 2026,40.0" in file
    assert client.get("/papan/eksekutif/tidak-ada.csv").status_code == 404


@pytest.mark.parametrize(
    ("placed", "said"),
    [
        (tile("a", TileKind.NUMBER, subject="tidak_ada"), "tidak ada dalam katalog"),
        (tile("a", TileKind.NUMBER, subject="food_price"), "hanya berarti bila dirinci"),
        (tile("a", TileKind.BAR, subject="letter_issued", side="pasar"), "tidak dirinci menurut pasar"),
        (tile("a", TileKind.BAR, subject="letter_issued", side="kelurahan"), "Batu Layang 20"),
        (tile("a", TileKind.BAR, subject="food_price", side="rincian", span="bulan"), "Cabai rawit"),
        (tile("a", TileKind.MAP, subject="letter_issued"), "Batu Layang"),
        (tile("a", TileKind.MAP, subject="letter_issued", side="pasar"), "hanya menurut kecamatan"),
        (tile("a", TileKind.MAP, subject="letter_issued", side="titik"), "tidak dirinci menurut titik"),
        (tile("a", TileKind.LINE, subject="ispu", span="hari"), "68"),
        (tile("a", TileKind.TABLE, subject="tidak-ada"), "Register ini tidak ada"),
        (tile("a", TileKind.TABLE, subject="aplikasi"), "Belum ada baris"),
        (tile("a", TileKind.CARD, subject="tidak-ada"), "Ringkasan ini tidak ada"),
        (tile("a", TileKind.PRICES, scope="pasar:flamboyan"), "Cabai rawit / kg Rp 60.000 melampaui batas"),
        (tile("a", TileKind.PRICES, scope="pasar:hilang"), "tidak ada lagi"),
        (tile("a", TileKind.TEXT, words="Selamat <b>datang</b>"), "Selamat &lt;b&gt;datang"),
        (tile("a", TileKind.TEXT), "Belum ada tulisan"),
        (tile("a", TileKind.CLOCK, title="100 % jam"), "100 % jam 10.14"),
        (tile("a", TileKind.INDICATORS), "Utilitas"),
        (tile("a", TileKind.COMPLAINTS), "belum dimuat"),
    ],
    ids=lambda one: one if isinstance(one, str) else one.kind,
)
def test_a_tile_shows_its_content_or_says_why_it_has_none(
    measured: Screens, placed: PlacedTile, said: str
) -> None:
    keep(measured, placed)
    assert said in words(measured.signed_in(EXECUTIVE).get("/papan/uji").get_data(as_text=True), "a")


def test_complaints_are_counted_and_told_by_their_kind_not_in_the_words_of_citizens(
    measured: Screens,
) -> None:
    keep(measured, tile("a", TileKind.COMPLAINTS))
    engine = case_engine(make_config(measured.folder))
    with measured.database.writing() as db:
        load_shipped(db, now=measured.clock())
        play(db, engine, measured.folder, measured.clock())
    client = measured.signed_in(EXECUTIVE)
    said = words(client.get("/papan/uji").get_data(as_text=True), "a")
    count = int(re.search(r"(\d+) laporan terbuka", said).group(1))  # type: ignore[union-attr]  # it is there
    shown = client.get("/papan/uji/a.csv").get_data(as_text=True)
    assert count > 0
    assert len(shown.strip().splitlines()) == 1 + min(count, 6)
    assert client.get(links(client.get("/papan/uji").get_data(as_text=True), "a")[1]).status_code == 200
    ward = client.get("/papan/uji?lingkup=kecamatan:61.71.05").get_data(as_text=True)
    assert "laporan terbuka" in words(ward, "a")
    office = client.get("/papan/uji?lingkup=opd:1").get_data(as_text=True)
    assert "tidak dirinci menurut OPD" in words(office, "a")


def test_the_list_names_all_boards_and_strangers_are_sent_to_sign_in(measured: Screens) -> None:
    page = measured.signed_in(EXECUTIVE).get("/papan").get_data(as_text=True)
    assert "Papan eksekutif" in page
    assert "Susun papan" not in page, "only those who may"
    assert measured.stranger().get("/papan").status_code == 303


def test_a_map_puts_values_at_their_places_with_a_key_and_the_table_behind(measured: Screens) -> None:
    keep(
        measured,
        tile("surat", TileKind.MAP, subject="letter_issued", span="tahun"),
        tile("udara", TileKind.MAP, y=3, subject="ispu", side="titik", span="hari"),
    )
    client = measured.signed_in(EXECUTIVE)
    page = client.get("/papan/uji").get_data(as_text=True)
    drawn = re.search(r'<svg class="tile-map".*?</svg>', page, re.DOTALL)
    assert drawn is not None
    ward = next(one for one in read_areas().kelurahan if one.code == "61.71.04.1004")
    x, y = unit_place(ward.lat, ward.lon)
    assert f'cx="{x}" cy="{y}"' in drawn.group()
    assert "<title>Batu Layang: 20" in drawn.group()
    down = next(one for one in links(page, "surat") if "kelurahan=61.71.04.1004" in one)
    assert client.get(down.replace("&amp;", "&")).status_code == 200
    assert "Keterangan" in page
    assert "Batu Layang,20.0" in client.get("/papan/uji/surat.csv").get_data(as_text=True)
    assert "68" in words(page, "udara")
    with measured.database.reading() as db:
        site = db.get_one(Site, "tugu")
    x, y = unit_place(site.latitude, site.longitude)
    assert f'cx="{x}" cy="{y}"' in page


@pytest.mark.parametrize("values", [[3.0], [0.0, 1.0], [7.0, 93.0], [-4.0, 0.5, 12.0], [1e6, 2e6, 9e6]])
def test_classes_of_a_map_are_at_most_five_with_round_limits_and_hold_every_value(
    values: list[float],
) -> None:
    steps = steps_of(values)
    assert 1 <= len(steps) <= 5
    assert all(one[2] == other[1] for one, other in itertools.pairwise(steps))
    assert steps[0][1] <= min(values)
    assert max(values) <= steps[-1][2]
