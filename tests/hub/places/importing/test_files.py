"""Files of an inventory: every bad row named by table, row, column, value and remedy."""

from typing import Any

import pytest

from hub.errors import InputError
from hub.places.importing.files import Upload, read_files
from hub.places.importing.tables import InventoryTables, Kind, Mistake
from tests.hub.places.importing.tables import CAMERAS, DEVICES, SITES, book_upload, csv_upload, rows_of

FULL = (
    "perangkat,id,nama,jenis,media,pemilik,pemilik_sejak,arah_derajat,sudut_derajat,jangkauan_m,"
    "tujuan,publik,switch"
)
GOOD = {
    "perangkat": "pi-tugu",
    "id": "cam1",
    "nama": "Arah kota",
    "jenis": "ptz",
    "media": "fiber",
    "pemilik": "Dishub",
}


def one_camera(**cells: str) -> str:
    """A full line of a camera with some cells changed."""
    values = dict.fromkeys(FULL.split(","), "") | GOOD
    return ";".join((values | cells).values())


def read(*uploads: Upload) -> InventoryTables:
    return read_files(uploads)


def only_mistake(*uploads: Upload) -> Mistake:
    tables = read(*uploads)
    assert len(tables.mistakes) == 1, tables.mistakes
    return tables.mistakes[0]


def site(lat: str = "0.0", lon: str = "109.3222", ward: str = "Batu Layang", name: str = "tugu") -> Upload:
    return csv_upload("titik.csv", "id;nama;kelurahan;lat;lon", f"{name};Tugu;{ward};{lat};{lon}")


def camera(**cells: str) -> Upload:
    return csv_upload("kamera.csv", FULL.replace(",", ";"), one_camera(**cells))


def test_csv_files_and_one_workbook_say_the_same() -> None:
    files = read(
        csv_upload("titik.csv", *SITES), csv_upload("alat.csv", *DEVICES), csv_upload("daftar.csv", *CAMERAS)
    )
    book = read(
        book_upload(
            {"Titik": rows_of(*SITES), "Perangkat": rows_of(*DEVICES), "Kamera (51)": rows_of(*CAMERAS)}
        )
    )
    assert files == book
    assert files.kinds == (Kind.SITES, Kind.DEVICES, Kind.CAMERAS)
    assert (files.rows, files.mistakes) == (3, ())


def test_latitude_zero_is_the_equator_in_every_format() -> None:
    for text in ("0.0", "0", "0.000000", "-0.0"):
        assert read(site(lat=text)).sites[0].latitude == 0.0
    rows: list[list[Any]] = [SITES[0].split(","), ["tugu", "Tugu", "Batu Layang", 0.0, 109.3222]]
    assert read(book_upload({"titik": rows})).sites[0].latitude == 0.0


@pytest.mark.parametrize(
    ("lat", "lon", "column", "told"),
    [
        ("109.3222", "-0.0283", "lat", "tertukar; isi lat -0.0283 dan lon 109.3222"),
        ("-6.2", "109.3", "lat", "di luar kota: lat dari -0.12 sampai 0.06"),
        ("-0.02", "106.8", "lon", "di luar kota: lon dari 109.25 sampai 109.41"),
        ("-283", "109.3", "lat", "periksa titik desimal"),
        ("-0,0283", "109.3", "lat", "pakai titik, bukan koma: -0.0283"),
        ("-0.0283", "109,3189", "lon", "pakai titik, bukan koma: 109.3189"),
        ("nan", "109.3", "lat", "isi angka dengan titik"),
        ("", "109.3", "lat", "isi angka dengan titik"),
        ("0° 1' LS", "109.3", "lat", "isi angka dengan titik"),
        ("٠", "109.3", "lat", "isi angka dengan titik"),
    ],
)
def test_a_wrong_place_is_named_with_its_remedy(lat: str, lon: str, column: str, told: str) -> None:
    bad = only_mistake(site(lat, lon))
    assert (bad.table, bad.line, bad.column) == ("titik", 2, column)
    assert told in bad.remedy
    assert bad.value == (lat if column == "lat" else lon)


@pytest.mark.parametrize(
    "ward", ["61.71.01.1002", "Benua Melayu Laut", "Benuamelayu  laut", "Kel. Benua Melayu Laut"]
)
def test_a_kelurahan_goes_by_code_and_both_spellings(ward: str) -> None:
    assert read(site(ward=ward)).sites[0].kelurahan == "61.71.01.1002"


def test_an_unknown_kelurahan_gets_the_nearest_proposed() -> None:
    assert "mungkin Benua Melayu Laut" in only_mistake(site(ward="Benua Melayu Lauut")).remedy
    assert only_mistake(site(ward="Menteng")).remedy.startswith("bukan salah satu dari 29")


@pytest.mark.parametrize(
    ("cells", "column", "told"),
    [
        ({"jenis": "dome"}, "jenis", "isi ptz atau tetap"),
        ({"media": "kabel"}, "media", "isi fiber atau nirkabel"),
        ({"pemilik": "Dinas Perhubugan"}, "pemilik", "mungkin Dinas Perhubungan"),
        ({"pemilik": "CV Maju"}, "pemilik", "isi nama OPD"),
        ({"pemilik": ""}, "pemilik", "isi 1 sampai 80 huruf"),
        ({"pemilik_sejak": "31/02/2026"}, "pemilik_sejak", "HH/BB/TTTT"),
        ({"pemilik_sejak": "1/1/1926"}, "pemilik_sejak", "2000-2100"),
        ({"arah_derajat": "360"}, "arah_derajat", "utara 0"),
        ({"arah_derajat": "-1"}, "arah_derajat", "0 sampai 359.9"),
        ({"arah_derajat": "utara"}, "arah_derajat", "isi angka"),
        ({"sudut_derajat": "0"}, "sudut_derajat", "lebih dari 0 sampai 360"),
        ({"jangkauan_m": "9000"}, "jangkauan_m", "lebih dari 0 sampai 5000"),
        ({"jangkauan_m": "80,5"}, "jangkauan_m", "bukan koma: 80.5"),
        ({"tujuan": "keputusan iseng"}, "tujuan", "'iseng' bukan tujuan; pilih dari kinerja"),
        ({"publik": "mungkin"}, "publik", "isi ya atau tidak"),
        ({"id": "Kamera 1"}, "id", "misalnya kamera-1"),
        ({"id": "---"}, "id", "pakai huruf kecil"),
        ({"nama": ""}, "nama", "isi 1 sampai 80 huruf"),
        ({"switch": "s" * 41}, "switch", "isi 1 sampai 40 huruf"),
    ],
)
def test_a_wrong_cell_of_a_camera_is_named(cells: dict[str, str], column: str, told: str) -> None:
    bad = only_mistake(camera(**cells))
    assert (bad.table, bad.line, bad.column, bad.value) == ("kamera", 2, column, cells[column])
    assert told in bad.remedy


def test_a_good_camera_is_read_with_all_it_says() -> None:
    row = read(
        camera(
            jenis="Statis",
            media="Serat optik",
            pemilik="Dinas Sosial (lama)",
            pemilik_sejak="01/03/2021",
            arah_derajat="0",
            sudut_derajat="70.5",
            jangkauan_m="80",
            tujuan="keputusan, rawan-bencana keputusan",
            publik="YA",
            switch="sw 1",
        )
    ).cameras[0]
    assert (row.kind, row.medium, row.owner) == ("fixed", "fibre", "Dinas Sosial (lama)")
    assert str(row.owner_since) == "2021-03-01"
    assert (row.heading_deg, row.field_of_view_deg, row.view_range_m) == (0.0, 70.5, 80.0)
    assert (row.purposes, row.is_public, row.network_switch) == ("decision disaster", True, "sw 1")


def test_owners_that_the_inventory_has_are_known() -> None:
    tables = read_files([camera(pemilik="CV Maju")], known_owners=["cv maju"])
    assert tables.mistakes == ()


@pytest.mark.parametrize(("quantity", "is_good"), [("water_level_m", True), ("Air (m)", False)])
def test_doors_and_sensors_are_read(quantity: str, is_good: bool) -> None:
    tables = read(
        csv_upload("pintu.csv", "perangkat,id,nama,arah", "pi-balai,lobi,Lobi,keduanya"),
        csv_upload("sensor.csv", "perangkat,id,nama,besaran", f"pi-tugu,air,Air,{quantity}"),
    )
    assert tables.doors[0].direction == "both"
    assert (tables.mistakes == ()) == is_good
    assert [one.column for one in tables.mistakes] == ([] if is_good else ["besaran"])


def test_doubled_ids_name_each_other_s_line() -> None:
    tables = read(csv_upload("titik.csv", *SITES, SITES[1], SITES[1].replace("tugu,", "lain,")))
    assert [(one.line, one.value, one.remedy) for one in tables.mistakes] == [
        (2, "tugu", "dipakai juga di baris 3; beri id sendiri"),
        (3, "tugu", "dipakai juga di baris 2; beri id sendiri"),
    ]


def test_cameras_of_two_devices_may_share_an_id() -> None:
    tables = read(csv_upload("kamera.csv", *CAMERAS, CAMERAS[1].replace("pi-tugu", "pi-lain")))
    assert tables.mistakes == ()


def test_formula_cells_are_no_values() -> None:
    rows: list[list[Any]] = [SITES[0].split(","), ["tugu", "Tugu", "Batu Layang", "=0+0", 109.3222]]
    bad = only_mistake(book_upload({"titik": rows}))
    assert (bad.line, bad.column, bad.value) == (2, "lat", "=0+0")
    assert "tempel sebagai nilai" in bad.remedy
    assert only_mistake(site(lat="=1+1")).value == "=1+1"


def test_merged_cells_are_told_for_each_of_their_rows() -> None:
    rows: list[list[Any]] = [
        *rows_of(*SITES),
        ["b", "B", "Batu Layang", 0.0, 109.32],
        ["c", "C", "Batu Layang", 0.0, 109.32],
    ]
    tables = read(book_upload({"titik": rows}, merged={"titik": "C3:C4"}))
    assert [(one.line, one.value) for one in tables.mistakes] == [(3, "C3:C4"), (4, "C3:C4")]
    assert "pisahkan" in tables.mistakes[0].remedy
    assert [row.id for row in tables.sites] == ["tugu"]


def test_a_column_that_nobody_knows_is_a_mistake_and_not_lost_silently() -> None:
    bad = only_mistake(csv_upload("titik.csv", SITES[0] + ",katerangan", SITES[1] + ",x"))
    assert (bad.line, bad.column) == (1, "katerangan")


def test_a_row_with_too_many_cells_is_named() -> None:
    bad = only_mistake(csv_upload("titik.csv", SITES[0], SITES[1] + ",x"))
    assert (bad.line, "lebih banyak sel" in bad.remedy) == (2, True)


@pytest.mark.parametrize(
    ("uploads", "told"),
    [
        ((), "unggah satu XLSX"),
        ((csv_upload("x.csv", "a,b", "1,2"),), "bukan tabel inventaris"),
        ((csv_upload("titik.csv", "id,nama", "a,A"),), r"titik.csv \[titik\]: kolom kelurahan, lat, lon"),
        ((csv_upload("a.csv", *SITES), csv_upload("b.csv", *SITES)), "titik ada dua kali"),
        ((Upload("a.xlsx", b"PK\x03\x04rubbish"),), "XLSX rusak"),
        ((book_upload({"titik": []}),), "kosong"),
        ((book_upload({f"s{n}": [["x"]] for n in range(21)}),), "lebih dari 20 lembar"),
        ((Upload("a.xlsx", b"PK\x03\x04" + bytes(9 * 1024**2)),), "lebih dari 8 MiB"),
    ],
)
def test_files_that_are_no_inventory_say_what_to_do(uploads: tuple[Upload, ...], told: str) -> None:
    with pytest.raises(InputError, match=told):
        read(*uploads)
