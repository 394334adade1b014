"""``fleet.toml``: where the fleets are, and who we are to them. Reads files only."""

from pathlib import Path
from typing import Annotated
from urllib.parse import urlsplit

import msgspec

from edge.wire.joining.enrolment import Role
from edge.wire.strict_toml import Section, TomlError, read_toml
from provisioning.errors import ProvisioningError

# One fleet for each role: they run other services, and get releases at other times.
FLEET_OF_ROLE = {Role.CAMERA: "pontive-camera", Role.DOOR: "pontive-door"}
_LEAST_TOKEN_LETTERS = 16


class FleetSettings(Section, frozen=True):
    """balenaCloud by default; an openBalena of the city by ``balena_host``.

    ``api_endpoint`` is for an API that is not at https://api.HOST/. Paths are relative to the file;
    ``ca_file`` is the root certificate of an openBalena that signs itself.
    """

    organization: Annotated[str, msgspec.Meta(min_length=1, max_length=100)]
    balena_host: Annotated[str, msgspec.Meta(pattern=r"\A[a-z0-9.:-]{1,253}\Z")] = "balena-cloud.com"
    api_endpoint: Annotated[str, msgspec.Meta(pattern=r"\A(?:https?://[^\s/]{1,253}/?)?\Z")] = ""
    api_version: Annotated[str, msgspec.Meta(pattern=r"\Av[0-9]{1,2}\Z")] = "v7"
    device_type: Annotated[str, msgspec.Meta(pattern=r"\A[a-z0-9-]{1,60}\Z")] = "raspberrypi4-64"
    token_file: str = "balena.token"  # noqa: S105 (a file name)
    ca_file: str = ""
    timeout_s: Annotated[float, msgspec.Meta(ge=1, le=600)] = 60.0

    @property
    def api(self) -> str:
        """The address of the API, without a slash at the end."""
        return (self.api_endpoint or f"https://api.{self.balena_host}").rstrip("/")

    @property
    def domain(self) -> str:
        """The name below which registry, VPN and delta service answer."""
        return self.balena_host if not self.api_endpoint else (urlsplit(self.api_endpoint).hostname or "")


def read_fleet_settings(path: Path) -> FleetSettings:
    """Read ``fleet.toml``; paths come back absolute.

    Raises:
        ProvisioningError: it cannot be used; says why.
    """
    try:
        settings = read_toml(path, FleetSettings)
    except TomlError as error:
        raise ProvisioningError(str(error)) from error
    folder = path.resolve().parent
    return msgspec.structs.replace(
        settings,
        token_file=str(folder / settings.token_file),
        ca_file=settings.ca_file and str(folder / settings.ca_file),
    )


def read_token(settings: FleetSettings) -> str:
    """Return the API token.

    Raises:
        ProvisioningError: no file, or no token in it.
    """
    path = Path(settings.token_file)
    try:
        token = path.read_text("ascii").strip()
    except (OSError, UnicodeDecodeError) as error:
        raise ProvisioningError(
            f"{path}: no token can be read; make an API key in the dashboard and put it there (mode 0600)"
        ) from error
    if len(token) < _LEAST_TOKEN_LETTERS or not token.isprintable() or " " in token:
        raise ProvisioningError(f"{path}: this is no API key; make one in the dashboard and put it there")
    return token
