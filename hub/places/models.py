"""Tables of the inventory. Ids of devices and sources are those of the wire contract."""

from datetime import date, datetime

from sqlalchemy import BigInteger, Date, ForeignKey, ForeignKeyConstraint, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from hub.db import Base, RowId

DeviceId = String(63)
SourceId = String(32)


class Kecamatan(Base):
    """One of the six districts."""

    __tablename__ = "kecamatan"

    code: Mapped[str] = mapped_column(String(13), primary_key=True)
    name: Mapped[str] = mapped_column(String(60))
    latitude: Mapped[float]
    longitude: Mapped[float]


class Kelurahan(Base):
    """One of the 29 wards; the city and the ministry spell some of them differently."""

    __tablename__ = "kelurahan"

    code: Mapped[str] = mapped_column(String(13), primary_key=True)
    kecamatan: Mapped[str] = mapped_column(ForeignKey("kecamatan.code"))
    name: Mapped[str] = mapped_column(String(60))
    ministry_name: Mapped[str] = mapped_column(String(60))
    postcode: Mapped[str] = mapped_column(String(5))
    latitude: Mapped[float]
    longitude: Mapped[float]


class Site(Base):
    """A point in the city: a crossing, an office. Latitude 0.0 is a place, not "unknown"."""

    __tablename__ = "site"

    id: Mapped[str] = mapped_column(DeviceId, primary_key=True)
    name: Mapped[str] = mapped_column(String(80))
    kelurahan: Mapped[str] = mapped_column(ForeignKey("kelurahan.code"))
    latitude: Mapped[float]
    longitude: Mapped[float]
    is_retired: Mapped[bool] = mapped_column(default=False)


class Device(Base):
    """A Raspberry Pi at a site; the id is its certificate's CN."""

    __tablename__ = "device"

    id: Mapped[str] = mapped_column(DeviceId, primary_key=True)
    site: Mapped[str] = mapped_column(ForeignKey("site.id"), index=True)
    name: Mapped[str] = mapped_column(String(80))
    is_retired: Mapped[bool] = mapped_column(default=False)


class CityCamera(Base):
    """A camera that a device reads."""

    __tablename__ = "camera"

    device: Mapped[str] = mapped_column(ForeignKey("device.id"), primary_key=True)
    id: Mapped[str] = mapped_column(SourceId, primary_key=True)
    name: Mapped[str] = mapped_column(String(80))
    kind: Mapped[str] = mapped_column(String(8))  # ptz, fixed
    medium: Mapped[str] = mapped_column(String(10))  # fibre, wireless
    # Where it looks when nobody turns it: 0 is north, clockwise below 360; None: nobody measured it.
    heading_deg: Mapped[float | None]
    field_of_view_deg: Mapped[float | None]
    view_range_m: Mapped[float | None]
    # Ids of hub.places.purposes.Purpose with spaces between them; empty: any of the seven.
    purposes: Mapped[str] = mapped_column(String(100), default="")
    # Whether its stills may be shown to everybody.
    is_public: Mapped[bool] = mapped_column(default=False)
    # Cameras with the same name here hang on one switch and go dark together; empty: unknown.
    network_switch: Mapped[str] = mapped_column(String(40), default="")
    is_retired: Mapped[bool] = mapped_column(default=False)


class CameraOwner(Base):
    """Whose a camera is, between two days: ownership moves between departments."""

    __tablename__ = "camera_owner"
    __table_args__ = (
        ForeignKeyConstraint(["device", "camera"], ["camera.device", "camera.id"]),
        UniqueConstraint("device", "camera", "valid_from"),
    )

    id: Mapped[int] = mapped_column(RowId, primary_key=True)
    device: Mapped[str] = mapped_column(DeviceId)
    camera: Mapped[str] = mapped_column(SourceId)
    owner: Mapped[str] = mapped_column(String(80))
    valid_from: Mapped[date] = mapped_column(Date)
    valid_to: Mapped[date | None] = mapped_column(Date)


class CameraLine(Base):
    """A counting line of a camera and what people call its two directions."""

    __tablename__ = "camera_line"
    __table_args__ = (ForeignKeyConstraint(["device", "camera"], ["camera.device", "camera.id"]),)

    device: Mapped[str] = mapped_column(DeviceId, primary_key=True)
    camera: Mapped[str] = mapped_column(SourceId, primary_key=True)
    id: Mapped[str] = mapped_column(SourceId, primary_key=True)
    name: Mapped[str] = mapped_column(String(40))
    forward: Mapped[str] = mapped_column(String(40))
    backward: Mapped[str] = mapped_column(String(40))


class CameraSettingsVersion(Base):
    """What somebody decided of one camera; ``version`` counts over all cameras of the device.

    Nothing is changed or deleted here: going back is a new version with old settings.
    """

    __tablename__ = "camera_settings_version"
    __table_args__ = (ForeignKeyConstraint(["device", "camera"], ["camera.device", "camera.id"]),)

    device: Mapped[str] = mapped_column(DeviceId, primary_key=True)
    version: Mapped[int] = mapped_column(BigInteger, primary_key=True, autoincrement=False)
    camera: Mapped[str] = mapped_column(SourceId)
    body: Mapped[str] = mapped_column(Text)  # JSON of edge.wire.camera_settings.RemoteCamera
    author: Mapped[str] = mapped_column(String(64))  # name of the account
    note: Mapped[str] = mapped_column(String(200))
    at: Mapped[datetime]


class Door(Base):
    """An office door with a code reader."""

    __tablename__ = "door"

    device: Mapped[str] = mapped_column(ForeignKey("device.id"), primary_key=True)
    id: Mapped[str] = mapped_column(SourceId, primary_key=True)
    name: Mapped[str] = mapped_column(String(80))
    direction: Mapped[str] = mapped_column(String(4))  # in, out, both
    is_retired: Mapped[bool] = mapped_column(default=False)


class Sensor(Base):
    """A sensor of a device; ``quantity`` names what and in which unit."""

    __tablename__ = "sensor"

    device: Mapped[str] = mapped_column(ForeignKey("device.id"), primary_key=True)
    id: Mapped[str] = mapped_column(SourceId, primary_key=True)
    name: Mapped[str] = mapped_column(String(80))
    quantity: Mapped[str] = mapped_column(String(48))
    is_retired: Mapped[bool] = mapped_column(default=False)


class DeviceCondition(Base):
    """The newest word of a device about itself."""

    __tablename__ = "device_condition"

    device: Mapped[str] = mapped_column(DeviceId, primary_key=True)
    body: Mapped[str] = mapped_column(Text)  # JSON of the DeviceHealth
    clock: Mapped[str] = mapped_column(String(16))
    at: Mapped[datetime]
