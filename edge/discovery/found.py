"""Puts what was found by the two ways together: one entry an address, with a source to try."""

from collections.abc import Iterable
from urllib.parse import urlsplit

import msgspec

from edge.discovery.port_scan import RtspServer
from edge.discovery.ws_discovery import OnvifCamera


class FoundCamera(msgspec.Struct, frozen=True):
    """One camera, or something that behaves like one.

    ``source`` is the beginning of what goes into ``edge.toml``: user and path are the maker's.
    """

    address: str
    source: str = ""
    name: str = ""
    hardware: str = ""
    services: tuple[str, ...] = ()
    needs_login: bool | None = None


def together(cameras: Iterable[OnvifCamera], servers: Iterable[RtspServer]) -> tuple[FoundCamera, ...]:
    """Return one entry for each address and RTSP port, in the order of addresses."""
    onvif = {camera.address: camera for camera in cameras}
    found = [_entry(server, onvif.get(server.address)) for server in servers]
    heard = {entry.address for entry in found}
    found += [_silent(camera) for camera in onvif.values() if camera.address not in heard]
    return tuple(sorted(found, key=lambda entry: (*map(int, entry.address.split(".")), entry.source)))


def _entry(server: RtspServer, camera: OnvifCamera | None) -> FoundCamera:
    return FoundCamera(
        address=server.address,
        source=f"rtsp://{server.address}:{server.port}/",
        name=camera.name if camera else "",
        hardware=camera.hardware if camera else "",
        services=_http(camera.services) if camera else (),
        needs_login=server.needs_login,
    )


def _silent(camera: OnvifCamera) -> FoundCamera:
    return FoundCamera(
        address=camera.address,
        name=camera.name,
        hardware=camera.hardware,
        services=_http(camera.services),
    )


def _http(services: Iterable[str]) -> tuple[str, ...]:
    """Return only addresses that a person may safely click on."""
    return tuple(each for each in services if _scheme(each) in ("http", "https"))


def _scheme(address: str) -> str:
    """Return the scheme of an address; empty when it is none."""
    try:
        return urlsplit(address).scheme
    except ValueError:
        return ""
