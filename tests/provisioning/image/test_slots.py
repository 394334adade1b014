"""The tryboot contract of the image, played with its own shell programs and no machine."""

import subprocess
from pathlib import Path

import pytest

from provisioning.image.disk.card import AUTOBOOT
from provisioning.image.recipe import SOURCES

PROGRAMS = SOURCES / "root/usr/lib/pontive"


class Device:
    """The programs, with their places moved into a folder and ``mount`` made harmless."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.setup = folder / "setup"
        self.setup.mkdir()
        (self.setup / "autoboot.txt").write_text(AUTOBOOT)
        (folder / "slot").write_text("A\n")
        (folder / "pending").parent.mkdir(exist_ok=True)
        (folder / "bin").mkdir()
        (folder / "bin/mount").write_text("#!/bin/sh\n")
        (folder / "bin/systemctl").write_text(f'#!/bin/sh\necho "$@" >>{folder}/systemctl.log\n')
        for program in (folder / "bin").iterdir():
            program.chmod(0o755)
        (folder / "restart-wanted").touch()
        for name in ("slots", "rauc-boot", "restart", "return-unless-good"):
            text = (PROGRAMS / name).read_text()
            for place, moved in (
                ("/usr/lib/pontive/slots", folder / "slots"),
                ("/boot/setup", self.setup),
                ("/data/system/pending-slot", folder / "pending"),
                ("/dev/pontive/slot", folder / "slot"),
                ("/run/pontive-edge/restart-wanted", folder / "restart-wanted"),
                ("/dev/console", folder / "console"),
                ("/proc/device-tree/chosen/bootloader", folder / "no-firmware"),
            ):
                text = text.replace(place, str(moved))
            (folder / name).write_text(text)

    def run(self, program: str, *arguments: str) -> str:
        command = ["/bin/sh", self.folder / program, *arguments]
        path = {"PATH": f"{self.folder}/bin:/usr/bin:/bin"}
        return subprocess.run(command, env=path, check=True, capture_output=True, text=True).stdout.strip()

    def starts(self, slot: str) -> None:
        """Be started into a slot."""
        (self.folder / "slot").write_text(f"{slot}\n")
        (self.setup / "tryboot").unlink(missing_ok=True)

    @property
    def commands(self) -> str:
        log = self.folder / "systemctl.log"
        return log.read_text() if log.exists() else ""


@pytest.fixture
def device(tmp_path: Path) -> Device:
    return Device(tmp_path)


def test_a_written_slot_is_tried_once_and_starts_by_itself_only_after_it_was_marked_good(
    device: Device,
) -> None:
    device.run("rauc-boot", "set-state", "B", "bad")
    device.run("rauc-boot", "set-primary", "B")
    assert device.run("rauc-boot", "get-primary") == "A"
    device.run("restart")
    assert "--reboot-argument=0 tryboot" in device.commands
    assert (device.setup / "tryboot").exists()
    device.starts("B")
    assert device.run("rauc-boot", "get-current") == "B"
    assert device.run("rauc-boot", "get-state", "B") == "bad"
    device.run("rauc-boot", "set-state", "B", "good")
    assert device.run("rauc-boot", "get-primary") == "B"
    assert device.run("rauc-boot", "get-state", "B") == "good"
    assert (
        device.setup / "autoboot.txt"
    ).read_text() == "[all]\ntryboot_a_b=1\nboot_partition=3\n[tryboot]\nboot_partition=2\n"


def test_a_restart_without_a_written_slot_is_a_plain_one(device: Device) -> None:
    device.run("restart")
    assert device.commands == "reboot\n"
    assert not (device.setup / "tryboot").exists()
    assert not (device.folder / "restart-wanted").exists()


def test_a_trial_is_one_even_if_the_power_goes_during_it(device: Device) -> None:
    device.run("rauc-boot", "set-primary", "B")
    device.run("restart")
    device.starts("A")
    device.run("restart")
    assert device.commands.splitlines()[-1] == "reboot"


def test_a_slot_that_is_written_again_waits_for_no_trial(device: Device) -> None:
    device.run("rauc-boot", "set-primary", "B")
    device.run("rauc-boot", "set-state", "B", "bad")
    device.run("restart")
    assert device.commands == "reboot\n"


def test_a_slot_on_trial_is_left_when_nobody_marked_it_good(device: Device) -> None:
    device.run("return-unless-good")
    assert device.commands == ""
    device.starts("B")
    device.run("return-unless-good")
    assert device.commands == "reboot\n"
    assert "returning to A" in (device.folder / "console").read_text()


def test_a_slot_that_does_not_run_is_never_committed(device: Device) -> None:
    device.run("rauc-boot", "set-state", "B", "good")
    assert device.run("rauc-boot", "get-primary") == "A"


def test_a_word_that_rauc_does_not_use_is_refused(device: Device) -> None:
    with pytest.raises(subprocess.CalledProcessError):
        device.run("rauc-boot", "get-everything")


@pytest.mark.parametrize(("offered", "is_taken"), [("12", True), ("11", True), ("10", False), ("", False)])
def test_rauc_refuses_what_is_older_than_what_runs(tmp_path: Path, offered: str, is_taken: bool) -> None:
    (tmp_path / "manifest.raucm").write_text(f"[update]\nversion={offered}\n")
    (tmp_path / "release.toml").write_text('version = "0.1.0"\nnumber = 11\n')
    text = (PROGRAMS / "refuse-older").read_text().replace("/etc/pontive", str(tmp_path))
    environment = {"PATH": "/usr/bin:/bin", "RAUC_UPDATE_SOURCE": str(tmp_path)}
    done = subprocess.run(["/bin/sh", "-c", text], env=environment, capture_output=True)
    assert (done.returncode == 0) == is_taken
