"""Where everything of a one-machine city lies below its data folder. Must not create anything."""

from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True, slots=True)
class CityFolder:
    """The data folder and the places in it."""

    root: Path

    @property
    def authority(self) -> Path:
        """The certificate authority."""
        return self.root / "ca"

    @property
    def broker(self) -> Path:
        """Configuration and identity of mosquitto."""
        return self.root / "broker"

    @property
    def hub(self) -> Path:
        """Configuration, identity, database and stills of the hub."""
        return self.root / "hub"

    @property
    def hub_config(self) -> Path:
        """The hub's configuration file."""
        return self.hub / "hub.toml"

    @property
    def device_certificates(self) -> Path:
        """Certificates of all devices, for the hub to seal documents to."""
        return self.hub / "devices"

    @property
    def broker_news(self) -> Path:
        """What the hub tells the broker of revoked devices."""
        return self.hub / "for-broker"

    @property
    def fleet_report(self) -> Path:
        """What the example of a fleet says of its device."""
        return self.hub / "fleet.json"

    @property
    def inventory(self) -> Path:
        """What the hub is told of sites and devices."""
        return self.hub / "inventory.json"

    @property
    def people(self) -> Path:
        """What the hub is told of the demonstration employees."""
        return self.hub / "people.json"

    @property
    def employees(self) -> Path:
        """Where the demonstration employees work."""
        return self.hub / "employees.csv"

    @property
    def firmware_key(self) -> Path:
        """Signs the software of the simulated devices; its public half lies beside it, as ``.pem``."""
        return self.root / "firmware" / "firmware.key"

    @property
    def example_release(self) -> Path:
        """A newer version for the simulated devices."""
        return self.root / "firmware" / "contoh.bundle"

    @property
    def phones(self) -> Path:
        """The keys of the simulated phones, which only the simulation may know."""
        return self.root / "phones.json"

    @property
    def screens(self) -> Path:
        """The addresses of the screens that nobody signs in at."""
        return self.root / "screens.json"

    @property
    def logs(self) -> Path:
        """One log file for each child."""
        return self.root / "logs"

    @property
    def lock(self) -> Path:
        """Held by the city that runs here."""
        return self.root / "city.lock"

    def device(self, device: str) -> Path:
        """Configuration, identity and outbox of one device."""
        return self.root / "edges" / device

    def edge_config(self, device: str) -> Path:
        """The configuration file of one device."""
        return self.device(device) / "edge.toml"
