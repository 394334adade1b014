"""Prepares the data folder of a one-machine city: keys, certificates, configurations, inventory.

What is there and still good is kept: a second run changes nothing but what is due or was asked
for anew. Must not start a program.
"""

import shutil
from collections.abc import Callable, Sequence
from datetime import datetime
from pathlib import Path

import msgspec

from edge.wire.strict_toml import Section
from edge.wire.topics import HUB_USER
from provisioning.broker import Broker, write_rules
from provisioning.cities.layout import CityFolder
from provisioning.errors import ProvisioningError
from provisioning.inventory import CityPlan, DevicePlan, edge_config, hub_inventory
from provisioning.toml_writing import to_toml
from provisioning.trust.ca import CityAuthority
from provisioning.trust.enrol import ensure_certificate, is_good
from provisioning.trust.keyfiles import (
    PRIVATE_MODE,
    ensure_signing_key,
    private_folder,
    read_ec_key,
    write_file,
)

BROKER_HOSTS = ("localhost", "127.0.0.1")
# Taken on the disk at once for each device; a real one takes 256.
OUTBOX_MIB = 16
HEALTH_EVERY_S = 5


class _HubBroker(Section, frozen=True):
    """The section ``[broker]`` of ``hub.toml``."""

    port: int


class _HubWeb(Section, frozen=True):
    """The section ``[web]`` of ``hub.toml``."""

    port: int


class _HubWorkplace(Section, frozen=True):
    """The section ``[workplace]`` of ``hub.toml``."""

    address: str


class _HubSignIn(Section, frozen=True):
    """The section ``[sign_in]`` of ``hub.toml``: a city to look at asks for no second step."""

    second_factor: str = "optional"


class _HubLetters(Section, frozen=True):
    """The section ``[letters]`` of ``hub.toml``."""

    address: str


class _SensorLimit(Section, frozen=True):
    """One limit in the section ``[alarms]`` of ``hub.toml``."""

    quantity: str
    high: float
    clear_by: float


class _HubAlarms(Section, frozen=True):
    """The section ``[alarms]`` of ``hub.toml``."""

    sensors: tuple[_SensorLimit, ...]


# The simulated river is above this for more than half of each tide: the list of alarms is seldom empty.
_HIGH_WATER = _SensorLimit(quantity="water_level_m", high=1.0, clear_by=0.1)


class _HubEnrolment(Section, frozen=True):
    """The section ``[enrolment]`` of ``hub.toml``."""

    folder: str


class _HubFleet(Section, frozen=True):
    """The section ``[fleet]`` of ``hub.toml``."""

    report: str


class _HubFile(Section, frozen=True):
    """What we say in ``hub.toml``; the rest are the hub's own defaults."""

    broker: _HubBroker
    web: _HubWeb
    workplace: _HubWorkplace
    letters: _HubLetters
    sign_in: _HubSignIn
    alarms: _HubAlarms
    enrolment: _HubEnrolment
    fleet: _HubFleet


class Settler:
    """Fills one data folder for one plan."""

    def __init__(self, folder: CityFolder, *, now: datetime) -> None:
        """Open or found the city's authority.

        Raises:
            ProvisioningError: the folder cannot be written.
        """
        self._folder = folder
        self._now = now
        try:
            for path in (folder.broker, folder.device_certificates, folder.logs):
                path.mkdir(parents=True, exist_ok=True)
        except OSError as error:
            raise ProvisioningError(
                f"{folder.root} cannot be written ({error.strerror}): choose another folder with --data"
            ) from error
        private_folder(folder.hub)
        private_folder(folder.root / "edges")
        self._authority = CityAuthority(folder.authority, now=now)
        ensure_signing_key(folder.hub / "hub-signing.key", folder.hub / "hub-signing.pem")
        private_folder(folder.firmware_key.parent)
        ensure_signing_key(folder.firmware_key, folder.firmware_key.with_suffix(".pem"))

    def settle_broker(self, broker: Broker, *, is_root: bool, hosts: Sequence[str] = BROKER_HOSTS) -> None:
        """Write everything mosquitto needs; ``hosts`` are the names that devices know it by."""
        self._enrol(
            broker.folder,
            "server",
            hosts[0],
            lambda csr: self._authority.sign_server(csr, hosts, now=self._now),
        )
        if not (broker.folder / "crl.pem").exists():
            shutil.copyfile(self._authority.revocation_list_path, broker.folder / "crl.pem")
        write_rules(broker, is_root=is_root)

    def settle_hub(self, plan: CityPlan, *, broker_port: int, web_port: int) -> None:
        """Write everything the hub needs, with the inventory of the plan."""
        folder = self._folder.hub
        self._enrol(folder, "hub", HUB_USER, lambda csr: self._authority.sign_hub(csr, now=self._now))
        hub_file = _HubFile(
            broker=_HubBroker(port=broker_port),
            web=_HubWeb(port=web_port),
            # A phone cannot reach this machine by that name, but a browser on it can.
            workplace=_HubWorkplace(address=f"HTTP://127.0.0.1:{web_port}/S/"),
            letters=_HubLetters(address=f"HTTP://127.0.0.1:{web_port}/V/"),
            sign_in=_HubSignIn(),
            alarms=_HubAlarms(sensors=(_HIGH_WATER,)),
            enrolment=_HubEnrolment(folder=str(self._folder.authority)),
            fleet=_HubFleet(report=str(self._folder.fleet_report)),
        )
        write_file(self._folder.hub_config, to_toml(hub_file).encode())
        write_file(self._folder.inventory, msgspec.json.encode(hub_inventory(plan)))

    def settle_device(
        self, device: DevicePlan, *, broker_port: int, kiosk_port: int = 0, enrols_itself: bool = False
    ) -> None:
        """Write everything one device needs, and its certificate for the hub.

        Args:
            device: The device.
            broker_port: Where the broker listens on this machine.
            kiosk_port: Where it serves the screens of its doors, if it has any; 0: nowhere.
            enrols_itself: It asks the hub for key and certificate: none are made here.
        """
        folder = private_folder(self._folder.device(device.id))
        if not enrols_itself:
            self._enrol(
                folder, "device", device.id, lambda csr: self._authority.sign_device(csr, now=self._now)
            )
            shutil.copyfile(folder / "device.pem", self._folder.device_certificates / f"{device.id}.pem")
            shutil.copyfile(self._folder.hub / "hub-signing.pem", folder / "hub-signing.pem")
        config = edge_config(
            device,
            broker_port=broker_port,
            outbox_mib=OUTBOX_MIB,
            health_every_s=HEALTH_EVERY_S,
            kiosk_port=kiosk_port,
        )
        keys = folder / "update" / "machine" / "keys"
        keys.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(self._folder.firmware_key.with_suffix(".pem"), keys / "firmware.pem")
        # A camera's address may hold a password.
        write_file(self._folder.edge_config(device.id), to_toml(config).encode(), mode=PRIVATE_MODE)

    def has_good_identity(self, device: str) -> bool:
        """Return whether a device has key and certificate of this city that are good for a while."""
        folder = self._folder.device(device)
        key, certificate = folder / "device.key", folder / "device.pem"
        return (
            key.exists()
            and certificate.exists()
            and is_good(certificate, read_ec_key(key), self._authority.has_issued, self._now)
        )

    def _enrol(self, folder: Path, stem: str, name: str, sign: Callable[[bytes], bytes]) -> None:
        ensure_certificate(
            folder / f"{stem}.key",
            folder / f"{stem}.pem",
            name,
            sign=sign,
            is_ours=self._authority.has_issued,
            now=self._now,
        )
        shutil.copyfile(self._authority.trust_path, folder / "ca.pem")
