"""The form of a service: fields, what they may hold, and when they are asked. Pure."""

from enum import StrEnum
from typing import Annotated

import msgspec

from edge.wire.strict_toml import Section

Id = Annotated[str, msgspec.Meta(pattern=r"\A[a-z][a-z0-9_]{0,31}\Z")]
Label = Annotated[str, msgspec.Meta(min_length=1, max_length=120)]
Hint = Annotated[str, msgspec.Meta(max_length=300)]


class FieldKind(StrEnum):
    """What a field holds; an answer travels as text, choices of many as several texts."""

    TEXT = "text"
    LONG_TEXT = "long-text"
    NUMBER = "number"
    MONEY = "money"  # whole rupiah
    DATE = "date"
    TIME = "time"
    CHOICE = "choice"
    CHOICES = "choices"
    YES_NO = "yes-no"
    PHONE = "phone"
    EMAIL = "email"
    NIK = "nik"  # kept encrypted, shown masked
    PLACE = "place"  # latitude and longitude
    KELURAHAN = "kelurahan"
    CAMERA = "camera"


class Condition(Section, frozen=True):
    """Holds when the field's answer is one of ``values``; for choices of many: when one of them is."""

    field: Id
    values: Annotated[tuple[str, ...], msgspec.Meta(min_length=1, max_length=50)]


class Choice(Section, frozen=True):
    """One of the answers offered; ``opd`` is who handles it, ``days`` replaces the working days promised."""

    id: Id
    label: Label
    hint: Hint = ""
    opd: str = ""
    is_for_somebody_else: bool = False  # not the city's to decide: the hint says where to go


class Field(Section, frozen=True):
    """One question. ``least`` and ``most`` bound a number, a sum or a count of letters."""

    id: Id
    label: Label
    kind: FieldKind = FieldKind.TEXT
    hint: Hint = ""
    is_required: bool = True
    is_public: bool = False
    choices: tuple[Choice, ...] = ()
    least: float | None = None
    most: float | None = None
    shown_if: Condition | None = None


class FileKind(StrEnum):
    """What a requirement may be given as."""

    IMAGE = "image"
    PDF = "pdf"


class Requirement(Section, frozen=True):
    """A file that the applicant brings. Verified once, it may be used again until it expires.

    ``is_example`` marks lists that no regulation we could read confirms: the screen says "contoh".
    """

    id: Id
    label: Label
    hint: Hint = ""
    is_required: bool = True
    is_reusable: bool = True
    valid_days: Annotated[int, msgspec.Meta(ge=0, le=36_500)] = 0  # 0: for ever
    kinds: tuple[FileKind, ...] = (FileKind.IMAGE, FileKind.PDF)
    most_files: Annotated[int, msgspec.Meta(ge=1, le=10)] = 1
    needed_if: Condition | None = None
    is_example: bool = False
