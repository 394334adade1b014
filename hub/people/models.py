"""Tables of people: accounts, grants, login sessions, audit chain, persons, their phones and places.

A person is an internal number here: no NIK, no NIP. Rules about them live beside, not in here.
"""

from datetime import date, datetime

from sqlalchemy import BigInteger, Date, ForeignKey, Index, LargeBinary, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from hub.db import Base, RowId


class Account(Base):
    """Somebody who may sign in."""

    __tablename__ = "account"

    id: Mapped[int] = mapped_column(RowId, primary_key=True)
    name: Mapped[str] = mapped_column(String(40), unique=True)
    display_name: Mapped[str] = mapped_column(String(80))
    password_hash: Mapped[str] = mapped_column(String(200))
    must_change_password: Mapped[bool]
    # A password that somebody else handed out dies unused.
    password_expires_at: Mapped[datetime | None]
    is_disabled: Mapped[bool] = mapped_column(default=False)
    created_at: Mapped[datetime]


class RoleGrant(Base):
    """A role held by an account, in a scope, between two dates, by a decree."""

    __tablename__ = "role_grant"

    id: Mapped[int] = mapped_column(RowId, primary_key=True)
    account_id: Mapped[int] = mapped_column(ForeignKey("account.id"), index=True)
    role: Mapped[str] = mapped_column(String(32))
    scope_kind: Mapped[str] = mapped_column(String(12))
    scope_id: Mapped[str] = mapped_column(String(40), default="")
    valid_from: Mapped[datetime]
    valid_to: Mapped[datetime | None]
    decree: Mapped[str] = mapped_column(String(80), default="")


class LoginSession(Base):
    """One signed-in browser. The cookie's token is kept as a digest only."""

    __tablename__ = "login_session"

    id: Mapped[int] = mapped_column(RowId, primary_key=True)
    token_digest: Mapped[str] = mapped_column(String(64), unique=True)
    account_id: Mapped[int] = mapped_column(ForeignKey("account.id"), index=True)
    created_at: Mapped[datetime]
    seen_at: Mapped[datetime]
    ended_at: Mapped[datetime | None]
    address: Mapped[str] = mapped_column(String(45))
    agent: Mapped[str] = mapped_column(String(200))


class AuditEntry(Base):
    """One act, chained to the one before by its hash. Appended to, never changed."""

    __tablename__ = "audit_entry"

    seq: Mapped[int] = mapped_column(RowId, primary_key=True)
    at: Mapped[datetime]
    actor: Mapped[str] = mapped_column(String(60))
    action: Mapped[str] = mapped_column(String(40))
    object: Mapped[str] = mapped_column(String(120))
    detail: Mapped[str] = mapped_column(Text, default="")
    previous_hash: Mapped[str] = mapped_column(String(64))
    hash: Mapped[str] = mapped_column(String(64))


class Person(Base):
    """Somebody whose Hadir code a door may accept."""

    __tablename__ = "person"

    number: Mapped[int] = mapped_column(BigInteger, primary_key=True, autoincrement=False)
    short_name: Mapped[str] = mapped_column(String(20))
    opd: Mapped[int] = mapped_column(default=0)
    is_active: Mapped[bool] = mapped_column(default=True)
    # "Tanpa ponsel": may show a printed badge and type a PIN.
    may_use_badge: Mapped[bool] = mapped_column(default=False)
    pin_hash: Mapped[bytes | None] = mapped_column(LargeBinary(64))
    changed_at: Mapped[datetime]


class PhoneKey(Base):
    """A public key made on a person's phone."""

    __tablename__ = "phone_key"
    __table_args__ = (
        UniqueConstraint("person_number", "slot"),
        Index("ix_phone_key_person_number", "person_number"),
    )

    id: Mapped[int] = mapped_column(RowId, primary_key=True)
    person_number: Mapped[int] = mapped_column(ForeignKey("person.number"))
    slot: Mapped[int]
    algorithm: Mapped[str] = mapped_column(String(10))
    public_key: Mapped[bytes] = mapped_column(LargeBinary(65))
    # What the owner calls the phone, to know which one was lost.
    label: Mapped[str] = mapped_column(String(40), default="")
    enrolled_at: Mapped[datetime]
    revoked_at: Mapped[datetime | None]


class EnrolmentCode(Base):
    """A one-time code for one more phone of a person; the secret part is kept as a digest."""

    __tablename__ = "enrolment_code"

    id: Mapped[int] = mapped_column(RowId, primary_key=True)
    person_number: Mapped[int] = mapped_column(ForeignKey("person.number"), index=True)
    # The first group of the code: finds the row, so that wrong tries can be counted.
    reference: Mapped[str] = mapped_column(String(4), unique=True)
    salt: Mapped[bytes] = mapped_column(LargeBinary(16))
    digest: Mapped[bytes] = mapped_column(LargeBinary(32))
    tries: Mapped[int] = mapped_column(default=0)
    issued_by: Mapped[str] = mapped_column(String(40))
    issued_at: Mapped[datetime]
    expires_at: Mapped[datetime]
    used_at: Mapped[datetime | None]
    withdrawn_at: Mapped[datetime | None]


class Opd(Base):
    """A department of the city (organisasi perangkat daerah)."""

    __tablename__ = "opd"

    number: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    name: Mapped[str] = mapped_column(String(120))


class Unit(Base):
    """A part of an OPD; ``site`` is where its people work, empty when anywhere in the city."""

    __tablename__ = "unit"

    number: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    opd: Mapped[int] = mapped_column(ForeignKey("opd.number"), index=True)
    name: Mapped[str] = mapped_column(String(120))
    site: Mapped[str] = mapped_column(String(63), default="")


class Placement(Base):
    """Where a person works, between two days; unit 0: none in particular."""

    __tablename__ = "placement"
    __table_args__ = (UniqueConstraint("person_number", "valid_from"),)

    id: Mapped[int] = mapped_column(RowId, primary_key=True)
    person_number: Mapped[int] = mapped_column(ForeignKey("person.number"))
    opd: Mapped[int] = mapped_column(index=True)
    unit: Mapped[int] = mapped_column(default=0)
    valid_from: Mapped[date] = mapped_column(Date)
    valid_to: Mapped[date | None] = mapped_column(Date)


class PersonNip(Base):
    """A keyed digest of a person's NIP, to find the person in a file; the NIP itself is not kept."""

    __tablename__ = "person_nip"

    person_number: Mapped[int] = mapped_column(ForeignKey("person.number"), primary_key=True)
    digest: Mapped[str] = mapped_column(String(64), unique=True)


class PersonAccount(Base):
    """Whose account it is, for pages about oneself."""

    __tablename__ = "person_account"

    account_id: Mapped[int] = mapped_column(ForeignKey("account.id"), primary_key=True)
    person_number: Mapped[int] = mapped_column(ForeignKey("person.number"), unique=True)
