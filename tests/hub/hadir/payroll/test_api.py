"""The API for payroll: who may ask, what they get, and that nothing is lost between pages."""

from collections.abc import Callable
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner
from sqlalchemy import select

from hub.cli import main
from hub.hadir.models import DayAdjustment, MonthClosing
from hub.hadir.results.publishing.outcomes import settle
from hub.people.models import AuditEntry, Opd, Person, Placement
from hub.people.permissions import Permission, Role
from hub.people.programs.models import ProgramToken
from hub.people.programs.service import issue
from tests.hub.hadir.conftest import NOW, WIB, Office, of_opd
from tests.hub.screens import Screens

MONDAY = date(2026, 11, 16)
PEOPLE = "/api/hadir/v1/people?month=2026-11"
DOCS = Path(__file__).parents[4] / "docs" / "api-hadir.md"

Ask = Callable[..., Any]


@pytest.fixture
def office(city: Screens) -> Office:
    office = Office(city.database)
    office.day(101, MONDAY, "07:45", "16:05")
    office.delivered(city.clock())
    with city.database.writing() as db:
        settle(db, persons=None, first=MONDAY, last=MONDAY, zone=WIB, now=NOW)
        db.add(Opd(number=2, name="Dinas Lain"))
        db.flush()
        db.add(Person(number=201, short_name="Orang Lain", opd=2, changed_at=NOW))
        db.flush()
        db.add(Placement(person_number=201, opd=2, unit=0, valid_from=MONDAY))
        db.add(MonthClosing(first=date(2026, 10, 1), closed_at=NOW, closed_by="t"))
        for number, person in ((1, 101), (2, 201), (3, 102)):
            db.add(
                DayAdjustment(
                    id=number, person_number=person, day=date(2026, 10, 5), booked_in=date(2026, 11, 1),
                    old_code="TK", new_code="S", percent_hundredths=-400, body="{}", digest=f"{number}",
                    computed_at=NOW,
                )
            )  # fmt: skip
    return office


def token(city: Screens, opd: int | None = None) -> dict[str, str]:
    with city.database.writing() as db:
        made = issue(db, name="SIMPEG", opd=opd, life=timedelta(days=30), actor="admin", now=city.clock())
    return {"Authorization": f"Bearer {made.secret}"}


def ask(city: Screens, path: str, headers: dict[str, str], code: int = 200) -> Any:
    answer = city.stranger().get(path, headers=headers)
    assert answer.status_code == code, answer.get_data(as_text=True)
    return answer.get_json() if code != 304 else answer


def test_a_month_comes_with_its_rules_and_its_completeness(city: Screens, office: Office) -> None:
    answer = ask(city, f"{PEOPLE}&opd=1", token(city))
    assert {name: answer[name] for name in ("month", "is_closed", "rule_versions", "is_example")} == {
        "month": "2026-11", "is_closed": False, "rule_versions": ["contoh-2026"], "is_example": True
    }  # fmt: skip
    assert answer["complete_until"].startswith("2026-11-21T03:14")
    person = answer["people"][0]
    assert (person["number"], person["opd"], person["unit"]) == (101, 1, 11)
    assert person["days"]["2026-11-16"] == "TL1"
    assert person["late_min"] == 15
    assert person["overtime_min"] == 5
    assert person["cut_percent"] == str(person["cut_percent"])
    assert person["absent_days"] > 0
    assert "Pegawai" not in str(answer)
    assert answer["next_cursor"] is None


def test_pages_together_hold_everybody_once(city: Screens, office: Office) -> None:
    headers, cursor, numbers = token(city), "0", []
    for _page in range(20):
        answer = ask(city, f"{PEOPLE}&limit=3&cursor={cursor}", headers)
        numbers += [person["number"] for person in answer["people"]]
        cursor = answer["next_cursor"]
        if cursor is None:
            break
    assert numbers == [101, 102, 103, 104, 105, 106, 107, 201]


def test_a_token_of_an_opd_reads_that_opd_only(city: Screens, office: Office) -> None:
    headers = token(city, 2)
    assert [person["number"] for person in ask(city, PEOPLE, headers)["people"]] == [201]
    assert ask(city, f"{PEOPLE}&opd=1", headers)["people"] == []
    adjusted = ask(city, "/api/hadir/v1/adjustments?month=2026-11", headers)["adjustments"]
    assert [row["number"] for row in adjusted] == [201]


def test_adjustments_of_closed_months_come_in_pages(city: Screens, office: Office) -> None:
    headers = token(city)
    first = ask(city, "/api/hadir/v1/adjustments?month=2026-11&limit=2", headers)
    assert [row["id"] for row in first["adjustments"]] == [1, 2]
    assert first["adjustments"][0] == {
        "id": 1, "number": 101, "day": "2026-10-05", "old_code": "TK", "new_code": "S", "percent": "-4",
        "computed_at": NOW.isoformat(),
    }  # fmt: skip
    path = f"/api/hadir/v1/adjustments?month=2026-11&cursor={first['next_cursor']}"
    assert [row["id"] for row in ask(city, path, headers)["adjustments"]] == [3]


def test_months_are_listed_with_their_state(city: Screens, office: Office) -> None:
    headers = token(city)
    assert ask(city, "/api/hadir/v1/months", headers)["months"] == [
        {"month": "2026-11", "is_closed": False, "closed_at": None}
    ]
    with city.database.writing() as db:
        db.delete(db.get_one(MonthClosing, date(2026, 10, 1)))
        db.flush()
        settle(db, persons=[101], first=date(2026, 10, 5), last=date(2026, 10, 5), zone=WIB, now=NOW)
        db.add(MonthClosing(first=date(2026, 10, 1), closed_at=NOW, closed_by="t"))
    months = ask(city, "/api/hadir/v1/months", headers)["months"]
    assert [(row["month"], row["is_closed"]) for row in months] == [("2026-11", False), ("2026-10", True)]


def test_without_results_there_are_no_months_and_last_month_is_asked_for(city: Screens) -> None:
    headers = token(city)
    assert ask(city, "/api/hadir/v1/months", headers) == {"months": []}
    assert ask(city, "/api/hadir/v1/people", headers)["month"] == "2026-10"


def test_what_did_not_change_is_not_sent_again(city: Screens, office: Office) -> None:
    headers = token(city)
    tag = city.stranger().get(PEOPLE, headers=headers).headers["ETag"]
    assert ask(city, PEOPLE, {**headers, "If-None-Match": tag}, 304).data == b""
    office.day(102, MONDAY + timedelta(days=1), "07:10", "16:10")
    assert ask(city, PEOPLE, {**headers, "If-None-Match": tag})["people"]


@pytest.mark.parametrize(
    "headers",
    [
        {},
        {"Authorization": "Bearer ptk_salah"},
        {"Authorization": "Basic YTpi"},
        {"Authorization": "Bearer "},
    ],
)
def test_strangers_are_told_so_in_json(city: Screens, headers: dict[str, str]) -> None:
    answer = city.stranger().get(PEOPLE, headers={"Accept": "*/*", **headers})
    assert answer.status_code == 401
    assert "token tidak berlaku" in answer.get_json()["error"]["message"]
    assert answer.headers["WWW-Authenticate"] == "Bearer"


def test_a_token_opens_nothing_else_and_dies_when_told(city: Screens, office: Office) -> None:
    headers = token(city)
    for path in ("/hadir/rekap", "/hadir/rekap.csv", "/sandi"):
        assert city.stranger().get(path, headers=headers).status_code in (302, 303, 401), path
    with city.database.writing() as db:
        row = db.scalars(select(ProgramToken)).one()
        row.permission = Permission.HADIR_OWN
    ask(city, PEOPLE, headers, 401)
    with city.database.writing() as db:
        row = db.scalars(select(ProgramToken)).one()
        row.permission, row.revoked_at = Permission.HADIR_PAYROLL, city.clock()
    ask(city, PEOPLE, headers, 401)
    with city.database.writing() as db:
        db.scalars(select(ProgramToken)).one().revoked_at = None
    ask(city, PEOPLE, headers)
    city.clock.advance(days=31)
    ask(city, PEOPLE, headers, 401)


def test_use_is_noted_once_a_minute_and_each_month_once(city: Screens, office: Office) -> None:
    headers = token(city)
    ask(city, f"{PEOPLE}&opd=1&limit=1", headers)
    ask(city, f"{PEOPLE}&opd=1&limit=1&cursor=101", headers)
    with city.database.reading() as db:
        assert db.scalars(select(ProgramToken.used_at)).one() == city.clock()
        notes = db.scalars(select(AuditEntry).where(AuditEntry.action == "payroll.read")).all()
    assert [(note.actor, note.object, note.detail) for note in notes] == [
        ("token:1", "opd:1", "people 2026-11")
    ]


@pytest.mark.parametrize(
    "query",
    [
        "month=kemarin",
        "limit=banyak",
        "cursor=-1",
        "opd=99999999",
        "limit=0",
        "limit=501",
        "month=0001-01",
        pytest.param(f"cursor={'9' * 4500}", id="endless"),
    ],
)
def test_parameters_that_cannot_be_are_named(city: Screens, query: str) -> None:
    error = ask(city, f"/api/hadir/v1/people?{query}", token(city), 400)["error"]
    assert query.split("=")[0] in error["message"]


def test_an_unknown_address_of_the_api_answers_in_json(city: Screens) -> None:
    assert ask(city, "/api/hadir/v1/lain", token(city), 404)["error"]["code"] == 404


def test_a_person_may_look_with_the_same_permission_and_reach(city: Screens, office: Office) -> None:
    officer = of_opd(city, Role.PERSONNEL, "2", "kepegawaian")
    assert [one["number"] for one in officer.get(PEOPLE).get_json()["people"]] == [201]
    boss = of_opd(city, Role.SUPERIOR, "1", "kadis")
    assert boss.get(PEOPLE, headers={"Accept": "text/html"}).status_code == 404


def test_too_many_calls_are_slowed_down(city: Screens) -> None:
    headers = token(city)
    codes = {city.stranger().get("/api/hadir/v1/months", headers=headers).status_code for _call in range(121)}
    assert codes == {200, 429}
    other = token(city)
    ask(city, "/api/hadir/v1/months", other)


def test_tokens_are_issued_listed_and_revoked_by_command(tmp_path: Path) -> None:
    config = tmp_path / "hub.toml"
    config.write_text("")

    def run(*arguments: str) -> str:
        return CliRunner().invoke(main, [*arguments, "--config", str(config)]).output

    run("migrate")
    assert run("hadir", "token", "issue", "SIMPEG").startswith("ptk_")
    assert "OPD 9 tidak ada" in run("hadir", "token", "issue", "TPP", "--opd", "9")
    assert "1 SIMPEG: city, good, until" in run("hadir", "token", "list")
    assert "token 1 is revoked" in run("hadir", "token", "revoke", "1")
    assert "revoked" in run("hadir", "token", "list")


def test_the_document_names_every_field_that_is_sent(city: Screens, office: Office) -> None:
    text = DOCS.read_text("utf-8")
    headers = token(city)
    answer = ask(city, PEOPLE, headers)
    adjustments = ask(city, "/api/hadir/v1/adjustments?month=2026-11", headers)
    months = ask(city, "/api/hadir/v1/months", headers)["months"][0]
    fields = {*answer, *answer["people"][0], *adjustments, *adjustments["adjustments"][0], *months}
    assert [field for field in sorted(fields) if f"`{field}`" not in text] == []
