"""Who may read metrics: some networks, or whoever holds the token. To anybody else there is no such page."""

import hmac
from ipaddress import ip_address, ip_network
from pathlib import Path

from hub.errors import ConfigError
from hub.upkeep import OperatingSettings

_BEARER = "Bearer "


class MetricsGuard:
    """Decides by address and by the ``Authorization`` header."""

    def __init__(self, settings: OperatingSettings) -> None:
        """Read networks and token.

        Raises:
            ConfigError: a network is none, or the token's file cannot be read or is empty.
        """
        try:
            self._networks = [ip_network(one) for one in settings.metrics_from]
        except ValueError as error:
            raise ConfigError(f"operating.metrics_from: {error}; write it as 10.1.0.0/16") from error
        self._token = _token_in(settings.metrics_token_file)

    def lets_in(self, address: str, authorization: str) -> bool:
        """Return whether somebody may read.

        Args:
            address: Of whoever asks, as the connection or a trusted proxy says.
            authorization: The header, or empty.
        """
        if self._token and authorization.startswith(_BEARER):
            given = authorization.removeprefix(_BEARER).strip()
            return hmac.compare_digest(given.encode(), self._token.encode())
        try:
            found = ip_address(address)
        except ValueError:
            return False
        return any(found in network for network in self._networks if network.version == found.version)


def _token_in(path: str) -> str:
    if not path:
        return ""
    try:
        token = Path(path).read_text("utf-8").strip()
    except OSError as error:
        raise ConfigError(f"operating.metrics_token_file {path}: {error.strerror}") from error
    if len(token) < 20:
        raise ConfigError(f"operating.metrics_token_file {path}: needs at least 20 letters")
    return token
