"""``pontive-edge set-up-by-phone``: puts the parts together; the image starts it, systemd ends it."""

import logging
import socket
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from functools import partial
from ipaddress import IPv4Address
from pathlib import Path

from edge.enrolment.asking import HttpHub
from edge.enrolment.card.card_file import CardFile
from edge.enrolment.claim_file import Claim, ClaimError, claim_of
from edge.enrolment.files import PRIVATE_MODE, remove, write_whole
from edge.errors import EdgeError
from edge.health.probing.board import Probes
from edge.logs import set_up_logging
from edge.setup_by_phone.desk import SetUpDesk
from edge.setup_by_phone.label import LABEL_FILE, SECRET_FILE, label_text, own_access_point
from edge.setup_by_phone.names import NameServer
from edge.setup_by_phone.radio import Radio
from edge.setup_by_phone.server import PhoneServer
from edge.setup_by_phone.session import Session
from edge.setup_by_phone.simulated import PlayedNetwork, SimulatedRadio
from edge.setup_by_phone.sockets import listening_socket
from edge.setup_by_phone.trying import Trying, clock_note
from edge.setup_by_phone.wpa_radio import WpaRadio
from edge.wire.joining.phone import AccessPoint
from edge.wire.strict_toml import TomlError, read_toml

# Seldom used at home or in offices, where the device may be in a network at the same time; the
# image's 25-phone.network has the same.
ADDRESS = "10.86.0.1"
HTTP_PORT, DNS_PORT = 80, 53
# What a simulated radio hears; the passwords are no secrets.
NEIGHBOURHOOD = (
    PlayedNetwork("Titik Jawi", "kapal-layar", -48),
    PlayedNetwork("Warkop Asiang", "kopi-pancung", -66),
    PlayedNetwork("Modem tanpa DHCP", "tanpa-alamat", -79, gives_address=False),
)


def run_command(
    config_path: Path,
    *,
    radio_folder: Path | None,
    simulated: bool,
    interface: str,
    claim_path: Path | None,
    label_folder: Path,
    minutes: float,
    port: int,
) -> str:
    """Run with what was typed; see ``pontive-edge set-up-by-phone --help``.

    Raises:
        EdgeError: no radio was named, or it does not answer.
    """
    set_up_logging(logging.INFO)
    run = partial(
        run_by_phone, config_path, claim_path=claim_path, label_folder=label_folder, for_s=minutes * 60
    )
    if simulated:
        return run(radio=SimulatedRadio(*NEIGHBOURHOOD), address="127.0.0.1", ports=(port, 0))
    if radio_folder is None:
        raise EdgeError("name wpa_supplicant's folder with --radio, or try the page with --simulated")
    radio = WpaRadio(radio_folder, interface, own_address=ADDRESS)
    return run(radio=radio, interface=interface)


def run_by_phone(
    config_path: Path,
    *,
    radio: Radio,
    claim_path: Path | None,
    label_folder: Path,
    for_s: float,
    address: str = ADDRESS,
    interface: str = "",
    ports: tuple[int, int] = (HTTP_PORT, DNS_PORT),
) -> str:
    """Serve until the device is enrolled, or for ``for_s`` seconds; return what came of it.

    Args:
        config_path: Of the device's settings.
        radio: Opens the access point.
        claim_path: A ``pontive.toml``; one that cannot be used is as good as none.
        label_folder: Gets the text with name and password.
        for_s: Seconds without a try after which it ends.
        address: Where the page is.
        interface: The only one that is listened on; empty: any.
        ports: Of HTTP and DNS.

    Raises:
        EdgeError: no radio, or a port is taken.
    """
    folder, claim = config_path.parent, read_card_claim(claim_path)
    point = own_access_point(folder, claim)
    write_whole(label_folder / LABEL_FILE, label_text(point, address).encode(), mode=PRIVATE_MODE)
    desk = SetUpDesk(monotonic=time.monotonic)
    trying = Trying(
        radio=radio,
        folder=folder,
        config_name=config_path.name,
        hub_at=HttpHub,
        hardware=Probes().hardware(),
        now=lambda: datetime.now(UTC),
    )
    session = Session(
        radio=radio, point=point, desk=desk, trying=trying, is_over=(folder / "device.pem").exists
    )
    with _serving(desk, point, claim, address=address, interface=interface, ports=ports):
        outcome = session.run(for_s)
    if outcome is None:
        return "set-up by phone: ended without an enrolment; power-cycle the device to open it again"
    remove(folder / SECRET_FILE)
    return outcome.text


def read_card_claim(path: Path | None) -> Claim | None:
    """Return the claim of a card; ``None`` when there is none that can be used: the page asks for it."""
    if path is None or not path.exists():
        return None
    try:
        file = read_toml(path, CardFile)
        return claim_of(file.hub, file.code) if file.code else None
    except (TomlError, ClaimError, OSError, UnicodeDecodeError):
        return None


@contextmanager
def _serving(
    desk: SetUpDesk,
    point: AccessPoint,
    claim: Claim | None,
    *,
    address: str,
    interface: str,
    ports: tuple[int, int],
) -> Iterator[None]:
    http_port, dns_port = ports
    try:
        names_socket = listening_socket(socket.SOCK_DGRAM, address, dns_port, interface)
        page_socket = listening_socket(socket.SOCK_STREAM, address, http_port, interface)
    except OSError as error:
        raise EdgeError(
            f"{address}: ports {http_port} and {dns_port} are needed ({error.strerror})"
        ) from error
    host = address if http_port == HTTP_PORT else f"{address}:{page_socket.getsockname()[1]}"
    names = NameServer(names_socket, IPv4Address(address))
    server = PhoneServer(
        page_socket,
        host,
        desk,
        name=point.name,
        claim=claim,
        note=lambda: clock_note(datetime.now(UTC)),
    )
    thread = threading.Thread(target=server.serve_forever, name="page", daemon=True)
    thread.start()
    try:
        yield
    finally:
        server.shutdown()
        thread.join()
        server.server_close()
        names.close()
