"""A device with real keys for the tests of the agent: folder, certificates, edge.toml."""

from datetime import UTC, datetime
from pathlib import Path

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from edge.config import EdgeConfig
from edge.config_file import load_config
from provisioning.trust.ca import CityAuthority
from provisioning.trust.enrol import ensure_certificate

SENSOR = """
[[sensors]]
id = "river"
source = "simulated:water?seed=1"
quantity = "water_level_m"
every_s = 0.1
"""


class Device:
    """One device, enrolled in a city of its own."""

    def __init__(
        self, folder: Path, *, name: str = "pi-1", port: int = 1, authority: CityAuthority | None = None
    ) -> None:
        now = datetime.now(UTC)
        folder.mkdir(parents=True, exist_ok=True)
        self.folder, self.name, self.port = folder, name, port
        self.authority = authority or CityAuthority(folder / "ca", now=now)
        ensure_certificate(
            folder / "device.key",
            folder / "device.pem",
            name,
            sign=lambda request: self.authority.sign_device(request, now=now),
            is_ours=self.authority.has_issued,
            now=now,
        )
        (folder / "ca.pem").write_bytes(self.authority.trust_path.read_bytes())
        self.signing_key = Ed25519PrivateKey.generate()
        (folder / "hub-signing.pem").write_bytes(
            self.signing_key.public_key().public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo)
        )

    @property
    def config_path(self) -> Path:
        return self.folder / "edge.toml"

    def configure(self, text: str = SENSOR, *, top: str = "") -> EdgeConfig:
        """Write edge.toml and return what it says."""
        self.config_path.write_text(
            f'device = "{self.name}"\nhealth_every_s = 1\nacceptance_log = "accepted.log"\n'
            f'camera_network = {{ allowed = ["127.0.0.1"] }}\n{top}\n'
            f'[hub]\nhost = "127.0.0.1"\nport = {self.port}\n[outbox]\nmax_mib = 4\n{text}'
        )
        return load_config(self.config_path)
