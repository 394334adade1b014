"""Stolen passwords are found in sorted files of any size, and refused where a password is chosen."""

import hashlib
import random
from pathlib import Path

import msgspec
import pytest

from hub.errors import ConfigError
from hub.people.permissions import Role
from hub.people.signing_in.breached import SHIPPED, is_breached
from hub.people.signing_in.passwords import weakness_of
from tests.hub.screens import Screens, csrf_of

STOLEN = "merpati-terbang-ke-hulu"


def digest(password: str) -> str:
    return hashlib.sha1(password.encode(), usedforsecurity=False).hexdigest().upper()


def file_of(path: Path, passwords: list[str], end: str = ":7\r\n") -> Path:
    path.write_text("".join(f"{line}{end}" for line in sorted(map(digest, passwords))), newline="")
    return path


@pytest.mark.parametrize("end", [":7\r\n", ":123456\n", "\n"])
@pytest.mark.parametrize("count", [1, 2, 3, 1000])
def test_each_line_is_found_and_no_other(tmp_path: Path, count: int, end: str) -> None:
    there = [f"kata-sandi-nomor-{number}" for number in range(count)]
    file = file_of(tmp_path / "list.txt", there, end)
    for password in random.Random(1).sample(there, min(count, 200)):
        assert is_breached(password, (file,))
    assert not any(is_breached(f"bukan-{password}", (file,)) for password in there[:200])


def test_what_lies_before_the_first_and_behind_the_last_line_is_not_there(tmp_path: Path) -> None:
    ordered = sorted((f"kata {number}" for number in range(50)), key=digest)
    file = file_of(tmp_path / "list.txt", ordered[1:-1])
    assert [is_breached(one, (file,)) for one in ordered] == [False, *[True] * 48, False]
    (empty := tmp_path / "empty.txt").write_text("")
    assert not is_breached("kata 1", (empty,))


def test_the_shipped_list_is_sorted_and_refuses_what_rules_let_through() -> None:
    lines = SHIPPED.read_text("ascii").split()
    assert lines == sorted(set(lines))
    assert all(len(line) == 40 for line in lines)
    assert weakness_of("peanutbutter", "siti") == "breached"
    assert weakness_of("perahu hijau di parit", "siti") is None


def test_a_list_of_the_city_is_asked_where_a_password_is_chosen(screens: Screens) -> None:
    here = screens.app.extensions["pontive"]
    file = file_of(screens.folder / "own.txt", [STOLEN, *map(str, range(100))])
    sign_in = msgspec.structs.replace(here.config.sign_in, breached=str(file))
    object.__setattr__(here, "config", msgspec.structs.replace(here.config, sign_in=sign_in))
    client = screens.signed_in(Role.ADMIN)
    fields = {"current": "x", "password": STOLEN, "again": STOLEN, "csrf_token": csrf_of(client, "/sandi")}
    answer = client.post("/sandi", data=fields)
    assert answer.status_code == 422
    assert "pernah dicuri" in answer.text
    assert STOLEN not in answer.text


def test_a_list_that_is_gone_is_named_with_the_remedy(tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match=r"gone\.txt: No such file or directory; load the list"):
        is_breached("perahu hijau di parit", (tmp_path / "gone.txt",))
