"""The city's published numbers, from the files of tests/data through the screens onto all screens.

One city for the whole file: it is filled once, by the people whose work it is.
"""

import io
import json
import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from flask.testing import FlaskClient

from hub.app import create_app
from hub.cases.complaints.statistics.importing import SHIPPED as SHIPPED_COMPLAINTS
from hub.cases.keeping.versions import load_shipped
from hub.db import Database
from hub.people.permissions import Role
from hub.places.areas import load_areas
from hub.web.guarding.limits import limiter
from tests.browser.sample import SampleCity
from tests.hub.prepared import COMPILED_TEMPLATES, place_empty_database
from tests.hub.screens import Browser, FakeClock, Screens, csrf_of, make_config

DATA = Path(__file__).parents[1] / "data"
REGISTERS = {"opd": 69, "aplikasi": 163, "situs": 69, "konten": 2832, "pakai-ruang": 268, "angka": 11}
# Synthetic but for May and September, and said to be so; 123 in all.
MONTHS = (10, 11, 12, 9, 4, 10, 11, 12, 15, 11, 10, 8)


@pytest.fixture(scope="module")
def published(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Screens]:
    """A city into which people put what was published."""
    folder, clock = tmp_path_factory.mktemp("published"), FakeClock()
    place_empty_database(folder)
    config = make_config(folder)
    database = Database(config.database)
    app = create_app(config, now=clock, database=database)
    app.jinja_env.bytecode_cache = COMPILED_TEMPLATES
    app.test_client_class = Browser
    limiter.reset()
    with database.writing() as db:
        load_areas(db)
        load_shipped(db, now=clock())
    city = Screens(app, database, clock, SampleCity(database, folder), folder)
    fill(city)
    yield city
    database.close()


def fill(city: Screens) -> None:
    admin, keeper = city.signed_in(Role.ADMIN), city.signed_in(Role.SUPERVISOR)
    for code in REGISTERS:
        page = f"/register/{code}/impor"
        assert upload(admin, f"{page}/periksa", DATA / f"registers/{code}.csv", page=page) == 303
        token = {"csrf_token": csrf_of(admin, page)}
        assert admin.post(f"{page}/terapkan", data=token).status_code == 303, code
    assert upload(keeper, "/ukuran/impor", DATA / "measures/published.csv") == 303
    desk = city.signed_in(Role.COORDINATOR)
    for name, sort in (("published", "angka"), ("sp4n-2021", "laporan")):
        path = DATA / f"complaints/{name}.csv"
        assert upload(desk, "/berkas/lapor/impor", path, page="/berkas/lapor", isi=sort) == 303, name


def upload(client: FlaskClient, to: str, path: Path, *, page: str = "", **fields: str) -> int:
    sent = {"csrf_token": csrf_of(client, page or to), "berkas": (io.BytesIO(path.read_bytes()), path.name)}
    return client.post(to, data={**sent, **fields}, content_type="multipart/form-data").status_code


def words(client: FlaskClient, path: str) -> str:
    """What a page says, without its markup."""
    answer = client.get(path)
    assert answer.status_code == 200, path
    text = re.sub(r"<[^>]+>", " ", answer.get_data(as_text=True))
    return " ".join(text.replace("\u00a0", " ").replace("&nbsp;", " ").split())


def figures(client: FlaskClient, path: str) -> dict[str, str]:
    page = client.get(path).get_data(as_text=True).replace("\u00a0", " ").replace("&nbsp;", " ")
    found = re.findall(r"<dt>([^<]+)</dt><dd>(.*?)</dd>", page, re.DOTALL)
    return {label: " ".join(re.sub(r"<[^>]+>", " ", value).split()) for label, value in found}


def test_registers_say_the_published_numbers_and_their_shares(published: Screens) -> None:
    client = published.signed_in(Role.EXECUTIVE)
    applications = figures(client, "/register/aplikasi")
    assert applications["Aplikasi"] == "163"
    assert applications["OPD yang membangun aplikasi"] == "38 dari 69 · 55,1 %"
    assert applications["Aplikasi tiap OPD pembangun"] == "4,29"
    assert figures(client, "/register/situs")["OPD dengan situs resmi"] == "41 dari 69 · 59,4 %"
    content = figures(client, "/register/konten")
    assert (content["Konten"], content["Pemberitaan"]) == ("2.832", "921 dari 2.832 · 32,5 %")
    assert figures(client, "/register/pakai-ruang")["Pemakaian ruang"] == "268"
    cameras = words(client, "/register/angka?cari=kamera")
    for said in ("Kamera seluruhnya", "147", "136", "92,52 %", "11", "7,48 %"):
        assert said in cameras
    assert "41 dari 69" in words(client, "/register")


def test_measures_say_the_same_and_each_leads_to_its_row(published: Screens) -> None:
    client = published.stranger()
    page = client.get("/ukuran").get_data(as_text=True)
    cameras = ("147", "136", "11", "138", "9", "30", "117", "92,52")
    offices = ("69", "41", "59,4", "38", "163", "4,29", "24", "268", "2.832", "921", "32,5")
    complaints = ("123", "94", "29", "81", "8", "5", "86", "9", "5")
    for said in (*cameras, *offices, *complaints):
        assert f"<strong>{said}</strong>" in page, said
    assert "angka tidak konsisten" not in page, "what the city says of these adds up"
    rows = words(client, "/ukuran/camera_availability/sumber?dari=2021-01-01&sampai=2021-12-31")
    assert "uraian kota, 2021" in rows
    years = words(client, "/ukuran/sp4n_received?butir=tahun&dari=2019-01-01&sampai=2021-12-31")
    assert all(said in years for said in ("192", "722", "123"))
    march = words(client, "/ukuran/camera_installed?butir=hari&dari=2021-03-01&sampai=2021-03-31")
    assert "135" in march, "cameras of March 2021, when there were 35 that turn and 100 that do not"
    assert all(said in words(client, "/konten/statistik") for said in ("2.832", "921", "32,5", "268"))


def test_complaints_are_counted_as_published_and_contradictions_stay_visible(published: Screens) -> None:
    client = published.stranger()
    page = words(client, "/laporan/statistik?tahun=2021")
    assert "123 laporan, 94 terdisposisi" in page
    text = client.get("/laporan/statistik.csv?sisi=bulan&tahun=2021").get_data(as_text=True)
    assert [int(line.split(",")[1]) for line in text.splitlines()[1:]] == list(MONTHS)
    states = words(client, "/laporan/statistik.csv?sisi=status&tahun=2021")
    assert all(
        said in states for said in ("Diselesaikan,81", "Terverifikasi,8", "Diproses,5", "Diarsipkan,29")
    )
    assert page.count("angka tidak konsisten") == 2
    assert "722 ≠ 879" in page
    assert "82 ≠ 300" in page


@pytest.mark.parametrize(("dataset", "rows"), [("register-aplikasi", 163), ("register-situs", 69)])
def test_open_data_has_the_rows_behind_them(published: Screens, dataset: str, rows: int) -> None:
    client = published.stranger()
    answer = client.get(f"/api/action/package_show?id={dataset}")
    resource = json.loads(answer.get_data(as_text=True))["result"]["resources"][0]["id"]
    found = client.get(f"/api/action/datastore_search?resource_id={resource}&limit=1")
    assert json.loads(found.get_data(as_text=True))["result"]["total"] == rows


def test_the_city_is_given_these_very_files() -> None:
    assert (DATA / "complaints/published.csv").read_bytes() == SHIPPED_COMPLAINTS.read_bytes()
