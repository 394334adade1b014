"""What is in the field: the packages and nothing beside them; what serves people loads no samples."""

import json
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
# The city that `./pontive up` plays, cameras that are simulated, rows that are invented.
PLAYED = ("example", "examples", "sample", "simulators", "simulated", "rehearsal", "cities")
# The table that people download to fill in, on the page where they send it.
PART_OF_A_PAGE = {"hub.places.importing.sample"}


def loaded(*programs: str) -> list[str]:
    """Return the modules of ours, and of test tools, that a process has which runs these."""
    code = f"import json, sys, {', '.join(programs)}\nprint(json.dumps(sorted(sys.modules)))"
    done = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    return list(json.loads(done.stdout))


@pytest.mark.parametrize("program", ["hub.web.server", "hub.ingest.process"])
def test_what_serves_loads_no_samples_and_no_tests(program: str) -> None:
    found = loaded(program, "hub.app", "hub.wiring")
    assert program in found
    ours = [name for name in found if name.split(".")[0] in ("hub", "edge", "provisioning", "tests")]
    assert {name for name in ours if set(name.split(".")) & set(PLAYED)} == PART_OF_A_PAGE
    tools = {"tests", "pytest", "_pytest", "hypothesis", "playwright", "werkzeug.debug", "werkzeug.test"}
    assert sorted(tools & set(found)) in ([], ["werkzeug.test"]), "Flask itself imports its test client"


def test_samples_are_found_where_they_are() -> None:
    assert [name for name in loaded("hub.cases.commands") if name == "hub.cases.examples"]


def test_the_package_holds_three_folders_and_no_tests() -> None:
    wheel = tomllib.loads((ROOT / "pyproject.toml").read_text())["tool"]["hatch"]["build"]["targets"]["wheel"]
    assert wheel["packages"] == ["edge", "hub", "provisioning"]
    beside = [path for name in wheel["packages"] for path in (ROOT / name).rglob("test_*.py")]
    assert beside == []
    assert list(wheel["shared-data"].values()) == ["share/pontive/hub"]
