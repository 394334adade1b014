"""Where the parts of an installed hub lie, and where the files come from that are copied there. Pure."""

import sys
from dataclasses import dataclass
from pathlib import Path

from provisioning.errors import ProvisioningError

UNITS = (
    "pontive-ingest.service",
    "pontive-web.service",
    "pontive-broker-watch.service",
    "pontive-backup.service",
    "pontive-backup.timer",
    "pontive-drill.service",
    "pontive-drill.timer",
    "pontive-renew.service",
    "pontive-renew.timer",
)
TIMERS = ("pontive-backup.timer", "pontive-drill.timer", "pontive-renew.timer")
STARTED = ("mosquitto.service", *UNITS[:3], *TIMERS)
BROKER_DROP_IN = "mosquitto.service.d/pontive.conf"
HUB_USER, BROKER_USER = "pontive-hub", "mosquitto"


@dataclass(frozen=True, slots=True)
class HubPlaces:
    """Paths of one machine; ``root`` is ``/`` but in tests."""

    root: Path = Path("/")

    @property
    def settings(self) -> Path:
        """``hub.toml``."""
        return self.root / "etc/pontive/hub.toml"

    @property
    def tls(self) -> Path:
        """Certificate and key of the screens."""
        return self.root / "etc/pontive/tls"

    @property
    def broker(self) -> Path:
        """All files of the broker."""
        return self.root / "etc/pontive/broker"

    @property
    def backup_key(self) -> Path:
        """What backups are encrypted with."""
        return self.root / "etc/pontive/backup.key"

    @property
    def state(self) -> Path:
        """Database, keys and documents of the hub."""
        return self.root / "var/lib/pontive"

    @property
    def authority(self) -> Path:
        """The city's certificate authority."""
        return self.state / "ca"

    @property
    def news(self) -> Path:
        """Where the hub tells the broker's watch who is revoked."""
        return self.root / "var/lib/pontive-news"

    @property
    def backups(self) -> Path:
        """Where backups are put, until somebody fetches them."""
        return self.root / "var/backups/pontive"

    @property
    def units(self) -> Path:
        """Units of the operator."""
        return self.root / "etc/systemd/system"

    @property
    def users(self) -> Path:
        """Who is made."""
        return self.root / "etc/sysusers.d/pontive-hub.conf"

    @property
    def folders(self) -> Path:
        """Who owns what."""
        return self.root / "etc/tmpfiles.d/pontive-hub.conf"


def shipped(name: str) -> str:
    """Return the text of a file of ``firmware_images/hub``, from the wheel or from the source.

    Raises:
        ProvisioningError: it is in neither.
    """
    source = Path(__file__).parents[2] / "firmware_images/hub"
    path = (source if source.is_dir() else Path(sys.prefix) / "share/pontive/hub") / name
    if not path.is_file():
        raise ProvisioningError(f"{path} is not part of this installation: install the wheel again")
    return path.read_text("utf-8")


def unit_text(name: str, programs: Path) -> str:
    """Return a unit with the folder of our programs in it."""
    return shipped(f"systemd/{name}").replace("@BIN@", str(programs))
