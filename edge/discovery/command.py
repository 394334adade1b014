"""What ``pontive-edge discover`` does and prints."""

import sys
from collections.abc import Sequence

import click

from edge.discovery.found import FoundCamera, together
from edge.discovery.port_scan import RtspServer, find_rtsp_servers, network_of
from edge.discovery.ws_discovery import GROUP, PORT, find_onvif_cameras
from edge.errors import EdgeError


class DiscoveryError(EdgeError):
    """The network cannot be asked; says why and what to do."""


def discovered(
    networks: Sequence[str],
    *,
    interface: str,
    wait_s: float,
    destination: tuple[str, int] = (GROUP, PORT),
) -> tuple[FoundCamera, ...]:
    """Ask for ONVIF cameras, then look through the networks.

    Args:
        networks: As the technician wrote them.
        interface: Own address of the interface to ask on.
        wait_s: For ONVIF answers.
        destination: Whom to ask for ONVIF.

    Raises:
        ConfigError: a network that may not be looked through.
        DiscoveryError: the question cannot be sent.
    """
    checked = [network_of(each) for each in networks]
    try:
        cameras = find_onvif_cameras(wait_s=wait_s, interface=interface, destination=destination)
    except OSError as error:
        raise DiscoveryError(
            f"ONVIF cameras cannot be asked for: {error}; name an own address with --interface"
        ) from error
    servers: list[RtspServer] = []
    with click.progressbar(checked, label="looking", file=sys.stderr) as shown:
        for network in shown:
            servers += find_rtsp_servers(network)
    return together(cameras, servers)


def as_lines(found: Sequence[FoundCamera]) -> str:
    """Return one line a camera, or what to try when there is none."""
    if not found:
        return "nothing found; name the cameras' network with --network, or an own address with --interface"
    return "\n".join(_line(camera) for camera in found)


def _line(camera: FoundCamera) -> str:
    login = {True: "asks for a login", False: "open to everybody", None: "ONVIF only"}[camera.needs_login]
    called = " ".join(word for word in (camera.name, camera.hardware) if word)
    return f"{camera.address:<15}  {camera.source or '-':<30}  {login:<18}  {called}".rstrip()
