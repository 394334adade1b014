"""The definitions that ship, and the roles they may name."""

from pathlib import Path

from hub.cases.definition.reading import read_definitions

ROLES = frozenset(
    {
        "camat",
        "clinic-clerk",
        "coordinator",
        "counter-clerk",
        "district-section-head",
        "executive",
        "field-officer",
        "inspector",
        "liaison",
        "licensing-head",
        "licensing-verifier",
        "lurah",
        "operator",
        "population-clerk",
        "privacy-officer",
        "supervisor",
        "technician",
        "ward-section-head",
    }
)
FOLDER = Path(__file__).parents[3] / "hub/cases/definitions"
SHIPPED = read_definitions(FOLDER, roles=ROLES)
