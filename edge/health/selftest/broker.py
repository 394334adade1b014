"""Tries the way to the broker: name, port, certificates; says no word of MQTT."""

import socket
import ssl

from edge.config import HubLink
from edge.health.selftest.checks import Check

# With TLS 1.3 a server refuses a certificate only after the handshake; it does so at once.
_REFUSAL_WAIT_S = 0.5


def check_broker(hub: HubLink, *, timeout_s: float = 5.0) -> Check:
    """Return whether the broker lets this device in as far as TLS goes."""
    where = f"{hub.host}:{hub.port}"
    try:
        context = ssl.create_default_context(cafile=hub.ca)
        context.load_cert_chain(hub.certificate, hub.key)
    except (OSError, ValueError) as error:
        return Check("broker", False, f"certificates cannot be used: {error}; see the check 'certificate'")
    try:
        with (
            socket.create_connection((hub.host, hub.port), timeout=timeout_s) as plain,
            context.wrap_socket(plain, server_hostname=hub.host) as tls,
        ):
            tls.settimeout(_REFUSAL_WAIT_S)
            return _silence_is_consent(tls, where)
    except ssl.SSLCertVerificationError as error:
        return Check("broker", False, f"{where} shows a certificate we do not trust: {error.verify_message}")
    except ssl.SSLError as error:
        return Check("broker", False, f"{where} refuses our certificate or speaks no TLS: {error.reason}")
    except OSError as error:
        return Check("broker", False, f"{where} cannot be reached: {error}; check host, port and network")


def _silence_is_consent(tls: ssl.SSLSocket, where: str) -> Check:
    try:
        said = tls.recv(1)
    except TimeoutError:
        return Check("broker", True, f"{where} is reachable and takes our certificate")
    if said:
        return Check("broker", False, f"{where} speaks first, so it is no MQTT broker; check hub.port")
    return Check("broker", False, f"{where} hung up; check that the device is enrolled there")
