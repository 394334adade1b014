"""Every unit we ship, as systemd weighs it: each may do little."""

import re
import shutil
import subprocess
from pathlib import Path

import pytest

IMAGES = Path(__file__).parents[2] / "firmware_images"
MOST = 2.0

pytestmark = pytest.mark.skipif(shutil.which("systemd-analyze") is None, reason="systemd-analyze is not here")


def units() -> dict[str, Path]:
    return {path.name: path for path in sorted(IMAGES.rglob("*.service"))}


def exposure(text: str, name: str, folder: Path) -> float:
    path = folder / name
    path.write_text(text.replace("@BIN@", "/opt/pontive/bin"))
    command = ["systemd-analyze", "security", "--offline=yes", "--no-pager", str(path)]
    said = subprocess.run(command, capture_output=True, text=True, timeout=60).stdout
    found = re.search(r"exposure level for \S+: ([\d.]+)", said)
    assert found is not None, said
    return float(found[1])


def test_every_unit_is_exposed_little(tmp_path: Path) -> None:
    weighed = {name: exposure(path.read_text(), name, tmp_path) for name, path in units().items()}
    assert len(weighed) >= 10
    assert {name: points for name, points in weighed.items() if points > MOST} == {}
