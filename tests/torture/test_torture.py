"""The torture command itself: its lines, its exit code, and that power cuts cost nothing."""

import importlib.util
import json
import subprocess
import sys
from collections import Counter
from pathlib import Path

import pytest

FOLDER = Path(__file__).parent
KEYS = {"scenario", "control", "accepted", "in_hub", "lost", "wrong", "dups", "dead", "heal_s", "cuts"}


def test_400_power_cuts_lose_nothing_and_the_controls_lose() -> None:
    done = subprocess.run(
        [sys.executable, str(FOLDER), "--scenario", "powercut", "--json"], capture_output=True, text=True
    )
    print(done.stderr)  # the seed
    lines = [json.loads(line) for line in done.stdout.splitlines()]
    assert done.returncode == 0
    assert all(set(line) == KEYS for line in lines)
    product, *controls = lines
    assert (product["control"], product["lost"], product["wrong"], product["cuts"]) == (None, 0, 0, 400)
    assert product["accepted"] > 1000
    assert [control["control"] for control in controls] == ["synchronous=NORMAL", "synchronous=OFF"]
    assert all(control["lost"] > 0 for control in controls)


def test_a_day_without_a_hub_costs_nothing_and_changes_no_time() -> None:
    done = subprocess.run(
        [sys.executable, str(FOLDER), "--scenario", "outage", "--json"], capture_output=True, text=True
    )
    print(done.stderr)  # the seed
    assert done.returncode == 0, done.stderr
    (line,) = [json.loads(line) for line in done.stdout.splitlines()]
    assert set(line) == KEYS | {"doubled", "deliver_s"}
    assert (line["accepted"], line["in_hub"], line["lost"], line["doubled"], line["wrong"]) == (
        600,
        600,
        0,
        0,
        0,
    )
    assert line["dead"] == 0


def test_a_name_that_is_no_scenario_is_refused() -> None:
    done = subprocess.run([sys.executable, str(FOLDER), "--scenario", "x"], capture_output=True, text=True)
    assert done.returncode == 2
    assert "powercut" in done.stderr


@pytest.mark.parametrize(
    ("control", "lost", "wrong", "is_breach"),
    [(None, 0, 0, False), (None, 1, 0, True), (None, 0, 1, True), ("c", 5, 9, False), ("c", 0, 0, True)],
)
def test_a_breach_is_a_loss_or_a_control_that_does_not_lose(control, lost, wrong, is_breach) -> None:
    spec = importlib.util.spec_from_file_location("torture_command", FOLDER / "__main__.py")
    command = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(command)
    assert command.is_breach({"control": control, "lost": lost, "wrong": wrong}) is is_breach


@pytest.fixture
def kill(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.syspath_prepend(str(FOLDER))
    return importlib.import_module("kill")


def test_a_changed_body_and_an_outbox_nobody_had_are_wrong_and_an_unlogged_row_is_not(kill) -> None:
    accepted = {("a", "e1", 1): 10, ("a", "e1", 2): 20}
    assert kill._count_wrong(accepted, {("a", "e1", 1): 10, ("a", "e1", 2): 20, ("a", "e1", 3): 30}) == 0
    assert kill._count_wrong(accepted, {("a", "e1", 1): 11}) == 1
    assert kill._count_wrong(accepted, {("a", "e9", 1): 10}) == 1


@pytest.mark.parametrize(
    ("blows", "published", "dead"),
    [
        ({"broker kill": 1, "hub kill": 1, "hub freeze": 1}, 5, 5),
        ({"broker kill": 1, "hub kill": 1, "edge kill": 1}, 5, 5),
        ({"broker kill": 1, "hub kill": 1, "edge kill": 1, "hub freeze": 1}, 0, 5),
        ({"broker kill": 1, "hub kill": 1, "edge kill": 1, "hub freeze": 1}, 5, 0),
    ],
)
def test_a_run_in_which_a_fault_did_not_happen_proves_nothing(kill, blows, published, dead) -> None:
    with pytest.raises(RuntimeError, match="nothing"):
        kill._check_that_it_happened(Counter(blows), published, dead)
