"""Authority and certificates of a hub's machine: made once, renewed in time, given to who needs them."""

import shutil
from collections.abc import Callable
from datetime import datetime
from pathlib import Path

from edge.wire.topics import HUB_USER as HUB_NAME
from provisioning.broker import Broker, write_rules
from provisioning.hosting.machine import Machine
from provisioning.hosting.places import BROKER_USER, HUB_USER, HubPlaces
from provisioning.hosting.wishes import Wishes
from provisioning.trust.ca import BACKDATED, CityAuthority
from provisioning.trust.enrol import ensure_certificate, is_good
from provisioning.trust.keyfiles import ensure_signing_key, read_ec_key, write_file

BROKER_PORT = 8883
ANYWHERE = ("0.0.0.0", "::")  # noqa: S104 (a city's broker is for the city)


class HubCertificates:
    """The three certificates of one machine: of the hub, of the broker, of the screens."""

    def __init__(self, places: HubPlaces, wishes: Wishes, *, machine: Machine, now: datetime) -> None:
        """Take collaborators; nothing is made yet.

        Args:
            places: Where they lie.
            wishes: Under which names the machine is reached.
            machine: Sets owners.
            now: Aware.
        """
        self._places, self._wishes, self._machine, self._now = places, wishes, machine, now
        self.broker = Broker(places.broker, BROKER_PORT, ANYWHERE)

    def has_authority(self) -> bool:
        """Return whether the city's authority is here."""
        return (self._places.authority / "issuing.pem").exists()

    def found_authority(self) -> None:
        """Make the authority, for the hub to use; its root stays with root."""
        authority, folder = self._authority(), self._places.authority
        own = [path for path in folder.iterdir() if path.is_file()]
        self._machine.give([folder, *own], HUB_USER, HUB_USER)
        self._machine.give([authority.folder / "root"], "root", "root")

    def has_hub(self) -> bool:
        """Return whether the hub has its signing key, and a certificate that is good for a while."""
        signing = self._places.state / "hub-signing.key"
        return signing.exists() and self._is_good(self._places.state / "hub")

    def make_hub(self) -> None:
        """Make or renew it."""
        authority = self._authority()
        stem = self._places.state / "hub"
        self._ensure(stem, HUB_NAME, lambda request: authority.sign_hub(request, now=self._now))
        signing = self._places.state / "hub-signing"
        ensure_signing_key(signing.with_suffix(".key"), signing.with_suffix(".pem"))
        own = [one.with_suffix(end) for one in (stem, signing) for end in (".key", ".pem")]
        self._machine.give(own, HUB_USER, HUB_USER)

    def has_broker(self) -> bool:
        """Return whether the broker has its rules and a certificate that is good for a while."""
        here = self._places.broker
        files = [here / name for name in ("ca.pem", "crl.pem", "acl", "mosquitto.conf")]
        return all(path.exists() for path in files) and self._is_good(here / "server")

    def make_broker(self) -> None:
        """Make or renew it."""
        authority, here = self._authority(), self._places.broker
        names = (*self._wishes.hosts, "localhost", "127.0.0.1")
        stem = here / "server"
        self._ensure(stem, names[0], lambda request: authority.sign_server(request, names, now=self._now))
        write_file(here / "ca.pem", authority.trust_path.read_bytes())
        # Lists of the hub are newer than that of the authority: the first one only.
        if not (here / "crl.pem").exists():
            shutil.copyfile(authority.revocation_list_path, here / "crl.pem")
        if not (here / "mosquitto.conf").exists():
            write_rules(self.broker, is_root=True)
        self._machine.give([path for path in here.iterdir() if path.is_file()], BROKER_USER, BROKER_USER)

    def has_web(self) -> bool:
        """Return whether the screens have a certificate; one that was given is the operator's matter."""
        if self._wishes.certificate is not None and self._wishes.key is not None:
            return self._wishes.certificate.exists() and self._wishes.key.exists()
        return self._is_good(self._places.tls / "web")

    def make_web(self) -> None:
        """Make or renew ours."""
        authority, names = self._authority(), (*self._wishes.hosts, "localhost", "127.0.0.1")
        stem = self._places.tls / "web"
        begins = self._now - BACKDATED
        self._ensure(
            stem,
            names[0],
            lambda request: authority.sign_server(request, names, now=self._now, begins=begins),
        )
        stem.with_suffix(".key").chmod(0o640)
        self._machine.give([stem.with_suffix(".key"), stem.with_suffix(".pem")], "root", HUB_USER)

    def _authority(self) -> CityAuthority:
        return CityAuthority(self._places.authority, now=self._now)

    def _is_good(self, stem: Path) -> bool:
        key = stem.with_suffix(".key")
        if not self.has_authority() or not key.exists() or not stem.with_suffix(".pem").exists():
            return False
        return is_good(stem.with_suffix(".pem"), read_ec_key(key), self._authority().has_issued, self._now)

    def _ensure(self, stem: Path, name: str, sign: Callable[[bytes], bytes]) -> None:
        ensure_certificate(
            stem.with_suffix(".key"),
            stem.with_suffix(".pem"),
            name,
            sign=sign,
            is_ours=self._authority().has_issued,
            now=self._now,
        )
