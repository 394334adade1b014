"""Strangers meet the city at ``/``; whoever is signed in keeps the board. Every link opens."""

import re
from datetime import timedelta

import pytest
from flask.testing import FlaskClient

from hub.people.permissions import Role
from tests.hub.screens import Screens

TILES = ("t-harga", "t-udara", "t-cuaca", "t-laporan", "t-agenda", "t-tempat", "t-kabar", "t-hidup")


def page(client: FlaskClient, path: str = "/") -> str:
    answer = client.get(path, headers={"Accept": "text/html"})
    assert answer.status_code == 200, path
    return answer.get_data(as_text=True)


def test_a_stranger_sees_every_tile_with_its_age_its_way_on_and_its_csv(town: Screens) -> None:
    shown = page(town.stranger())
    assert all(f'id="{tile}"' in shown for tile in TILES)
    for tile in re.findall(r'<section class="card front-tile.*?</section>', shown, re.DOTALL):
        assert ">CSV</a>" in tile
        assert "data-age" in tile or "Nov 2026" in tile
    assert 'class="moved-bad"' in shown
    assert 'class="moved-good"' in shown
    assert re.search(r"dari [0-9]+\.[0-9]{3}<", shown), "the price before"
    assert "melampaui batas" in shown


def test_every_address_on_the_page_opens(town: Screens) -> None:
    client = town.stranger()
    links = set(re.findall(r'(?:href|action|src)="(/[^"#]*)', page(client))) - {"/tampilan"}
    assert len(links) > 60
    assert [one for one in sorted(links) if client.get(one.replace("&amp;", "&")).status_code >= 400] == []


def test_who_is_signed_in_keeps_the_own_way(town: Screens) -> None:
    assert "t-harga" not in page(town.signed_in(Role.OPERATOR))
    answer = town.signed_in(Role.EMPLOYEE).get("/")
    assert (answer.status_code, answer.location) == (303, "/awal")
    assert town.stranger().get("/", headers={"HX-Request": "true", "Accept": "text/html"}).status_code == 401
    assert town.stranger().post("/").status_code == 405


def test_the_page_of_a_stranger_is_asked_for_again_after_signing_in(town: Screens) -> None:
    assert town.stranger().get("/").headers["Cache-Control"] == "no-cache"
    assert town.signed_in(Role.OPERATOR).get("/").headers["Cache-Control"] == "no-store"


def test_an_empty_city_says_what_is_missing(screens: Screens) -> None:
    shown = page(screens.stranger())
    for words in (
        "Belum ada harga",
        "Belum ada ISPU",
        "Belum ada prakiraan",
        "Belum ada laporan",
        "Belum ada acara",
        "Belum ada tempat",
        "Belum ada kabar",
    ):
        assert words in shown


def test_old_data_is_said_to_be_old(town: Screens) -> None:
    town.clock.advance(days=4)
    shown = page(town.stranger())
    assert 'tile-prices is-stale"' in shown
    assert shown.count("data basi") >= 2
    assert "Prakiraan sudah lewat" in shown


@pytest.mark.parametrize(
    ("words", "found"),
    [
        ("imb", "PBG (dahulu IMB)"),
        ("SIUP", "Pendampingan NIB"),
        ("cabai rawit", "Cabai rawit"),
        ("tugu khatulistiwa", "#tempat-"),
        ("donor darah", "#acara-"),
        ("lidah buaya", "/pasar-warga/"),
        ("lubang", "/laporan/"),
        ("cuaca", 'href="/cuaca"'),
        ("register aplikasi", "/data/register-aplikasi"),
    ],
)
def test_one_search_finds_services_by_old_names_and_all_the_rest(
    town: Screens, words: str, found: str
) -> None:
    main = page(town.stranger(), f"/cari?cari={words}").partition("<main")[2].partition("</main>")[0]
    assert found in main


def test_a_search_for_nothing_or_for_nonsense_says_so(town: Screens) -> None:
    client = town.stranger()
    assert "Tidak ada yang cocok" in page(client, "/cari?cari=zzqx")
    assert "&lt;script&gt;" in page(client, "/cari?cari=<script>")
    assert "Tidak ada yang cocok" in page(client, "/cari?cari=%25_")
    assert "Tidak ada yang cocok" not in page(client, "/cari")


def test_events_that_are_over_leave_and_called_off_ones_stay_and_say_so(town: Screens) -> None:
    client = town.stranger()
    agenda = page(client, "/agenda")
    assert agenda.index("Panggung seni") < agenda.index("Bazar UMKM")
    assert "batal" in agenda
    assert "Karnaval" not in agenda, "a draft is nobody's"
    assert "Panggung seni" not in page(client, "/agenda?jenis=pasar")
    assert "Panggung seni" in page(client, "/agenda?jenis=apa-saja")
    town.clock.at += timedelta(days=15)
    assert "sedang berlangsung" in page(client, "/agenda")
    assert "Panggung seni" not in page(client, "/agenda")
    assert "bubur pedas" in page(client, "/tempat?jenis=kuliner&cari=BUBUR")
    assert "Tidak ada tempat" in page(client, "/tempat?cari=zzqx")


@pytest.mark.parametrize(
    "path",
    [
        *("/harga", "/harga/cabai-rawit", "/lingkungan", "/lingkungan/tugu", "/ukuran/food_price"),
        *("/konten/statistik", "/laporan/statistik", "/agenda", "/tempat"),
    ],
)
def test_every_public_chart_links_the_dataset_behind_it(town: Screens, path: str) -> None:
    client = town.stranger()
    datasets = re.findall(r'href="(/data/[a-z0-9_-]+)"', page(client, path))
    assert datasets
    assert all(client.get(one).status_code == 200 for one in datasets)
