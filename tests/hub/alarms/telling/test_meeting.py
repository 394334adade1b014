"""Ingest and a web process that tell of one alarm at the same moment: people are told once."""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

from sqlalchemy import select
from sqlalchemy.orm import Session

from hub.alarms.kinds import Severity
from hub.alarms.models import AlarmStep
from hub.alarms.settings import Escalation
from hub.alarms.steps import Step
from hub.alarms.telling.service import OnDuty, Teller, nobody_said
from hub.db import Database
from hub.notify.models import NotifyAddress, OutboxMessage
from hub.people.models import Account, RoleGrant
from hub.people.permissions import Role, ScopeKind
from tests.hub.alarms.conftest import Sayings
from tests.hub.meeting import Meeting

NOW = datetime(2026, 11, 22, 3, tzinfo=UTC)


def add_operator(db: Session) -> None:
    account = Account(
        name="oki", display_name="Oki", password_hash="", must_change_password=False, created_at=NOW
    )
    db.add(account)
    db.flush()
    grant = RoleGrant(
        account_id=account.id, role=Role.OPERATOR, scope_kind=ScopeKind.CITY, scope_id="", valid_from=NOW
    )
    address = NotifyAddress(
        account_id=account.id, channel="email", address="oki@contoh.id", least=Severity.LOW, added_at=NOW
    )
    db.add_all([grant, address])


def test_who_is_told_by_two_at_once_is_told_once(database: Database) -> None:
    with database.writing() as db:
        add_operator(db)
    Sayings(database).dark("jawi", severity=Severity.CRITICAL, at=NOW)
    meeting = Meeting(database)

    def teller(on_duty: OnDuty = nobody_said) -> Teller:
        now = NOW + timedelta(minutes=1)
        zone = ZoneInfo("Asia/Pontianak")
        return Teller(database=database, waits=Escalation(), zone=zone, now=lambda: now, on_duty=on_duty)

    def ask_while_another_tells(_db: Session, _now: datetime) -> frozenset[int]:
        # The first is about to queue its messages: here the other process finds the same alarm due.
        meeting.begin(teller())
        return frozenset()

    teller(ask_while_another_tells)()
    meeting.end()
    with database.reading() as db:
        assert len(db.scalars(select(OutboxMessage)).all()) == 1
        assert db.scalars(select(AlarmStep.what).order_by(AlarmStep.id)).all() == [Step.RAISED, Step.TOLD]
