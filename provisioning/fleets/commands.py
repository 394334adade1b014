"""``pontive-provision fleet …``: cameras and doors on balena, from one settings file."""

import json
import time
from collections.abc import Callable
from dataclasses import asdict
from datetime import UTC, datetime
from pathlib import Path

import click

from edge.wire.joining.claims import ClaimCodeError, read_claim_code
from edge.wire.joining.enrolment import Role
from provisioning.errors import ProvisioningError
from provisioning.fleets.card import card_config, read_authority, write_card
from provisioning.fleets.joining import RINGS, Joining, ensure_fleets, join, uuid_of
from provisioning.fleets.port import FleetService, Place
from provisioning.fleets.reporting import write_report
from provisioning.fleets.rings import release_to, ring_states
from provisioning.fleets.settings import FLEET_OF_ROLE, FleetSettings, read_fleet_settings, read_token

Connect = Callable[[FleetSettings, str], FleetService]

_role_option = click.option(
    "--role", type=click.Choice([one.value for one in Role]), required=True, help="Camera site or door."
)


def connect_to_balena(settings: FleetSettings, token: str) -> FleetService:
    """Return the real service; the SDK is loaded now and not earlier."""
    from provisioning.fleet import connect

    return connect(settings, token)


class Opened:
    """The settings, and the service once a command asks for it."""

    def __init__(self, path: Path, connect: Connect) -> None:
        """Read the settings."""
        self.settings = read_fleet_settings(path)
        self._connect = connect

    def service(self) -> FleetService:
        """Connect."""
        return self._connect(self.settings, read_token(self.settings))


@click.group()
@click.option(
    "--config",
    "path",
    type=click.Path(dir_okay=False, path_type=Path),
    default=Path("fleet.toml"),
    show_default=True,
    help="Where the fleets are.",
)
@click.pass_context
def fleet(context: click.Context, path: Path) -> None:
    """Fleets of balenaCloud or openBalena."""
    context.obj = Opened(path, context.obj or connect_to_balena)


@fleet.command()
@click.pass_obj
def create(opened: Opened) -> None:
    """Make the fleets of cameras and doors, or leave those that are there."""
    ensure_fleets(opened.service(), opened.settings)
    click.echo(f"{', '.join(FLEET_OF_ROLE.values())}: there, for {opened.settings.device_type}")


@fleet.command()
@click.argument("device")
@_role_option
@click.option("--site", required=True, help="Id of the point.")
@click.option("--hub", required=True, help="Address of the hub, as on the label.")
@click.option("--code", default="", help="The claim code, as on the label.")
@click.option("--ring", type=click.Choice(RINGS), default=RINGS[-1], show_default=True)
@click.option("--card", type=click.Path(dir_okay=False, path_type=Path), default=Path("config.json"))
@click.pass_obj
def device(
    opened: Opened, device: str, role: str, site: str, hub: str, code: str, ring: str, card: Path
) -> None:
    """Register DEVICE and write its config.json for the boot partition; repeat it for a new card."""
    if code:
        try:
            code = str(read_claim_code(code))
        except ClaimCodeError as error:
            raise ProvisioningError(str(error)) from error
    wanted = Joining(device, site, Role(role), hub, ring, code)
    registered = join(opened.service(), opened.settings, wanted)
    values = card_config(
        opened.settings,
        registered,
        hostname=device,
        now=datetime.now(UTC),
        authority=read_authority(opened.settings),
    )
    write_card(card, values)
    click.echo(f"{card}: copy it to the partition resin-boot of the card; it holds the key of {device}.")


@fleet.command()
@click.argument("name")
@click.argument("value")
@_role_option
@click.option("--device", default="", help="For one device.")
@click.option("--service", default="", help="For one service of that device.")
@click.pass_obj
def variable(opened: Opened, name: str, value: str, role: str, device: str, service: str) -> None:
    """Set a variable of a fleet, a device or a service."""
    if service and not device:
        raise click.UsageError("--service needs --device")
    uuid = uuid_of(opened.settings.organization, device) if device else ""
    place = Place(FLEET_OF_ROLE[Role(role)], uuid, service)
    opened.service().set_variable(place, name, value)
    click.echo(f"{name} is set for {place}")


@fleet.command()
@_role_option
@click.option("--json", "is_json", is_flag=True, help="For a program.")
@click.pass_obj
def status(opened: Opened, role: str, is_json: bool) -> None:
    """Say how each device is."""
    devices = opened.service().devices(FLEET_OF_ROLE[Role(role)])
    if is_json:
        click.echo(json.dumps([asdict(one) for one in devices], default=str))
        return
    for one in devices:
        word = "online " if one.is_online else "offline"
        click.echo(f"{word}  {one.name:<24}  {one.tags.get('site', ''):<20}  {one.running[:7] or '-'}")


@fleet.command()
@click.argument("device")
@click.option("--count", type=click.IntRange(1, 1000), default=100, show_default=True)
@click.pass_obj
def logs(opened: Opened, device: str, count: int) -> None:
    """Print the last lines of DEVICE."""
    for line in opened.service().logs(uuid_of(opened.settings.organization, device), count):
        click.echo(f"{line.at:%Y-%m-%d %H:%M:%S}  {line.text}")


@fleet.command()
@click.argument("commit")
@_role_option
@click.option("--ring", type=click.Choice(RINGS), required=True, help="One after the other.")
@click.option("--force", "is_forced", is_flag=True, help="Although earlier rings do not run it.")
@click.pass_obj
def release(opened: Opened, commit: str, role: str, ring: str, is_forced: bool) -> None:
    """Give the release COMMIT to a ring, when the rings before it run it."""
    service, name = opened.service(), FLEET_OF_ROLE[Role(role)]
    count = release_to(service, name, commit, ring, is_forced=is_forced)
    click.echo(f"{commit[:7]} is given to {count} devices of {ring}")
    for state in ring_states(service.devices(name), commit):
        click.echo(f"{state.ring:<10}  {len(state.done)} run it, {len(state.waiting)} do not")


@fleet.command()
@click.argument("device")
@click.option("--yes", is_flag=True, help="Do not ask.")
@click.pass_obj
def remove(opened: Opened, device: str, yes: bool) -> None:
    """Forget DEVICE, so that its key opens nothing; revoke its certificate at the hub as well."""
    if not yes:
        click.confirm(f"{device} is taken out of its fleet. Go on?", abort=True)
    opened.service().remove(uuid_of(opened.settings.organization, device))
    click.echo(f"{device} is gone from its fleet. Revoke its certificate at the hub too.")


@fleet.command()
@click.argument("file", type=click.Path(dir_okay=False, path_type=Path))
@click.option("--every", "every_s", type=click.FloatRange(min=30), help="Again after so many seconds.")
@click.pass_obj
def report(opened: Opened, file: Path, every_s: float | None) -> None:
    """Write into FILE what the hub's page of devices shows (`[fleet] report` in hub.toml)."""
    while True:
        written = write_report(file, opened.service, FLEET_OF_ROLE.values(), now=datetime.now(UTC))
        click.echo(written.trouble or f"{file}: {len(written.devices)} devices")
        if every_s is None:
            break
        time.sleep(every_s)
