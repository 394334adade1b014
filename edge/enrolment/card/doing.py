"""Does what a card says, one thing after the other, each of which may be the last before a power cut.

The same card does the same again until it worked; then its secrets are wiped. Must not print them.
"""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from edge.config_file import load_config
from edge.enrolment.asking import Hub
from edge.enrolment.card.card_file import Card
from edge.enrolment.card.wifi import keep_wifi
from edge.enrolment.claim_file import ClaimError, claim_of
from edge.enrolment.enrolling import enrol, enrol_from_bundle
from edge.enrolment.files import PRIVATE_MODE, remove, write_whole
from edge.enrolment.installing import InstallError
from edge.enrolment.resetting import reset_device
from edge.wire.joining.enrolment import Enrolled


@dataclass(frozen=True, slots=True)
class Surroundings:
    """What is needed of the world: hubs by address, patience with them, the board's name."""

    hub_at: Callable[[str], Hub]
    patiently: Callable[[Callable[[], Enrolled]], Enrolled]
    hardware: str


def do_card(card: Card, config_path: Path, around: Surroundings) -> list[str]:
    """Do it all; return a sentence for each thing done.

    Raises:
        EdgeError: one of them did not work; says why and the remedy. The others may be done.
    """
    folder, done = config_path.parent, []
    try:
        folder.mkdir(parents=True, exist_ok=True)
        if card.file.reset:
            done.append(_reset(card.file.reset, config_path))
        if card.settings is not None and not config_path.exists():
            write_whole(config_path, card.settings.read_bytes(), mode=PRIVATE_MODE)
            done.append("Setelan dari kartu dipakai.")
        if card.file.wifi is not None:
            keep_wifi(folder, card.file.wifi)
            done.append(f"Wi-Fi {card.file.wifi.name!r} disimpan dan dipakai.")
    except OSError as error:
        raise InstallError(f"{folder}: {error.strerror}; free the disk or let this user write") from error
    if card.file.code or card.file.passphrase:
        enrolled = _identity(card, config_path, around)
        done.append(f"{enrolled.device} di {enrolled.site}: terpasang.")
    return done


def wipe(card: Card) -> None:
    """Take the secrets off the card; one that cannot be written is left to whoever mounted it."""
    try:
        # A file system of this kind keeps what is deleted: written over first.
        card.path.write_bytes(bytes(card.path.stat().st_size))
        remove(card.path)
    except OSError:
        return


def _identity(card: Card, config_path: Path, around: Surroundings) -> Enrolled:
    folder, name = config_path.parent, config_path.name
    if card.file.code:
        claim = claim_of(card.file.hub, card.file.code)
        hub = around.hub_at(claim.hub)
        return around.patiently(
            lambda: enrol(folder, name, code=claim.code, hub=hub, hardware=around.hardware)
        )
    assert card.bundle is not None, "a card with a passphrase and no bundle is refused when it is read"
    return enrol_from_bundle(folder, name, card.bundle, card.file.passphrase)


def _reset(device: str, config_path: Path) -> str:
    if not config_path.exists():
        return f"{device}: sudah kosong."
    config = load_config(config_path)
    if config.device != device:
        raise ClaimError(
            f"reset is for {device}, this is {config.device}; put the card into the right device"
        )
    return f"{device}: {reset_device(config_path, config)} hal dihapus; cabut sertifikatnya di hub."
