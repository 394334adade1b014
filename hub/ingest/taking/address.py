"""Where the broker is, who we are to it, and whether its messages are divided among several of us.

Must not connect.
"""

import ssl
from dataclasses import dataclass

from hub.config import BrokerSettings

# MQTT 5, 4.8.2: each message goes to one of those who subscribed with this before the filter.
SHARED = "$share/pontive-hub/"


@dataclass(frozen=True, kw_only=True)
class Address:
    """Where the broker is and who we are; ``tls`` ``None`` is for brokers of tests and benches."""

    host: str
    port: int
    client_id: str = "hub-ingest"
    tls: ssl.SSLContext | None = None
    # SHARED when several workers divide the messages; then the broker must know how.
    share_prefix: str = ""


def address_of(settings: BrokerSettings, *, client_id: str = "hub-ingest", share_prefix: str = "") -> Address:
    """Return the address with mutual TLS as configured.

    Raises:
        OSError: a certificate or key file is missing or cannot be read; names it.
    """
    try:
        tls = ssl.create_default_context(ssl.Purpose.SERVER_AUTH, cafile=settings.ca)
        tls.load_cert_chain(settings.certificate, settings.key)
    except OSError as error:
        names = f"{settings.ca}, {settings.certificate}, {settings.key}"
        raise OSError(f"certificates of the hub cannot be used ({names}): {error}") from error
    return Address(
        host=settings.host, port=settings.port, client_id=client_id, tls=tls, share_prefix=share_prefix
    )
