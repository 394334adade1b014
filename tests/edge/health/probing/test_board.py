"""Probes below a folder that plays /proc and /sys."""

from pathlib import Path

import pytest

from edge.health.probing.board import Probes, Reset, Supply, disk_free_mib
from edge.health.report import device_health
from edge.wire.messages import decode_body, encode

MEMINFO = "MemTotal:  948304 kB\nMemFree:  100 kB\nMemAvailable:  614400 kB\n"


def write(root: Path, path: str, text: str) -> None:
    (root / path).parent.mkdir(parents=True, exist_ok=True)
    (root / path).write_text(text, "ascii")


@pytest.fixture
def pi(tmp_path: Path) -> Path:
    write(tmp_path, "proc/uptime", "12345.67 40000.00\n")
    write(tmp_path, "proc/loadavg", "1.25 0.80 0.60 2/140 999\n")
    write(tmp_path, "proc/meminfo", MEMINFO)
    write(tmp_path, "proc/device-tree/model", "Raspberry Pi 4 Model B Rev 1.4\0")
    write(tmp_path, "sys/class/thermal/thermal_zone0/temp", "61300\n")
    write(tmp_path, "sys/devices/platform/soc/soc:firmware/get_throttled", "50005\n")
    return tmp_path


def test_a_raspberry_pi_tells_everything(pi: Path) -> None:
    probes = Probes(pi)
    assert probes.uptime_s() == 12345.67
    assert probes.load() == 1.25
    assert probes.memory_free_mib() == 600
    assert probes.temperature_c() == 61.3
    assert probes.is_under_voltage() is True
    assert probes.hardware() == "Raspberry Pi 4 Model B Rev 1.4"


def test_under_voltage_in_the_past_is_not_under_voltage_now(pi: Path) -> None:
    write(pi, "sys/devices/platform/soc/soc:firmware/get_throttled", "50000\n")
    assert Probes(pi).is_under_voltage() is False


@pytest.mark.parametrize(("alarm", "expected"), [("1\n", True), ("0\n", False), ("what\n", None)])
def test_a_newer_kernel_tells_the_voltage_by_its_alarm(
    tmp_path: Path, alarm: str, expected: bool | None
) -> None:
    write(tmp_path, "sys/class/hwmon/hwmon0/name", "cpu_thermal\n")
    write(tmp_path, "sys/class/hwmon/hwmon1/name", "rpi_volt\n")
    write(tmp_path, "sys/class/hwmon/hwmon1/in0_lcrit_alarm", alarm)
    assert Probes(tmp_path).is_under_voltage() is expected


def test_a_board_without_any_of_it_tells_nothing_and_raises_nothing(tmp_path: Path) -> None:
    probes = Probes(tmp_path)
    assert (probes.uptime_s(), probes.load(), probes.memory_free_mib()) == (0, 0, 0)
    assert probes.temperature_c() is None
    assert probes.is_under_voltage() is None
    assert probes.hardware() != ""


@pytest.mark.parametrize("text", ["", "nan", "-5 1", "inf", "words"])
def test_nonsense_in_proc_becomes_zero(tmp_path: Path, text: str) -> None:
    write(tmp_path, "proc/uptime", text)
    write(tmp_path, "proc/meminfo", f"MemAvailable: {text}\n")
    assert Probes(tmp_path).uptime_s() == 0
    assert Probes(tmp_path).memory_free_mib() == 0


def test_an_impossible_temperature_is_none(tmp_path: Path) -> None:
    write(tmp_path, "sys/class/thermal/thermal_zone0/temp", "999999\n")
    assert Probes(tmp_path).temperature_c() is None


def test_this_machine_has_an_uptime_and_a_disk(tmp_path: Path) -> None:
    assert Probes().uptime_s() > 0
    assert Probes().memory_free_mib() > 0
    assert disk_free_mib(tmp_path) > 0
    assert disk_free_mib(tmp_path / "not there") == 0


def test_the_report_is_a_record_the_hub_takes(pi: Path) -> None:
    body = device_health(
        Probes(pi), outbox_folder=pi, outbox_rows=12, outbox_bytes=3_400, rejected_publishes=1
    )
    assert decode_body(encode(body)) == body
    assert (body.outbox_rows, body.outbox_bytes, body.rejected_publishes) == (12, 3_400, 1)
    assert body.under_voltage is True


@pytest.mark.parametrize(
    ("bits", "expected"),
    [
        ("0", Supply(False, False, False, False)),
        ("1", Supply(True, True, False, False)),
        ("50000", Supply(False, True, False, True)),
        ("e0008", Supply(False, False, True, True)),
        ("4", Supply(False, False, True, False)),
    ],
)
def test_the_firmware_tells_supply_and_heat_now_and_since_the_boot(
    pi: Path, bits: str, expected: Supply
) -> None:
    write(pi, "sys/devices/platform/soc/soc:firmware/get_throttled", f"{bits}\n")
    assert Probes(pi).supply() == expected


def test_the_most_worn_disk_counts_and_others_cannot_tell(pi: Path) -> None:
    assert Probes(pi).disk_life_used_share() is None
    write(pi, "sys/block/mmcblk0/device/life_time", "0x02 0x01\n")
    write(pi, "sys/block/mmcblk1/device/life_time", "0x00 0x04\n")
    write(pi, "sys/block/sda/device/model", "disk\n")
    assert Probes(pi).disk_life_used_share() == 0.4
    write(pi, "sys/block/mmcblk1/device/life_time", "0x0b zz 0xff\n")
    assert Probes(pi).disk_life_used_share() == 1.0


@pytest.mark.parametrize(
    ("bits", "expected"),
    [
        (0x1000, Reset(is_power_on=True, is_watchdog=False)),
        (0x1020, Reset(is_power_on=True, is_watchdog=True)),
        (0x0420, Reset(is_power_on=False, is_watchdog=True)),
    ],
)
@pytest.mark.parametrize("name", ["rsts", "pm_rsts"])
def test_the_firmware_tells_why_the_board_started(pi: Path, name: str, bits: int, expected: Reset) -> None:
    assert Probes(pi).reset() is None
    path = pi / "proc/device-tree/chosen/bootloader" / name
    path.parent.mkdir(parents=True)
    path.write_bytes(bits.to_bytes(4, "big"))
    assert Probes(pi).reset() == expected
