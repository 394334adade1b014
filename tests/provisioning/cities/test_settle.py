"""The data folder of a city: complete, private where it must be, and kept at a second start."""

import stat
from datetime import datetime, timedelta
from pathlib import Path

import pytest

from edge.config_file import load_config
from edge.identity import read_hub_keys, read_identity
from hub.config import load_config as load_hub_config
from provisioning.broker import Broker
from provisioning.cities.layout import CityFolder
from provisioning.cities.sample import sample_city
from provisioning.cities.settle import Settler
from provisioning.errors import ProvisioningError
from provisioning.inventory import CityPlan


@pytest.fixture
def folder(tmp_path: Path) -> CityFolder:
    return CityFolder(tmp_path / "data")


@pytest.fixture
def plan(folder: CityFolder) -> CityPlan:
    return sample_city(seed=1, phones=folder.phones)


def settle(folder: CityFolder, plan: CityPlan, now: datetime) -> None:
    settler = Settler(folder, now=now)
    settler.settle_broker(Broker(folder.broker, 1234), is_root=False)
    settler.settle_hub(plan, broker_port=1234, web_port=5678)
    for device in plan.devices:
        settler.settle_device(device, broker_port=1234, kiosk_port=4321)


def test_edges_and_hub_read_what_was_written_for_them(folder, plan, now) -> None:
    settle(folder, plan, now)
    for device in plan.devices:
        config = load_config(folder.edge_config(device.id))
        assert read_identity(config.hub, device=device.id).common_name == device.id
        assert read_hub_keys(config.hub)
        assert config.kiosk.port == (4321 if config.doors else 0)
        certificate = folder.device_certificates / f"{device.id}.pem"
        assert certificate.read_bytes() == (folder.device(device.id) / "device.pem").read_bytes()
    hub = load_hub_config(folder.hub_config)
    assert (hub.broker.port, hub.web.port) == (1234, 5678)
    assert hub.workplace.address == "HTTP://127.0.0.1:5678/S/"
    for path in (hub.broker.ca, hub.broker.certificate, hub.broker.key, hub.signing_key):
        assert Path(path).exists()
    assert Path(hub.device_certificates) == folder.device_certificates


def test_private_keys_are_for_their_owner_only(folder, plan, now) -> None:
    settle(folder, plan, now)
    keys = list(folder.root.rglob("*.key"))
    assert len(keys) == 2 + 1 + 2 + 1 + len(plan.devices)  # authority, broker, hub, firmware, devices
    assert {stat.S_IMODE(path.stat().st_mode) for path in keys} == {0o600}
    for private in (folder.authority, folder.hub, folder.root / "edges", folder.firmware_key.parent):
        assert stat.S_IMODE(private.stat().st_mode) == 0o700


def test_a_second_start_keeps_keys_and_certificates(folder, plan, now) -> None:
    settle(folder, plan, now)
    before = {path: path.read_bytes() for path in folder.root.rglob("*") if path.suffix in (".key", ".pem")}
    settle(folder, plan, now + timedelta(days=1))
    assert before == {path: path.read_bytes() for path in before}


def test_after_a_long_rest_certificates_are_renewed_and_the_hub_learns_of_it(folder, plan, now) -> None:
    settle(folder, plan, now)
    device = plan.devices[0].id
    before = (folder.device(device) / "device.pem").read_bytes()
    settle(folder, plan, now + timedelta(days=400))
    after = (folder.device(device) / "device.pem").read_bytes()
    assert after != before
    assert (folder.device_certificates / f"{device}.pem").read_bytes() == after


def test_a_folder_that_cannot_be_written_is_named_with_the_option(tmp_path: Path, now) -> None:
    (tmp_path / "file").touch()
    with pytest.raises(ProvisioningError, match=r"file/data cannot be written .*--data"):
        Settler(CityFolder(tmp_path / "file" / "data"), now=now)
