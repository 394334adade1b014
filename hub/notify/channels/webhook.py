"""Webhooks: a signed JSON body to an address that somebody typed, so never into our own network.

The name is resolved once, every address it has is checked, and the connection goes to a checked
one: a name that points elsewhere a moment later gains nothing. Redirects are not followed.
"""

import hashlib
import hmac
import ipaddress
import json
import socket
from collections.abc import Mapping, Sequence
from http.client import HTTPConnection, HTTPException
from urllib.parse import SplitResult, urlsplit

from hub.notify.channels.port import Message, SendError
from hub.notify.settings import WebhookSettings
from hub.outside.names import Resolve, looked_up, resolve
from hub.outside.opening import Address, is_outside, opened, port_of

# For looking the name up, again for connecting, and again for all that comes after it.
TIMEOUT_S = 5.0
SIGNATURE = "X-Pontive-Signature"
# Answers after which the same body may be taken later (RFC 9110, RFC 8470, RFC 6585).
_MAY_PASS = frozenset({408, 409, 425, 429})


class WebhookChannel:
    """Calls to other programs."""

    def __init__(
        self,
        settings: WebhookSettings,
        secret: str,
        resolve: Resolve = resolve,
        timeout_s: float = TIMEOUT_S,
    ) -> None:
        """Take the allow-list, the secret that signs (empty: unsigned), how names are resolved, the time."""
        self._timeout_s = timeout_s
        self._allowed_hosts = frozenset(one for one in settings.allowed if not _is_network(one))
        self._allowed_networks = [
            ipaddress.ip_network(one, strict=False) for one in settings.allowed if _is_network(one)
        ]
        self._secret = secret
        self._resolve = resolve

    def send(self, message: Message) -> None:
        """See :class:`MessageChannel`."""
        url = urlsplit(message.address)
        targets = self._checked_addresses(url)
        body = json.dumps(
            {
                "id": message.number,
                "subject": message.subject,
                "text": message.text,
                "link": message.link,
            },
            ensure_ascii=False,
        ).encode()
        headers = {"Content-Type": "application/json", "User-Agent": "Pontive", "Host": url.netloc}
        if self._secret:
            digest = hmac.new(self._secret.encode(), body, hashlib.sha256).hexdigest()
            headers[SIGNATURE] = f"sha256={digest}"
        try:
            status = _post(url, targets, body, headers, self._timeout_s)
        except (HTTPException, OSError) as error:
            raise SendError(f"webhook tidak tersambung: {error}") from error
        _judge(status)

    def _checked_addresses(self, url: SplitResult) -> Sequence[str]:
        host, is_plain = url.hostname or "", url.scheme == "http"
        try:
            found = looked_up(self._resolve, host, port_of(url), timeout_s=self._timeout_s)
        except (OSError, UnicodeError) as error:
            raise SendError(f"nama {host} tidak ditemukan: {error}") from error
        if host in self._allowed_hosts:
            return found
        addresses = [ipaddress.ip_address(one.partition("%")[0]) for one in found]
        for address in addresses:
            self._check(address, is_plain)
        return [str(address) for address in addresses]

    def _check(self, address: Address, is_plain: bool) -> None:
        real = getattr(address, "ipv4_mapped", None) or address
        if any(real in network for network in self._allowed_networks if network.version == real.version):
            return
        if not is_outside(real):
            raise SendError(
                f"alamat {address} di dalam jaringan sendiri ditolak; bila memang dimaksud, izinkan di "
                "[notify.webhook] allowed",
                is_final=True,
            )
        if is_plain:
            raise SendError("webhook ke luar harus https", is_final=True)


def _is_network(text: str) -> bool:
    try:
        ipaddress.ip_network(text, strict=False)
    except ValueError:
        return False
    return True


def _post(
    url: SplitResult, targets: Sequence[str], body: bytes, headers: Mapping[str, str], timeout_s: float
) -> int:
    """Return the status of the answer, all of it within twice the time, however slow the other side is."""
    with opened(url, targets, timeout_s) as used:
        return _status_of(used, url, body, headers)


def _status_of(link: socket.socket, url: SplitResult, body: bytes, headers: Mapping[str, str]) -> int:
    # Connected already, to an address that was checked; the name is there for the head of the request.
    connection = HTTPConnection(url.hostname or "")
    connection.sock = link
    connection.request("POST", _path(url), body=body, headers=dict(headers))
    # Only the status is read: what a stranger answers may be endless.
    with connection.getresponse() as answer:
        return answer.status


def _path(url: SplitResult) -> str:
    return (url.path or "/") + (f"?{url.query}" if url.query else "")


def _judge(status: int) -> None:
    if 200 <= status < 300:
        return
    is_final = 300 <= status < 500 and status not in _MAY_PASS
    raise SendError(f"webhook menjawab {status}", is_final=is_final)
