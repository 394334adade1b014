"""What card and stick say, from the first copy to the wiping: the image's own program with the real agent."""

import subprocess
import sys
from pathlib import Path

import pytest

from provisioning.image.recipe import SOURCES

PROGRAM = SOURCES / "root/usr/lib/pontive/first-start"
WIFI = '[wifi]\nname = "Titik Jawi"\npassword = "rahasia titik"\n'
ANSWER = "pontive-jawab.txt"
# What needs a kernel's mounts: a stick is a folder that stands in the place where it is mounted.
MOUNT = """#!/bin/sh
case "$*" in *remount*) exit 0 ;; esac
for at; do :; done
rmdir "$at" && ln -s "@FOLDER@/stick" "$at"
"""
UMOUNT = '#!/bin/sh\nrm "$1" && mkdir "$1"\n'


class Device:
    """The program, with its places moved into a folder; nobody is root, and files belong to whoever tests."""

    def __init__(self, folder: Path) -> None:
        self.folder, self.card, self.stick = folder, folder / "card", folder / "stick"
        self.copies, self.data = folder / "run", folder / "data"
        for each in (self.card, self.stick, self.data, folder / "bin", folder / "dev"):
            each.mkdir()
        agent = f'#!/bin/sh\nexec {sys.executable} -m edge.cli "$@"\n'
        for name, text in (("mount", MOUNT), ("umount", UMOUNT), ("pontive-edge", agent)):
            (folder / "bin" / name).write_text(text.replace("@FOLDER@", str(folder)))
            (folder / "bin" / name).chmod(0o755)
        text = PROGRAM.read_text()
        for place, moved in (
            ("/run/pontive-enrol", str(self.copies)),
            ("/run/pontive-stick", f"{folder}/own"),
            ("/boot/setup", str(self.card)),
            ("/data/pontive", str(self.data)),
            ("/usr/bin/pontive-edge", f"{folder}/bin/pontive-edge"),
            ("/dev/sd[a-z]", f"{folder}/dev/sd[a-z]"),
            ('[ -b "$part" ]', '[ -e "$part" ]'),
            ("-o root -g pontive ", ""),
            ("chown pontive:pontive", ":"),
        ):
            assert place in text, place
            text = text.replace(place, moved)
        (folder / "first-start").write_text(text)

    def plug_in(self) -> None:
        (self.folder / "dev/sda1").touch()

    def run(self, step: str) -> int:
        path = {"PATH": f"{self.folder}/bin:/usr/bin:/bin"}
        command = ["/bin/sh", self.folder / "first-start", step]
        return subprocess.run(command, env=path, capture_output=True, text=True).returncode

    def start(self) -> int:
        """Do what the three units do; return what the one that asks ended with."""
        assert self.run("begin") == 0
        code = self.run("ask")
        assert self.run("end") == 0
        return code

    @property
    def wireless(self) -> bool:
        return (self.data / "wifi.conf").exists()


@pytest.fixture
def device(tmp_path: Path) -> Device:
    return Device(tmp_path)


def test_a_blank_card_and_no_stick_is_nothing_to_do(device: Device) -> None:
    assert device.start() == 0
    assert list(device.card.iterdir()) == []
    assert list(device.data.iterdir()) == []


def test_what_the_card_says_is_done_answered_and_wiped(device: Device) -> None:
    (device.card / "pontive.toml").write_text(WIFI)
    assert device.start() == 0
    assert device.wireless
    assert [path.name for path in device.card.iterdir()] == [ANSWER]
    assert "Titik Jawi" in (device.card / ANSWER).read_text()
    assert not list(device.copies.rglob("*.toml"))


def test_a_stick_comes_first_and_only_what_was_used_is_wiped(device: Device) -> None:
    device.plug_in()
    (device.stick / "pontive.toml").write_text(WIFI)
    (device.stick / "foto.jpg").write_text("of somebody")
    (device.card / "pontive.toml").write_text("report = true\n")
    assert device.start() == 0
    assert device.wireless
    assert {path.name for path in device.stick.iterdir()} == {ANSWER, "foto.jpg"}
    assert (device.card / "pontive.toml").exists()


def test_a_card_that_did_not_work_is_answered_and_kept_for_the_next_try(device: Device) -> None:
    (device.card / "pontive.toml").write_text('hub = "https://hub.example"\n')
    assert device.start() != 0
    assert (device.card / ANSWER).read_text().startswith("GAGAL: ")
    # The end that comes once more must not take the copies' absence for success.
    assert device.run("end") == 0
    assert (device.card / "pontive.toml").exists()
    (device.card / "pontive.toml").write_text(WIFI)
    assert device.start() == 0
    assert device.wireless
    assert not (device.card / "pontive.toml").exists()


def test_power_that_goes_between_two_steps_leaves_a_card_that_is_done_again(device: Device) -> None:
    (device.card / "pontive.toml").write_text(WIFI)
    assert device.run("begin") == 0
    assert device.run("ask") == 0
    assert (device.card / "pontive.toml").exists()
    # Memory forgets; begin makes it anew over whatever is there.
    assert device.start() == 0
    assert not (device.card / "pontive.toml").exists()


def test_a_stick_that_was_exchanged_meanwhile_is_not_wiped(device: Device) -> None:
    device.plug_in()
    (device.stick / "pontive.toml").write_text(WIFI)
    assert device.run("begin") == 0
    assert device.run("ask") == 0
    (device.stick / "pontive.toml").write_text('reset = "pi-lain"\n')
    assert device.run("end") == 0
    assert (device.stick / "pontive.toml").read_text() == 'reset = "pi-lain"\n'


def test_an_answer_that_points_elsewhere_is_not_followed(device: Device) -> None:
    (device.card / "pontive.toml").write_text(WIFI)
    assert device.run("begin") == 0
    assert device.run("ask") == 0
    secret = device.folder / "secret"
    secret.write_text("of root alone")
    answer = device.copies / "card" / ANSWER
    answer.unlink()
    answer.symlink_to(secret)
    assert device.run("end") == 0
    assert not (device.card / ANSWER).exists()


def test_nobody_asks_before_card_and_stick_were_read(device: Device) -> None:
    (device.card / "pontive.toml").write_text(WIFI)
    assert device.run("ask") != 0
    assert not device.wireless
