"""The torture command itself: its lines, its exit code, its kept seeds, and the scenarios of each change."""

import importlib.util
import json
import subprocess
import sys
from collections import Counter
from datetime import date
from pathlib import Path

import pytest

from tests.torture.report import KEYS, PATIENCE, breaches_of, complete, is_broken
from tests.torture.rigs.oracle import compared
from tests.torture.scenarios import kill
from tests.torture.seeds import keep_seed, kept_seeds

FOLDER = Path(__file__).parent
GOOD = {"fault_happened": 3, "lost": 0, "wrong": 0, "control": None}


def torture(*arguments: str) -> subprocess.CompletedProcess[str]:
    """Run the command; what it says beside JSON goes to the test's own output."""
    done = subprocess.run([sys.executable, str(FOLDER), *arguments], capture_output=True, text=True)
    print(done.stderr)  # the seed
    return done


def command_module():
    spec = importlib.util.spec_from_file_location("torture_command", FOLDER / "__main__.py")
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


@pytest.fixture(scope="module")
def lines_of_each_change() -> list[dict]:
    """What ``./pontive torture --ci`` says: figures of time are not judged here."""
    done = torture("--ci", "--json")
    lines = [json.loads(line) for line in done.stdout.splitlines()]
    assert lines, done.stderr
    return lines


def test_400_power_cuts_lose_nothing_and_the_controls_lose(lines_of_each_change) -> None:
    product, *controls = [line for line in lines_of_each_change if line["scenario"] == "powercut"]
    assert set(product) == {*KEYS, "over", "slow", "breaches"}
    assert (product["control"], product["lost"], product["wrong"]) == (None, 0, 0)
    assert product["fault_happened"] == 400
    assert product["accepted"] > 1000
    assert [control["control"] for control in controls] == ["synchronous=NORMAL", "synchronous=OFF"]
    assert all(control["lost"] > 0 for control in controls)


def test_what_each_change_is_tried_on_breaks_nothing(lines_of_each_change) -> None:
    assert {line["scenario"] for line in lines_of_each_change} == {"acl", "damage", "powercut"}
    assert [line for line in lines_of_each_change if line["breaches"]] == []


def test_a_day_without_a_hub_costs_nothing_and_changes_no_time() -> None:
    done = torture("--scenario", "outage", "--json")
    assert done.returncode == 0, done.stderr
    (line,) = [json.loads(line) for line in done.stdout.splitlines()]
    assert (line["accepted"], line["in_hub"], line["lost"], line["doubled"], line["wrong"]) == (
        600,
        600,
        0,
        0,
        0,
    )
    assert line["dead"] == 0


def test_a_name_that_is_no_scenario_is_refused() -> None:
    done = torture("--scenario", "x")
    assert done.returncode == 2
    assert "powercut" in done.stderr


@pytest.mark.parametrize("arguments", [("--scenario", "kill"), ("--ci",), ()])
def test_minutes_are_refused_where_nothing_looks_longer(arguments) -> None:
    done = torture(*arguments, "--minutes", "2")
    assert done.returncode == 2
    assert "memory" in done.stderr


def test_every_scenario_is_listed_with_its_first_sentence_and_told_in_the_docs() -> None:
    names = command_module().scenario_names()
    listed = torture("--list").stdout
    told = (FOLDER.parents[1] / "docs/torture.md").read_text("utf-8")
    for name in names:
        assert any(line.startswith(f"{name} ") and len(line) > 40 for line in listed.splitlines()), name
        assert f"`{name}`" in told


@pytest.mark.parametrize(
    ("line", "breaches"),
    [
        (GOOD, []),
        (GOOD | {"lost": 1}, ["1 lost"]),
        (GOOD | {"wrong": 2}, ["2 wrong"]),
        (GOOD | {"fault_happened": 0}, ["its fault did not happen: it proves nothing"]),
        (GOOD | {"control": "c", "lost": 5, "wrong": 9}, []),
        (GOOD | {"control": "c"}, ["the control lost nothing"]),
    ],
)
def test_a_breach_is_a_loss_a_fault_that_never_was_or_a_control_that_does_not_lose(line, breaches) -> None:
    assert breaches_of(line) == breaches


def test_a_figure_beyond_its_promise_is_noted_and_far_beyond_it_slow() -> None:
    most, least = {"heal_s": 5.0}, {"per_s": 2000.0}
    near = complete(GOOD | {"heal_s": 6.0, "per_s": 1500}, seed=1, most=most, least=least)
    assert near["over"] == ["heal_s 6.0 > 5", "per_s 1500 < 2000"]
    assert (near["slow"], near["breaches"], is_broken(near)) == ([], [], False)
    far = complete(GOOD | {"heal_s": 5 * PATIENCE + 1, "per_s": 1}, seed=1, most=most, least=least)
    assert len(far["slow"]) == 2
    assert is_broken(far)


def test_a_promised_figure_that_was_never_reached_is_slow() -> None:
    assert complete(GOOD, seed=1, most={"heal_s": 5.0}, least={})["slow"]


def test_a_scenario_that_this_machine_cannot_run_says_why_and_breaks_nothing() -> None:
    line = complete({"scenario": "ext4", "skipped": "not root"}, seed=7, most={"heal_s": 1.0}, least={})
    assert {key: value for key, value in line.items() if value is not None} == {
        "scenario": "ext4",
        "seed": 7,
        "skipped": "not root",
    }
    assert set(line) >= set(KEYS)
    assert not is_broken(line)


def test_a_scenario_that_breaks_off_is_a_breach_with_its_reason(monkeypatch: pytest.MonkeyPatch) -> None:
    command = command_module()

    def run(seed: int):
        raise RuntimeError(f"broker with seed {seed} does not start")
        yield

    monkeypatch.setattr(command, "scenario", lambda name: type("Module", (), {"run": staticmethod(run)}))
    (line,) = command.lines_of("kill", 4)
    assert "broker with seed 4" in line["breaches"][0]


def test_those_that_may_have_company_run_as_processes_and_all_lines_count(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    command = command_module()
    (tmp_path / "__main__.py").write_text(
        "import json, sys\n"
        "name, seed = sys.argv[2], sys.argv[5]\n"
        "if name == 'silent': sys.exit(3)\n"
        "print(json.dumps({'scenario': name, 'seed': int(seed), 'breaches': [name] * (name == 'bad')}))\n"
    )
    monkeypatch.setattr(command, "FOLDER", tmp_path)
    beside = type("Module", (), {"BESIDE": True})
    alone = type("Module", (), {"run": staticmethod(lambda seed: iter([GOOD | {"scenario": "alone"}]))})
    monkeypatch.setattr(command, "scenario", lambda name: alone if name == "alone" else beside)
    assert command._run_all(["alone", "bad", "good", "silent"], 7, is_json=True) == 2
    lines = [json.loads(line) for line in capsys.readouterr().out.splitlines()]
    assert {line["scenario"] for line in lines[:2]} == {"bad", "good"}
    assert lines[2]["scenario"] == "alone", "by itself, after the others"
    assert {line["seed"] for line in lines} == {7}


def test_a_seed_that_failed_is_kept_once_and_the_newest_two_are_run_again(tmp_path: Path) -> None:
    path = tmp_path / "seeds.toml"
    assert kept_seeds("kill", path) == []
    for seed in (1, 2, 2, 3):
        keep_seed("kill", seed, 'lost "1"\nrow', today=date(2026, 11, 22), path=path)
    keep_seed("herd", 9, "slow", today=date(2026, 11, 22), path=path)
    assert kept_seeds("kill", path) == [2, 3]
    assert kept_seeds("herd", path) == [9]


def test_a_changed_body_and_an_outbox_nobody_had_are_wrong_and_an_unlogged_row_is_not() -> None:
    accepted = {("a", "e1", 1): 10, ("a", "e1", 2): 20}
    there = {("a", "e1", 1): 10, ("a", "e1", 2): 20, ("a", "e1", 3): 30}
    assert compared(accepted, there) == {"accepted": 2, "in_hub": 3, "lost": 0, "wrong": 0}
    assert compared(accepted, {("a", "e1", 1): 11}) == {"accepted": 2, "in_hub": 1, "lost": 1, "wrong": 1}
    assert compared(accepted, {("a", "e9", 1): 10})["wrong"] == 1


@pytest.mark.parametrize(
    ("blows", "published", "dead"),
    [
        ({"broker kill": 1, "hub kill": 1, "hub freeze": 1}, 5, 5),
        ({"broker kill": 1, "hub kill": 1, "edge kill": 1}, 5, 5),
        ({"broker kill": 1, "hub kill": 1, "edge kill": 1, "hub freeze": 1}, 0, 5),
        ({"broker kill": 1, "hub kill": 1, "edge kill": 1, "hub freeze": 1}, 5, 0),
    ],
)
def test_a_run_in_which_a_fault_did_not_happen_proves_nothing(blows, published, dead) -> None:
    with pytest.raises(RuntimeError, match="nothing"):
        kill._check_that_it_happened(Counter(blows), published, dead)
