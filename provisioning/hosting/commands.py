"""``pontive-provision hub …``, also reached as ``pontive-hub install``: a hub on this Debian server."""

import os
import shutil
import socket
import sys
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import click

from provisioning.errors import ProvisioningError
from provisioning.hosting.certificates import HubCertificates
from provisioning.hosting.machine import Machine
from provisioning.hosting.places import HUB_USER, HubPlaces
from provisioning.hosting.setup import HubSetup, Step, remove_units
from provisioning.hosting.wishes import Wishes
from provisioning.trust.certificates import read_certificate, server_names

_FilePath = click.Path(exists=True, dir_okay=False, path_type=Path, resolve_path=True)


@click.group("hub")
def hub() -> None:
    """The hub on this Debian server."""


def _hosts(_context: click.Context, _parameter: click.Parameter, given: tuple[str, ...]) -> tuple[str, ...]:
    return given or (socket.getfqdn().lower(),)


@hub.command()
@click.option("--host", "hosts", multiple=True, callback=_hosts, help="Name or address of this machine.")
@click.option("--web-port", type=click.IntRange(1, 65535), default=443, show_default=True)
@click.option("--city", default="Kota Pontianak", show_default=True)
@click.option("--database", default="", help="postgresql+psycopg://...; SQLite by default.")
@click.option("--certificate", type=_FilePath, help="Of the screens, with its chain; else the city's own.")
@click.option("--key", type=_FilePath, help="Of that certificate.")
@click.option("--check", "is_check", is_flag=True, help="Say what there is to do, and do nothing.")
@click.pass_obj
def install(machine: Machine | None, /, is_check: bool, **chosen: Any) -> None:
    """Make a hub of this machine; run it again after an update. Asks nothing."""
    machine, wishes, places = machine or Machine(), Wishes(**chosen), HubPlaces()
    if os.geteuid() != 0:
        raise ProvisioningError("this needs root: sudo pontive-hub install")
    certificates = HubCertificates(places, wishes, machine=machine, now=datetime.now(UTC))
    setup = HubSetup(
        places, wishes, machine=machine, certificates=certificates, programs=Path(sys.executable).parent
    )
    setup.check()
    steps = setup.steps()
    left = _tell(steps)
    if is_check:
        sys.exit(1 if left else 0)
    for step in left:
        step.act()
        click.echo(f"done   {step.text}")
    _say_what_is_left(places, wishes, Path(sys.executable).parent)


def _tell(steps: tuple[Step, ...]) -> list[Step]:
    """Say how each step is, and return those that are left."""
    left = [step for step in steps if not step.is_done()]
    for step in steps:
        click.echo(f"{'to do ' if step in left else 'there '} {step.text}")
    return left


def _say_what_is_left(places: HubPlaces, wishes: Wishes, programs: Path) -> None:
    port = "" if wishes.web_port == 443 else f":{wishes.web_port}"
    root_key = places.authority / "root" / "root.key"
    hub_program = f"runuser -u {HUB_USER} -- {programs}/pontive-hub"
    lines = [
        "",
        f"The screens: https://{wishes.hosts[0]}{port}/",
        f"First account: {hub_program} user first --config {places.settings}",
        f"Into a safe, and away from here: {root_key}" if root_key.exists() else "",
        f"A copy into a safe: {places.backup_key}; backups: {places.backups}, fetch them each day",
    ]
    if wishes.certificate is None:
        lines.append(f"Browsers must trust {places.authority / 'ca.pem'}, or give --certificate and --key")
    click.echo("\n".join(line for number, line in enumerate(lines) if line or number == 0))


@hub.command()
@click.pass_obj
def renew(machine: Machine | None) -> None:
    """Make certificates anew that near their end; the timer calls this each week."""
    machine, places = machine or Machine(), HubPlaces()
    certificates = HubCertificates(places, _named(places), machine=machine, now=datetime.now(UTC))
    due = [
        (certificates.has_hub, certificates.make_hub, "hub"),
        (certificates.has_broker, certificates.make_broker, "broker"),
    ]
    if (places.tls / "web.key").exists():
        due.append((certificates.has_web, certificates.make_web, "screens"))
    renewed = [name for is_good, _make, name in due if not is_good()]
    for is_good, make, _name in due:
        if not is_good():
            make()
    click.echo(f"renewed: {', '.join(renewed) or 'nothing, all are good for a while'}")
    if renewed and machine.has_systemd():
        # The broker reads its own by a signal of its watch.
        machine.run("systemctl", "try-restart", "pontive-ingest.service", "pontive-web.service")


def _named(places: HubPlaces) -> Wishes:
    """Return the names that the certificate at hand is for."""
    names = server_names(read_certificate(places.broker / "server.pem"))
    return Wishes(hosts=tuple(name for name in names if name not in ("localhost", "127.0.0.1")))


@hub.command()
@click.option("--purge", is_flag=True, help="Delete settings, keys, records and backups as well.")
@click.option("--yes", is_flag=True, help="Do not ask.")
@click.pass_obj
def uninstall(machine: Machine | None, purge: bool, yes: bool) -> None:
    """Take the units away; records and keys stay unless --purge."""
    machine, places = machine or Machine(), HubPlaces()
    if purge and not yes:
        click.confirm("All records, keys and backups of this hub are deleted for ever. Go on?", abort=True)
    for path in remove_units(places, machine):
        click.echo(f"removed {path}")
    kept = [places.settings.parent, places.state, places.news, places.backups]
    for path in kept:
        if purge:
            shutil.rmtree(path, ignore_errors=False)
        click.echo(f"{'removed' if purge else 'kept   '} {path}")
