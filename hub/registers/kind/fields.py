"""A kind of register as data: its fields, what they hold, and the rules over a whole row. Pure."""

from enum import StrEnum
from typing import Annotated

import msgspec

from edge.wire.strict_toml import Section

Id = Annotated[str, msgspec.Meta(pattern=r"\A[a-z][a-z0-9_]{0,31}\Z")]
Code = Annotated[str, msgspec.Meta(pattern=r"\A[a-z][a-z0-9-]{1,31}\Z")]
Label = Annotated[str, msgspec.Meta(min_length=1, max_length=80)]
Hint = Annotated[str, msgspec.Meta(max_length=300)]

# Longer cells no table takes (hub.web.files.table_file).
MAX_LETTERS = 200
MAX_LONG_LETTERS = 1_500
# Spreadsheets keep numbers exact to 15 digits (IEEE 754).
LARGEST = 10**15 - 1


class FieldKind(StrEnum):
    """What a field holds."""

    TEXT = "text"
    LONG_TEXT = "long-text"
    NUMBER = "number"
    MONEY = "money"  # whole rupiah
    DATE = "date"
    YEAR = "year"
    YES_NO = "yes-no"
    CHOICE = "choice"
    CHOICES = "choices"
    URL = "url"
    EMAIL = "email"
    PHONE = "phone"
    OPD = "opd"
    KELURAHAN = "kelurahan"
    PLACE = "place"  # latitude and longitude
    REFERENCE = "reference"  # the key of a row of another kind
    IMAGE = "image"  # a still, put in on screen only


class Quality(StrEnum):
    """How sure a row is; the value is the word of files and screens."""

    SURE = "sah"
    PROVISIONAL = "sementara"
    ESTIMATE = "taksiran"
    WANTING = "kurang"
    EXAMPLE = "contoh"


class Owner(StrEnum):
    """Whose rows are: an OPD's each, or the city's, which only those of the whole city edit."""

    OPD = "opd"
    CITY = "city"


class Choice(Section, frozen=True):
    """One of the words a field may hold; ``tone`` is how a screen colours it."""

    id: Annotated[str, msgspec.Meta(pattern=r"\A[a-z0-9][a-z0-9-]{0,39}\Z")]
    label: Label
    tone: Annotated[str, msgspec.Meta(pattern=r"\A(|good|warn|bad|idle)\Z")] = ""


class Field(Section, frozen=True):
    """One column. ``least`` and ``most`` bound a number; ``of`` is the kind that a reference points to."""

    id: Id
    label: Label
    kind: FieldKind = FieldKind.TEXT
    hint: Hint = ""
    unit: Annotated[str, msgspec.Meta(max_length=20)] = ""
    is_required: bool = False
    is_public: bool = False
    choices: tuple[Choice, ...] = ()
    decimals: Annotated[int, msgspec.Meta(ge=0, le=6)] = 0
    least: float | None = None
    most: float | None = None
    of: str = ""

    def choice(self, word: str) -> Choice | None:
        """Return a choice by its id."""
        return next((one for one in self.choices if one.id == word), None)


class Where(Section, frozen=True):
    """Holds of rows whose field is one of ``values``."""

    field: Id
    values: Annotated[tuple[str, ...], msgspec.Meta(min_length=1)]


class OrderRule(Section, frozen=True):
    """``then`` is never before ``first``."""

    first: Id
    then: Id


class SumRule(Section, frozen=True):
    """The parts add up to no more than the whole; ``is_exact``: to the whole itself."""

    parts: Annotated[tuple[Id, ...], msgspec.Meta(min_length=1)]
    whole: Id
    is_exact: bool = False


class Share(Section, frozen=True):
    """A column worked out: how much of a whole a part is, in per cent."""

    id: Id
    label: Label
    part: Id
    whole: Id


class Counted(StrEnum):
    """What a figure counts."""

    ROWS = "rows"
    OWNERS = "owners"
    SUM = "sum"


class Per(Section, frozen=True):
    """What a figure is held against."""

    kind: Code
    count: Counted = Counted.ROWS
    field: str = ""
    where: Where | None = None


class Figure(Section, frozen=True):
    """A number over the whole register; with ``per`` as a share, or with ``is_ratio`` as so many each."""

    label: Label
    count: Counted = Counted.ROWS
    field: str = ""
    where: Where | None = None
    per: Per | None = None
    is_ratio: bool = False
    is_money: bool = False


class Moderation(Section, frozen=True):
    """Rows that are looked over before they are shown: who may not moderate puts them back to ``queued``."""

    field: Id
    shown: tuple[str, ...]
    queued: str


class Kind(Section, frozen=True):
    """A register, whole. ``key`` tells rows apart, ``title`` names them, lists show ``columns``.

    ``probe`` is the address that is looked at, of rows for which ``probe_if`` holds.
    """

    code: Code
    label: Label
    one: Label
    group: Label
    fields: Annotated[tuple[Field, ...], msgspec.Meta(min_length=1)]
    key: Annotated[tuple[Id, ...], msgspec.Meta(min_length=1)]
    title: Id
    description: Hint = ""
    owner: Owner = Owner.OPD
    source: Annotated[str, msgspec.Meta(max_length=200)] = ""
    frequency: Label = "sewaktu-waktu"
    licence: Label = "CC-BY-4.0"
    is_public: bool = False
    public_if: Where | None = None
    columns: tuple[Id, ...] = ()
    filters: tuple[Id, ...] = ()
    orders: tuple[OrderRule, ...] = ()
    sums: tuple[SumRule, ...] = ()
    shares: tuple[Share, ...] = ()
    figures: tuple[Figure, ...] = ()
    probe: str = ""
    probe_if: Where | None = None
    moderation: Moderation | None = None

    def field(self, name: str) -> Field:
        """Return a field by its id.

        Raises:
            KeyError: there is none.
        """
        for one in self.fields:
            if one.id == name:
                return one
        raise KeyError(name)

    @property
    def ids(self) -> frozenset[str]:
        """The ids of all fields."""
        return frozenset(one.id for one in self.fields)

    @property
    def filed(self) -> tuple[Field, ...]:
        """The fields that files carry: all but pictures."""
        return tuple(one for one in self.fields if one.kind is not FieldKind.IMAGE)

    @property
    def shown(self) -> tuple[Field, ...]:
        """The fields that lists show, after the name."""
        return tuple(self.field(name) for name in self.columns)
