"""The arrows between packages: one short table, held against every import."""

import ast
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]

# package -> what it may import of our own, longest prefix wins
ALLOWED: dict[str, tuple[str, ...]] = {
    "edge.wire": ("edge.wire",),
    "edge": ("edge",),
    # Fault points are one table for both programs; it imports nothing of ours.
    "hub": ("hub", "edge.wire", "edge.faultpoints"),
    "provisioning": ("provisioning", "edge.wire", "edge.config", "edge.errors"),
}
# Inside the hub: what every concern may lean on; a concern never leans on another concern.
HUB_GROUND = {
    *("app", "config", "db", "errors", "web", "people", "places", "telemetry", "ingest", "live"),
    *("alarms", "notify", "outside", "maps", "enrolment", "updates", "backup"),
    # Engines: concerns lean on them, they on the ground alone.
    *("cases", "measures", "registers"),
}
HUB_CONCERNS = {"breach", "operating", "cctv", "hadir", "boards", "interop", "portal", "shifts"}
# These build the parts and pass them to each other, so they may see everything.
HUB_COMPOSITION = {
    "hub.app",
    "hub.casework",
    "hub.measuring",
    "hub.public",
    "hub.cli",
    "hub.commands",
    "hub.rebuilding",
    "hub.rehearsal",
    "hub.status",
    "hub.wiring",
}
# The wire contract is read by devices that were last updated years ago: it needs almost nothing.
WIRE_LIBRARIES = {"msgspec", "cryptography"}


def modules() -> list[tuple[str, Path]]:
    found = []
    for package in ("edge", "hub", "provisioning"):
        for path in sorted((ROOT / package).rglob("*.py")):
            parts = path.relative_to(ROOT).with_suffix("").parts
            found.append((".".join(parts[:-1] if parts[-1] == "__init__" else parts), path))
    return found


def imports(path: Path) -> set[str]:
    names: set[str] = set()
    for node in ast.walk(ast.parse(path.read_text("utf-8"))):
        if isinstance(node, ast.Import):
            names |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{path}: relative imports hide where an arrow points"
            names |= {f"{node.module}.{alias.name}" for alias in node.names}
    return names


def is_below(name: str, package: str) -> bool:
    return name == package or name.startswith(package + ".")


@pytest.mark.parametrize(("module", "path"), modules(), ids=str)
def test_a_module_imports_only_what_its_layer_may(module: str, path: Path) -> None:
    layer = max((name for name in ALLOWED if is_below(module, name)), key=len)
    ours = [name for name in imports(path) if name.split(".")[0] in {"edge", "hub", "provisioning", "tests"}]
    wrong = [name for name in ours if not any(is_below(name, allowed) for allowed in ALLOWED[layer])]
    assert not wrong, f"{module} may not import {wrong}"


@pytest.mark.parametrize(("module", "path"), [m for m in modules() if m[0].startswith("hub.")])
def test_a_concern_of_the_hub_never_imports_another_concern(module: str, path: Path) -> None:
    if module in HUB_COMPOSITION or is_below(module, "hub.migrations"):
        return
    others = {name.split(".")[1] for name in imports(path) if name.startswith("hub.")} & HUB_CONCERNS
    assert others <= {module.split(".")[1]}, f"{module} reaches into {others}"


def test_every_folder_of_the_hub_is_ground_or_concern() -> None:
    folders = {path.parent.name for path in (ROOT / "hub").glob("*/__init__.py")} - {"migrations"}
    assert folders <= HUB_GROUND | HUB_CONCERNS, "name the new folder in this table"


def test_the_wire_needs_two_libraries_only() -> None:
    for module, path in modules():
        if is_below(module, "edge.wire"):
            outside = {name.split(".")[0] for name in imports(path)} - {"edge"} - sys.stdlib_module_names
            assert outside <= WIRE_LIBRARIES, f"{module} imports {outside - WIRE_LIBRARIES}"


def test_there_is_no_drawer_for_leftovers() -> None:
    drawers = [m for m, _ in modules() if m.split(".")[-1] in {"utils", "util", "common", "helpers", "misc"}]
    assert drawers == []
