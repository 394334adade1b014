"""Tables of letters: the documents that were issued, the keys that sealed them, how officials sign."""

from datetime import date, datetime

from sqlalchemy import Date, ForeignKey, Index, LargeBinary, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from hub.db import Base, RowId


class LetterDocument(Base):
    """One letter as it was issued. Only its revocation and its certified signature come later.

    ``body_sha256`` is over the words, ``file_sha256`` over the PDF; the file that a certified
    signature changes is kept beside, with a hash of its own.
    """

    __tablename__ = "letter_document"
    __table_args__ = (
        Index("ix_letter_document_unit", "unit", "issued_on"),
        Index("ix_letter_document_file", "file_sha256"),
    )

    id: Mapped[int] = mapped_column(RowId, primary_key=True)
    code: Mapped[str] = mapped_column(String(8), unique=True)
    case_id: Mapped[int] = mapped_column(ForeignKey("case_record.id"), index=True)
    service: Mapped[str] = mapped_column(String(48))
    title: Mapped[str] = mapped_column(String(120))
    number: Mapped[str] = mapped_column(String(80), unique=True)
    classification: Mapped[str] = mapped_column(String(20))
    unit: Mapped[str] = mapped_column(String(60))
    holder_name: Mapped[str] = mapped_column(String(80))
    kelurahan: Mapped[str] = mapped_column(String(13), default="")
    office: Mapped[str] = mapped_column(String(120))
    signed_by: Mapped[int] = mapped_column(ForeignKey("account.id"))
    signatory: Mapped[str] = mapped_column(String(120))
    capacity: Mapped[str] = mapped_column(String(120), default="")
    issued_at: Mapped[datetime]
    issued_on: Mapped[date] = mapped_column(Date)
    last_day: Mapped[date | None] = mapped_column(Date)  # None: for ever
    body: Mapped[str] = mapped_column(Text)
    body_sha256: Mapped[str] = mapped_column(String(64))
    seal: Mapped[str] = mapped_column(Text)
    file_sha256: Mapped[str] = mapped_column(String(64))
    file_bytes: Mapped[int]
    certified_sha256: Mapped[str] = mapped_column(String(64), default="", index=True)
    certified_at: Mapped[datetime | None]
    revoked_at: Mapped[datetime | None] = mapped_column(index=True)
    revoked_by: Mapped[int | None] = mapped_column(ForeignKey("account.id"))
    revoke_reason: Mapped[str] = mapped_column(String(300), default="")

    @property
    def final_sha256(self) -> str:
        """The file that its holder gets: the one with the certified signature, when there is one."""
        return self.certified_sha256 or self.file_sha256


class LetterKey(Base):
    """A public key that letters were sealed with; former ones stay, so that old seals stay good."""

    __tablename__ = "letter_key"

    number: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)  # 1 to 255
    public_key: Mapped[bytes] = mapped_column(LargeBinary(32), unique=True)
    since_at: Mapped[datetime]
    # Trusted no longer since then, as it was stolen: what the archive has from before stays good.
    ended_at: Mapped[datetime | None]
    ended_by: Mapped[str] = mapped_column(String(60), default="")  # name of the account
    end_reason: Mapped[str] = mapped_column(String(300), default="")


class LetterSignatory(Base):
    """How an official's name stands under letters, with titles and rank: written by personnel."""

    __tablename__ = "letter_signatory"

    account_id: Mapped[int] = mapped_column(ForeignKey("account.id"), primary_key=True)
    full_name: Mapped[str] = mapped_column(String(120))
    rank: Mapped[str] = mapped_column(String(80), default="")
