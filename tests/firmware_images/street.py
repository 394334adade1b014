"""Run on the tried machine by its own Python: a site with a drawn street, as inventory and as settings."""

import sys
from pathlib import Path

import msgspec

from edge.config import CameraSettings
from provisioning.inventory import CameraPlan, CityPlan, DevicePlan, SitePlan, edge_config, hub_inventory
from provisioning.toml_writing import to_toml

CAMERA = CameraSettings(id="jalan", source="scene:street?seed=3", fps=5, counts_every_s=10, still_every_s=5)
DEVICE = DevicePlan(
    id="pi-jalan",
    site="balai-kota",
    name="Perangkat uji",
    cameras=(CameraPlan(settings=CAMERA, name="Jalan"),),
)
SITE = SitePlan(id="balai-kota", name="Balai Kota", kelurahan="61.71.05.1003", lat=-0.0239, lon=109.3406)


def main(inventory: Path, settings: Path) -> None:
    """Write both; a device that enrols keeps the settings and adds its name and hub."""
    plan = CityPlan(sites=(SITE,), devices=(DEVICE,))
    inventory.write_bytes(msgspec.json.encode(hub_inventory(plan)))
    settings.write_text(to_toml(edge_config(DEVICE, broker_port=8883, outbox_mib=16, health_every_s=10)))


if __name__ == "__main__":
    main(*map(Path, sys.argv[1:3]))
