"""A city office for tests of cases: a database with what ships, people with roles, and a plain calendar."""

import random
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from itertools import count
from zoneinfo import ZoneInfo

from sqlalchemy import select
from sqlalchemy.orm import Session

from hub.cases.clock.working_days import OfficeHours, WorkingDays
from hub.cases.definition.service import Applicants, ServiceDefinition
from hub.cases.definition.stages import Effect
from hub.cases.keeping.engine import (
    Applicant,
    AttachedFile,
    CaseActor,
    CaseEngine,
    EffectHandler,
    FileSource,
    Handed,
    Place,
)
from hub.cases.keeping.models import CaseRecord
from hub.cases.keeping.service import NOTHING_MORE, act_on, actor_for, file_case
from hub.cases.keeping.versions import newest, of_case
from hub.cases.machine.rules import Given, Refused
from hub.db import Database
from hub.people.models import Account, Opd, RoleGrant
from hub.people.permissions import ScopeKind
from hub.people.sessions import Viewer
from tests.hub.cases.machine.test_rules import answer

ZONE = ZoneInfo("Asia/Pontianak")
# A Monday, ten in the morning in Pontianak.
MONDAY = datetime(2026, 11, 23, 3, tzinfo=UTC)
WARD, OTHER_WARD = "61.71.01.1002", "61.71.04.1004"
PUPR, DISHUB, DISKOMINFO = 1, 2, 3
_OPDS = {
    PUPR: "Dinas Pekerjaan Umum dan Penataan Ruang",
    DISHUB: "Dinas Perhubungan",
    DISKOMINFO: "Dinas Komunikasi dan Informatika",
}


def plain_week(day: date) -> OfficeHours | None:
    """Monday to Friday, half past seven to four."""
    return OfficeHours(time(7, 30), time(16)) if day.weekday() < 5 else None


@dataclass
class Office:
    """What tests of cases work with."""

    database: Database
    now: datetime = MONDAY
    done: list[tuple[str, str]] = field(default_factory=list)  # effects: number, effect
    _names: Iterator[int] = field(default_factory=lambda: count(1))

    @property
    def engine(self) -> CaseEngine:
        """What cases are worked with; effects are noted in ``done``."""

        def noted(effect: Effect) -> EffectHandler:
            return lambda _db, case, _action, _now: self.done.append((case.number, effect.value))

        wanted = (Effect.ISSUE_DOCUMENT, Effect.RESERVE, Effect.RELEASE)
        return CaseEngine(
            working_days=lambda db: WorkingDays(plain_week, ZONE),
            zone=ZONE,
            effects={effect: noted(effect) for effect in wanted},
        )

    @contextmanager
    def writing(self) -> Iterator[Session]:
        """A writing session."""
        with self.database.writing() as db:
            yield db

    def opds(self) -> None:
        """Give the city three OPDs."""
        with self.writing() as db:
            for number, name in _OPDS.items():
                db.add(Opd(number=number, name=name))

    def account(self, *roles: str, kind: ScopeKind = ScopeKind.CITY, scope: str = "") -> Viewer:
        """Make somebody who holds roles in a scope."""
        name = f"kantor{next(self._names)}"
        with self.writing() as db:
            account = Account(
                name=name, display_name=name.title(), password_hash="", must_change_password=False,
                created_at=self.now,
            )  # fmt: skip
            db.add(account)
            db.flush()
            for role in roles:
                db.add(
                    RoleGrant(
                        account_id=account.id, role=role, scope_kind=kind, scope_id=scope,
                        valid_from=self.now - timedelta(days=1),
                    )
                )  # fmt: skip
            return viewer_of(account)

    def file(self, service: str, applicant: Applicant | None = None, **given: str) -> CaseRecord:
        """File a case with good answers, changed by ``given``."""
        if service == "pinjam-ruang" and applicant is None:
            applicant = Applicant(account=self.account("employee").account_id, name="Budi")
        with self.writing() as db:
            return self.file_in(db, service, applicant, **given)

    def file_in(
        self, db: Session, service: str, applicant: Applicant | None = None, **given: str
    ) -> CaseRecord:
        """File a case in an open session."""
        definition = newest(db, service)
        assert definition is not None
        case = file_case(
            db,
            engine=self.engine,
            service=service,
            given=Given(answers=answers(definition) | {k: [v] for k, v in given.items()}),
            files=[photo(each.id) for each in definition.first_files],
            applicant=applicant or usual_applicant(definition),
            place=Place(kelurahan=WARD),
            now=self.now,
        )
        assert isinstance(case, CaseRecord), case
        return case

    def act(
        self,
        number: str,
        who: Viewer,
        action: str,
        note: str = "sudah dilihat",
        handed: Handed = NOTHING_MORE,
    ) -> CaseRecord | Refused:
        """Do something with a case as somebody, with good answers and files."""
        with self.writing() as db:
            case = db.scalars(select(CaseRecord).where(CaseRecord.number == number)).one()
            actor = actor_for(db, case=case, viewer=who, now=self.now)
            return act_on(
                db, engine=self.engine, case=case, actor=actor, action=action, given=Given(note=note),
                handed=handed, now=self.now,
            )  # fmt: skip

    def act_fully(self, number: str, who: Viewer, action: str) -> CaseRecord | Refused:
        """Do something as somebody, with all that it may ask for."""
        with self.writing() as db:
            case = db.scalars(select(CaseRecord).where(CaseRecord.number == number)).one()
            return self.act_in(db, case, self.actor(db, case, who), action)

    def act_in(self, db: Session, case: CaseRecord, actor: CaseActor, action: str) -> CaseRecord | Refused:
        """Do something with all that it may ask for: answers, files, note, OPD, signature."""
        definition = of_case(db, case)
        there = {each.id: each for each in definition.stage(case.stage).actions}
        again = definition.first_files if action in there and there[action].is_form_again else ()
        needed = there[action].needs_files if action in there else ()
        files = [photo(name) for name in (*needed, *(each.id for each in again))]
        return act_on(
            db,
            engine=self.engine,
            case=case,
            actor=actor,
            action=action,
            given=Given(note="sudah dilihat", answers=answers(definition)),
            handed=Handed(files=files, to_opd=PUPR, is_signed=True),
            now=self.now,
        )

    def actor(self, db: Session, case: CaseRecord, who: Viewer) -> CaseActor:
        """Return who somebody is for a case."""
        return actor_for(db, case=case, viewer=who, now=self.now)

    def read(self, number: str) -> CaseRecord:
        """Return a case as it is now."""
        with self.database.reading() as db:
            return db.scalars(select(CaseRecord).where(CaseRecord.number == number)).one()


def viewer_of(account: Account) -> Viewer:
    return Viewer(
        account_id=account.id,
        name=account.name,
        display_name=account.display_name,
        session_id=0,
        permissions=frozenset(),
        must_change_password=False,
        is_seen_due=False,
    )


def usual_applicant(definition: ServiceDefinition) -> Applicant:
    """Somebody whom a service is for."""
    if definition.applicants is Applicants.SYSTEM:
        return Applicant(is_system=True)
    return Applicant(person=7, name="Siti Aminah")


def answers(definition: ServiceDefinition) -> dict[str, list[str]]:
    """Good answers to all fields; who is asked for it lets the name be shown."""
    chance = random.Random(1)
    given = {each.id: answer(each, chance) for each in definition.fields}
    return given | ({"identity": ["terbuka"]} if "identity" in given else {})


def photo(requirement: str) -> AttachedFile:
    """A file that went through the safe door."""
    return AttachedFile(requirement, "ab" * 32, "image/jpeg", 2048, FileSource.CITIZEN, 640, 480)
