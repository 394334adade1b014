"""What a field offers to choose from. Pure but for the areas of the city, which are read once."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from hub.cases.definition.form import Field, FieldKind
from hub.places.areas import read_areas


@dataclass(frozen=True, slots=True)
class Option:
    """One answer; ``group`` heads those that stand together in a list."""

    value: str
    label: str
    hint: str = ""
    group: str = ""


# More than this many are a list to choose from, not buttons side by side.
MOST_BUTTONS = 6


def kelurahan_options() -> tuple[Option, ...]:
    """Return the kelurahan under their kecamatan."""
    areas = read_areas()
    districts = {area.code: area.name for area in areas.kecamatan}
    listed = sorted(areas.kelurahan, key=lambda area: (districts[area.kecamatan], area.name))
    return tuple(Option(area.code, area.name, group=districts[area.kecamatan]) for area in listed)


def options_of(field: Field, offered: Mapping[str, Sequence[Option]]) -> tuple[Option, ...]:
    """Return what a field offers; ``offered`` are options that only the page knows, by field."""
    if field.id in offered:
        return tuple(offered[field.id])
    if field.kind is FieldKind.YES_NO:
        return (Option("yes", "Ya"), Option("no", "Tidak"))
    if field.kind is FieldKind.KELURAHAN:
        return kelurahan_options()
    return tuple(Option(choice.id, choice.label, choice.hint) for choice in field.choices)
