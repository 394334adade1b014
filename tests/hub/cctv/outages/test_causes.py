"""The table of simulated outages; the whole of it is ``./pontive bench causes``, a fifth of it is here."""

from pathlib import Path

import pytest

from tests.hub.cctv.outages.causes_table import TABLE, judge_all, read_table


def test_the_table_has_every_cause_late_words_flapping_and_a_hub_away() -> None:
    cases = read_table(TABLE)
    assert len(cases) >= 60
    causes = [cause for case in cases for cause, _ in case.truth]
    assert min(causes.count(cause) for cause in ("camera", "power", "link", "unknown")) >= 4
    words = TABLE.read_text("utf-8")
    assert all(word in words for word in ("late=", "flap", "hub-down", "clock", "switch=", "@device"))
    assert len({case.name for case in cases}) == len(cases)


def test_a_line_that_makes_no_sense_is_named(tmp_path: Path) -> None:
    table = tmp_path / "own.txt"
    table.write_text("# fine\nx | 1x1 | zero mains-off | power@point\n", "utf-8")
    with pytest.raises(ValueError, match=r"own\.txt, line 2"):
        read_table(table)


# The dearest hours of them are left to the bench.
SOME = (
    "mains cut, all comes back",
    "battery, gasp, end, back",
    "fibre cut",
    "radio flaps five times",
    "fibre of one of two devices",
    "password changed",
    "lens covered, then the mains",
    "breaker of the cameras' switch",
    "stopped by a technician",
    "agent crashed, board lives",
    "hub down, nothing else",
    "link away for ten seconds",
)


def test_what_really_happened_is_what_the_hub_says(tmp_path: Path) -> None:
    cases = [case for case in read_table(TABLE) if case.name in SOME]
    assert len(cases) == len(SOME)
    outcomes = list(judge_all(cases, tmp_path))
    wrong = [f"{one.case.name}: {one.found}" for one in outcomes if not one.is_right]
    assert wrong == []
    assert [one.sure_and_wrong for one in outcomes if one.sure_and_wrong] == []
