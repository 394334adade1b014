"""What images are made of: the files of firmware_images/debian, held against each other."""

import configparser
import re
import shutil
import subprocess
from itertools import pairwise
from pathlib import Path

import pytest

from provisioning.errors import ProvisioningError
from provisioning.image.disk.layout import card_mib, partitions, sfdisk_script
from provisioning.image.recipe import SOURCES, board_names, read_board, read_recipe

UNITS = SOURCES / "root/usr/lib/systemd/system"
PROGRAMS = SOURCES / "root/usr/lib/pontive"


def test_every_board_can_be_read_and_says_what_it_cannot_do() -> None:
    boards = {name: read_board(name) for name in board_names()}
    assert set(boards) == {"virt", "rpi4", "rpi5"}
    assert {board.family for board in boards.values()} == {"virt", "rpi"}
    assert all(boards[name].warnings for name in ("rpi4", "rpi5"))
    assert "Ethernet" in boards["rpi5"].warnings[0]


def test_an_unknown_board_is_named_with_those_there_are() -> None:
    with pytest.raises(ProvisioningError, match="no board 'rpi9': there are rpi4, rpi5, virt"):
        read_board("rpi9")


def test_a_wrong_key_of_a_board_is_named(tmp_path: Path) -> None:
    (tmp_path / "boards").mkdir()
    (tmp_path / "boards/odd.toml").write_text('familie = "odd"\n')
    with pytest.raises(ProvisioningError, match="familie"):
        read_board("odd", tmp_path)


def test_the_partitions_follow_each_other_and_fill_the_card() -> None:
    placed = partitions(read_recipe().card)
    assert [each.number for each in placed] == [1, 2, 3, 4, 5, 6]
    for before, after in pairwise(placed):
        assert after.start_mib == before.start_mib + before.size_mib
    assert card_mib(placed) == placed[-1].start_mib + placed[-1].size_mib + 1
    assert len({each.uuid for each in placed}) == len(placed)
    assert sfdisk_script(placed).count("start=") == len(placed)


def test_what_the_device_calls_its_partitions_is_what_the_card_calls_them() -> None:
    names = {each.name for each in partitions(read_recipe().card)}
    mounted = set(re.findall(r"PARTLABEL=(\S+)", (SOURCES / "root/etc/fstab").read_text()))
    slots = set(re.findall(r"by-partlabel/(\S+)", (SOURCES / "root/etc/rauc/system.conf").read_text()))
    init = (SOURCES / "initrd/init").read_text()
    assert mounted == {"pontive-data", "PONTIVE"}
    assert mounted | slots == names
    assert "pontive-root-$slot" in init


def test_every_unit_of_ours_is_enabled_or_started_by_another() -> None:
    enabled = set(read_recipe().enable)
    for path in UNITS.glob("pontive-*.*"):
        if path.is_dir():
            continue
        others = [*PROGRAMS.iterdir(), *(each for each in UNITS.glob("pontive-*.*") if each.is_file())]
        starters = re.compile(
            rf"^(?:OnSuccess|Requires|Wants)={path.name}|systemctl start .*{path.name}", re.M
        )
        has_starter = any((UNITS / f"{path.stem}.{kind}").exists() for kind in ("timer", "path")) or any(
            starters.search(each.read_text()) for each in others if each != path
        )
        assert path.name in enabled or (path.suffix == ".service" and has_starter), path.name
    for name in enabled:
        if name.startswith("pontive-"):
            assert (UNITS / name).exists() or (SOURCES / name).exists(), name


def test_every_program_that_a_unit_or_rauc_starts_is_there() -> None:
    texts = [path.read_text() for path in UNITS.rglob("*") if path.is_file()]
    texts.append((SOURCES / "root/etc/rauc/system.conf").read_text())
    started = {name for text in texts for name in re.findall(r"/usr/lib/pontive/([\w-]+)", text)}
    assert started <= {path.name for path in PROGRAMS.iterdir()}
    assert {"rauc-boot", "first-start", "restart", "refuse-older"} <= started


def test_rauc_is_told_two_slots_of_two_partitions_each_and_wants_code_signatures() -> None:
    parser = configparser.ConfigParser()
    parser.read(SOURCES / "root/etc/rauc/system.conf")
    assert parser["keyring"]["check-purpose"] == "codesign"
    assert parser["system"]["bundle-formats"] == "verity"
    assert parser["slot.rootfs.0"]["bootname"] == "A"
    assert parser["slot.rootfs.1"]["bootname"] == "B"
    assert parser["slot.boot.1"]["parent"] == "rootfs.1"


@pytest.mark.skipif(shutil.which("shellcheck") is None, reason="shellcheck is not installed")
def test_the_programs_of_the_image_pass_shellcheck() -> None:
    scripts = [*PROGRAMS.iterdir(), SOURCES / "initrd/init"]
    # 1091: "slots" lies there on the device only; 2154: its variables.
    command = ["shellcheck", "--exclude=SC1091,SC2154", *scripts]
    done = subprocess.run(command, capture_output=True, text=True)
    assert done.returncode == 0, done.stdout


@pytest.mark.skipif(shutil.which("systemd-analyze") is None, reason="systemd-analyze is not installed")
def test_the_agents_unit_is_hardened_to_two_points_or_better() -> None:
    command = ["systemd-analyze", "security", "--offline=yes", "--no-pager"]
    done = subprocess.run([*command, SOURCES / "pontive-edge.service"], capture_output=True, text=True)
    found = re.search(r"exposure level for \S+: ([\d.]+)", done.stdout)
    assert found is not None, done.stderr
    assert float(found[1]) <= 2.0
