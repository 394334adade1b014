"""A drill: what a bad account did is found again with the persons, and only by who may see it."""

import csv
import io
import json
from datetime import timedelta
from pathlib import Path

from click.testing import CliRunner
from sqlalchemy import select

from hub.breach.report import Whose, touched
from hub.cases.citizens.models import CitizenPerson
from hub.cases.citizens.nik import load_or_make_box
from hub.cases.citizens.persons import reveal_nik
from hub.cli import main
from hub.people import audit
from hub.people.models import Account, Person
from hub.people.permissions import Role
from tests.hub.cases.asking.citizen import filed
from tests.hub.cases.asking.conftest import desk
from tests.hub.screens import Screens, clock, post, screens

__all__ = ["clock", "desk", "screens"]


def misuse(desk: Screens) -> None:
    """Let somebody look at a NIK, open a letter's case and change a badge's PIN; before and after, others."""
    filed(desk.stranger())
    desk.account(Role.COUNTER_CLERK, name="jahat")
    desk.account(Role.COUNTER_CLERK, name="baik")
    box = load_or_make_box(desk.folder / "nik.key")
    with desk.database.writing() as db:
        db.add(Person(number=101, short_name="Budi S.", opd=1, changed_at=desk.clock()))
        citizen = db.scalars(select(CitizenPerson)).one()
        for name, hours in (("baik", -30), ("jahat", 0)):
            account = db.scalars(select(Account).where(Account.name == name)).one()
            at = desk.clock() + timedelta(hours=hours)
            reveal_nik(
                db, citizen, box=box, purpose="mencocokkan KTP", account=account.id, actor=name, now=at
            )
        for action, target in (
            ("pin.reset", "person:101"),
            ("pin.reset", "person:abc"),
            ("attendance.export", "opd:1"),
            ("case.act", "case:TIDAK-ADA"),
            ("wall.group-kept", "wall:1"),
        ):
            audit.append(db, at=desk.clock(), actor="jahat", action=action, target=target)


def test_a_drill_names_every_person_what_was_seen_by_whom_and_when(desk: Screens) -> None:
    misuse(desk)
    since, until = desk.clock() - timedelta(hours=1), desk.clock() + timedelta(hours=1)
    with desk.database.reading() as db:
        report = touched(db, since=since, until=until, account="jahat")
        whole = touched(db, since=since - timedelta(days=3), until=until)
    named = [(one.action, one.whose, one.name, one.contact) for one in report.touches]
    assert named == [
        ("nik.reveal", Whose.CITIZEN, "Siti Aminah", "siti@contoh.id"),
        ("pin.reset", Whose.EMPLOYEE, "Budi S.", ""),
        ("pin.reset", Whose.EMPLOYEE, "", ""),
        ("attendance.export", Whose.MANY, "", ""),
    ]
    assert (report.count(Whose.CITIZEN), report.touches[0].shown) == (1, "NIK utuh")
    assert {"baik", "jahat"} <= {one.actor for one in whole.touches}


def test_the_officer_sees_and_takes_it_and_a_stranger_to_it_does_not(desk: Screens) -> None:
    misuse(desk)
    for role in (Role.COUNTER_CLERK, Role.OPERATOR, Role.SUPERVISOR):
        assert desk.signed_in(role).get("/insiden-data").status_code == 404
    officer = desk.signed_in(Role.PRIVACY_OFFICER)
    page = officer.get("/insiden-data?akun=jahat").get_data(as_text=True)
    assert "1 warga dan 2 pegawai" in page
    assert "Siti Aminah" in page
    assert "siti@contoh.id" in page
    assert 'role="alert"' in officer.get("/insiden-data?sejak=kemarin").get_data(as_text=True)
    assert 'role="alert"' in officer.get("/insiden-data?sejak=2026-11-24T01:00").get_data(as_text=True)
    assert "Tidak ada data pribadi" in officer.get("/insiden-data?akun=tidakada").get_data(as_text=True)
    answer = post(officer, "/insiden-data/berkas", "/insiden-data", akun="jahat")
    rows = list(csv.DictReader(io.StringIO(answer.get_data(as_text=True).lstrip("\ufeff"))))
    assert [row["nama"] for row in rows] == ["Siti Aminah", "Budi S.", "", ""]
    with desk.database.reading() as db:
        again = touched(db, since=desk.clock() - timedelta(days=1), until=desk.clock() + timedelta(days=1))
    assert "breach.report" in str(desk.dump()["audit_entry"])
    assert again.touches


def test_a_session_of_the_account_is_shown_with_its_address(desk: Screens) -> None:
    officer = desk.signed_in(Role.PRIVACY_OFFICER, name="pdp")
    assert "Sesi akun ini" in officer.get("/insiden-data?akun=pdp").get_data(as_text=True)


def test_the_command_tells_writes_and_is_noted(tmp_path: Path) -> None:
    config = tmp_path / "hub.toml"
    config.write_text("")
    run = CliRunner()
    assert run.invoke(main, ["migrate", "--config", str(config)]).exit_code == 0
    file = tmp_path / "insiden.csv"
    arguments = ["breach-report", "--since", "2026-11-20", "--config", str(config)]
    told = run.invoke(main, [*arguments, "--csv", str(file)])
    assert told.exit_code == 0, told.output
    assert "0 citizens and 0 employees" in told.output
    assert file.read_text("utf-8").startswith("\ufeffwaktu,akun")
    assert file.stat().st_mode & 0o077 == 0
    asked = run.invoke(main, [*arguments, "--until", "2026-11-21T08:00", "--json"])
    assert json.loads(asked.output) == []
    assert "chain is whole" in run.invoke(main, ["audit", "verify", "--config", str(config)]).output
