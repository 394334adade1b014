"""The tables of checks and of the standard name tests that exist, and leave nothing out."""

import re
from pathlib import Path

import pytest
from click.testing import CliRunner

from tests.security import __main__ as runner

ROOT = Path(__file__).parents[2]
TEST_ID = re.compile(r"tests/[\w/]+\.py::\w+")
# OWASP ASVS 5.0.0 (2025): 70 requirements of level 1 and 183 of level 2, by chapter.
COUNTS = {1: 27, 2: 11, 3: 19, 4: 10, 5: 9, 6: 35, 7: 18, 8: 7, 9: 7, 10: 29, 11: 14, 12: 9, 13: 13, 14: 9}
COUNTS |= {15: 13, 16: 16, 17: 7}


def is_there(test: str) -> bool:
    file, _colons, name = test.partition("::")
    path = ROOT / file
    return (
        path.exists() and re.search(rf"def {name.rpartition('::')[2]}\(", path.read_text("utf-8")) is not None
    )


def test_there_are_forty_two_checks_and_each_runs_something() -> None:
    checks = runner.read_checks()
    assert [one["number"] for one in checks] == list(range(1, 43))
    assert all(one.get("tests") or one.get("command") for one in checks)
    assert not [test for one in checks for test in one.get("tests", ()) if not is_there(test)]


def test_a_failure_a_skip_and_a_test_that_is_gone_are_told_apart(monkeypatch: pytest.MonkeyPatch) -> None:
    said = {"a": "", "b": "skipped: no systemd here", "c": "was not run"}
    head = {"number": 1, "what": "w", "covers": "c"}
    results = [runner.judge({**head, "tests": tests}, said).result for tests in (["a"], ["b"], ["a", "c"])]
    assert results == ["pass", "n/a", "fail"]
    assert runner.judge({**head, "command": ["python", "-c", "raise SystemExit(3)"]}, said).result == "fail"


def test_the_command_prints_a_line_for_each_and_ends_with_one_on_a_failure(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    answers: dict[str, str] = {}
    monkeypatch.setattr(runner, "run_tests", lambda ids: dict.fromkeys(ids, "") | answers)
    good = CliRunner().invoke(runner.main, ["--only", "5,42"])
    assert (good.exit_code, good.output.count(" pass ")) == (0, 2)
    answers |= dict.fromkeys(runner.read_checks()[41]["tests"], "broken")
    bad = CliRunner().invoke(runner.main, ["--only", "5,42", "--json"])
    assert bad.exit_code == 1
    assert '"result": "fail", "why": "broken"' in bad.output


def rows() -> dict[str, tuple[str, str]]:
    found = re.findall(r"^\| (\d+\.\d+\.\d+) \| [^|]+ \| (met|n/a|open) \| ([^|]*) \|$", text(), re.M)
    assert len({number for number, *_rest in found}) == len(found), "a requirement stands twice"
    return {number: (state, proof) for number, state, proof in found}


def text() -> str:
    return (ROOT / "docs" / "asvs.md").read_text("utf-8")


def test_the_map_holds_every_requirement_of_both_levels() -> None:
    chapters = [int(number.split(".")[0]) for number in rows()]
    assert {chapter: chapters.count(chapter) for chapter in COUNTS} == COUNTS
    assert len(chapters) == 70 + 183


def test_what_is_met_names_a_test_that_exists_and_what_is_not_says_why() -> None:
    for number, (state, proof) in rows().items():
        ids = TEST_ID.findall(proof)
        assert [one for one in ids if not is_there(one)] == [], number
        has_page = re.search(r"\(([\w/.-]+\.md)[#)]", proof)
        if has_page is not None:
            assert (ROOT / "docs" / has_page[1]).resolve().exists(), number
        if state == "met":
            assert ids or has_page, f"{number} is met by nothing"
        else:
            assert len(proof) > 15, f"{number} says no reason"


def test_the_summary_counts_what_the_map_says() -> None:
    states = [state for state, _proof in rows().values()]
    counted = re.search(r"(\d+) met, (\d+) not applicable, (\d+) open", text())
    assert counted is not None
    assert tuple(map(int, counted.groups())) == tuple(states.count(one) for one in ("met", "n/a", "open"))
