"""A camera that answers WS-Discovery, and nothing more: for tests and for trying ``discover``.

pontive-provision simulate discovery --name "Simpang Jawi"
"""

import contextlib
import socket
import struct
import threading
from collections.abc import Iterator
from dataclasses import dataclass
from urllib.parse import quote
from uuid import uuid4
from xml.etree import ElementTree
from xml.sax.saxutils import escape

import click

GROUP = "239.255.255.250"
PORT = 3702
_SOAP = "http://www.w3.org/2003/05/soap-envelope"
_ADDRESSING = "http://schemas.xmlsoap.org/ws/2004/08/addressing"
_DISCOVERY = "http://schemas.xmlsoap.org/ws/2005/04/discovery"


@dataclass
class OnvifCameraSimulator:
    """The camera. ``host`` is the interface it listens on; ``port`` 0 takes a free one, and says which."""

    name: str = "Kamera contoh"
    hardware: str = "SIM-1"
    host: str = "127.0.0.1"
    port: int = 0

    def open(self) -> socket.socket:
        """Return a socket that hears the group and those who ask this camera directly."""
        link = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        link.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        link.bind(("", self.port))
        membership = struct.pack("4s4s", socket.inet_aton(GROUP), socket.inet_aton(self.host))
        link.setsockopt(socket.IPPROTO_IP, socket.IP_ADD_MEMBERSHIP, membership)
        self.port = link.getsockname()[1]
        return link

    def serve(self, link: socket.socket) -> None:
        """Answer until the socket is shut down."""
        with contextlib.suppress(OSError):
            while True:
                payload, asker = link.recvfrom(65_507)
                if not payload:
                    return
                answer = self.answer(payload)
                if answer is not None:
                    link.sendto(answer, asker)

    def answer(self, payload: bytes) -> bytes | None:
        """Return the answer to a question for cameras; None to anything else."""
        try:
            root = ElementTree.fromstring(payload)  # noqa: S314 - a simulator on the technician's own desk
        except ElementTree.ParseError:
            return None
        message_id = root.findtext(f"{{{_SOAP}}}Header/{{{_ADDRESSING}}}MessageID", "")
        types = root.findtext(f"{{{_SOAP}}}Body/{{{_DISCOVERY}}}Probe/{{{_DISCOVERY}}}Types")
        if types is None or "NetworkVideoTransmitter" not in types:
            return None
        return self._match(message_id)

    def _match(self, message_id: str) -> bytes:
        scopes = (
            "onvif://www.onvif.org/type/video_encoder "
            f"onvif://www.onvif.org/name/{quote(self.name)} onvif://www.onvif.org/hardware/{quote(self.hardware)}"
        )
        return (
            '<?xml version="1.0" encoding="UTF-8"?>'
            f'<s:Envelope xmlns:s="{_SOAP}" xmlns:a="{_ADDRESSING}" xmlns:d="{_DISCOVERY}">'
            f"<s:Header><a:MessageID>uuid:{uuid4()}</a:MessageID>"
            f"<a:RelatesTo>{escape(message_id)}</a:RelatesTo>"
            f"<a:Action>{_DISCOVERY}/ProbeMatches</a:Action></s:Header>"
            f"<s:Body><d:ProbeMatches><d:ProbeMatch><a:EndpointReference><a:Address>urn:uuid:{uuid4()}"
            f"</a:Address></a:EndpointReference><d:Scopes>{escape(scopes)}</d:Scopes>"
            f"<d:XAddrs>http://{self.host}/onvif/device_service</d:XAddrs>"
            "<d:MetadataVersion>1</d:MetadataVersion></d:ProbeMatch></d:ProbeMatches></s:Body></s:Envelope>"
        ).encode()


@contextlib.contextmanager
def running(camera: OnvifCameraSimulator) -> Iterator[OnvifCameraSimulator]:
    """Be the camera in a thread of its own."""
    with camera.open() as link:
        thread = threading.Thread(target=camera.serve, args=(link,), name="onvif-camera")
        thread.start()
        try:
            yield camera
        finally:
            # An empty packet to itself ends the loop; a UDP socket cannot be shut down from outside.
            link.sendto(b"", ("127.0.0.1", camera.port))
            thread.join()


@click.command()
@click.option("--name", default="Kamera contoh", show_default=True, help="What it calls itself.")
@click.option("--host", default="127.0.0.1", show_default=True, help="Interface to listen on.")
@click.option("--port", default=PORT, show_default=True, help="0 takes a free one.")
def main(name: str, host: str, port: int) -> None:
    """Answer WS-Discovery like a network camera, until Ctrl-C."""
    camera = OnvifCameraSimulator(name=name, host=host, port=port)
    with camera.open() as link, contextlib.suppress(KeyboardInterrupt):
        click.echo(f"{name} on {host}, port {camera.port}; Ctrl-C ends it")
        camera.serve(link)
