"""``pontive-edge``: run the agent of a device, and look at what it would do or did.

Exit codes: 0 ok, 1 a check failed or the agent broke, 2 the configuration cannot be used,
3 something else is missing that the agent cannot start without. Heavy parts are imported in the
command that needs them, so that ``check-config`` answers at once.
"""

import logging
import os
import sys
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

import click
import msgspec

from edge.command_line import EXIT_FAILED, config_option, exit_codes, json_option, to_json
from edge.config import EdgeConfig
from edge.config_file import load_config
from edge.enrolment.commands import enrol, lamp, reset, set_up, set_up_by_phone
from edge.faultpoints import arm
from edge.logs import set_up_logging

if TYPE_CHECKING:
    from edge.health.selftest.checks import Check


@click.group(epilog="Exit codes: 0 ok, 1 a check failed, 2 wrong configuration, 3 cannot start.")
@click.version_option(package_name="pontive")
def main() -> None:
    """Run and examine the Pontive agent of one device."""


@main.command()
@config_option
@click.option("--verbose", is_flag=True, help="Log every step.")
def run(config_path: Path, verbose: bool) -> None:
    """Run the agent until SIGTERM or Ctrl-C."""
    set_up_logging(logging.DEBUG if verbose else logging.INFO)
    with exit_codes():
        config = load_config(config_path)
        arm(os.environ)
        from edge.running.agent import run_agent

        run_agent(config)


@main.command("check-config")
@config_option
def check_config(config_path: Path) -> None:
    """Say whether the settings can be used, and where they are wrong."""
    with exit_codes():
        config = load_config(config_path)
        from edge.sensors.simulated import check_sources

        check_sources(config.sensors)
    from edge.health.selftest.models import missing_models

    missing = missing_models(config.cameras)
    for each in missing:
        click.echo(f"{config_path}: {each}", err=True)
    if missing:
        sys.exit(EXIT_FAILED)
    click.echo(
        f"{config_path}: ok, {config.device} with {len(config.cameras)} cameras, "
        f"{len(config.doors)} doors, {len(config.sensors)} sensors"
    )


@main.command("show-config")
@config_option
@json_option
def show_config(config_path: Path, as_json: bool) -> None:
    """Print the settings in force and whose they are, defaults included and secrets masked."""
    from edge.commissioning.overlay import origins
    from edge.commissioning.overlay_file import effective_config, overlay_path, read_overlay
    from edge.shown_config import as_comments, as_toml, shown

    with exit_codes():
        config = load_config(config_path)
    effective = shown(effective_config(config))
    sources = origins(read_overlay(overlay_path(config)).current)
    if as_json:
        click.echo(to_json({**effective, "origins": sources}))
    else:
        click.echo(as_comments(sources) + as_toml(effective), nl=False)


@main.command()
@config_option
@json_option
@click.option("--timeout", "timeout_s", default=20.0, show_default=True, help="Seconds for all cameras.")
def selftest(config_path: Path, as_json: bool, timeout_s: float) -> None:
    """Check disk, clock, certificates, broker and every camera; stop the agent first."""
    set_up_logging(logging.WARNING)
    with exit_codes():
        config = load_config(config_path)
    checks = _all_checks(config, timeout_s)
    if as_json:
        click.echo(to_json([{"name": c.name, "is_ok": c.is_ok, "detail": c.detail} for c in checks]))
    else:
        for check in checks:
            click.echo(f"{'ok    ' if check.is_ok else 'FAILED'}  {check.name:<24}  {check.detail}")
    if not all(check.is_ok for check in checks):
        sys.exit(EXIT_FAILED)


@main.command()
@config_option
@click.option("--address", default="127.0.0.1", show_default=True, help="Where; others need a code.")
@click.option("--port", default=8090, show_default=True, type=click.IntRange(0, 65535))
def commission(config_path: Path, address: str, port: int) -> None:
    """Draw lines and masks in the browser, at the site and without the hub; Ctrl-C ends it."""
    set_up_logging(logging.INFO)
    with exit_codes():
        config = load_config(config_path)
        from edge.commissioning.server import serve_site

        serve_site(config, address=address, port=port, tell=click.echo)


@main.command()
@config_option
@json_option
def diagnose(config_path: Path, as_json: bool) -> None:
    """Print what a running agent last said of itself, for a bug report; holds no secrets."""
    from edge.bug_report import as_lines, bug_report

    with exit_codes():
        config = load_config(config_path)
    found = bug_report(config)
    click.echo(to_json(found) if as_json else as_lines(found))


@main.command()
@config_option
def healthy(config_path: Path) -> None:
    """Say whether a running agent gets on; for a container engine's health check."""
    from edge.health.healthy import unhealthy
    from edge.running.status import read_status, status_paths

    with exit_codes():
        config = load_config(config_path)
    status = read_status(status_paths(config))
    trouble = unhealthy(status, report_every_s=config.health_every_s, now=datetime.now(UTC))
    if trouble:
        click.echo(f"{config.device}: {trouble}", err=True)
        sys.exit(EXIT_FAILED)
    click.echo(f"{config.device}: well")


@main.command()
@click.option(
    "--network", "networks", multiple=True, help="Look for RTSP here too, as 192.168.1.0/24; repeatable."
)
@click.option("--interface", default="", help="Own address of the interface to ask on.")
@click.option("--wait", "wait_s", default=3.0, show_default=True, help="Seconds to wait for ONVIF answers.")
@json_option
def discover(networks: tuple[str, ...], interface: str, wait_s: float, as_json: bool) -> None:
    """Find cameras: ONVIF ones by asking the network, RTSP ones in the networks named."""
    from edge.discovery.command import as_lines, discovered

    with exit_codes():
        found = discovered(networks, interface=interface, wait_s=wait_s)
    click.echo(to_json(msgspec.to_builtins(found)) if as_json else as_lines(found))


@main.command()
@config_option
@click.option("--mend", "is_mending", is_flag=True, help="Set what is not as it should be, by ONVIF.")
def stream(config_path: Path, is_mending: bool) -> None:
    """Say how each network camera codes its picture: H.264, size, frames a second, key frames."""
    from edge.encoders.command import run_stream

    with exit_codes():
        sys.exit(run_stream(load_config(config_path), is_mending=is_mending))


for _command in (enrol, set_up, set_up_by_phone, reset, lamp):
    main.add_command(_command)


@main.group()
def update() -> None:
    """Software updates of this device."""


@update.command("status")
@config_option
@json_option
def update_status(config_path: Path, as_json: bool) -> None:
    """Print what runs, and how far an update is."""
    from edge.update.command import as_lines, update_status

    with exit_codes():
        found = update_status(load_config(config_path))
    click.echo(to_json(found) if as_json else as_lines(found))


@update.command("pack", hidden=True)
@click.argument("file", type=click.Path(path_type=Path, dir_okay=False))
@click.option("--number", required=True, type=click.IntRange(1))
@click.option("--version", "name", required=True)
@click.option("--key", required=True, type=click.Path(path_type=Path, exists=True))
@click.option("--broken", is_flag=True, help="A release that does not come up.")
def update_pack(file: Path, number: int, name: str, key: Path, broken: bool) -> None:
    """Write a bundle for simulated machines; real ones are made by ./pontive image."""
    from edge.update.command import pack_simulated

    with exit_codes():
        pack_simulated(file, number=number, name=name, key=key, starts=not broken)
    click.echo(f"{file}: {name}, number {number}")


def _all_checks(config: EdgeConfig, timeout_s: float) -> list["Check"]:
    from edge.clock import SystemClock
    from edge.commissioning.overlay_file import effective_config
    from edge.health.probing.board import Probes
    from edge.health.selftest.broker import check_broker
    from edge.health.selftest.cameras import check_cameras
    from edge.health.selftest.checks import device_checks
    from edge.health.selftest.equipment import check_equipment

    clock = SystemClock()
    steps: list[Callable[[], list[Check]]] = [
        lambda: device_checks(config, stamp=clock.now(), probes=Probes()),
        lambda: [check_broker(config.hub)],
        lambda: check_cameras([*config.cameras, *config.doors], timeout_s=timeout_s),
        lambda: check_equipment(effective_config(config).cameras),
    ]
    checks: list[Check] = []
    with click.progressbar(steps, label="self-test", file=sys.stderr) as shown_steps:
        for step in shown_steps:
            checks += step()
    return checks


if __name__ == "__main__":
    main()
