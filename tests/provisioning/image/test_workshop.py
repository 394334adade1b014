"""The build's cache, and what its pieces write."""

import gzip
import hashlib
import json
import os
import runpy
import shutil
import subprocess
from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.x509.oid import ExtendedKeyUsageOID

from provisioning.errors import ProvisioningError
from provisioning.image.bundle import manifest
from provisioning.image.command import differences
from provisioning.image.disk.card import AUTOBOOT, assemble
from provisioning.image.disk.filesystems import make_ext4, make_fat
from provisioning.image.disk.layout import partitions
from provisioning.image.keys import ensure_update_keys, make_code_signer
from provisioning.image.recipe import MIB, CardSizes, Release, read_board, read_recipe
from provisioning.image.system import preparing
from provisioning.image.system.agent import add_agent, locked_requirements
from provisioning.image.system.bill import bill_of_materials, debian_versions
from provisioning.image.system.initrd import Entry, archive, build_initrd, load_order
from provisioning.image.system.mirror import apt_sources
from provisioning.image.workshop import Workshop, files_below, run

EPOCH = 1_700_000_000
NOW = datetime(2026, 11, 22, 6, 0, tzinfo=UTC)
CONTROL = """Package: zlib1g
Version: 1:1.3-1
Architecture: arm64
Maintainer: Somebody <somebody@example.org>
SHA256: 00ff

Package: bash
Version: 5.2-2
Architecture: arm64
SHA256: 11ff
"""


def has(*programs: str) -> bool:
    path = f"{os.environ['PATH']}:/usr/sbin:/sbin"
    return all(shutil.which(program, path=path) for program in programs)


def test_a_step_runs_once_for_the_same_inputs_and_again_for_others(tmp_path: Path) -> None:
    said: list[str] = []
    workshop = Workshop(tmp_path, say=said.append, clock=lambda: 0.0)
    made: list[Path] = []

    def make(path: Path) -> None:
        made.append(path)
        path.write_text("made")

    first = workshop.made("step", ["a", b"b"], make)
    assert workshop.made("step", ["a", b"b"], make) == first
    assert workshop.made("step", ["ab", b""], make) != first
    assert len(made) == 2
    assert "- step: kept from an earlier build" in said


def test_a_step_that_fails_leaves_nothing_that_looks_made(tmp_path: Path) -> None:
    workshop = Workshop(tmp_path, say=lambda _line: None)

    def fail(path: Path) -> None:
        path.mkdir(exist_ok=False)
        raise ProvisioningError("no")

    for _ in range(2):
        with pytest.raises(ProvisioningError):
            workshop.made("step", ["a"], fail)


def test_only_the_newest_results_of_a_step_are_kept(tmp_path: Path) -> None:
    workshop = Workshop(tmp_path, say=lambda _line: None)
    for number in range(5):
        path = workshop.made("step", [str(number)], old_folder)
        assert path.exists()
        os.utime(path, (number + 100, number + 100))
    assert len(list(tmp_path.glob("step-*"))) == 3


def old_folder(path: Path) -> None:
    """Make a folder as unpacking does: with a time of its own, long ago."""
    path.mkdir()
    os.utime(path, (1, 1))


def test_a_program_that_is_missing_or_fails_is_named_with_its_last_words() -> None:
    with pytest.raises(ProvisioningError, match="no-such-program is not installed"):
        run(["no-such-program"])
    with pytest.raises(ProvisioningError, match="bad luck"):
        run(["sh", "-c", "echo bad luck >&2; exit 3"])
    assert run(["cat"], stdin=b"told") == "told"


def test_files_are_named_with_their_mode_so_that_a_changed_mode_is_a_new_build(tmp_path: Path) -> None:
    (tmp_path / "program").write_text("x")
    before = list(files_below(tmp_path))
    (tmp_path / "program").chmod(0o755)
    assert list(files_below(tmp_path)) != before


def test_packages_come_from_where_this_machine_gets_its_own() -> None:
    def ask(_command: Sequence[str]) -> str:
        return (
            "Other|http://o.example/|x\nDebian|http://d.example/debian/|y\nDebian-Security|http://s.example/|"
        )

    assert apt_sources("trixie", ["main"], mirror=None, ask=ask) == (
        "deb http://d.example/debian/ trixie main",
        "deb http://d.example/debian/ trixie-updates main",
        "deb http://s.example/ trixie-security main",
    )
    assert len(apt_sources("trixie", ["main"], mirror="http://old.example/", ask=ask)) == 2
    with pytest.raises(ProvisioningError, match="--mirror"):
        apt_sources("trixie", ["main"], mirror=None, ask=lambda _command: "")


def kernel(folder: Path) -> Path:
    modules = folder / "usr/lib/modules/6.0"
    (modules / "kernel").mkdir(parents=True)
    for name in ("disk", "bus", "base", "fs-crc"):
        (modules / f"kernel/{name}.ko").write_text(name)
    (modules / "modules.dep").write_text(
        "kernel/disk.ko: kernel/bus.ko kernel/base.ko\nkernel/bus.ko: kernel/base.ko\n"
        "kernel/base.ko:\nkernel/fs-crc.ko:\n"
    )
    (modules / "modules.builtin").write_text("kernel/inside.ko\n")
    return modules


def test_drivers_are_loaded_after_what_they_need(tmp_path: Path) -> None:
    ordered = load_order(kernel(tmp_path), ["disk", "fs_crc", "inside"])
    assert [path.stem for path in ordered] == ["base", "bus", "disk", "fs-crc"]


def test_a_driver_that_the_kernel_does_not_have_is_named(tmp_path: Path) -> None:
    with pytest.raises(ProvisioningError, match="no driver warp"):
        load_order(kernel(tmp_path), ["warp"])


def names_in(content: bytes) -> dict[str, bytes]:
    """Return the members of a cpio archive of the kind "newc"."""
    found, at = {}, 0
    while True:
        assert content[at : at + 6] == b"070701"
        size, length = (int(content[at + start : at + start + 8], 16) for start in (54, 94))
        name = content[at + 110 : at + 110 + length - 1].decode()
        body = (at + 110 + length + 3) // 4 * 4
        if name == "TRAILER!!!":
            return found
        found[name] = content[body : body + size]
        at = (body + size + 3) // 4 * 4


def test_the_initrd_holds_busybox_the_first_program_and_the_drivers_in_order(tmp_path: Path) -> None:
    kernel(tmp_path)
    (tmp_path / "usr/bin").mkdir(parents=True)
    (tmp_path / "usr/bin/busybox").write_bytes(b"busybox")
    initrd = build_initrd(tmp_path, "6.0", ["disk"], b"first")
    assert initrd == build_initrd(tmp_path, "6.0", ["disk"], b"first")
    members = names_in(gzip.decompress(initrd))
    assert members["init"] == b"first"
    assert members["bin/busybox"] == b"busybox"
    assert members["modules/order"] == b"base.ko\nbus.ko\ndisk.ko\n"
    assert members["modules/disk.ko"] == b"disk"


def test_an_archive_is_padded_to_four_bytes() -> None:
    assert len(archive([Entry("a", 0o100644, b"12345")])) % 4 == 0


def test_the_bill_names_every_debian_package_and_wheel_with_version_and_locator(tmp_path: Path) -> None:
    about = tmp_path / "numpy-2.0.dist-info"
    about.mkdir()
    (about / "METADATA").write_text("Metadata-Version: 2.1\nName: numpy\nVersion: 2.0\n")
    text = bill_of_materials(CONTROL, tmp_path, name="x", namespace="urn:uuid:0", epoch=EPOCH)
    bill = json.loads(text)
    locators = [package["externalRefs"][0]["referenceLocator"] for package in bill["packages"]]
    assert locators == [
        "pkg:deb/debian/bash@5.2-2?arch=arm64",
        "pkg:deb/debian/zlib1g@1:1.3-1?arch=arm64",
        "pkg:pypi/numpy@2.0",
    ]
    assert bill["spdxVersion"] == "SPDX-2.3"
    assert len(bill["relationships"]) == 3
    assert debian_versions(CONTROL) == {"bash": "5.2-2", "zlib1g": "1:1.3-1"}


def test_changed_versions_are_told_in_words(tmp_path: Path) -> None:
    lock = tmp_path / "virt.txt"
    assert differences(lock, {"a": "1"}) == ["virt.txt is not there"]
    lock.write_text("a 1\nb 2\n")
    assert differences(lock, {"a": "1", "b": "2"}) == []
    assert differences(lock, {"a": "2", "c": "1"}) == ["a 1 -> 2", "b 2 -> -", "c - -> 1"]


def test_signers_may_sign_code_and_nothing_else_and_a_second_call_changes_nothing(tmp_path: Path) -> None:
    root_path = ensure_update_keys(tmp_path / "keys", now=NOW)
    before = root_path.read_bytes()
    assert ensure_update_keys(tmp_path / "keys", now=NOW).read_bytes() == before
    make_code_signer(tmp_path / "keys", "third", now=NOW)
    root = x509.load_pem_x509_certificate(before)
    for name in ("signer", "recovery", "third"):
        signer = x509.load_pem_x509_certificate((tmp_path / f"keys/{name}.pem").read_bytes())
        signer.verify_directly_issued_by(root)
        usage = signer.extensions.get_extension_for_class(x509.ExtendedKeyUsage).value
        assert list(usage) == [ExtendedKeyUsageOID.CODE_SIGNING]
        assert (tmp_path / f"keys/{name}.key").stat().st_mode & 0o077 == 0


def test_a_bundle_says_board_and_rising_number() -> None:
    text = manifest("rpi", Release("0.2.0", 7, "rpi4"))
    assert "compatible=pontive-rpi\nversion=7\ndescription=0.2.0\n" in text
    assert "format=verity" in text


def tree(folder: Path) -> Path:
    root = folder / "root"
    (root / "usr/share/base-passwd").mkdir(parents=True)
    (root / "usr/share/base-passwd/passwd.master").write_text("root:*:0:0:root:/root:/bin/bash\n")
    (root / "usr/share/base-passwd/group.master").write_text("root:*:0:\n")
    (root / "usr/share/ca-certificates/m").mkdir(parents=True)
    for name in ("b", "a"):
        (root / f"usr/share/ca-certificates/m/{name}.crt").write_text(f"{name}\n")
    for name in ("etc", "usr/bin", "usr/lib/modules/6.0/kernel/sound", "usr/share/man/man1"):
        (root / name).mkdir(parents=True)
    return root


def test_what_package_scripts_would_have_made_is_there(tmp_path: Path) -> None:
    root = tree(tmp_path)
    preparing.prepare_system(root)
    assert (root / "etc/machine-id").read_text() == ""
    assert (root / "etc/shadow").read_text() == "root:!:1::::::\n"
    assert (root / "etc/shadow").stat().st_mode & 0o777 == 0o640
    assert (root / "etc/ssl/certs/ca-certificates.crt").read_text() == "a\nb\n"
    assert (root / "usr/bin/awk").readlink() == Path("mawk")
    assert (root / "data").is_dir()


def test_manuals_are_dropped_and_nothing_is_younger_than_the_epoch(tmp_path: Path) -> None:
    root = tree(tmp_path)
    (root / "usr/share/man/man1/ls.1").write_text("long")
    (root / "usr/share/link").symlink_to("nowhere")
    preparing.drop(root, ["/usr/share/man/*", "/usr/share/link"])
    assert list((root / "usr/share/man").iterdir()) == []
    preparing.clamp_times(root, EPOCH)
    assert max(path.lstat().st_mtime for path in root.rglob("*")) <= EPOCH


def test_two_kernels_in_one_image_are_refused(tmp_path: Path) -> None:
    root = tree(tmp_path)
    (root / "usr/lib/modules/6.1").mkdir()
    with pytest.raises(ProvisioningError, match="2 kernels"):
        preparing.prune_modules(root, [])


def test_folders_of_modules_are_dropped_and_a_usb_stick_can_still_be_read(tmp_path: Path) -> None:
    root = tree(tmp_path)
    (root / "lib").symlink_to("usr/lib")  # as Debian has it, where depmod looks
    modules = next((root / "usr/lib/modules").iterdir())
    for name in ("scsi/sd_mod", "scsi/qla2xxx/qla2xxx", "infiniband/core/ib_core"):
        (modules / "kernel/drivers" / name).parent.mkdir(parents=True, exist_ok=True)
        (modules / "kernel/drivers" / name).touch()
    preparing.prune_modules(root, read_recipe().drop_modules)
    left = {path.name for path in (modules / "kernel/drivers").rglob("*") if path.is_file()}
    assert "sd_mod" in left
    assert not left & {"qla2xxx", "ib_core"}


def test_our_files_come_with_the_words_of_the_build(tmp_path: Path) -> None:
    root = tree(tmp_path)
    keyring = tmp_path / "root.pem"
    keyring.write_text("pem")
    preparing.add_ours(root, preparing_sources(), read_board("rpi4"), Release("0.2", 7, "rpi4"), keyring)
    assert "compatible=pontive-rpi\n" in (root / "etc/rauc/system.conf").read_text()
    assert "number = 7" in (root / "etc/pontive/release.toml").read_text()
    assert (root / "etc/pontive/update-keyring.pem").read_text() == "pem"
    assert (root / "usr/lib/systemd/system/pontive-edge.service").exists()


def preparing_sources() -> Path:
    from provisioning.image.recipe import SOURCES

    return SOURCES


def test_the_agent_is_there_as_an_installed_package_and_its_packages_are_those_locked(tmp_path: Path) -> None:
    site = "usr/lib/python3/dist-packages"
    (tmp_path / site).mkdir(parents=True)
    (tmp_path / "usr/bin").mkdir()
    add_agent(tmp_path, site, "0.1.0")
    assert (tmp_path / site / "edge/running/agent.py").exists()
    assert not list((tmp_path / site).rglob("__pycache__"))
    assert os.access(tmp_path / "usr/bin/pontive-edge", os.X_OK)
    # How each worker reads it: as a second agent it would fight the first, and commands are ballast.
    started_as_worker = runpy.run_path(str(tmp_path / "usr/bin/pontive-edge"), run_name="__mp_main__")
    assert "main" not in started_as_worker
    assert "Name: pontive" in (tmp_path / site / "pontive-0.1.0.dist-info/METADATA").read_text()


def test_the_lock_is_asked_for_the_agents_extra_alone() -> None:
    asked: list[Sequence[str | Path]] = []

    def ask(command: Sequence[str | Path]) -> str:
        asked.append(command)
        return "numpy==2\n"

    assert locked_requirements(installer=Path(__file__), ask=ask) == "numpy==2\n"
    assert "edge" in asked[0]
    assert "--no-dev" in asked[0]
    with pytest.raises(ProvisioningError, match=r"\./pontive image"):
        locked_requirements(installer=Path("/nowhere/uv"), ask=ask)


@pytest.mark.skipif(not has("mkfs.vfat", "mcopy", "mke2fs", "sfdisk"), reason="no tools for disks here")
def test_a_card_has_what_was_put_into_its_partitions_and_is_the_same_twice(tmp_path: Path) -> None:
    (tmp_path / "tree/etc").mkdir(parents=True)
    (tmp_path / "tree/etc/hostname").write_text("pontive\n")
    preparing.clamp_times(tmp_path / "tree", EPOCH)
    sizes = CardSizes(setup_mib=16, boot_mib=33, root_mib=64, data_mib=64)
    cards = [card_of(tmp_path, sizes, name) for name in ("one", "two")]
    one, two = (hashlib.sha256(card.read_bytes()).hexdigest() for card in cards)
    assert one == two
    offset = partitions(sizes)[0].start_mib
    shown = run(["mtype", "-i", f"{cards[0]}@@{offset}M", "::autoboot.txt"])
    assert shown.replace("\r\n", "\n") == AUTOBOOT
    told = json.loads(run(["sfdisk", "--json", cards[0]]))["partitiontable"]["partitions"]
    assert [each["name"] for each in told] == [each.name for each in partitions(sizes)]


def card_of(folder: Path, sizes: CardSizes, name: str) -> Path:
    autoboot = folder / "autoboot.txt"
    autoboot.write_text(AUTOBOOT)
    setup, root, boot = (folder / f"{name}.{part}" for part in ("setup", "root", "boot"))
    make_fat(setup, sizes.setup_mib, "PONTIVE", {"autoboot.txt": autoboot}, epoch=EPOCH)
    make_fat(boot, sizes.boot_mib, "BOOT", {"overlays/a.dtbo": autoboot}, epoch=EPOCH)
    make_ext4(root, sizes.root_mib, "pontive-root", epoch=EPOCH, tree=folder / "tree")
    card = folder / f"{name}.img"
    assemble(card, sizes, {"PONTIVE": setup, "pontive-boot-A": boot, "pontive-root-A": root})
    assert card.stat().st_blocks * 512 < card.stat().st_size / 2
    assert card.stat().st_size % MIB == 0
    # As small as what it holds: free blocks would be written at every update.
    assert root.stat().st_size < sizes.root_mib * MIB / 4
    done = subprocess.run(["/sbin/e2fsck", "-fn", root], capture_output=True)
    assert done.returncode == 0, done.stdout
    return card
