"""RAUC by its command line: what it answers, and a real signed bundle where rauc is installed."""

import json
import random
import shutil
import subprocess
from collections.abc import Sequence
from pathlib import Path

import pytest

from edge.update.port import BundleError, BundleFacts, InstallError, SystemBusyError
from edge.update.rauc import RaucSystem

# As RAUC 1.13 answers on a device that tries its second slot.
STATUS = {
    "compatible": "pontive-rpi",
    "variant": "",
    "booted": "B",
    "boot_primary": "rootfs.0",
    "slots": [
        {"rootfs.1": {"class": "rootfs", "bootname": "B", "state": "booted", "boot_status": "bad"}},
        {"rootfs.0": {"class": "rootfs", "bootname": "A", "state": "inactive", "boot_status": "good"}},
    ],
}


class Rauc:
    """Answers for the program."""

    def __init__(self, code: int = 0, out: str = "", err: str = "") -> None:
        self.answer = (code, out, err)
        self.asked: list[tuple[str, ...]] = []

    def __call__(self, command: Sequence[str], timeout_s: float) -> subprocess.CompletedProcess[str]:
        self.asked.append(tuple(command))
        code, out, err = self.answer
        return subprocess.CompletedProcess(command, code, out, err)


def system_of(folder: Path, rauc: Rauc) -> RaucSystem:
    (folder / "release.toml").write_text('version = "0.7.0"\nnumber = 7\nboard = "rpi"\n')
    (folder / "boot_id").write_text("01234567-89ab-cdef-0123-456789abcdef\n")
    return RaucSystem(
        run=rauc,
        release=folder / "release.toml",
        boot_id=folder / "boot_id",
        restart=folder / "restart",
    )


def test_what_runs_is_the_slot_that_is_booted_and_kept_when_it_was_marked_good(tmp_path: Path) -> None:
    rauc = Rauc(out=json.dumps(STATUS))
    status = system_of(tmp_path, rauc).status()
    assert (status.slot, status.is_committed, status.number) == ("rootfs.1", False, 7)
    assert (status.board, status.name, status.boot) == ("rpi", "0.7.0", "0123456789abcdef0123456789abcdef")
    assert rauc.asked == [("rauc", "status", "--output-format=json")]
    rauc.answer = (0, json.dumps(STATUS).replace('"bad"', '"good"'), "")
    assert system_of(tmp_path, rauc).status().is_committed


@pytest.mark.parametrize(
    "answer",
    [(1, "", "no D-Bus"), (0, "rubbish", ""), (0, "[]", ""), (0, '{"slots": [3]}', "")],
    ids=["fails", "no json", "no table", "no slot"],
)
def test_a_machine_that_does_not_say_what_runs_is_an_error(
    tmp_path: Path, answer: tuple[int, str, str]
) -> None:
    with pytest.raises(InstallError):
        system_of(tmp_path, Rauc(*answer)).status()


def test_an_image_without_its_release_or_without_rauc_is_an_error(tmp_path: Path) -> None:
    system = system_of(tmp_path, Rauc(out=json.dumps(STATUS)))
    (tmp_path / "release.toml").unlink()
    with pytest.raises(InstallError, match=r"release\.toml"):
        system.status()

    def missing(command: Sequence[str], timeout_s: float) -> subprocess.CompletedProcess[str]:
        raise FileNotFoundError(command[0])

    with pytest.raises(InstallError, match="rauc status"):
        RaucSystem(run=missing).mark_good()


@pytest.mark.parametrize(
    ("said", "error"),
    [
        ("LastError: Failed mounting bundle: signature verification failed", BundleError),
        ("LastError: Compatible mismatch: Expected 'pontive-rpi'", BundleError),
        ("Error: GDBus.Error: Already processing a different method", SystemBusyError),
        ("LastError: Failed updating slot rootfs.1: No space left on device", InstallError),
        ("", InstallError),
    ],
)
def test_each_way_an_installation_fails_is_told_apart(
    tmp_path: Path, said: str, error: type[Exception]
) -> None:
    rauc = Rauc(1, "", f"installing\n{said}\n")
    with pytest.raises(error):
        system_of(tmp_path, rauc).install(tmp_path / "x.bundle")
    rauc.answer = (0, "", "")
    system_of(tmp_path, rauc).install(tmp_path / "x.bundle")
    assert rauc.asked[-1] == ("rauc", "install", str(tmp_path / "x.bundle"))


def test_a_restart_is_asked_for_by_a_file_and_marking_by_rauc(tmp_path: Path) -> None:
    rauc = Rauc()
    system = system_of(tmp_path, rauc)
    system.restart(is_trial=True)
    assert (tmp_path / "restart").read_text() == "tryboot\n"
    system.restart(is_trial=False)
    assert (tmp_path / "restart").read_text() == "plain\n"
    system.mark_good()
    assert rauc.asked == [("rauc", "status", "mark-good", "booted")]
    with pytest.raises(InstallError, match="restart"):
        RaucSystem(restart=tmp_path / "none" / "restart").restart(is_trial=True)


def test_a_bundle_without_a_number_is_no_release(tmp_path: Path) -> None:
    rauc = Rauc(out='{"compatible": "pontive-rpi", "version": "1.0", "build": null}')
    with pytest.raises(BundleError, match="bukan nomor"):
        system_of(tmp_path, rauc).check(tmp_path / "x")


@pytest.mark.skipif(
    not (shutil.which("rauc") and shutil.which("mksquashfs")), reason="rauc or mksquashfs is not installed"
)
def test_a_real_bundle_says_board_number_and_version_and_a_strangers_is_refused(tmp_path: Path) -> None:
    keys = {}
    for name in ("city", "stranger"):
        keys[name] = (tmp_path / f"{name}.key", tmp_path / f"{name}.pem")
        words = "openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -days 30"
        files = ("-keyout", str(keys[name][0]), "-out", str(keys[name][1]), "-subj", f"/CN={name}")
        subprocess.run((*words.split(), *files), check=True, capture_output=True)
    content = tmp_path / "content"
    content.mkdir()
    (content / "rootfs.ext4").write_bytes(random.Random(1).randbytes(65536))
    (content / "manifest.raucm").write_text(
        "[update]\ncompatible=pontive-virt\nversion=12\ndescription=0.2.0\n"
        "[bundle]\nformat=verity\n[image.rootfs]\nfilename=rootfs.ext4\n"
    )
    bundle = tmp_path / "x.raucb"
    key, certificate = keys["city"]
    subprocess.run(
        ("rauc", "--cert", str(certificate), "--key", str(key), "bundle", str(content), str(bundle)),
        check=True,
        capture_output=True,
    )
    facts = RaucSystem(keyring=certificate).check(bundle)
    assert facts == BundleFacts(board="virt", number=12, name="0.2.0")
    with pytest.raises(BundleError):
        RaucSystem(keyring=keys["stranger"][1]).check(bundle)
