"""The status page: what is well, what is not, since when and what to do, for those who may see it."""

from datetime import timedelta
from pathlib import Path

from hub.backup.noting import RunKind, Took, note
from hub.people.permissions import Role
from tests.hub.screens import Screens, city, clock, screens

__all__ = ["city", "clock", "screens"]


def test_what_is_not_well_stands_first_with_its_remedy(city: Screens, tmp_path: Path) -> None:
    (tmp_path / "pontive-1").write_bytes(b"x" * 3_000_000)
    with city.database.writing() as db:
        made = Took(40, 12.0)
        note(db, RunKind.MADE, tmp_path / "pontive-1", made, actor="test", now=city.clock())
    city.clock.advance(hours=40)
    page = city.signed_in(Role.OPERATOR).get("/keadaan-sistem").text
    assert "Cadangan terbaru berumur 40 jam" in page
    assert "systemctl start pontive-backup" in page
    since = (city.clock() - timedelta(hours=40)).strftime("%Y")
    assert f"Sab 21 Nov {since} 10.14 WIB" in page
    assert "2,9 MiB" in page
    assert "UU 27/2022" in page
    assert page.index("check-bad") < page.index("check-good")


def test_a_new_hub_says_so_in_words(screens: Screens) -> None:
    page = screens.signed_in(Role.ADMIN).get("/keadaan-sistem").text
    assert "Belum pernah berjalan" in page
    assert "Belum ada cadangan" in page


def test_only_who_looks_after_the_system_sees_it_and_the_way_to_it(city: Screens) -> None:
    assert city.stranger().get("/keadaan-sistem").status_code == 303
    assert city.signed_in(Role.EXECUTIVE).get("/keadaan-sistem").status_code == 404
    assert 'href="/keadaan-sistem"' in city.signed_in(Role.TECHNICIAN).get("/").text
    assert 'href="/keadaan-sistem"' not in city.signed_in(Role.EXECUTIVE).get("/").text
