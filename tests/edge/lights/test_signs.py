"""The table of blinks, who chooses from it, and the lamp that shows it."""

import os
import time
from pathlib import Path

import pytest
from click.testing import CliRunner

from edge.cli import main
from edge.lights.choosing import Facts, state_of
from edge.lights.command import run_lamp
from edge.lights.lamp import GAP_S, LONG_S, PAUSE_S, SHORT_S, LampError, LedLamp, PlayedLamp, blink
from edge.lights.sign_file import STALE_AFTER_S, SignFile, shown_state
from edge.lights.signs import SIGNS, Sign, State

GUIDE = Path(__file__).parents[3] / "docs/panduan/teknisi.md"
ALL_WELL = Facts(
    is_connected=True,
    has_network=True,
    is_identity_good=True,
    is_disk_good=True,
    is_under_voltage=False,
    is_updating=False,
    is_clock_known=True,
)


class EndedError(Exception):
    pass


def test_every_state_has_a_pattern_of_its_own_that_the_firmware_of_a_pi_never_shows() -> None:
    assert set(SIGNS) == set(State)
    patterns = {(sign.long, sign.short) for sign in SIGNS.values()}
    assert len(patterns) == len(SIGNS)
    # Raspberry Pi documentation, "LED warning flash codes", 2025
    firmware = {(0, n) for n in range(3, 11)} | {(long, n) for long in (2, 3, 4) for n in range(1, 9)}
    assert patterns.isdisjoint(firmware)
    assert max(sign.short for sign in SIGNS.values()) <= 9, "nobody counts to ten on a ladder"


def test_the_guide_shows_the_table_as_it_is() -> None:
    text = GUIDE.read_text("utf-8")
    for state, sign in SIGNS.items():
        row = f"| {sign.pattern} | {sign.meaning} | {sign.remedy} |"
        assert row in text, f"{state}: docs/panduan/teknisi.md lacks the row\n{row}"


@pytest.mark.parametrize(
    ("changes", "state"),
    [
        ({}, State.WELL),
        ({"beginning_workers": 1}, State.BUSY),
        ({"is_clock_known": False}, State.CLOCK),
        ({"is_clock_known": False, "dark_workers": 1}, State.CAMERA),
        ({"is_connected": False, "dark_workers": 1}, State.NO_HUB),
        ({"is_connected": False, "is_identity_good": False}, State.IDENTITY),
        ({"is_connected": False, "is_identity_good": False, "is_clock_known": False}, State.CLOCK),
        ({"is_identity_good": False}, State.WELL),
        ({"is_connected": False, "has_network": False, "is_identity_good": False}, State.NO_NETWORK),
        ({"is_updating": True, "is_connected": False}, State.UPDATING),
        ({"is_under_voltage": True, "is_updating": True}, State.POWER),
        ({"is_disk_good": False, "is_under_voltage": True}, State.DISK),
    ],
    ids=str,
)
def test_of_several_faults_the_one_to_mend_first_is_shown(changes: dict, state: State) -> None:
    values = {name: getattr(ALL_WELL, name) for name in ALL_WELL.__slots__}
    assert state_of(Facts(**{**values, **changes})) is state


def test_a_sign_is_blinked_long_before_short_and_ends_dark() -> None:
    lamp, slept = PlayedLamp(), []
    blink(lamp, Sign(1, 2, "", ""), sleep=slept.append)
    assert slept == [LONG_S, GAP_S, SHORT_S, GAP_S, SHORT_S, GAP_S, PAUSE_S]
    assert lamp.told == [True, False, True, False, True, False, False]


def test_the_newest_sign_counts_and_one_that_nobody_renews_is_a_program_that_stopped(tmp_path: Path) -> None:
    assert shown_state([tmp_path], has_identity=False) is State.BLANK
    assert shown_state([tmp_path], has_identity=True) is State.BUSY
    first, second = SignFile(tmp_path, "set-up"), SignFile(tmp_path, "pi-a")
    first.show(State.REFUSED)
    os.utime(tmp_path / "set-up.sign", (1, 1))
    second.show(State.WELL)
    (tmp_path / "half.sign").write_text("we")
    assert shown_state([tmp_path / "gone", tmp_path], has_identity=True) is State.WELL
    later_s = time.time() + STALE_AFTER_S + 60
    assert shown_state([tmp_path], has_identity=True, now_s=lambda: later_s) is State.STOPPED
    second.clear()
    assert shown_state([tmp_path], has_identity=True, now_s=lambda: 10) is State.REFUSED


def test_a_folder_that_refuses_a_sign_is_said_once(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    file = SignFile(tmp_path / "gone", "pi-a")
    file.show(State.WELL)
    file.show(State.WELL)
    assert caplog.text.count("cannot be written") == 1


def test_the_led_of_a_board_is_taken_from_the_card_and_switched(tmp_path: Path) -> None:
    with pytest.raises(LampError, match="no LED named ACT or led0"):
        LedLamp(tmp_path)
    led = tmp_path / "sys/class/leds/led0"
    led.mkdir(parents=True)
    lamp = LedLamp(tmp_path)
    assert (led / "trigger").read_text() == "none"
    lamp.shine(True)
    assert (led / "brightness").read_text() == "1"
    lamp.shine(False)
    assert (led / "brightness").read_text() == "0"
    (led / "brightness").unlink()
    (led / "brightness").mkdir()
    with pytest.raises(LampError, match="runs as root"):
        lamp.shine(True)


def test_the_lamp_shows_what_lies_in_the_folders_until_it_is_ended(tmp_path: Path) -> None:
    SignFile(tmp_path, "pi-a").show(State.CAMERA)
    lamp, rounds = PlayedLamp(), []

    def sleep(seconds: float) -> None:
        if seconds == PAUSE_S:
            rounds.append(sum(lamp.told))
        if len(rounds) == 2:
            raise EndedError

    with pytest.raises(EndedError):
        run_lamp(
            led="",
            folders=[tmp_path],
            config_path=tmp_path / "edge.toml",
            lamp_of=lambda _led: lamp,
            sleep=sleep,
        )
    assert rounds == [6, 12]
    result = CliRunner().invoke(main, ["lamp", "--led", "tidak-ada", "--signs", str(tmp_path)])
    assert (result.exit_code, "no LED named tidak-ada" in result.output) == (3, True)
