"""Tables of asking: forms that were sent, so that a second press files nothing, and PINs to act with."""

from datetime import datetime

from sqlalchemy import ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column

from hub.db import Base


class SentForm(Base):
    """One form that was sent; its token was drawn when the form was shown."""

    __tablename__ = "case_sent_form"

    token_digest: Mapped[str] = mapped_column(String(64), primary_key=True)
    case_id: Mapped[int | None] = mapped_column(ForeignKey("case_record.id"))
    sent_at: Mapped[datetime]


class CasePin(Base):
    """The PIN of an applicant for one case: the tracking code shows, the PIN acts."""

    __tablename__ = "case_pin"

    case_id: Mapped[int] = mapped_column(ForeignKey("case_record.id"), primary_key=True, autoincrement=False)
    salt: Mapped[str] = mapped_column(String(32))
    digest: Mapped[str] = mapped_column(String(64))
    tries: Mapped[int] = mapped_column(default=0)
    blocked_until: Mapped[datetime | None]
