"""What every device is told, as the hub's configuration has it. Must not know the database."""

from datetime import timedelta
from pathlib import Path

from cryptography.hazmat.primitives import serialization

from hub.config import HubConfig
from hub.enrolment.claiming.joining import Surroundings
from hub.signing import read_signing_key


def surroundings_of(config: HubConfig) -> Surroundings:
    """Return broker, key and life of certificates.

    Raises:
        ConfigError: the hub's signing key cannot be used.
    """
    key = read_signing_key(Path(config.signing_key)).public_key()
    pem = key.public_bytes(serialization.Encoding.PEM, serialization.PublicFormat.SubjectPublicKeyInfo)
    enrolment = config.enrolment
    return Surroundings(
        hub_key=pem.decode(),
        broker_host=enrolment.broker_host or config.broker.host,
        broker_port=enrolment.broker_port or config.broker.port,
        life=timedelta(days=enrolment.certificate_days),
    )
