"""Tables of enrolment. No private key and no claim code is in any of them."""

from datetime import datetime

from sqlalchemy import BigInteger, Index, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from hub.db import Base, RowId


class DeviceClaim(Base):
    """A claim code that a technician made for one device at one site."""

    __tablename__ = "device_claim"

    id: Mapped[str] = mapped_column(String(16), primary_key=True)
    site: Mapped[str] = mapped_column(String(63), index=True)
    device: Mapped[str] = mapped_column(String(63), index=True)
    role: Mapped[str] = mapped_column(String(8))  # edge.wire.joining.enrolment.Role
    name: Mapped[str] = mapped_column(String(80))  # of a device that is not in the inventory yet
    sources_json: Mapped[str] = mapped_column(Text, default="{}")  # camera or door -> where it is read
    # What requests are proven with: good for one certificate until it expires, then for nothing.
    proof_key: Mapped[str] = mapped_column(String(64))
    made_by: Mapped[str] = mapped_column(String(64))
    account_id: Mapped[int | None] = mapped_column(BigInteger)
    made_at: Mapped[datetime]
    expires_at: Mapped[datetime]
    cancelled_at: Mapped[datetime | None]
    used_at: Mapped[datetime | None]
    used_key: Mapped[str] = mapped_column(String(64), default="")  # digest of the key it was used for
    hardware: Mapped[str] = mapped_column(String(64), default="")


class DeviceCertificate(Base):
    """Every certificate of a device that the hub issued or was told of."""

    __tablename__ = "device_certificate"
    __table_args__ = (Index("ix_device_certificate_device_issued_at", "device", "issued_at"),)

    serial: Mapped[str] = mapped_column(String(40), primary_key=True)
    device: Mapped[str] = mapped_column(String(63))
    pem: Mapped[str] = mapped_column(Text)
    key_digest: Mapped[str] = mapped_column(String(64))
    trust_digest: Mapped[str] = mapped_column(String(64))  # of the roots that were given with it
    way: Mapped[str] = mapped_column(String(8))  # claim, renewal, bundle, known
    claim: Mapped[str] = mapped_column(String(16), default="")
    issued_at: Mapped[datetime]
    ends_at: Mapped[datetime]
    revoked_at: Mapped[datetime | None] = mapped_column(index=True)
    revoked_by: Mapped[str] = mapped_column(String(64), default="")
    reason: Mapped[str] = mapped_column(String(200), default="")


class DeviceRefusal(Base):
    """A device was taken out of service: refused whatever it shows, until it is enrolled again."""

    __tablename__ = "device_refusal"

    device: Mapped[str] = mapped_column(String(63), primary_key=True)
    at: Mapped[datetime] = mapped_column(index=True)


class DeviceBoot(Base):
    """A boot of a device that said its birth; the last few are kept, to know a clone by."""

    __tablename__ = "device_boot"

    device: Mapped[str] = mapped_column(String(63), primary_key=True)
    boot_id: Mapped[str] = mapped_column(String(32), primary_key=True)
    first_at: Mapped[datetime]
    last_at: Mapped[datetime]


class DeviceClone(Base):
    """Two machines with one identity: seen from when to when."""

    __tablename__ = "device_clone"

    id: Mapped[int] = mapped_column(RowId, primary_key=True)
    device: Mapped[str] = mapped_column(String(63), index=True)
    first_at: Mapped[datetime]
    last_at: Mapped[datetime]
    times: Mapped[int] = mapped_column(default=1)


class Commissioning(Base):
    """A device was looked over at its site and signed off; append only."""

    __tablename__ = "commissioning"

    id: Mapped[int] = mapped_column(RowId, primary_key=True)
    device: Mapped[str] = mapped_column(String(63), index=True)
    site: Mapped[str] = mapped_column(String(63))
    at: Mapped[datetime]
    account: Mapped[str] = mapped_column(String(64))
    checks_json: Mapped[str] = mapped_column(Text)
    note: Mapped[str] = mapped_column(String(500))
    photo: Mapped[str] = mapped_column(String(64))  # sha256 of the kept JPEG
