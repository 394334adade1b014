"""Tries what was typed, step by step, and says in a technician's words where it ended.

A network that was joined is kept even when the hub does not answer; a code is not kept.
"""

import socket
import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from edge.enrolment.asking import Hub, HubUnreachableError, RefusedError
from edge.enrolment.card.wifi import keep_wifi
from edge.enrolment.claim_file import Claim, ClaimError
from edge.enrolment.enrolling import enrol
from edge.enrolment.files import write_whole
from edge.enrolment.installing import InstallError
from edge.errors import EdgeError
from edge.setup_by_phone.radio import JoinError, JoinFault, Radio, RadioError
from edge.setup_by_phone.wishes import FixedAddress, Wish
from edge.wire.joining.enrolment import Enrolled

# The word for the system's unit that gives the cable its address; empty: as DHCP says.
ADDRESS_FILE = "address.conf"
ADDRESS_S = 45.0
# A name server or a switch may need a moment after the address is there.
HUB_TRIES, HUB_WAIT_S = 3, 4.0
_POLL_S = 0.5
# No clock of ours was ever before this; a Pi without a battery begins in 1970.
_FIRST_YEAR = 2024

_JOINING = {
    JoinFault.WRONG_PASSWORD: "Sandi Wi-Fi {name} salah. Ketik lagi, perhatikan huruf besar dan kecil.",
    JoinFault.NOT_FOUND: "Wi-Fi {name} tidak terdengar dari sini. Periksa namanya, dekatkan, dan pastikan "
    "pemancarnya 2,4 GHz.",
    JoinFault.REJECTED: "Wi-Fi {name} menolak perangkat ini. Periksa daftar perangkat di pemancarnya, atau "
    "pilih Wi-Fi lain.",
    JoinFault.NO_ADDRESS: "Wi-Fi {name} tersambung, tetapi tidak memberi alamat IP. Periksa DHCP di "
    "pemancarnya.",
}


class CableError(EdgeError):
    """The cable did not take the address that was asked for."""


@dataclass(frozen=True, slots=True)
class Outcome:
    """How a try ended: the sentence, and who the device is now (``None``: still nobody)."""

    text: str
    enrolled: Enrolled | None = None


def is_own_address(address: str) -> bool:
    """Return whether some interface of this machine has an IPv4 address."""
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as asked:
        try:
            asked.bind((address, 0))
        except OSError:
            return False
    return True


@dataclass(frozen=True, slots=True)
class Trying:
    """What a try needs of the world.

    ``folder`` and ``config_name`` are the device's settings, ``hardware`` the board's name for the
    hub's list, ``now`` the board's clock, ``sleep`` waits so many seconds.
    """

    radio: Radio
    folder: Path
    config_name: str
    hub_at: Callable[[str], Hub]
    hardware: str
    now: Callable[[], datetime]
    is_own_address: Callable[[str], bool] = is_own_address
    sleep: Callable[[float], None] = time.sleep

    def attempt(self, wish: Wish) -> Outcome:
        """Do it all; never raises for what a technician can put right."""
        try:
            self._connect(wish)
            enrolled = self._enrol(wish.claim)
        except (EdgeError, OSError) as error:
            return Outcome(sentence(error, now=self.now()))
        return Outcome(f"{enrolled.device} di {enrolled.site}: terpasang.", enrolled)

    def _connect(self, wish: Wish) -> None:
        self.folder.mkdir(parents=True, exist_ok=True)
        # First: an address by hand that an earlier try left must not stand in the way.
        self._use_cable(wish.fixed)
        if wish.wifi is not None:
            self.radio.join(wish.wifi)
            keep_wifi(self.folder, wish.wifi)

    def _use_cable(self, fixed: FixedAddress | None) -> None:
        path = self.folder / ADDRESS_FILE
        if fixed is not None or path.exists():
            write_whole(path, b"" if fixed is None else fixed.text.encode())
        if fixed is None:
            return
        for _ in range(round(ADDRESS_S / _POLL_S)):
            if self.is_own_address(str(fixed.address.ip)):
                return
            self.sleep(_POLL_S)
        raise CableError(f"no interface took {fixed.address}")

    def _enrol(self, claim: Claim) -> Enrolled:
        for left in reversed(range(HUB_TRIES)):
            try:
                hub = self.hub_at(claim.hub)
                return enrol(self.folder, self.config_name, code=claim.code, hub=hub, hardware=self.hardware)
            except HubUnreachableError:
                if not left:
                    raise
                self.sleep(HUB_WAIT_S)
        raise AssertionError("the last try returns or raises")


def sentence(error: EdgeError | OSError, *, now: datetime) -> str:
    """Return what a technician reads, with the remedy."""
    match error:
        case JoinError(fault=fault, name=name):
            return _JOINING[fault].format(name=name)
        case RefusedError():
            # The hub's own words: used, expired, cancelled, another card, and what to do.
            return f"Hub menolak: {error}"
        case HubUnreachableError():
            return _unreachable(error, now)
        case CableError():
            return "Kabel tidak memakai alamat itu. Periksa kabel dan lampu porta sakelar, lalu coba lagi."
        case RadioError():
            return "Radio Wi-Fi perangkat tidak menjawab. Cabut dan pasang listriknya, atau pakai kabel."
        case ClaimError():
            return "Yang menjawab bukan hub pembuat kode ini. Periksa alamat hub; jangan dipaksa, laporkan."
        case InstallError() if not isinstance(error.__cause__, OSError):
            return "Setelan dari hub tidak dapat dipakai. Laporkan kepada admin hub."
        case InstallError() | OSError():
            return "Kartu penuh atau tidak dapat ditulis. Ganti kartunya."
        case _:
            return "Setelan di kartu rusak. Tulis ulang kartunya, atau hapus edge.toml di kartu."


def _unreachable(error: HubUnreachableError, now: datetime) -> str:
    match error.__cause__:
        case socket.gaierror():
            text = "Jaringan ada, tetapi nama hub tidak dikenal. Periksa alamat hub dan DNS."
        case None:
            text = "Alamat itu menjawab, tetapi bukan sebagai hub. Periksa alamat hub, atau coba lagi nanti."
        case _:
            text = "Jaringan ada, tetapi hub tidak menjawab. Periksa alamat hub, gerbang, dan porta 443."
    return text if now.year >= _FIRST_YEAR else f"{text} {clock_note(now)}"


def clock_note(now: datetime) -> str:
    """Return what to tell of a clock that cannot be right; empty for one that may be."""
    if now.year >= _FIRST_YEAR:
        return ""
    return f"Jam perangkat masih {now.year}; itu bukan halangan, jam diambil dari hub."
