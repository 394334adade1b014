"""A whole build, from a handful of files that stand for Debian's packages to a card and its list."""

import hashlib
import json
import os
import shutil
from collections.abc import Sequence
from pathlib import Path

import pytest
from click.testing import CliRunner

from provisioning.image import building
from provisioning.image.command import image
from provisioning.image.system import agent, preparing
from provisioning.image.system.unpacking import CONTROL_FILE

PATH = f"{os.environ['PATH']}:/usr/sbin:/sbin"
TOOLS = ("mkfs.vfat", "mcopy", "mke2fs", "sfdisk", "debugfs", "dumpe2fs")
CONTROL = "Package: busybox-static\nVersion: 1.37\nArchitecture: arm64\nSHA256: 00\n"
KERNEL = "6.12-arm64"


def unpack(into: Path, *, architecture: str, packages: Sequence[str], **_about: object) -> None:
    """Stand for mmdebstrap: what a build needs of a hundred packages, as empty as can be."""
    assert architecture in ("arm64", "amd64")
    assert packages
    modules = into / f"usr/lib/modules/{KERNEL}"
    texts = {
        CONTROL_FILE: CONTROL,
        "usr/share/base-passwd/passwd.master": "root:*:0:0:root:/root:/bin/sh\n",
        "usr/share/base-passwd/group.master": "root:*:0:\n",
        "usr/share/man/man1/ls.1": "a manual",
        "usr/bin/busybox": "busybox",
        f"boot/vmlinuz-{KERNEL}": "kernel",
        "etc/hosts": "",
        "dev/zero-stands-here": "endless",
    }
    drivers = (
        "virtio_pci",
        "virtio_mmio",
        "virtio_blk",
        "virtio_net",
        "virtio_rng",
        "ext4",
        "crc32c_generic",
    )
    texts |= {str(modules.relative_to(into) / f"kernel/{name}.ko"): name for name in drivers}
    texts[str(modules.relative_to(into) / "modules.dep")] = "".join(
        f"kernel/{name}.ko:\n" for name in drivers
    )
    texts[str(modules.relative_to(into) / "modules.builtin")] = ""
    for name, text in texts.items():
        path = into / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)


def install_wheels(into: Path, _requirements: str, _python: str) -> None:
    """Stand for the package index."""
    (into / "msgspec-1.dist-info").mkdir(parents=True)
    (into / "msgspec-1.dist-info/METADATA").write_text("Name: msgspec\nVersion: 1\n")
    (into / "bin").mkdir()


@pytest.fixture
def _no_packages(monkeypatch: pytest.MonkeyPatch) -> None:
    """Replace what needs an archive, an index, or a program of an arm64 machine."""
    monkeypatch.setattr(building, "unpack", unpack)
    monkeypatch.setattr(building, "apt_sources", lambda *_a, **_k: ("deb http://d.example/ trixie main",))
    monkeypatch.setattr(agent, "locked_requirements", lambda: "msgspec==1\n")
    monkeypatch.setattr(agent, "install_wheels", install_wheels)
    monkeypatch.setattr(agent, "compile_python", lambda *_a: None)
    for name in ("add_users", "set_units", "write_library_cache"):
        monkeypatch.setattr(preparing, name, lambda *_a: None)
    monkeypatch.setattr(preparing, "prune_modules", lambda *_a: KERNEL)


@pytest.mark.usefixtures("_no_packages")
@pytest.mark.skipif(any(shutil.which(tool, path=PATH) is None for tool in TOOLS), reason="no tools for disks")
def test_a_build_makes_card_and_list_is_kept_and_refuses_other_versions(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("provisioning.image.command.LOCKS", tmp_path / "locks")
    words = ["build", "--folder", str(tmp_path / "work"), "--number", "7", "--no-compress", "--json"]
    first = CliRunner().invoke(image, [*words, "--lock"])
    assert first.exit_code == 0, first.output
    told = json.loads(first.stdout)
    tree = next((tmp_path / "work/steps").glob("tree-*")) / "root"
    assert told["number"] == 7
    assert not list((tree / "dev").iterdir())
    assert not (tree / "usr/share/man/man1").exists()
    assert (tree / "usr/lib/python3/dist-packages/edge/running/agent.py").exists()
    assert "number = 7" in (tree / "etc/pontive/release.toml").read_text()
    bill = json.loads((tree / building.BILL).read_text())
    assert {package["name"] for package in bill["packages"]} >= {"busybox-static", "msgspec", "pontive"}
    assert (tmp_path / "locks/virt.txt").read_text() == "busybox-static 1.37\n"
    again = CliRunner().invoke(image, [*words, "--locked"])
    assert json.loads(again.stdout) == told
    assert "card.img: kept from an earlier build" in again.stderr
    (tmp_path / "locks/virt.txt").write_text("busybox-static 1.36\n")
    refused = CliRunner().invoke(image, [*words, "--locked"])
    assert "busybox-static 1.36 -> 1.37" in str(refused.exception)


@pytest.mark.usefixtures("_no_packages")
@pytest.mark.skipif(any(shutil.which(tool, path=PATH) is None for tool in TOOLS), reason="no tools for disks")
def test_a_second_build_of_the_same_has_the_same_bytes_or_is_named(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    words = ["build", "--folder", str(tmp_path), "--no-compress", "--twice", "--json"]
    same = CliRunner().invoke(image, words)
    assert same.exit_code == 0, same.output
    told = json.loads(same.stdout)
    card = hashlib.sha256(Path(told["card"]).read_bytes()).hexdigest()
    assert (sorted(told["same_twice"]), told["same_twice"]["card"]) == (["boot", "card", "root"], card)
    assert "packages: kept from an earlier build" in same.stderr

    def by_chance(root: Path, *_about: object) -> None:
        (root / "usr/lib/chance").write_bytes(os.urandom(16))

    monkeypatch.setattr(agent, "compile_python", by_chance)
    other = CliRunner().invoke(image, [*words, "--version", "2"])
    assert str(other.exception) == "the second build has other bytes: root, card, root/usr/lib/chance"
    assert not list((tmp_path / "steps").glob("*.again*"))
