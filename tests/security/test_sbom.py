"""The bill of materials: made from what is locked, so that it cannot differ from what is installed."""

import json
import subprocess
import tomllib
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
UV = ROOT / ".uv" / "bin" / "uv"


@pytest.mark.skipif(not UV.exists(), reason="the installer uv is not in .uv: run ./pontive test")
@pytest.mark.parametrize("part", ["edge", "hub", "provisioning"])
def test_every_package_that_is_shipped_is_listed_with_version_and_hash(part: str) -> None:
    command = [UV, "export", "--frozen", "--no-dev", "--quiet", "--format", "cyclonedx1.5", "--extra", part]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    bill = json.loads(done.stdout)
    assert (bill["bomFormat"], bill["specVersion"]) == ("CycloneDX", "1.5")
    listed = {one["name"] for one in bill["components"]}
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]
    wanted = {
        name.split(">")[0].split("[")[0].split("=")[0].split(";")[0].strip().lower()
        for name in (*project["dependencies"], *project["optional-dependencies"][part])
    }
    assert {name for name in wanted if not name.startswith("pontive")} <= listed
    for one in bill["components"]:
        hashes = [found for place in one["externalReferences"] for found in place.get("hashes", ())]
        assert one["version"], one["name"]
        assert any(found["alg"] == "SHA-256" for found in hashes), one["name"]
