"""The real radio: a wpa_supplicant that began without a network and is told over its control socket.

One radio does one thing at a time; the chips of a Pi cannot be trusted with two. Addresses are the
system's: systemd-networkd serves them to phones, and gets one of the network that was joined.
"""

import codecs
import fcntl
import ipaddress
import re
import socket
import struct
import time
from collections.abc import Callable
from pathlib import Path

from edge.enrolment.card.card_file import Wifi
from edge.enrolment.card.wifi import wifi_key
from edge.setup_by_phone.radio import HeardNetwork, JoinError, JoinFault, RadioError
from edge.setup_by_phone.wpa_control import WpaControl
from edge.wire.joining.phone import AccessPoint

SCAN_S, OPEN_S, JOIN_S, ADDRESS_S = 15.0, 20.0, 45.0, 45.0
# Channel 6: allowed in every country, and heard by every phone.
_FREQUENCY_MHZ = 2437
# Two rounds over all channels without it: it is not there.
_MOST_MISSES = 3
# include/uapi/linux/sockios.h (Linux 6.1, 2022)
_SIOCGIFADDR = 0x8915
_POLL_S = 0.5


def address_of(interface: str) -> str:
    """Return the IPv4 address of an interface; empty without one."""
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as asked:
        try:
            answer = fcntl.ioctl(asked, _SIOCGIFADDR, struct.pack("256s", interface[:15].encode()))
        except OSError:
            return ""
    address = ipaddress.IPv4Address(answer[20:24])
    # One that it gave itself because nobody else did is none.
    return "" if address.is_link_local else str(address)


class WpaRadio:
    """A radio behind wpa_supplicant.

    Args:
        folder: Of its control sockets.
        interface: As ``wlan0``.
        own_address: Of the access point; it is not one of a network that was joined.
        address_of: Asks the kernel for an interface's address.
        monotonic: Seconds.
        sleep: Waits so many seconds.
    """

    def __init__(
        self,
        folder: Path,
        interface: str,
        *,
        own_address: str,
        address_of: Callable[[str], str] = address_of,
        monotonic: Callable[[], float] = time.monotonic,
        sleep: Callable[[float], None] = time.sleep,
    ) -> None:
        self._control = WpaControl(folder, interface)
        self._interface = interface
        self._own_address = own_address
        self._address_of = address_of
        self._monotonic = monotonic
        self._sleep = sleep

    def scan(self) -> tuple[HeardNetwork, ...]:
        """See :class:`edge.setup_by_phone.radio.Radio`."""
        self._begin()
        # Busy means that a scan runs already, whose end we hear as well.
        self._control.ask("SCAN")
        if self._hear(r"CTRL-EVENT-SCAN-RESULTS", SCAN_S) is None:
            raise RadioError("radio: does not listen; restart the device, or use a cable")
        return heard_networks(self._control.ask("SCAN_RESULTS"))

    def open(self, point: AccessPoint) -> None:
        """See :class:`edge.setup_by_phone.radio.Radio`."""
        self._begin()
        self._select(
            point.name,
            psk=wifi_key(point.name, point.password),
            mode="2",
            frequency=str(_FREQUENCY_MHZ),
            key_mgmt="WPA-PSK",
            proto="RSN",
            pairwise="CCMP",
        )
        if self._hear(r"AP-ENABLED", OPEN_S) is None:
            raise RadioError("radio: cannot be an access point; set the device up by card or cable")

    def join(self, wifi: Wifi) -> None:
        """See :class:`edge.setup_by_phone.radio.Radio`."""
        self._begin()
        key = wifi_key(wifi.name, wifi.password)
        self._select(wifi.name, psk=key, scan_ssid="1", key_mgmt="WPA-PSK WPA-PSK-SHA256")
        fault = self._joining()
        if fault is None and not self._gets_address():
            fault = JoinFault.NO_ADDRESS
        if fault is not None:
            self.close()
            raise JoinError(fault, wifi.name)

    def close(self) -> None:
        """See :class:`edge.setup_by_phone.radio.Radio`."""
        try:
            self._control.ask("REMOVE_NETWORK all")
        except RadioError:
            # It is gone, and with it whatever it did.
            pass
        finally:
            self._control.close()

    def _begin(self) -> None:
        self._control.ask("REMOVE_NETWORK all")
        self._control.forget_events()

    def _select(self, name: str, **settings: str) -> None:
        number = self._control.ask("ADD_NETWORK")
        # In hexadecimal, so that no letter of a name means anything.
        for key, value in {"ssid": name.encode().hex(), **settings}.items():
            self._control.ask(f"SET_NETWORK {number} {key} {value}")
        self._control.ask(f"SELECT_NETWORK {number}")

    def _joining(self) -> JoinFault | None:
        misses, words = 0, r"CONNECTED|SSID-TEMP-DISABLED|NETWORK-NOT-FOUND|ASSOC-REJECT|AUTH-REJECT"
        ends_at_s = self._monotonic() + JOIN_S
        while (left_s := ends_at_s - self._monotonic()) > 0:
            said = self._hear(rf"CTRL-EVENT-(?:{words})", left_s) or ""
            if said.startswith("CTRL-EVENT-CONNECTED"):
                return None
            if "WRONG_KEY" in said:
                return JoinFault.WRONG_PASSWORD
            if "REJECT" in said or "TEMP-DISABLED" in said:
                return JoinFault.REJECTED
            misses += "NOT-FOUND" in said
            if misses >= _MOST_MISSES:
                return JoinFault.NOT_FOUND
        return JoinFault.REJECTED

    def _gets_address(self) -> bool:
        ends_at_s = self._monotonic() + ADDRESS_S
        while self._monotonic() < ends_at_s:
            if self._address_of(self._interface) not in ("", self._own_address):
                return True
            self._sleep(_POLL_S)
        return False

    def _hear(self, words: str, within_s: float) -> str | None:
        """Return the first event that begins with ``words``; ``None`` when there is none in time."""
        ends_at_s = self._monotonic() + within_s
        while (left_s := ends_at_s - self._monotonic()) > 0:
            said = self._control.event(left_s)
            if said is not None and re.match(words, said):
                return said
        return None


def heard_networks(text: str) -> tuple[HeardNetwork, ...]:
    """Read ``SCAN_RESULTS``: networks that a password opens, the strongest first, each name once."""
    best: dict[str, int] = {}
    for line in text.splitlines()[1:]:
        words = line.split("\t")
        if len(words) < 5 or "PSK" not in words[3]:
            continue
        name, signal = _name(words[4]), _signal(words[2])
        if name and signal > best.get(name, -1000):
            best[name] = signal
    heard = (HeardNetwork(name, signal_dbm) for name, signal_dbm in best.items())
    return tuple(sorted(heard, key=lambda each: (-each.signal_dbm, each.name)))


def _name(written: str) -> str:
    r"""Return a name from how wpa_supplicant writes it (``\xc3\xa9``); empty for hidden and nonsense."""
    try:
        name = codecs.escape_decode(written.encode())[0].decode()
    except ValueError:
        return ""
    return name if name.isprintable() and name.strip() else ""


def _signal(written: str) -> int:
    try:
        return int(written)
    except ValueError:
        return -999
