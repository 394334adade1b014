"""The definitions that ship, and the roles they may name."""

from pathlib import Path

from hub.cases.definition.reading import read_definition

ROLES = frozenset(
    {
        "coordinator",
        "supervisor",
        "executive",
        "liaison",
        "field-officer",
        "counter-clerk",
        "ward-section-head",
        "lurah",
        "camat",
    }
)
FOLDER = Path(__file__).parents[3] / "hub/cases/definitions"
SHIPPED = tuple(read_definition(path, roles=ROLES) for path in sorted(FOLDER.glob("*.toml")))
