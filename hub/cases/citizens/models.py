"""Tables of citizens. A NIK is kept sealed, found by a keyed digest, and never stands here in the clear."""

from datetime import date, datetime

from sqlalchemy import Date, ForeignKey, Index, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from hub.db import Base, RowId


class CitizenPerson(Base):
    """Somebody who asks the city for something, as they said or as an officer saw in their papers.

    One NIK may stand in several rows: what a stranger typed is never joined to what was verified.
    """

    __tablename__ = "citizen_person"

    id: Mapped[int] = mapped_column(RowId, primary_key=True)
    name: Mapped[str] = mapped_column(String(80))
    nik_kept: Mapped[str] = mapped_column(String(120))  # as hub.cases.citizens.nik.NikBox.hide makes it
    nik_digest: Mapped[str] = mapped_column(String(64), index=True)
    birth_place: Mapped[str] = mapped_column(String(60), default="")
    birth_date: Mapped[date | None] = mapped_column(Date)
    occupation: Mapped[str] = mapped_column(String(60), default="")
    address: Mapped[str] = mapped_column(String(200), default="")
    kelurahan: Mapped[str] = mapped_column(ForeignKey("kelurahan.code"))
    phone: Mapped[str] = mapped_column(String(20), default="")
    email: Mapped[str] = mapped_column(String(120), default="")
    match: Mapped[str] = mapped_column(String(16))  # hub.cases.citizens.population.Match
    matched_at: Mapped[datetime]
    # By an officer who had the KTP in hand.
    verified_by: Mapped[int | None] = mapped_column(ForeignKey("account.id"))
    verified_at: Mapped[datetime | None]
    added_at: Mapped[datetime]
    changed_at: Mapped[datetime]


class CitizenAccount(Base):
    """A citizen's own, optional account: an address to which one-time codes go. No password."""

    __tablename__ = "citizen_account"
    __table_args__ = (UniqueConstraint("channel", "address"),)

    id: Mapped[int] = mapped_column(RowId, primary_key=True)
    channel: Mapped[str] = mapped_column(String(10))  # email, phone
    address: Mapped[str] = mapped_column(String(120))
    person_id: Mapped[int | None] = mapped_column(ForeignKey("citizen_person.id"), index=True)
    created_at: Mapped[datetime]


class CitizenEmail(Base):
    """The address that somebody typed in a form, and whether its owner asked for news."""

    __tablename__ = "citizen_email"
    __table_args__ = (Index("ix_citizen_email_address", "address", "asked_at"),)

    person_id: Mapped[int] = mapped_column(
        ForeignKey("citizen_person.id"), primary_key=True, autoincrement=False
    )
    address: Mapped[str] = mapped_column(String(120))
    token_digest: Mapped[str] = mapped_column(String(64), unique=True)
    asked_at: Mapped[datetime]
    confirmed_at: Mapped[datetime | None]


class CitizenCode(Base):
    """A one-time code that was sent; only its digest is kept."""

    __tablename__ = "citizen_code"
    __table_args__ = (Index("ix_citizen_code_address", "channel", "address", "asked_at"),)

    id: Mapped[int] = mapped_column(RowId, primary_key=True)
    channel: Mapped[str] = mapped_column(String(10))
    address: Mapped[str] = mapped_column(String(120))
    digest: Mapped[str] = mapped_column(String(64))
    tries: Mapped[int] = mapped_column(default=0)
    asked_at: Mapped[datetime]
    expires_at: Mapped[datetime]
    used_at: Mapped[datetime | None]


class CitizenSession(Base):
    """One signed-in browser of a citizen; the cookie's token is kept as a digest."""

    __tablename__ = "citizen_session"

    id: Mapped[int] = mapped_column(RowId, primary_key=True)
    token_digest: Mapped[str] = mapped_column(String(64), unique=True)
    account_id: Mapped[int] = mapped_column(ForeignKey("citizen_account.id"), index=True)
    created_at: Mapped[datetime]
    seen_at: Mapped[datetime]
    ended_at: Mapped[datetime | None]


class VaultDocument(Base):
    """A document of somebody, handed in once; verified by an officer it serves until it expires."""

    __tablename__ = "vault_document"
    __table_args__ = (Index("ix_vault_document_person", "person_id", "requirement"),)

    id: Mapped[int] = mapped_column(RowId, primary_key=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("citizen_person.id"))
    requirement: Mapped[str] = mapped_column(String(32))
    label: Mapped[str] = mapped_column(String(120))
    sha256: Mapped[str] = mapped_column(String(64), index=True)
    media_type: Mapped[str] = mapped_column(String(40))
    size_bytes: Mapped[int]
    width_px: Mapped[int] = mapped_column(default=0)
    height_px: Mapped[int] = mapped_column(default=0)
    added_at: Mapped[datetime]
    verified_by: Mapped[int | None] = mapped_column(ForeignKey("account.id"))
    verified_at: Mapped[datetime | None]
    valid_until: Mapped[date | None] = mapped_column(Date)  # None: as long as it is verified
    removed_at: Mapped[datetime | None]


class NikReveal(Base):
    """That somebody saw a NIK whole, and what for; the subject reads this too."""

    __tablename__ = "nik_reveal"

    id: Mapped[int] = mapped_column(RowId, primary_key=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("citizen_person.id"), index=True)
    nik_digest: Mapped[str] = mapped_column(String(64), index=True)
    account_id: Mapped[int] = mapped_column(ForeignKey("account.id"))
    purpose: Mapped[str] = mapped_column(String(200))
    at: Mapped[datetime]


class PopulationEntry(Base):
    """One person of the local population register: digests only, good for comparing and nothing else."""

    __tablename__ = "population_entry"

    nik_digest: Mapped[str] = mapped_column(String(64), primary_key=True)
    name_digest: Mapped[str] = mapped_column(String(64))
    imported_at: Mapped[datetime]
