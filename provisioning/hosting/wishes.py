"""What an operator may choose, and the ``hub.toml`` that follows from it. Pure."""

import re
from dataclasses import dataclass
from pathlib import Path

from edge.wire.strict_toml import Section
from provisioning.errors import ProvisioningError
from provisioning.hosting.places import HubPlaces
from provisioning.toml_writing import to_toml

_HOST = re.compile(r"[a-z0-9](?:[a-z0-9.:-]{0,250}[a-z0-9])?")


@dataclass(frozen=True, slots=True)
class Wishes:
    """How the hub is to be reached; ``certificate`` and ``key`` ``None``: the city's own authority signs."""

    hosts: tuple[str, ...]
    web_port: int = 443
    city: str = "Kota Pontianak"
    database: str = ""
    certificate: Path | None = None
    key: Path | None = None

    def check(self) -> None:
        """Raise ``ProvisioningError`` for what cannot be."""
        for host in self.hosts:
            if not _HOST.fullmatch(host):
                raise ProvisioningError(f"--host {host!r}: a name or an address, in small letters")
        if not self.hosts:
            raise ProvisioningError("give at least one --host, as devices and browsers reach this machine")
        if (self.certificate is None) is not (self.key is None):
            raise ProvisioningError("--certificate and --key belong together")


class _Broker(Section, frozen=True):
    ca: str
    certificate: str
    key: str


class _Tls(Section, frozen=True):
    certificate: str
    key: str


class _Web(Section, frozen=True):
    host: str
    port: int
    trusted_hosts: tuple[str, ...]
    tls: _Tls


class _Address(Section, frozen=True):
    address: str


class _Updates(Section, frozen=True):
    folder: str


class _Key(Section, frozen=True):
    key: str


class _Enrolment(Section, frozen=True):
    folder: str
    broker_files: str
    url: str
    broker_host: str


class _Settings(Section, frozen=True):
    database: str
    folder: str
    city: str
    secret_file: str
    signing_key: str
    device_certificates: str
    broker: _Broker
    web: _Web
    workplace: "_Workplace"
    letters: _Address
    sign_in: _Key
    updates: _Updates
    enrolment: _Enrolment


class _Workplace(_Address, frozen=True):
    key: str


def settings_text(wishes: Wishes, places: HubPlaces) -> str:
    """Return the ``hub.toml`` of a new hub; the operator's own from then on.

    Args:
        wishes: What was chosen.
        places: Where things lie.
    """
    state, first = places.state, wishes.hosts[0]
    port = "" if wishes.web_port == 443 else f":{wishes.web_port}"
    upper = f"HTTPS://{first.upper()}{port}"
    certificate, key = web_files(wishes, places)
    settings = _Settings(
        database=wishes.database or f"sqlite:///{state / 'hub.db'}",
        folder=str(state),
        city=wishes.city,
        secret_file=str(state / "web.secret"),
        signing_key=str(state / "hub-signing.key"),
        device_certificates=str(state / "devices"),
        broker=_Broker(
            ca=str(state / "ca" / "ca.pem"), certificate=str(state / "hub.pem"), key=str(state / "hub.key")
        ),
        web=_Web(
            host="0.0.0.0",  # noqa: S104 (the screens are for the city)
            port=wishes.web_port,
            trusted_hosts=(*wishes.hosts, "127.0.0.1", "localhost"),
            tls=_Tls(certificate=str(certificate), key=str(key)),
        ),
        workplace=_Workplace(address=f"{upper}/S/", key=str(state / "hub-workplace.key")),
        letters=_Address(address=f"{upper}/V/"),
        # Left out they would lie beside hub.toml, where services may not write.
        sign_in=_Key(key=str(state / "hub-second-factor.key")),
        updates=_Updates(folder=str(state / "releases")),
        enrolment=_Enrolment(
            folder=str(places.authority),
            broker_files=str(places.news),
            url=f"https://{first}{port}",
            broker_host=first,
        ),
    )
    return "# Yours from now on: `pontive-hub install` leaves this file as it is.\n" + to_toml(settings)


def web_files(wishes: Wishes, places: HubPlaces) -> tuple[Path, Path]:
    """Return certificate and key of the screens: those given, or ours."""
    if wishes.certificate is not None and wishes.key is not None:
        return wishes.certificate, wishes.key
    return places.tls / "web.pem", places.tls / "web.key"
