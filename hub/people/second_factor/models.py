"""Tables of the second step. A secret is sealed, a recovery code hashed, a cookie's token a digest."""

from datetime import datetime

from sqlalchemy import ForeignKey, LargeBinary, String
from sqlalchemy.orm import Mapped, mapped_column

from hub.db import Base, RowId


class SecondFactor(Base):
    """An account's app; it counts once its first code was right."""

    __tablename__ = "second_factor"

    account_id: Mapped[int] = mapped_column(ForeignKey("account.id"), primary_key=True)
    sealed_secret: Mapped[bytes] = mapped_column(LargeBinary(64))
    begun_at: Mapped[datetime]
    confirmed_at: Mapped[datetime | None]
    # Of the last code that was taken: it and older ones are refused.
    last_step: Mapped[int] = mapped_column(default=0)


class RecoveryCode(Base):
    """One code for the day the phone is gone; ``place`` is its first figure."""

    __tablename__ = "recovery_code"

    account_id: Mapped[int] = mapped_column(ForeignKey("account.id"), primary_key=True)
    place: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    code_hash: Mapped[str] = mapped_column(String(200))
    used_at: Mapped[datetime | None]


class WaitingSignIn(Base):
    """A browser whose password was right and whose code is awaited."""

    __tablename__ = "waiting_sign_in"

    id: Mapped[int] = mapped_column(RowId, primary_key=True)
    token_digest: Mapped[str] = mapped_column(String(64), unique=True)
    account_id: Mapped[int] = mapped_column(ForeignKey("account.id"))
    wanted: Mapped[str] = mapped_column(String(500))
    created_at: Mapped[datetime]


class FailedTry(Base):
    """A refused try to sign in, for as long as it counts: all web processes count together."""

    __tablename__ = "failed_try"

    id: Mapped[int] = mapped_column(RowId, primary_key=True)
    # A digest: somebody may have typed the password into the name's field.
    whose: Mapped[str] = mapped_column(String(64), index=True)
    at: Mapped[datetime]
