"""What is typed, or run by the image, at a device that is put into service or taken out of it."""

from pathlib import Path
from typing import Any

import click

from edge.command_line import config_option, exit_codes
from edge.config_file import load_config

SIGN_FOLDERS = ("/run/pontive-edge", "/run/pontive-enrol")
_passphrase_option = click.option(
    "--passphrase", envvar="PONTIVE_PASSPHRASE", help="Of the bundle; asked for when left out."
)
_retry_option = click.option("--retry-for", "retry_for_s", default=0.0, help="Seconds to wait for a network.")


@click.command()
@config_option
@click.option("--hub", default="", help="Address of the hub, as on the label.")
@click.option("--code", default="", help="The claim code, as on the label.")
@click.option("--claim", "claim_path", type=click.Path(path_type=Path), help="A pontive.toml; it is wiped.")
@click.option("--bundle", "bundle_path", type=click.Path(path_type=Path), help="For a site without network.")
@_passphrase_option
@_retry_option
def enrol(config_path: Path, **given: Any) -> None:
    """Make this device one of the city's, by a claim code or a bundle."""
    from edge.enrolment.command import run_enrol

    with exit_codes():
        enrolled = run_enrol(config_path, **given)
    click.echo(f"{enrolled.device} at {enrolled.site}: enrolled; the agent may start.")


@click.command("set-up")
@config_option
@click.option(
    "--from",
    "places",
    multiple=True,
    required=True,
    type=click.Path(path_type=Path, file_okay=False),
    help="Folder of a card or USB stick with pontive.toml; the first that has one counts. Repeatable.",
)
@click.option("--signs", type=click.Path(path_type=Path, file_okay=False), help="Where the lamp looks.")
@_retry_option
def set_up(config_path: Path, places: tuple[Path, ...], signs: Path | None, retry_for_s: float) -> None:
    """Do what pontive.toml on a card or stick says: Wi-Fi, identity, reset, report."""
    from edge.enrolment.card.command import run_set_up

    with exit_codes():
        click.echo(run_set_up(config_path, places=places, signs=signs, retry_for_s=retry_for_s))


@click.command("set-up-by-phone")
@config_option
@click.option("--radio", "radio_folder", type=click.Path(path_type=Path), help="wpa_supplicant's sockets.")
@click.option("--simulated", is_flag=True, help="No radio: the page alone, on this machine.")
@click.option("--interface", default="wlan0", show_default=True)
@click.option("--claim", "claim_path", type=click.Path(path_type=Path), help="A pontive.toml.")
@click.option("--label", "label_folder", required=True, type=click.Path(path_type=Path, file_okay=False))
@click.option("--minutes", default=30.0, show_default=True, help="Ends so long after the last try.")
@click.option("--port", default=8091, show_default=True, help="Of the page, with --simulated.")
def set_up_by_phone(config_path: Path, **given: Any) -> None:
    """Open the device's own Wi-Fi and ask a phone for network and claim, until it is enrolled."""
    from edge.setup_by_phone.command import run_command

    with exit_codes():
        click.echo(run_command(config_path, **given))


@click.command()
@config_option
@click.option("--yes", is_flag=True, help="Do not ask.")
def reset(config_path: Path, yes: bool) -> None:
    """Take identity, records and rosters off this device; stop the agent first."""
    from edge.enrolment.resetting import reset_device

    with exit_codes():
        config = load_config(config_path)
        if not yes:
            click.confirm(
                f"{config.device} forgets everything, records that wait included. Go on?", abort=True
            )
        count = reset_device(config_path, config)
    click.echo(f"{count} things removed. Revoke {config.device} at the hub, or enrol it again.")


@click.command()
@config_option
@click.option("--led", default="", help="Its name below /sys/class/leds; else the green one of a Pi.")
@click.option(
    "--signs",
    "folders",
    multiple=True,
    type=click.Path(path_type=Path),
    default=SIGN_FOLDERS,
    show_default=True,
    help="Where programs leave their signs; repeatable.",
)
def lamp(config_path: Path, led: str, folders: tuple[Path, ...]) -> None:
    """Blink how the device is, until it is ended; the patterns are in the technician's guide."""
    from edge.lights.command import run_lamp

    with exit_codes():
        run_lamp(led=led, folders=folders, config_path=config_path)
