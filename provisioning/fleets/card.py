"""``config.json`` of a balenaOS card: made from a registered device, as the API's own may be missing.

openBalena answers ``download-config`` with an error text that the SDK hands on as if it were the
file; this needs the registration alone. Pure but for ``write_card``.
"""

import base64
import json
from datetime import datetime
from pathlib import Path
from typing import Any

from provisioning.errors import ProvisioningError
from provisioning.fleets.port import Registration
from provisioning.fleets.settings import FleetSettings
from provisioning.trust.keyfiles import write_file

# Defaults of balenaOS (meta-balena's documentation of config.json, 2025).
_POLL_INTERVAL_MS = 900_000
_LISTEN_PORT, _VPN_PORT = 48484, 443


def card_config(
    settings: FleetSettings, device: Registration, *, hostname: str, now: datetime, authority: bytes = b""
) -> dict[str, Any]:
    """Return the content of ``config.json``.

    Args:
        settings: Where the API is.
        device: As registered just now.
        hostname: What the device calls itself in its network.
        now: When it was registered, aware.
        authority: PEM of an openBalena's own root; empty where the world's roots do.
    """
    host = settings.domain
    values: dict[str, Any] = {
        "apiEndpoint": settings.api,
        "applicationId": device.fleet_id,
        "appUpdatePollInterval": _POLL_INTERVAL_MS,
        "deltaEndpoint": f"https://delta.{host}",
        "deviceApiKey": device.key,
        "deviceId": device.device_id,
        "deviceType": device.device_type,
        "hostname": hostname,
        "listenPort": str(_LISTEN_PORT),
        "registered_at": int(now.timestamp()),
        "registryEndpoint": f"registry2.{host}",
        "uuid": device.uuid,
        "vpnEndpoint": f"cloudlink.{host}",
        "vpnPort": str(_VPN_PORT),
    }
    if authority:
        values["balenaRootCA"] = base64.b64encode(authority).decode("ascii")
    return values


def read_authority(settings: FleetSettings) -> bytes:
    """Return the root certificate for the card; empty where none is set.

    Raises:
        ProvisioningError: it cannot be read.
    """
    if not settings.ca_file:
        return b""
    try:
        return Path(settings.ca_file).read_bytes()
    except OSError as error:
        raise ProvisioningError(f"{settings.ca_file}: {error.strerror}; set ca_file in fleet.toml") from error


def write_card(path: Path, values: dict[str, Any]) -> None:
    """Write ``config.json`` for nobody else to read: whoever has the key is the device."""
    write_file(path, (json.dumps(values, indent=2, sort_keys=True) + "\n").encode(), mode=0o600)
