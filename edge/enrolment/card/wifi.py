"""The settings of a wireless network as wpa_supplicant reads them; the password itself is not kept.

Source: wpa_supplicant.conf(5), IEEE 802.11-2020 annex J.4 (the key from password and name).
"""

import hashlib
from pathlib import Path

from edge.enrolment.card.card_file import Wifi
from edge.enrolment.files import PRIVATE_MODE, write_whole

FILE = "wifi.conf"
_ROUNDS, _KEY_BYTES = 4096, 32


def wifi_key(name: str, password: str) -> str:
    """Return the key of a network: 64 hexadecimal digits."""
    return hashlib.pbkdf2_hmac("sha1", password.encode(), name.encode(), _ROUNDS, _KEY_BYTES).hex()


def wifi_text(wifi: Wifi) -> str:
    """Return the file's content: the name in hexadecimal, so that no letter of it means anything."""
    name, key = wifi.name.encode().hex(), wifi_key(wifi.name, wifi.password)
    return (
        f"country={wifi.country}\nupdate_config=0\nnetwork={{\n\tssid={name}\n\tpsk={key}\n"
        f"\tscan_ssid={int(wifi.is_hidden)}\n\tkey_mgmt=WPA-PSK WPA-PSK-SHA256\n}}\n"
    )


def keep_wifi(folder: Path, wifi: Wifi) -> Path:
    """Write it for the system's wpa_supplicant; return where.

    Raises:
        OSError: the disk refuses.
    """
    path = folder / FILE
    write_whole(path, wifi_text(wifi).encode(), mode=PRIVATE_MODE)
    return path
