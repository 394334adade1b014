"""Employees with how each stands: phones, badge, PIN, account. Two queries a page, however long the list."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, func, or_, select, true
from sqlalchemy.orm import Session

from hub.people.badges.models import Badge
from hub.people.models import (
    Account,
    EnrolmentCode,
    Opd,
    Person,
    PersonAccount,
    PhoneKey,
    Placement,
    Unit,
)
from hub.people.reach import Reach

PAGE_SIZE = 50


class Standing(StrEnum):
    """Which employees to list; the value is what stands in the address."""

    ACTIVE = "aktif"
    WITHOUT = "belum"  # neither a working phone nor the mark "tanpa ponsel"
    PHONE = "ponsel"
    REVOKED = "dicabut"  # had phones, all of them revoked
    CODE = "kode"  # a one-time code is open
    BADGE_USER = "kartu"
    NO_BADGE = "tanpa-kartu"
    NO_PIN = "tanpa-pin"
    NO_ACCOUNT = "tanpa-akun"  # may use a badge, and has no account for PIN and own month
    LEFT = "keluar"


@dataclass(frozen=True, slots=True)
class Wanted:
    """What to list: an OPD, a unit or all within reach, letters of the name or a number, a standing."""

    opd: int | None = None
    unit: int | None = None
    words: str = ""
    standing: Standing = Standing.ACTIVE


@dataclass(frozen=True, slots=True)
class StaffLine:
    """One employee. ``badge`` is the serial of a badge that is good, ``code_until`` of an open code."""

    number: int
    name: str
    opd: int
    opd_name: str
    unit: int
    unit_name: str
    is_active: bool
    may_use_badge: bool
    has_pin: bool
    phones: int
    revoked_phones: int
    badge: int | None
    badge_until: date | None
    code_until: datetime | None
    account: str | None
    is_account_disabled: bool


@dataclass(frozen=True, slots=True)
class StaffPage:
    """A page of the list; pages count from 1."""

    lines: tuple[StaffLine, ...]
    total: int
    page: int

    @property
    def pages(self) -> int:
        """How many pages there are; one of an empty list."""
        return max(1, -(-self.total // PAGE_SIZE))

    @property
    def first(self) -> int:
        """The place of the first line in the whole list, from 1."""
        return (self.page - 1) * PAGE_SIZE + 1


class Directory:
    """The employees within reach, on a day."""

    def __init__(self, db: Session, reach: Reach, *, today: date, now: datetime) -> None:
        """Take a session and for whom it may answer."""
        self._db, self._reach, self._today, self._now = db, reach, today, now
        latest = (
            select(Placement.person_number, func.max(Placement.valid_from).label("first"))
            .where(Placement.valid_from <= today)
            .group_by(Placement.person_number)
            .subquery()
        )
        self._latest = latest
        self._opd = func.coalesce(Placement.opd, Person.opd)
        self._phones = _phones()
        self._badge = _badges(today)
        self._code = _codes(now)

    def page(self, wanted: Wanted, number: int = 1) -> StaffPage:
        """Return one page of the list; beyond the last one: the last one."""
        matching = self._matching(wanted)
        total = self._db.scalar(select(func.count()).select_from(matching.subquery())) or 0
        number = max(1, min(number, -(-total // PAGE_SIZE)))
        limited = self._ordered(matching).limit(PAGE_SIZE).offset((number - 1) * PAGE_SIZE)
        return StaffPage(self._lines(limited), total, number)

    def all(self, wanted: Wanted) -> tuple[StaffLine, ...]:
        """Return the whole list, for files."""
        return self._lines(self._ordered(self._matching(wanted)))

    def numbers(self, wanted: Wanted) -> tuple[int, ...]:
        """Return the numbers of the whole list, in its order."""
        return tuple(line.number for line in self.all(wanted))

    def one(self, number: int) -> StaffLine | None:
        """Return an employee within reach, active or not."""
        lines = self._lines(self._query().where(self._within(), Person.number == number))
        return lines[0] if lines else None

    def some(self, numbers: Sequence[int]) -> tuple[StaffLine, ...]:
        """Return those of some numbers that are within reach, by name."""
        query = self._query().where(self._within(), Person.number.in_(numbers))
        return self._lines(self._ordered(query))

    def _query(self) -> Select[Any]:
        phones, badge, code = self._phones, self._badge, self._code
        is_latest = and_(
            Placement.person_number == self._latest.c.person_number,
            Placement.valid_from == self._latest.c.first,
        )
        return (
            select(
                Person,
                self._opd.label("opd"),
                Opd.name.label("opd_name"),
                Unit.number.label("unit"),
                Unit.name.label("unit_name"),
                phones.c.active,
                phones.c.revoked,
                badge.c.serial,
                badge.c.until,
                code.c.until.label("code_until"),
                Account.name.label("account"),
                Account.is_disabled,
            )
            .join(self._latest, self._latest.c.person_number == Person.number, isouter=True)
            .join(Placement, is_latest, isouter=True)
            .join(Opd, Opd.number == self._opd, isouter=True)
            .join(Unit, Unit.number == Placement.unit, isouter=True)
            .join(phones, phones.c.person == Person.number, isouter=True)
            .join(badge, badge.c.person == Person.number, isouter=True)
            .join(code, code.c.person == Person.number, isouter=True)
            .join(PersonAccount, PersonAccount.person_number == Person.number, isouter=True)
            .join(Account, Account.id == PersonAccount.account_id, isouter=True)
        )

    def _within(self) -> ColumnElement[bool]:
        if self._reach.is_city:
            return true()
        return or_(self._opd.in_(self._reach.opds), Placement.unit.in_(self._reach.units))

    def _matching(self, wanted: Wanted) -> Select[Any]:
        query = self._query().where(self._within(), self._stands(wanted.standing))
        if wanted.opd is not None:
            query = query.where(self._opd == wanted.opd)
        if wanted.unit is not None:
            query = query.where(Placement.unit == wanted.unit)
        words = wanted.words.strip()
        if words.isdecimal():
            query = query.where(Person.number == int(words[:18]))
        elif words:
            query = query.where(Person.short_name.icontains(words, autoescape=True))
        return query

    @staticmethod
    def _ordered(query: Select[Any]) -> Select[Any]:
        return query.order_by(func.lower(Person.short_name), Person.number)

    def _stands(self, standing: Standing) -> ColumnElement[bool]:
        active = func.coalesce(self._phones.c.active, 0)
        conditions: dict[Standing, tuple[ColumnElement[bool], ...]] = {
            Standing.ACTIVE: (),
            Standing.WITHOUT: (active == 0, Person.may_use_badge.is_(False)),
            Standing.PHONE: (active > 0,),
            Standing.REVOKED: (active == 0, self._phones.c.revoked > 0),
            Standing.CODE: (self._code.c.until.is_not(None),),
            Standing.BADGE_USER: (Person.may_use_badge.is_(True),),
            Standing.NO_BADGE: (Person.may_use_badge.is_(True), self._badge.c.serial.is_(None)),
            Standing.NO_PIN: (Person.may_use_badge.is_(True), Person.pin_hash.is_(None)),
            Standing.NO_ACCOUNT: (Person.may_use_badge.is_(True), Account.id.is_(None)),
            Standing.LEFT: (),
        }
        return and_(Person.is_active.is_(standing is not Standing.LEFT), *conditions[standing])

    def _lines(self, query: Select[Any]) -> tuple[StaffLine, ...]:
        return tuple(_line(row) for row in self._db.execute(query))


def _line(row: Any) -> StaffLine:
    person: Person = row.Person
    return StaffLine(
        number=person.number,
        name=person.short_name,
        opd=row.opd,
        opd_name=row.opd_name or "",
        unit=row.unit or 0,
        unit_name=row.unit_name or "",
        is_active=person.is_active,
        may_use_badge=person.may_use_badge,
        has_pin=person.pin_hash is not None,
        phones=row.active or 0,
        revoked_phones=row.revoked or 0,
        badge=row.serial,
        badge_until=row.until,
        code_until=row.code_until,
        account=row.account,
        is_account_disabled=bool(row.is_disabled),
    )


def _phones() -> Any:
    return (
        select(
            PhoneKey.person_number.label("person"),
            func.count().filter(PhoneKey.revoked_at.is_(None)).label("active"),
            func.count().filter(PhoneKey.revoked_at.is_not(None)).label("revoked"),
        )
        .group_by(PhoneKey.person_number)
        .subquery()
    )


def _badges(today: date) -> Any:
    # Of one person only the newest badge is ever good, so its serial and last day belong together.
    return (
        select(
            Badge.person_number.label("person"),
            func.max(Badge.serial).label("serial"),
            func.max(Badge.valid_until).label("until"),
        )
        .where(Badge.revoked_at.is_(None), Badge.valid_until >= today)
        .group_by(Badge.person_number)
        .subquery()
    )


def _codes(now: datetime) -> Any:
    is_open = (EnrolmentCode.used_at.is_(None), EnrolmentCode.withdrawn_at.is_(None))
    return (
        select(EnrolmentCode.person_number.label("person"), func.max(EnrolmentCode.expires_at).label("until"))
        .where(*is_open, EnrolmentCode.expires_at > now)
        .group_by(EnrolmentCode.person_number)
        .subquery()
    )
