"""Scripts and styles: served from here, for ever under one digest, and known byte by byte."""

from pathlib import Path

import pytest

from hub.people.permissions import Role
from hub.web.assets import FOLDER, asset_url, digest_of
from hub.web.vendor_assets import ROOT, WANTED, read_record, sha256_of
from tests.hub.screens import Screens


def test_files_are_served_for_ever_under_their_digest(screens: Screens) -> None:
    with screens.app.test_request_context("http://localhost/"):
        url = asset_url("pontive.css")
    answer = screens.stranger().get(url)
    assert answer.status_code == 200
    assert answer.mimetype == "text/css"
    assert "immutable" in answer.headers["Cache-Control"]


@pytest.mark.parametrize("name", ["../formats.py", "vendor/vendor.toml", "vendor/htmx.LICENSE", "nichts.js"])
def test_nothing_else_is_served(screens: Screens, name: str) -> None:
    digest = digest_of(FOLDER)
    assert screens.stranger().get(f"/aset/{digest}/{name}").status_code == 404


def test_an_old_digest_is_gone(screens: Screens) -> None:
    assert screens.stranger().get("/aset/000000000000/pontive.css").status_code == 404


def test_the_digest_follows_every_byte_and_name(tmp_path: Path) -> None:
    (tmp_path / "a.js").write_text("1")
    first = digest_of(tmp_path)
    (tmp_path / "a.js").write_text("2")
    second = digest_of(tmp_path)
    (tmp_path / "a.js").rename(tmp_path / "b.js")
    assert len({first, second, digest_of(tmp_path)}) == 3


def test_every_asset_that_a_page_names_exists(city: Screens) -> None:
    import re

    client = city.signed_in(Role.ADMIN)
    named: set[str] = set()
    for path in ("/", "/kamera/pi-jawi/utara", "/perangkat/pi-jawi"):
        named |= set(re.findall(r'"(/aset/[^"]+)"', client.get(path).get_data(as_text=True)))
    assert len(named) >= 6
    for url in named:
        assert client.get(url).status_code == 200, url


@pytest.mark.parametrize("folder", sorted({wanted.folder for wanted in WANTED}))
def test_vendored_files_are_the_recorded_ones_with_their_licence(folder: str) -> None:
    place = ROOT / folder
    rows = read_record(place)
    assert {row["path"] for row in rows} == {p.name for p in place.iterdir()} - {"vendor.toml"}
    for row in rows:
        assert sha256_of(place / row["path"]) == row["sha256"], row["path"]
    for package in {row["package"] for row in rows}:
        files = [row["path"] for row in rows if row["package"] == package]
        assert any(name.endswith("LICENSE") for name in files), package


def test_the_record_and_the_script_agree() -> None:
    recorded = {
        (row["package"], row["version"], row["path"]) for w in WANTED for row in read_record(ROOT / w.folder)
    }
    assert recorded == {(w.package, w.version, target) for w in WANTED for _member, target in w.members}
