"""``pontive-provision``: certificates, the broker's rules and one-machine cities from the command line.

Exit codes: 0 done, 1 something is in the way (the message says what and the remedy), 2 wrong use.
"""

import os
import shlex
import signal
import sys
import time
from datetime import UTC, datetime
from importlib import import_module
from pathlib import Path
from threading import Event
from types import FrameType
from typing import ClassVar

import click

from provisioning.broker import Broker, write_rules
from provisioning.broker_watch import BrokerWatch
from provisioning.cities.hub_program import run_to_the_end
from provisioning.cities.running import City, CityOptions
from provisioning.errors import ProvisioningError
from provisioning.fleets.commands import fleet
from provisioning.hosting.commands import hub
from provisioning.image.command import image
from provisioning.trust.ca import CityAuthority, root_keys_beside
from provisioning.trust.certificates import read_certificate
from provisioning.trust.keyfiles import write_file
from provisioning.trust.rotation import begin_rotation, finish_rotation

DEFAULT_DATA = Path(__file__).resolve().parents[1] / "data"
WATCH_EVERY_S = 1.0
FolderPath = click.Path(file_okay=False, path_type=Path)
FilePath = click.Path(exists=True, dir_okay=False, path_type=Path)
PortNumber = click.IntRange(1, 65535)
NewFilePath = click.Path(dir_okay=False, path_type=Path)


@click.group()
def commands() -> None:
    """Certificates, broker rules and one-machine cities of Pontive."""


@commands.group()
def city() -> None:
    """A whole city on this machine."""


@city.command()
@click.option(
    "--port", type=click.IntRange(1, 65535), default=8080, show_default=True, help="Of the screens."
)
@click.option("--data", type=FolderPath, default=DEFAULT_DATA, help="Where everything is kept.")
@click.option(
    "--camera", "cameras", multiple=True, help="Your own: FILE, rtsp://..., http://..., /dev/videoN."
)
@click.option("--for", "for_s", type=click.FloatRange(min=0), help="End by itself after so many seconds.")
@click.option("--no-browser", is_flag=True, help="Only print the address.")
@click.option(
    "--seed", type=click.IntRange(min=0), default=1, show_default=True, help="Of the drawn streets."
)
def up(
    port: int, data: Path, cameras: tuple[str, ...], for_s: float | None, no_browser: bool, seed: int
) -> None:
    """Run the sample city until Ctrl-C."""
    is_ending = Event()

    def end(_number: int, _frame: FrameType | None) -> None:
        is_ending.set()

    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, end)
    sources = tuple(camera_source(text) for text in cameras)
    options = CityOptions(data, port, sources, for_s, not no_browser, seed)
    City(options, say=say, is_ending=is_ending).run()


def camera_source(text: str) -> str:
    """Return the source of a camera as typed, with the path of a file made absolute.

    A file that is not there is no reason to stop: its tile will say so, and the rest runs.
    """
    return str(Path(text).resolve()) if Path(text).exists() else text


def say(line: str) -> None:
    """Print a line at once, also into a pipe."""
    click.echo(line)
    sys.stdout.flush()


commands.add_command(image)


@commands.group()
def ca() -> None:
    """The city's certificate authority."""


@ca.command("init")
@click.argument("folder", type=FolderPath)
def ca_init(folder: Path) -> None:
    """Found an authority in FOLDER, or leave the one that is there."""
    authority = CityAuthority(folder, now=datetime.now(UTC))
    say(f"{authority.trust_path} is what broker, hub and devices trust.")
    say(f"Move {folder / 'root' / 'root.key'} to a safe: nothing here needs it again.")


@ca.command("check")
@click.argument("folder", type=FolderPath)
def ca_check(folder: Path) -> None:
    """Say whether a root key still lies beside the issuing key in FOLDER; then exit code 1."""
    left = root_keys_beside(folder)
    if left:
        raise ProvisioningError(
            f"{', '.join(map(str, left))}: whoever steals this machine is the city. Copy it to two offline"
            " media in a safe, try to read both, then remove it here: nothing needs it before a rotation"
        )
    say(f"{folder}: no root key beside the issuing key.")


@ca.command("sign")
@click.argument("folder", type=FolderPath)
@click.argument("request", type=FilePath)
@click.argument("certificate", type=NewFilePath)
def ca_sign(folder: Path, request: Path, certificate: Path) -> None:
    """Sign the REQUEST (CSR) of a device and write its CERTIFICATE."""
    now = datetime.now(UTC)
    write_file(certificate, CityAuthority(folder, now=now).sign_device(request.read_bytes(), now=now))
    say(f"{certificate} is good until {read_certificate(certificate).not_valid_after_utc:%Y-%m-%d}.")


@ca.command("revoke")
@click.argument("folder", type=FolderPath)
@click.argument("certificate", type=FilePath)
def ca_revoke(folder: Path, certificate: Path) -> None:
    """Refuse a CERTIFICATE for ever."""
    now = datetime.now(UTC)
    authority = CityAuthority(folder, now=now)
    authority.revoke(read_certificate(certificate), now=now)
    say(f"Copy {authority.revocation_list_path} to the broker as crl.pem and send mosquitto a SIGHUP.")


@ca.command("rotate")
@click.argument("folder", type=FolderPath)
@click.option("--finish", is_flag=True, help="Trust the new authority alone.")
def ca_rotate(folder: Path, finish: bool) -> None:
    """Change root and issuer of the authority in FOLDER; both are trusted until --finish."""
    if finish:
        finish_rotation(folder)
        say(f"{folder / 'ca.pem'} trusts the new authority alone: copy it to broker and hub.")
        return
    root = begin_rotation(folder, now=datetime.now(UTC))
    say(f"Move {root / 'root.key'} to a safe. Copy {folder / 'ca.pem'} to broker and hub, restart the hub.")
    say("When every device shows a certificate of the new issuer, renew that of the broker and --finish.")


@commands.group("broker")
def broker_group() -> None:
    """The rules of the MQTT broker."""


@broker_group.command("config")
@click.argument("folder", type=FolderPath)
@click.option("--port", type=PortNumber, default=8883, show_default=True)
@click.option("--address", "addresses", multiple=True, default=("0.0.0.0", "::"), show_default=True)  # noqa: S104 (a city's broker is for the city)
def broker_config(folder: Path, port: int, addresses: tuple[str, ...]) -> None:
    """Write mosquitto.conf and the access list into FOLDER, beside its certificates."""
    write_rules(Broker(folder.resolve(), port, addresses), is_root=True)
    say(f"Start it with: mosquitto -c {folder.resolve() / 'mosquitto.conf'}")


@broker_group.command("watch")
@click.argument("folder", type=FolderPath)
@click.argument("news", type=FolderPath)
@click.option("--port", type=PortNumber, default=8883, show_default=True)
@click.option("--address", "addresses", multiple=True, default=("0.0.0.0", "::"), show_default=True)  # noqa: S104 (as above)
@click.option("--reload", "command", default="systemctl reload mosquitto", show_default=True)
@click.option("--once", is_flag=True, help="Look once and end, for a timer.")
def broker_watch(
    folder: Path, news: Path, port: int, addresses: tuple[str, ...], command: str, once: bool
) -> None:
    """Take revocations that the hub puts into NEWS over into FOLDER, and make mosquitto read them."""

    def reload() -> None:
        result = run_to_the_end(shlex.split(command))
        if result.returncode != 0:
            raise ProvisioningError(f"{command}: {result.stderr.strip()}; is mosquitto running?")
        say(f"{folder}: new rules, mosquitto reads them.")

    broker = Broker(folder.resolve(), port, addresses)
    watch = BrokerWatch(broker, news, is_root=os.geteuid() == 0, reload=reload)
    watch.tick()
    while not once:
        time.sleep(WATCH_EVERY_S)
        watch.tick()


class Simulators(click.Group):
    """Commands that are loaded when asked for: their film needs the extra ``edge``, certificates do not."""

    MODULES: ClassVar = {
        "camera": "provisioning.simulators.rtsp_camera",
        "discovery": "provisioning.simulators.onvif_camera",
    }

    def list_commands(self, ctx: click.Context) -> list[str]:
        """Return their names."""
        return sorted(self.MODULES)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """Load one; None for a name that is none of them."""
        if cmd_name not in self.MODULES:
            return None
        try:
            command: click.Command = import_module(self.MODULES[cmd_name]).main
        except ImportError as error:
            raise ProvisioningError(
                f"{error.name} is missing: install pontive with the extra 'edge'"
            ) from error
        return command


@commands.group(cls=Simulators)
def simulate() -> None:
    """Cameras that are not there, healthy or broken: test equipment."""


commands.add_command(fleet)
commands.add_command(hub)


def main() -> None:
    """Run, and turn what a person can put right into one line and exit code 1."""
    try:
        commands()
    except ProvisioningError as error:
        click.echo(f"pontive: {error}", err=True)
        sys.exit(1)
