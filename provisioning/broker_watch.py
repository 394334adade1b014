"""Takes over what the hub says of revocations, and makes mosquitto read it: within a second or two.

The hub only writes ``crl.pem`` and ``denied`` into a folder of its own; the broker's folder and its
process are ours. A file that cannot be right is left, said once, and the rules at hand stay.
"""

import logging
from collections.abc import Callable
from pathlib import Path

from cryptography import x509

from edge.wire.topics import HUB_USER, TopicError, check_device_id
from provisioning.broker import Broker, write_rules
from provisioning.errors import ProvisioningError
from provisioning.trust.keyfiles import write_file

log = logging.getLogger(__name__)

CRL_FILE, DENIED_FILE = "crl.pem", "denied"
# What mosquitto reads anew besides, when certificates of the broker or the city's roots changed.
OWN_FILES = ("server.pem", "server.key", "ca.pem")


class BrokerWatch:
    """Looks after the rules of one broker."""

    def __init__(self, broker: Broker, news: Path, *, is_root: bool, reload: Callable[[], None]) -> None:
        """Take collaborators; the rules are looked at by :meth:`tick` only.

        Args:
            broker: Whose rules.
            news: The folder in which the hub puts its two files.
            is_root: Whether root started the broker.
            reload: Sends it SIGHUP.
        """
        self._broker = broker
        self._news = news
        self._is_root = is_root
        self._reload = reload
        self._seen = self._marks(broker.folder, OWN_FILES)

    def tick(self) -> bool:
        """Take over what is new; return whether the broker was made to read it."""
        marks = self._marks(self._broker.folder, OWN_FILES) | self._marks(self._news, (CRL_FILE, DENIED_FILE))
        if marks == self._seen:
            return False
        self._seen = marks
        try:
            self._take_over()
        except ProvisioningError as error:
            log.error("%s; the broker's rules stay as they are", error)
            return False
        self._reload()
        return True

    def _take_over(self) -> None:
        crl, denied = self._news / CRL_FILE, self._news / DENIED_FILE
        if crl.exists():
            write_file(self._broker.folder / CRL_FILE, checked_lists(crl.read_bytes()))
        if denied.exists():
            names = checked_devices(denied.read_text("utf-8", "replace"))
            write_rules(self._broker, is_root=self._is_root, denied=names)

    @staticmethod
    def _marks(folder: Path, names: tuple[str, ...]) -> dict[Path, tuple[int, int]]:
        paths = [folder / name for name in names]
        return {path: (path.stat().st_mtime_ns, path.stat().st_size) for path in paths if path.exists()}


def checked_lists(pem: bytes) -> bytes:
    """Return revocation lists that mosquitto can read; without one it would refuse everybody.

    Raises:
        ProvisioningError: one is garbled, or there is none.
    """
    end = b"-----END X509 CRL-----"
    parts = [part + end for part in pem.split(end)[:-1]]
    try:
        for part in parts:
            x509.load_pem_x509_crl(part)
    except ValueError as error:
        raise ProvisioningError(f"revocation list of the hub: garbled ({error})") from error
    if not parts:
        raise ProvisioningError("revocation list of the hub: empty")
    return pem


def checked_devices(text: str) -> list[str]:
    """Return the devices of a list, one a line; never the hub itself, and nothing but ids.

    Raises:
        ProvisioningError: a line is no device id.
    """
    names = text.split()
    for name in names:
        try:
            check_device_id(name)
        except TopicError as error:
            raise ProvisioningError(f"denied devices of the hub: {error}") from error
        if name == HUB_USER:
            raise ProvisioningError("denied devices of the hub: it names the hub itself")
    return sorted(set(names))
