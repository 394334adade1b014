"""One look at an address that somebody typed: does it answer, is its certificate good.

The same rules as for webhooks: a name is looked up once, every address it has must be of the open internet,
the connection goes to a checked one, redirects are not followed, and nothing of the page is read.
"""

import ipaddress
import ssl
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from email.utils import parsedate_to_datetime
from enum import StrEnum
from http.client import HTTPConnection, HTTPException
from urllib.parse import SplitResult, quote, urlsplit

from hub.outside.names import Resolve, looked_up, resolve
from hub.outside.opening import Address, is_outside, opened, port_of
from hub.web.formats import YEARS

TIMEOUT_S = 5.0
# What a path is written with anyway; letters of other alphabets are put in its own way.
_AS_TYPED = "/?%:@!$&'()*+,;=~-._"
# Names that are for examples and tests and belong to nobody (RFC 2606, 1999; RFC 6761, 2013).
_NOBODYS = ("example", "test", "invalid", "localhost")


class Standing(StrEnum):
    """How an address was found."""

    REACHABLE = "reachable"
    FAILING = "failing"  # it answers that it cannot
    CERTIFICATE = "certificate"  # nobody's browser would open it
    UNREACHABLE = "unreachable"
    REFUSED = "refused"  # of our own network, or a name of nobody: not looked at

    @property
    def is_down(self) -> bool:
        """Whether people who go there get nothing."""
        return self in (Standing.FAILING, Standing.CERTIFICATE, Standing.UNREACHABLE)


@dataclass(frozen=True, slots=True)
class Look:
    """What one look found; ``detail`` is a sentence in Indonesian."""

    standing: Standing
    detail: str
    status: int | None = None
    took_ms: int | None = None
    certificate_until: date | None = None
    changed_on: date | None = None


class WebsiteLooker:
    """Looks at addresses."""

    def __init__(
        self,
        *,
        resolve: Resolve = resolve,
        is_allowed: Callable[[Address], bool] = is_outside,
        timeout_s: float = TIMEOUT_S,
        monotonic_s: Callable[[], float] = time.monotonic,
    ) -> None:
        """Take how names are found, which addresses may be asked, and how long that may take."""
        self._resolve, self._is_allowed = resolve, is_allowed
        self._timeout_s, self._monotonic_s = timeout_s, monotonic_s

    def look(self, address: str) -> Look:
        """Look at an address once; whatever happens is an answer."""
        try:
            url = urlsplit(address)
            host, port = url.hostname or "", port_of(url)
        except ValueError as error:
            return Look(Standing.UNREACHABLE, f"alamat tidak terbaca: {error}"[:200])
        try:
            targets = looked_up(self._resolve, host, port, timeout_s=self._timeout_s)
            found = [ipaddress.ip_address(one.partition("%")[0]) for one in targets]
        except (OSError, UnicodeError, ValueError) as error:
            if host.rpartition(".")[2] in _NOBODYS:
                return Look(Standing.REFUSED, "nama contoh, tidak ada di internet; tidak diperiksa")
            return Look(Standing.UNREACHABLE, f"nama tidak ditemukan: {error}"[:200])
        if not found or not all(self._is_allowed(one) for one in found):
            return Look(Standing.REFUSED, "alamat di dalam jaringan sendiri; tidak diperiksa dari sini")
        began_s = self._monotonic_s()
        try:
            return self._answer(url, [str(one) for one in found], began_s)
        except ssl.SSLCertVerificationError as error:
            return Look(Standing.CERTIFICATE, f"sertifikat ditolak: {error.verify_message}"[:200])
        except (OSError, HTTPException, UnicodeError) as error:
            return Look(Standing.UNREACHABLE, f"tidak tersambung: {error}"[:200])

    def _answer(self, url: SplitResult, targets: Sequence[str], began_s: float) -> Look:
        with opened(url, targets, self._timeout_s) as link:
            until = _certificate_until(link) if isinstance(link, ssl.SSLSocket) else None
            connection = HTTPConnection(url.hostname or "")
            connection.sock = link
            path = quote((url.path or "/") + (f"?{url.query}" if url.query else ""), safe=_AS_TYPED)
            headers = {"Host": url.netloc, "User-Agent": "Pontive", "Connection": "close"}
            connection.request("GET", path, headers=headers)
            with connection.getresponse() as answer:
                status, changed = answer.status, answer.getheader("Last-Modified", "")
        took_ms = round((self._monotonic_s() - began_s) * 1000)
        is_good = status < 400 or status in (401, 403)
        standing = Standing.REACHABLE if is_good else Standing.FAILING
        return Look(standing, f"menjawab {status}", status, took_ms, until, _day_of(changed))


def _certificate_until(link: ssl.SSLSocket) -> date | None:
    certificate = link.getpeercert() or {}
    until = certificate.get("notAfter")
    return datetime.fromtimestamp(ssl.cert_time_to_seconds(str(until)), UTC).date() if until else None


def _day_of(header: str | None) -> date | None:
    try:
        day = parsedate_to_datetime(header or "").date()
    except ValueError:
        return None
    return day if day.year in YEARS else None
