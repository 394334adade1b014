"""The hub's files for containers: parsed and held against rules, as no engine is needed for that."""

from pathlib import Path
from typing import Any

import pytest
import yaml

FOLDER = Path(__file__).parents[2] / "firmware_images/hub/container"


@pytest.fixture(scope="module")
def services() -> dict[str, dict[str, Any]]:
    compose = yaml.safe_load((FOLDER / "docker-compose.yml").read_text())
    found: dict[str, dict[str, Any]] = compose["services"]
    named = {volume.partition(":")[0] for one in found.values() for volume in one["volumes"]}
    assert named == set(compose["volumes"])
    return found


def test_everything_but_the_setup_is_an_ordinary_user_on_a_read_only_root(
    services: dict[str, dict[str, Any]],
) -> None:
    for name, service in services.items():
        if name == "setup":
            continue
        assert service["read_only"] is True, name
        assert service["cap_drop"] == ["ALL"], name
        assert service["security_opt"] == ["no-new-privileges:true"], name
        assert service["user"] in ("mosquitto", "pontive-hub"), name
        assert service["depends_on"] == {"setup": {"condition": "service_completed_successfully"}}, name


def test_only_broker_and_screens_are_reached_from_outside(services: dict[str, dict[str, Any]]) -> None:
    assert {name for name, one in services.items() if "ports" in one} == {"broker"}
    assert services["broker"]["ports"] == ["8883:8883", "443:443"]
    assert services["ingest"]["network_mode"] == services["web"]["network_mode"] == "service:broker"
    assert {services[name]["network_mode"] for name in ("setup", "backup", "broker-watch")} == {"none"}


def test_only_setup_and_backup_see_the_backups(services: dict[str, dict[str, Any]]) -> None:
    seen = {name for name, one in services.items() if any("backups" in volume for volume in one["volumes"])}
    assert seen == {"setup", "backup"}


def test_wheels_are_taken_by_their_checksums() -> None:
    text = (FOLDER / "Dockerfile").read_text()
    assert "--require-hashes" in text
    assert text.count("apt-get install -y --no-install-recommends") == text.count("apt-get install")
