"""The steps of an installation, each told before it is done, each left alone when it is done already.

An installation that was interrupted is simply run again. Must not ask anything.
"""

import secrets
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from provisioning.errors import ProvisioningError
from provisioning.hosting.certificates import HubCertificates
from provisioning.hosting.machine import Machine
from provisioning.hosting.places import (
    BROKER_DROP_IN,
    HUB_USER,
    STARTED,
    UNITS,
    HubPlaces,
    shipped,
    unit_text,
)
from provisioning.hosting.wishes import Wishes, settings_text
from provisioning.trust.keyfiles import write_file

_KEY_BYTES = 32
# Services may not see the homes of people (ProtectHome=).
_UNSEEN = ("/home", "/root", "/run/user")


@dataclass(frozen=True, slots=True)
class Step:
    """One step; ``text`` says what it does."""

    text: str
    is_done: Callable[[], bool]
    act: Callable[[], None]


class HubSetup:
    """Everything that makes a hub of a Debian server."""

    def __init__(
        self,
        places: HubPlaces,
        wishes: Wishes,
        *,
        machine: Machine,
        certificates: HubCertificates,
        programs: Path,
    ) -> None:
        """Take collaborators; nothing is touched yet.

        Args:
            places: Where things go.
            wishes: What the operator chose.
            machine: Runs programs and sets owners.
            certificates: Of this machine.
            programs: The folder of ``pontive-hub``.
        """
        self._places, self._wishes, self._machine = places, wishes, machine
        self._certificates, self._programs = certificates, programs

    def check(self) -> None:
        """Refuse what cannot work before anything is done.

        Raises:
            ProvisioningError: says what is in the way and the remedy.
        """
        self._wishes.check()
        if str(self._programs).startswith(_UNSEEN):
            raise ProvisioningError(
                f"services cannot see {self._programs}: install Pontive into /opt/pontive and call it there"
            )
        if not self._machine.has_user("mosquitto"):
            raise ProvisioningError("mosquitto, the MQTT broker, is not installed: apt-get install mosquitto")
        if self._wishes.certificate is not None and not self._certificates.has_web():
            raise ProvisioningError(f"{self._wishes.certificate}: certificate or key is not there")

    def steps(self) -> tuple[Step, ...]:
        """Return the steps in order."""
        places, certificates = self._places, self._certificates
        return (
            Step(f"the user {HUB_USER} ({places.users})", self._has_user, self._make_user),
            Step(f"folders and their owners ({places.folders})", self._has_folders, self._make_folders),
            Step(
                f"the city's certificate authority ({places.authority})",
                certificates.has_authority,
                certificates.found_authority,
            ),
            Step(f"keys of the hub ({places.state})", certificates.has_hub, certificates.make_hub),
            Step(
                f"rules and certificate of the broker ({places.broker})",
                certificates.has_broker,
                certificates.make_broker,
            ),
            Step(f"certificate of the screens ({places.tls})", certificates.has_web, certificates.make_web),
            Step(f"settings ({places.settings})", places.settings.exists, self._make_settings),
            Step(
                f"key of the backups ({places.backup_key})", places.backup_key.exists, self._make_backup_key
            ),
            Step("tables of the database", self._has_tables, self._make_tables),
            Step(f"units ({places.units})", self._has_units, self._make_units),
            *(
                [Step(f"running: {', '.join(STARTED)}", self._is_running, self._start)]
                if self._machine.has_systemd()
                else []
            ),
        )

    def _has_user(self) -> bool:
        return _holds(self._places.users, shipped("sysusers.conf")) and self._machine.has_user(HUB_USER)

    def _make_user(self) -> None:
        _put(self._places.users, shipped("sysusers.conf"))
        self._machine.run("systemd-sysusers", str(self._places.users))

    def _has_folders(self) -> bool:
        here = self._places
        folders = (here.tls, here.broker, here.state, here.authority, here.news, here.backups)
        return _holds(here.folders, shipped("tmpfiles.conf")) and all(path.is_dir() for path in folders)

    def _make_folders(self) -> None:
        _put(self._places.folders, shipped("tmpfiles.conf"))
        self._machine.run("systemd-tmpfiles", "--create", str(self._places.folders))

    def _make_settings(self) -> None:
        text = settings_text(self._wishes, self._places)
        write_file(self._places.settings, text.encode(), mode=0o640)
        self._machine.give([self._places.settings], "root", HUB_USER)

    def _make_backup_key(self) -> None:
        write_file(self._places.backup_key, secrets.token_bytes(_KEY_BYTES), mode=0o640)
        self._machine.give([self._places.backup_key], "root", HUB_USER)

    def _hub(self, *words: str) -> tuple[str, ...]:
        program = str(self._programs / "pontive-hub")
        # As the hub's user: a database that root made would be root's.
        return ("runuser", "-u", HUB_USER, "--", program, *words, "--config", str(self._places.settings))

    def _has_tables(self) -> bool:
        return self._places.settings.exists() and self._machine.succeeds(*self._hub("status"))

    def _make_tables(self) -> None:
        self._machine.run(*self._hub("migrate"))

    def _texts(self) -> dict[Path, str]:
        names = (*UNITS, BROKER_DROP_IN)
        return {self._places.units / name: unit_text(name, self._programs) for name in names}

    def _has_units(self) -> bool:
        return all(_holds(path, text) for path, text in self._texts().items()) and all(
            self._machine.succeeds("systemctl", "is-enabled", "--quiet", name) for name in STARTED
        )

    def _make_units(self) -> None:
        for path, text in self._texts().items():
            _put(path, text)
        if self._machine.has_systemd():
            self._machine.run("systemctl", "daemon-reload")
        self._machine.run("systemctl", "enable", "--quiet", *STARTED)
        if self._machine.has_systemd():
            # What runs may be of an older unit, or Debian's own broker without our rules.
            self._machine.run("systemctl", "restart", *STARTED)

    def _is_running(self) -> bool:
        return all(self._machine.succeeds("systemctl", "is-active", "--quiet", name) for name in STARTED)

    def _start(self) -> None:
        self._machine.run("systemctl", "start", *STARTED)


def remove_units(places: HubPlaces, machine: Machine) -> list[Path]:
    """Take units and declarations away; data, keys and users stay. Return what went."""
    if machine.has_systemd():
        machine.run("systemctl", "disable", "--now", "--quiet", *STARTED[1:])
    else:
        machine.run("systemctl", "disable", "--quiet", *STARTED[1:])
    named = [*(places.units / name for name in (*UNITS, BROKER_DROP_IN)), places.users, places.folders]
    gone = [path for path in named if path.exists()]
    for path in gone:
        path.unlink()
    if machine.has_systemd():
        machine.run("systemctl", "daemon-reload")
        machine.run("systemctl", "restart", "mosquitto.service")
    return gone


def _holds(path: Path, text: str) -> bool:
    return path.is_file() and path.read_text("utf-8") == text


def _put(path: Path, text: str) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    write_file(path, text.encode())
