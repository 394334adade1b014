"""What every device is told, as the hub's configuration has it. Must not know the database."""

from datetime import timedelta
from pathlib import Path

from hub.config import HubConfig
from hub.enrolment.claiming.joining import Surroundings
from hub.enrolment.issuing.authority import IssuingAuthority
from hub.signing import read_hub_keys


def surroundings_of(config: HubConfig) -> Surroundings:
    """Return broker, keys and life of certificates.

    Raises:
        ConfigError: the hub's signing key cannot be used.
    """
    enrolment = config.enrolment
    return Surroundings(
        hub_key=trusted_keys(config).decode(),
        broker_host=enrolment.broker_host or config.broker.host,
        broker_port=enrolment.broker_port or config.broker.port,
        life=timedelta(days=enrolment.certificate_days),
    )


def issuing_authority(config: HubConfig) -> IssuingAuthority:
    """Return the issuing authority, which gives the hub's keys away with every certificate.

    Raises:
        ConfigError: it or the hub's signing key cannot be used.
    """
    return IssuingAuthority(Path(config.enrolment.folder), hub_keys=trusted_keys(config))


def trusted_keys(config: HubConfig) -> bytes:
    """Return PEM of the keys of the hub that devices are to trust."""
    return read_hub_keys(Path(config.signing_key)).trusted_pem
