"""Boards are put together by those who may; two who do it at once are told of each other."""

import html
import re

import msgspec
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from hub.boards.keeping.service import board_of
from hub.boards.plan.shape import BoardPlan
from hub.people.permissions import Role
from tests.hub.screens import Screens, post

PAGE = "/papan/kios/susun"


def opened(client: FlaskClient) -> tuple[str, dict[str, object]]:
    """The version that the page was opened with, and the board as its form holds it."""
    page = client.get(PAGE).get_data(as_text=True)
    version = re.search(r'name="versi" value="(\d+)"', page)
    body = re.search(r'id="isi-papan" value="([^"]*)"', page)
    assert version is not None
    assert body is not None
    return version.group(1), msgspec.json.decode(html.unescape(body.group(1)))


def send(client: FlaskClient, version: str, board: object, **more: str) -> TestResponse:
    body = board if isinstance(board, str) else msgspec.json.encode(board).decode()
    return post(client, PAGE, page=PAGE, versi=version, papan=body, **more)


def kept(screens: Screens, code: str = "kios") -> tuple[int, BoardPlan]:
    with screens.database.reading() as db:
        found = board_of(db, code)
        return found.version, found.plan


def test_what_was_put_together_is_saved_as_a_new_version(screens: Screens) -> None:
    client = screens.signed_in(Role.SUPERVISOR)
    version, board = opened(client)
    board["title"], board["code"], board["use"] = "Kios Balai Kota", "lain", "dinding"
    assert send(client, version, board).status_code == 303
    number, plan = kept(screens)
    assert (number, plan.title, plan.code, plan.use) == (1, "Kios Balai Kota", "kios", "kios")


def test_of_two_editors_the_second_is_told_who_was_first_and_keeps_the_own_work(screens: Screens) -> None:
    first = screens.signed_in(Role.SUPERVISOR, name="siti")
    second = screens.signed_in(Role.ADMIN, name="budi")
    version, board = opened(first)
    assert send(first, version, {**board, "title": "Dari Siti"}).status_code == 303
    answer = send(second, version, {**board, "title": "Dari Budi"})
    page = answer.get_data(as_text=True)
    assert answer.status_code == 409
    assert "siti sudah menyimpan versi 1" in page
    assert "Dari Budi" in page
    assert kept(screens)[1].title == "Dari Siti"
    assert send(second, version, {**board, "title": "Dari Budi"}, timpa="ya").status_code == 303
    assert (kept(screens)[0], kept(screens)[1].title) == (2, "Dari Budi")


def test_a_wrong_board_is_sent_back_with_every_fault_and_nothing_is_kept(screens: Screens) -> None:
    client = screens.signed_in(Role.SUPERVISOR)
    version, board = opened(client)
    tiles = board["tiles"]
    assert isinstance(tiles, list)
    wrong = {**board, "tiles": [{**tiles[0], "x": 12}, tiles[1]]}
    answer = send(client, version, wrong)
    assert answer.status_code == 422
    assert "melewati tepi kanan" in answer.get_data(as_text=True)
    for body in (
        "",
        "[]",
        '{"code": "kios"}',
        msgspec.json.encode({**board, "tiles": [{"id": "x"}]}).decode(),
    ):
        assert send(client, version, body).status_code == 422
    assert kept(screens)[0] == 0


def test_an_older_version_is_used_again_unless_somebody_saved_meanwhile(screens: Screens) -> None:
    client = screens.signed_in(Role.SUPERVISOR)
    version, board = opened(client)
    send(client, version, {**board, "title": "Baru"})
    assert post(client, "/papan/kios/kembali", page=PAGE, versi="0", ke="0").status_code == 409
    assert post(client, "/papan/kios/kembali", page=PAGE, versi="1", ke="0").status_code == 303
    assert (kept(screens)[0], kept(screens)[1].title) == (2, "Informasi kota")
    assert post(client, "/papan/kios/kembali", page=PAGE, versi="2", ke="9").status_code == 404


def test_a_new_board_begins_empty_or_like_another_and_can_be_taken_off(screens: Screens) -> None:
    client = screens.signed_in(Role.SUPERVISOR)
    fields = {"judul": "Lobi Dinas Kesehatan", "guna": "kios", "dari": "kios"}
    answer = post(client, "/papan/baru", page="/papan", **fields)
    assert answer.headers["Location"] == "/papan/lobi-dinas-kesehatan/susun"
    assert len(kept(screens, "lobi-dinas-kesehatan")[1].tiles) == 5
    for wrong in ({**fields, "judul": "123"}, {**fields, "guna": "taman"}, fields):
        answer = post(client, "/papan/baru", page="/papan", **wrong)
        assert answer.headers["Location"] == "/papan"
    off = "/papan/lobi-dinas-kesehatan/hapus"
    assert post(client, off, page="/papan").status_code == 422
    assert post(client, off, page="/papan", yakin="ya").status_code == 303
    assert "Lobi Dinas Kesehatan" not in client.get("/papan").get_data(as_text=True)


def test_whoever_may_not_put_boards_together_finds_no_such_page(screens: Screens) -> None:
    client = screens.signed_in(Role.EXECUTIVE)
    assert client.get(PAGE).status_code == 404
    assert post(client, PAGE, page="/sandi", versi="0", papan="{}").status_code == 404
