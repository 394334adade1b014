"""The image's program that gives the cable its address believes nothing but digits and points."""

import subprocess
from pathlib import Path

import pytest

PROGRAM = Path(__file__).parents[3] / "firmware_images/debian/root/usr/lib/pontive/address"
GOOD = "address=192.168.1.20/24\ngateway=192.168.1.1\ndns=192.168.1.1\n"


def told(folder: Path, text: str) -> str:
    """Return what networkd is told of a file; empty: nothing."""
    (folder / "address.conf").write_text(text)
    subprocess.run([PROGRAM, folder / "address.conf", folder / "network"], check=True)
    written = folder / "network/10-typed.network"
    return written.read_text() if written.exists() else ""


def test_an_address_is_told_and_an_empty_file_takes_it_back(tmp_path: Path) -> None:
    text = told(tmp_path, GOOD)
    assert "Address=192.168.1.20/24\nGateway=192.168.1.1\nDNS=192.168.1.1\n" in text
    assert told(tmp_path, "") == ""


@pytest.mark.parametrize(
    "text",
    [
        GOOD.replace("192.168.1.20/24", "192.168.1.20/24 x"),
        GOOD.replace("gateway=", "gateway=evil"),
        GOOD.replace("dns=192.168.1.1", "dns=$(reboot)"),
        "address=192.168.1.20/24\n",
        "[Network]\nDHCP=no\n",
    ],
)
def test_anything_else_in_the_file_changes_nothing(tmp_path: Path, text: str) -> None:
    assert told(tmp_path, text) == ""
