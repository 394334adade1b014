"""Screens that nobody signs in at: their address works from the city's network only, and shows no names."""

import hashlib
import re

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select

from hub.boards.keeping.service import save
from hub.boards.models import BoardScreen
from hub.boards.plan.shape import BoardPlan, PlacedTile, TileKind, Use
from hub.people.models import AuditEntry
from hub.people.permissions import Role
from hub.web.guarding.networks import BoardSettings
from tests.hub.boards.showing.test_views import words
from tests.hub.screens import Screens, csrf_of, post


def give(screens: Screens, board: str, scope: str = "", network: str = "") -> str:
    """The path that an operator was shown for a new screen."""
    client = screens.signed_in(Role.SUPERVISOR)
    fields = {"nama": "Layar uji", "papan": board, "lingkup": scope, "jaringan": network}
    page = post(client, "/papan/layar", page="/papan/layar", **fields).get_data(as_text=True)
    found = re.search(r"/layar/[\w-]+", page)
    assert found is not None
    return found.group()


def get(client: FlaskClient, path: str, address: str = "127.0.0.1") -> tuple[int, str]:
    answer = client.get(path, environ_base={"REMOTE_ADDR": address})
    return answer.status_code, answer.get_data(as_text=True)


def test_an_address_works_without_signing_in_and_is_kept_as_a_digest_only(measured: Screens) -> None:
    path = give(measured, "pontive")
    code, page = get(measured.stranger(), path)
    assert code == 200
    assert "3 /5 kamera" in words(page, "kamera")
    secret = path.rpartition("/")[2]
    with measured.database.reading() as db:
        row = db.scalars(select(BoardScreen)).one()
        assert row.digest == hashlib.sha256(secret.encode()).hexdigest()
        assert row.seen_at == measured.clock()
        assert all(secret not in entry.detail for entry in db.scalars(select(AuditEntry)))
    listing = measured.signed_in(Role.SUPERVISOR).get("/papan/layar").get_data(as_text=True)
    assert "Layar uji" in listing
    assert secret not in listing


@pytest.mark.parametrize(
    ("network", "address", "is_let_in"),
    [
        ("", "10.20.3.4", True),
        ("", "::ffff:10.20.3.4", True),
        ("", "8.8.8.8", False),
        ("", "bukan-alamat", False),
        ("10.20.3.0/24", "10.20.3.4", True),
        ("10.20.3.0/24", "10.20.4.4", False),
    ],
    ids=["lan", "mapped", "internet", "nowhere", "narrow", "beside"],
)
def test_it_works_from_the_configured_ranges_alone(
    measured: Screens, network: str, address: str, is_let_in: bool
) -> None:
    path = give(measured, "kios", network=network)
    for each in (path, f"{path}/kini"):
        assert get(measured.stranger(), each, address)[0] == (200 if is_let_in else 404)


def test_a_stranger_and_a_revoked_screen_get_the_same_answer(measured: Screens) -> None:
    path = give(measured, "kios")
    operator = measured.signed_in(Role.SUPERVISOR)
    assert post(operator, "/papan/layar/cabut", page="/papan/layar", layar="1").status_code == 422
    assert get(measured.stranger(), path)[0] == 200
    post(operator, "/papan/layar/cabut", page="/papan/layar", layar="1", yakin="ya")
    revoked, unknown = get(measured.stranger(), path), get(measured.stranger(), "/layar/tebakan")
    assert (revoked[0], unknown[0]) == (404, 404)
    assert get(measured.stranger(), f"{path}/kini")[0] == 404
    again = post(operator, "/papan/layar/cabut", page="/papan/layar", layar="99", yakin="ya")
    assert again.status_code == 303


def test_a_screen_shows_nothing_that_is_not_public(measured: Screens) -> None:
    placed = [
        PlacedTile(id="hadir", kind=TileKind.NUMBER, subject="attendance", x=1, y=1, w=3, h=2),
        PlacedTile(id="temuan", kind=TileKind.CARD, subject="temuan", x=4, y=1, w=3, h=2),
        PlacedTile(id="arsip", kind=TileKind.TABLE, subject="arsip", x=7, y=1, w=3, h=2),
        PlacedTile(id="surat", kind=TileKind.BAR, subject="letter_issued", x=1, y=3, w=3, h=2),
    ]
    plan = BoardPlan(code="dinding-uji", title="Dinding", use=Use.WALL, tiles=tuple(placed))
    with measured.database.writing() as db:
        save(db, plan, base=None, actor="siti", now=measured.clock())
    _code, page = get(measured.stranger(), give(measured, "dinding-uji"))
    assert "tidak ditampilkan di layar bersama" in words(page, "hadir")
    assert "tidak ditampilkan di layar bersama" in words(page, "temuan")
    assert "Nov 2026" in words(page, "surat")
    assert "<a href" not in page.partition('id="papan"')[2].partition("</main>")[0], "a wall leads nowhere"


def test_boards_take_turns_and_one_that_is_gone_is_passed_over(measured: Screens) -> None:
    path = give(measured, "pontive")
    assert 'data-pages="2"' in get(measured.stranger(), path)[1]
    assert "Kota dalam angka" in get(measured.stranger(), f"{path}/kini?hal=2")[1]
    assert "Kota dalam angka" in get(measured.stranger(), f"{path}/kini?hal=99")[1]
    operator = measured.signed_in(Role.SUPERVISOR)
    assert post(operator, "/papan/pontive-kota/hapus", page="/papan", yakin="ya").status_code == 303
    assert 'data-pages="1"' in get(measured.stranger(), path)[1]


def test_the_led_of_a_market_is_red_beyond_the_limit_and_grey_when_nobody_renewed(measured: Screens) -> None:
    _code, page = get(measured.stranger(), give(measured, "harga-pasar", "pasar:flamboyan"))
    rows = re.findall(r'<tr class="price-([\w-]+)"><th scope="row">([^<]+)', page)
    assert [(state, name.strip()) for state, name in rows] == [
        ("melampaui-batas", "Cabai rawit"),
        ("data-basi", "Daging sapi"),
    ]
    assert "Pasar Flamboyan" in page


def test_a_kiosk_leads_to_public_pages_only(measured: Screens) -> None:
    _code, page = get(measured.stranger(), give(measured, "kios"))
    found = set(re.findall(r'<a href="(/[^"]+)"', page))
    assert found
    for link in found:
        assert measured.stranger().get(link.replace("&amp;", "&")).status_code == 200, link


def test_what_is_typed_wrong_makes_no_screen(measured: Screens) -> None:
    client = measured.signed_in(Role.SUPERVISOR)
    good = {"nama": "Layar", "papan": "kios", "lingkup": "", "jaringan": ""}
    token = csrf_of(client, "/papan/layar")
    for wrong in ({"nama": " "}, {"lingkup": "pasar:hilang"}, {"jaringan": "10.0.0.1/8"}):
        answer = client.post("/papan/layar", data={**good, **wrong, "csrf_token": token})
        assert answer.status_code == 303
    answer = client.post("/papan/layar", data={**good, "papan": "tidak-ada", "csrf_token": token})
    assert answer.status_code == 404
    with measured.database.reading() as db:
        assert db.scalars(select(BoardScreen)).all() == []


def test_behind_a_proxy_nobody_is_let_in_until_ranges_are_named() -> None:
    assert BoardSettings().ranges(is_behind_proxy=True) == ()
    assert "10.0.0.0/8" in BoardSettings().ranges(is_behind_proxy=False)
    assert BoardSettings(networks=("10.1.0.0/16",)).ranges(is_behind_proxy=True) == ("10.1.0.0/16",)
    with pytest.raises(ValueError, match=r"10\.1\.0\.0/99"):
        BoardSettings(networks=("10.1.0.0/99",))
