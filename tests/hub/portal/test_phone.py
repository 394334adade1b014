"""What a phone is given to keep: the same for everybody, and nothing of a visit."""

import re
import struct

from flask.testing import FlaskClient

from hub.people.permissions import Permission, Role
from hub.web.guarding.guard import declared
from tests.hub.screens import ENDLESS, Screens, addresses


def kept(client: FlaskClient) -> str:
    return client.get("/luring").get_data(as_text=True)


def test_the_kept_page_tells_its_moment_and_has_no_form_no_token_and_no_cookie(town: Screens) -> None:
    answer = town.stranger().get("/luring")
    shown = answer.get_data(as_text=True)
    assert "Data terakhir, Sab 21 Nov 2026 10.14 WIB" in shown
    assert "Cabai rawit" in shown
    assert "<form" not in shown
    assert "csrf" not in shown
    assert "Set-Cookie" not in answer.headers
    assert answer.headers["Pontive-Kept"] == "everybody"


def test_the_kept_page_is_the_same_whoever_asks(town: Screens) -> None:
    officer = town.signed_in(Role.ADMIN, name="rahasiawan")
    officer.get("/sandi")
    assert kept(officer) == kept(town.stranger())
    assert "rahasiawan" not in kept(officer).casefold()


def test_no_other_answer_of_the_hub_says_that_it_may_be_kept(town: Screens) -> None:
    strangers, admin = town.stranger(), town.signed_in(Role.ADMIN)
    for endpoint, path in addresses(town.app, "GET"):
        if endpoint in ENDLESS or endpoint in ("portal_phone.kept", "report.kept"):
            continue
        for client in (strangers, admin):
            assert "Pontive-Kept" not in client.get(path).headers, path


def test_the_worker_answers_only_for_pages_that_are_open_to_everybody(town: Screens) -> None:
    script = town.stranger().get("/pekerja.js")
    assert script.mimetype == "text/javascript"
    assert script.headers["Cache-Control"] == "no-cache"
    text = script.get_data(as_text=True)
    pages = re.findall(r'"([^"]+)"', re.search(r"const PAGES = (\[.*\])", text)[1])  # type: ignore[index]
    assert {"/harga", "/layanan", "/lapor", "/laporan", "/cuaca", "/agenda", "/tempat", "/data"} <= set(pages)
    rules = {one.rule: one.endpoint for one in town.app.url_map.iter_rules() if "GET" in (one.methods or ())}
    assert all(declared(town.app.view_functions[rules[one]]) is Permission.PUBLIC for one in pages)
    files = re.findall(r'"([^"]+)"', re.search(r"const FILES = (\[.*\])", text)[1])  # type: ignore[index]
    assert all(town.stranger().get(one).status_code == 200 for one in files)
    for page in (kept(town.stranger()), town.stranger().get("/lapor/luring").get_data(as_text=True)):
        linked = set(re.findall(r'(?:href|src)="(/aset/[^"]+\.(?:css|js))"', page))
        assert linked <= set(files), "what a kept page links is kept with it"


def test_the_kept_form_is_nobodys_and_a_browser_asks_for_its_key_when_there_is_a_way(town: Screens) -> None:
    stranger, officer = town.stranger(), town.signed_in(Role.ADMIN)
    answer = stranger.get("/lapor/luring")
    page = answer.get_data(as_text=True)
    assert answer.headers["Pontive-Kept"] == "everybody"
    assert "Set-Cookie" not in answer.headers
    assert 'name="csrf_token" value=""' in page
    assert 'name="kiriman" value=""' in page
    assert 'src="data:image/svg+xml;base64,' in page
    assert page == officer.get("/lapor/luring").get_data(as_text=True)
    keys = [one.get("/lapor/kunci") for one in (stranger, officer)]
    assert all(one.headers["Cache-Control"] == "no-store" for one in keys)
    assert keys[0].get_json()["csrf_token"] != keys[1].get_json()["csrf_token"]


def test_the_manifest_has_icons_of_the_sizes_it_says_and_ways_that_open(town: Screens) -> None:
    client = town.stranger()
    answer = client.get("/manifest.webmanifest")
    assert answer.mimetype == "application/manifest+json"
    manifest = answer.get_json()
    assert (manifest["start_url"], manifest["scope"], manifest["display"]) == ("/", "/", "standalone")
    for icon in manifest["icons"]:
        content = client.get(icon["src"]).data
        width, height = struct.unpack(">II", content[16:24])
        assert icon["sizes"] == f"{width}x{height}"
    assert all(client.get(one["url"]).status_code == 200 for one in manifest["shortcuts"])
    assert 'rel="manifest"' in client.get("/").get_data(as_text=True)
