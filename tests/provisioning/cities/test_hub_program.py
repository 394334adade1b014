"""The hub seen from outside: what it refuses arrives as one clear error."""

import json
from pathlib import Path

import pytest

from provisioning.cities import hub_program
from provisioning.cities.hub_program import HubProgram, installed_program, run_to_the_end
from provisioning.cities.screens import settle_screens
from provisioning.errors import ProvisioningError
from provisioning.trust.keyfiles import ensure_signing_key


@pytest.fixture
def hub(tmp_path: Path) -> HubProgram:
    (tmp_path / "hub.toml").write_text("")
    return HubProgram(tmp_path / "hub.toml")


def test_the_first_admin_is_made_once(hub: HubProgram) -> None:
    hub.migrate()
    password = hub.add_first_admin()
    assert password is not None
    assert len(password) >= 12
    assert hub.add_first_admin() is None


def test_an_empty_hub_has_nothing_to_say(hub: HubProgram) -> None:
    hub.migrate()
    status = hub.status()
    assert (status.devices, status.sources, status.troubles, status.records) == ({}, {}, {}, 0)


def test_the_room_of_an_empty_hub_gets_examples_and_no_records(hub: HubProgram, tmp_path: Path) -> None:
    ensure_signing_key(tmp_path / "hub-signing.key", tmp_path / "hub-signing.pem")  # letters are sealed
    hub.migrate()
    hub.add_first_admin()
    hub.load_room_examples()
    assert hub.status().records == 0


def test_the_screens_of_the_city_keep_their_addresses(hub: HubProgram, tmp_path: Path) -> None:
    hub.migrate()
    path = tmp_path / "screens.json"
    made = settle_screens(path, hub)
    assert list(made) == ["Dinding Pontive Center", "LED Pasar Flamboyan", "Kios Balai Kota"]
    assert all(address.startswith("/layar/") for address in made.values())
    assert path.stat().st_mode & 0o077 == 0
    assert settle_screens(path, hub) == made


def test_a_device_of_a_new_hub_tries_a_newer_version_once(hub: HubProgram, tmp_path: Path) -> None:
    key, bundle = tmp_path / "firmware.key", tmp_path / "contoh.bundle"
    ensure_signing_key(key, key.with_suffix(".pem"))
    hub.migrate()
    place = {"id": "balai", "name": "Balai", "kelurahan": "61.71.05.1003", "lat": 0.0, "lon": 109.34}
    device = {"id": "pi-01", "site": "balai", "name": "Pi"}
    (tmp_path / "inventory.json").write_text(json.dumps({"sites": [place], "devices": [device]}))
    hub.load_places(tmp_path / "inventory.json")
    hub.load_example_release(bundle, key, trial_device="pi-01")
    written_at = bundle.stat().st_mtime_ns
    hub.load_example_release(bundle, key, trial_device="pi-01")
    assert bundle.stat().st_mtime_ns == written_at
    with pytest.raises(ProvisioningError, match=r"new\.bundle"):
        HubProgram(_new_hub(tmp_path)).load_example_release(
            tmp_path / "new.bundle", tmp_path / "none.key", trial_device="pi-01"
        )


def _new_hub(folder: Path) -> Path:
    (folder / "other").mkdir()
    config = folder / "other" / "hub.toml"
    config.write_text("")
    HubProgram(config).migrate()
    return config


def test_what_the_hub_refuses_comes_with_its_own_words(hub: HubProgram, tmp_path: Path) -> None:
    hub.migrate()
    (tmp_path / "inventory.json").write_text('{"sights": []}')
    with pytest.raises(ProvisioningError, match=r"(?s)pontive-hub places load .* failed:.*sights"):
        hub.load_places(tmp_path / "inventory.json")
    (tmp_path / "people.json").write_text("garbled")
    with pytest.raises(ProvisioningError, match=r"(?s)people load .* failed:.*people\.json"):
        hub.load_people(tmp_path / "people.json")


def test_a_program_that_does_not_end_is_named(monkeypatch) -> None:
    monkeypatch.setattr(hub_program, "IDLE_S", 0.2)
    with pytest.raises(ProvisioningError, match="sleep 30 did nothing for 0 s"):
        run_to_the_end(["sleep", "30"])


def test_our_programs_are_those_beside_the_running_python() -> None:
    assert Path(installed_program("pontive-hub")).exists()


def test_a_backup_is_made_and_tried_out(hub: HubProgram, tmp_path: Path) -> None:
    hub.migrate()
    hub.keep_backup(tmp_path / "backups")
    assert len(list((tmp_path / "backups").glob("pontive-*"))) == 1


def test_what_speaks_against_a_command_keeps_it_from_running(tmp_path: Path) -> None:
    class EndedError(Exception):
        pass

    def refuse() -> None:
        raise EndedError

    (tmp_path / "hub.toml").write_text("")
    with pytest.raises(EndedError):
        HubProgram(tmp_path / "hub.toml", before_each=refuse).migrate()
    assert not (tmp_path / "hub.db").exists()
