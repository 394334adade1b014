"""Clocks that run out: each share told once to who holds the role here, pauses, and what the system does."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from hub.cases.definition.service import ServiceDefinition
from hub.cases.keeping import chores, versions
from hub.cases.keeping.chores import CaseKeeper, look
from hub.cases.keeping.engine import EffectRefusedError
from hub.cases.keeping.models import CaseEscalation, CaseRecord
from hub.cases.keeping.service import act_on, applicant_actor
from hub.cases.keeping.steps.clocks import AGAIN_AFTER
from hub.cases.machine.rules import Given
from hub.notify.models import NotifyAddress, OutboxMessage
from hub.people.permissions import ScopeKind
from hub.people.sessions import Viewer
from tests.hub.cases.office import MONDAY, OTHER_WARD, WARD, Office

DAY = timedelta(days=1)


def with_address(office: Office, who: Viewer) -> Viewer:
    with office.writing() as db:
        db.add(
            NotifyAddress(
                account_id=who.account_id, channel="email", address=f"{who.name}@pontianak.go.id",
                least="low", added_at=MONDAY,
            )
        )  # fmt: skip
    return who


def told(office: Office) -> list[tuple[str, str, str]]:
    """What the outbox holds: to whom, subject, where it leads."""
    with office.database.reading() as db:
        rows = db.scalars(select(OutboxMessage).order_by(OutboxMessage.id))
        return [(row.address.partition("@")[0], row.subject, row.link) for row in rows]


def turn(office: Office, now: datetime) -> None:
    office.now = now
    keeper = CaseKeeper(database=office.database, engine=office.engine, now=lambda: now)
    while keeper():
        pass


def test_each_share_is_told_once_to_who_holds_the_role_here(office: Office) -> None:
    here = with_address(office, office.account("ward-section-head", kind=ScopeKind.KELURAHAN, scope=WARD))
    with_address(office, office.account("ward-section-head", kind=ScopeKind.KELURAHAN, scope=OTHER_WARD))
    lurah = with_address(office, office.account("lurah", kind=ScopeKind.KELURAHAN, scope=WARD))
    case = office.file("surat-keterangan-usaha")
    # Three working days from Monday ten o'clock: due on Thursday at the same share of the day.
    assert case.due_at == datetime(2026, 11, 26, 3, tzinfo=UTC)
    turn(office, MONDAY + DAY)
    assert told(office) == [], "half of three days is Tuesday afternoon"
    turn(office, MONDAY + 2 * DAY)
    turn(office, MONDAY + 2 * DAY + timedelta(minutes=1))
    number, link = case.number, f"/berkas/{case.number}"
    half = (here.name, f"Berkas {number} 50 % waktunya terpakai: Diperiksa loket", link)
    assert told(office) == [half]
    turn(office, MONDAY + 4 * DAY)
    late = (lurah.name, f"Berkas {number} 80 % waktunya terpakai: Diperiksa loket", link)
    assert told(office) == [half, late], "nobody is camat here"
    with office.database.reading() as db:
        rows = db.scalars(select(CaseEscalation).order_by(CaseEscalation.percent)).all()
        assert [(row.percent, row.role, row.told) for row in rows] == [
            (50, "ward-section-head", 1),
            (80, "lurah", 1),
            (100, "camat", 0),
        ]
    assert office.read(number).look_at is None, "there is nothing left to be told"


def test_a_case_that_waits_for_its_applicant_stands_still(office: Office) -> None:
    clerk = office.account("counter-clerk")
    number = office.file("surat-keterangan-usaha").number
    office.now = MONDAY + DAY
    assert isinstance(office.act_fully(number, clerk, "kembalikan"), CaseRecord)
    paused = office.read(number)
    assert (paused.due_at, paused.look_at, paused.paused_since) == (None, None, MONDAY + DAY)
    office.now = MONDAY + 3 * DAY
    with office.writing() as db:
        case = db.scalars(select(CaseRecord).where(CaseRecord.number == number)).one()
        assert isinstance(office.act_in(db, case, applicant_actor(case), "kirim_lagi"), CaseRecord)
    again = office.read(number)
    # One day of three was used; two more from Thursday ten o'clock, over the weekend.
    assert again.due_at == datetime(2026, 11, 30, 3, tzinfo=UTC)
    assert (again.paused_since, again.queue_at) == (None, again.due_at)


def test_silence_closes_a_complaint_after_ten_working_days_and_speech_opens_it(office: Office) -> None:
    number = office.file("pengaduan").number
    people = {name: office.account(name) for name in ("coordinator", "liaison")}
    for name, action in (("coordinator", "teruskan"), ("liaison", "kerjakan"), ("liaison", "jawab")):
        assert isinstance(office.act_fully(number, people[name], action), CaseRecord)
    turn(office, MONDAY + 13 * DAY)
    assert office.read(number).stage == "menunggu_tanggapan"
    turn(office, MONDAY + 14 * DAY + timedelta(minutes=1))
    closed = office.read(number)
    assert (closed.stage, closed.closed_at, closed.look_at) == ("selesai", office.now, None)
    with office.writing() as db:
        case = db.scalars(select(CaseRecord).where(CaseRecord.number == number)).one()
        said = act_on(
            db,
            engine=office.engine,
            case=case,
            actor=applicant_actor(case),
            action="buka_lagi",
            given=Given(note="masih berlubang"),
            now=office.now,
        )
        assert isinstance(said, CaseRecord)
        assert (said.stage, said.closed_at) == ("di_opd", None)
        assert said.stage_due_at is not None, "a reopened case has its clock again"


def test_who_a_case_comes_to_is_told_with_a_link_and_who_brought_it_is_not(office: Office) -> None:
    clerk = with_address(office, office.account("counter-clerk", "ward-section-head"))
    head = with_address(office, office.account("ward-section-head"))
    number = office.file("surat-keterangan-usaha").number
    first = [(clerk.name, f"Berkas {number}: Diperiksa loket", f"/berkas/{number}")]
    assert told(office) == first
    assert isinstance(office.act_fully(number, clerk, "lengkap"), CaseRecord)
    assert told(office) == [*first, (head.name, f"Berkas {number}: Diperiksa kasi", f"/berkas/{number}")]


def test_a_system_that_cannot_act_is_tried_again_later(
    office: Office, caplog: pytest.LogCaptureFixture
) -> None:
    number = office.file("pengaduan").number
    people = {name: office.account(name) for name in ("coordinator", "liaison")}
    for name, action in (("coordinator", "teruskan"), ("liaison", "kerjakan"), ("liaison", "jawab")):
        assert isinstance(office.act_fully(number, people[name], action), CaseRecord)

    def refuse(*_arguments: object) -> None:
        raise EffectRefusedError("slotnya diambil orang lain")

    later = MONDAY + 20 * DAY
    with office.writing() as db:
        assert look(db, replace(office.engine, told=(refuse,)), later) == 1
    case = office.read(number)
    assert (case.stage, case.look_at) == ("menunggu_tanggapan", later + AGAIN_AFTER), "nothing moved"
    assert "could not diam: not-now" in caplog.text
    turn(office, later + AGAIN_AFTER)
    assert office.read(number).stage == "selesai"


def test_a_case_that_cannot_be_looked_at_keeps_nobody_elses_clock_from_running(
    office: Office, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    lurah = with_address(office, office.account("lurah", kind=ScopeKind.KELURAHAN, scope=WARD))
    broken, whole = office.file("surat-keterangan-usaha"), office.file("surat-keterangan-domisili")
    original = versions.of_case

    def of_case(db: Session, case: CaseRecord) -> ServiceDefinition:
        if case.number == broken.number:
            raise LookupError("a definition that somebody took away")
        return original(db, case)

    monkeypatch.setattr(chores, "of_case", of_case)
    turn(office, MONDAY + 7 * DAY)
    assert {subject.split()[1] for _who, subject, _link in told(office)} == {whole.number}
    assert lurah.name in {who for who, _subject, _link in told(office)}
    assert "cannot be looked at" in caplog.text
    with office.database.reading() as db:
        assert db.get_one(CaseRecord, broken.id).look_at == MONDAY + 7 * DAY + AGAIN_AFTER
