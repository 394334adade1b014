"""Tokens of programs: shown once, good for one thing, ended at will."""

import re
from datetime import timedelta

import pytest
from sqlalchemy import select

from hub.errors import InputError, NotFoundError
from hub.people.models import AuditEntry
from hub.people.permissions import Permission, Role
from hub.people.programs.models import ProgramToken
from hub.people.programs.service import MAX_LIFE, find_token, issue, list_tokens, reach_of_token, revoke
from tests.hub.screens import Screens, city, clock, post, screens

__all__ = ["city", "clock", "screens"]

DAY = timedelta(days=1)


def test_a_token_is_good_until_it_is_over_or_revoked(city: Screens) -> None:
    now = city.clock()
    with city.database.writing() as db:
        made = issue(db, name=" SIMPEG ", opd=1, life=DAY, actor="admin", now=now)
        assert made.secret not in repr(vars(made.row))
        found = find_token(db, made.secret, now)
        assert found is not None
        assert (found.name, reach_of_token(found).opds) == ("SIMPEG", {1})
        assert find_token(db, made.secret + "x", now) is None
        assert find_token(db, made.secret, now + DAY) is None
        revoke(db, token_id=made.row.id, actor="admin", now=now)
        revoke(db, token_id=made.row.id, actor="admin", now=now + DAY)
        assert made.row.revoked_at == now
        assert find_token(db, made.secret, now) is None
        with pytest.raises(NotFoundError):
            revoke(db, token_id=99, actor="admin", now=now)
        whole = issue(db, name="TPP", opd=None, life=MAX_LIFE, actor="admin", now=now)
        assert reach_of_token(whole.row).is_city
        assert [row.name for row in list_tokens(db)] == ["TPP", "SIMPEG"]
        actions = db.scalars(select(AuditEntry.action).where(AuditEntry.actor == "admin")).all()
    assert actions.count("token.issue") == 2
    assert actions.count("token.revoke") == 1


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"name": " "}, "Isi nama program"),
        ({"life": timedelta(0)}, "Masa berlaku"),
        ({"life": MAX_LIFE + DAY}, "Masa berlaku"),
        ({"opd": 77}, "OPD 77 tidak ada"),
        ({"permission": Permission.HADIR_MANAGE}, "tidak dapat diberikan"),
    ],
)
def test_what_may_not_be_issued_is_refused(city: Screens, change: dict[str, object], words: str) -> None:
    fields: dict[str, object] = {"name": "x", "opd": None, "life": DAY, "actor": "a", "now": city.clock()}
    with city.database.writing() as db, pytest.raises(InputError, match=words):
        issue(db, **{**fields, **change})  # type: ignore[arg-type]  # a table of test values


def test_an_admin_issues_sees_once_and_revokes(city: Screens) -> None:
    client = city.signed_in(Role.ADMIN)
    page = post(client, "/program", "/program", nama="SIMPEG", opd="1", hari="30").get_data(as_text=True)
    secret = re.findall(r"ptk_[\w-]+", page)[0]
    page = client.get("/program").get_data(as_text=True)
    assert secret not in page
    assert "berlaku" in page
    post(client, "/program/cabut", "/program", token="1", yakin="ya")
    assert "dicabut" in client.get("/program").get_data(as_text=True)
    post(client, "/program/cabut", "/program", token="9", yakin="ya")
    assert "Token itu tidak ada." in client.get("/program").get_data(as_text=True)
    post(client, "/program", "/program", nama="", hari="30")
    assert "Isi nama program" in client.get("/program").get_data(as_text=True)
    post(client, "/program", "/program", nama="TPP", hari="1")
    city.clock.advance(days=2)
    assert "kedaluwarsa" in city.signed_in(Role.ADMIN).get("/program").get_data(as_text=True)
    with city.database.reading() as db:
        assert secret not in repr([vars(row) for row in db.scalars(select(ProgramToken))])
    assert city.signed_in(Role.PERSONNEL).get("/program").status_code == 404
