"""What a finding can be, who is usually asked to act on it, and how soon: read from a data file.

The city puts its own file in the place of ours by ``[findings] kinds`` in hub.toml. Pure but for
reading that file; knows no database.
"""

from collections.abc import Iterable, Mapping
from enum import StrEnum
from pathlib import Path
from typing import Annotated

import msgspec

from edge.wire.strict_toml import Section, TomlError, read_toml
from hub.errors import ConfigError
from hub.web.i18n import N_

OURS = Path(__file__).with_name("kinds.toml")


class FindingKind(StrEnum):
    """What was found."""

    BILLBOARD = "billboard"
    BUILDING = "building"
    FLOOD = "flood"
    RUBBISH = "rubbish"
    ROAD = "road"
    CROWD = "crowd"
    DISCIPLINE = "discipline"
    OTHER = "other"


WORDS: Mapping[FindingKind, str] = {
    FindingKind.BILLBOARD: N_("Reklame tanpa izin"),
    FindingKind.BUILDING: N_("Bangunan"),
    FindingKind.FLOOD: N_("Genangan atau banjir"),
    FindingKind.RUBBISH: N_("Sampah"),
    FindingKind.ROAD: N_("Jalan rusak atau terhalang"),
    FindingKind.CROWD: N_("Keramaian"),
    FindingKind.DISCIPLINE: N_("Kedisiplinan pegawai"),
    FindingKind.OTHER: N_("Lain-lain"),
}


class KindRule(Section, frozen=True):
    """Who acts and within how many days; ``opd`` are parts of names of OPDs, the first that fits is it."""

    opd: tuple[str, ...] = ()
    due_days: Annotated[int, msgspec.Meta(ge=1, le=365)] = 7


class _File(Section, frozen=True):
    kinds: dict[str, KindRule]


Rules = Mapping[FindingKind, KindRule]


def read_rules(path: Path | None = None) -> Rules:
    """Read the data file; kinds that it does not name have nobody to suggest and a week.

    Raises:
        ConfigError: it cannot be read, or names a kind that there is not.
    """
    path = path or OURS
    try:
        read = read_toml(path, _File).kinds
    except TomlError as error:
        raise ConfigError(str(error)) from error
    unknown = sorted(set(read) - {kind.value for kind in FindingKind})
    if unknown:
        known = ", ".join(FindingKind)
        raise ConfigError(f"{path}: kinds.{unknown[0]} is no kind of finding; there are {known}")
    return {kind: read.get(kind.value, KindRule()) for kind in FindingKind}


def suggested(rules: Rules, kind: FindingKind, opds: Iterable[tuple[int, str]]) -> int | None:
    """Return the number of the OPD to suggest; ``None``: none of the city's fits.

    Args:
        rules: The data file.
        kind: Of the finding.
        opds: Numbers and names of the city's OPDs.
    """
    named = [(number, name.casefold()) for number, name in opds]
    for part in rules[kind].opd:
        for number, name in named:
            if part.casefold() in name:
                return number
    return None
