"""States of findings, marks, kinds and their data file."""

from datetime import date
from pathlib import Path

import pytest

from hub.cctv.findings.kinds import WORDS, FindingKind, read_rules, suggested
from hub.cctv.findings.rules import (
    ACT_WORDS,
    NEEDS_NOTE,
    OPEN,
    STATE_WORDS,
    Act,
    State,
    acts_in,
    after,
    is_on_picture,
    is_overdue,
    overlap,
    potential_rupiah,
)
from hub.cctv.pictures.photo import Box
from hub.errors import ConfigError

TODAY = date(2026, 11, 21)
OPDS = [
    (1, "Dinas Komunikasi dan Informatika"),
    (2, "Satuan Polisi Pamong Praja"),
    (3, "Dinas Lingkungan Hidup"),
    (4, "Badan Pendapatan Daerah"),
]


def test_every_kind_state_and_act_has_a_word() -> None:
    assert set(WORDS) == set(FindingKind)
    assert set(STATE_WORDS) == set(State)
    assert set(ACT_WORDS) == set(Act)


@pytest.mark.parametrize(
    ("state", "maker", "answerer"),
    [
        (State.NEW, {Act.SEND}, set()),
        (State.SENT, set(), {Act.RECEIVE, Act.REJECT}),
        (State.RECEIVED, set(), {Act.ACT, Act.FINISH, Act.REJECT}),
        (State.ACTED_ON, set(), {Act.ACT, Act.FINISH}),
        (State.DONE, {Act.REOPEN}, set()),
        (State.REJECTED, {Act.SEND}, set()),
    ],
)
def test_each_side_does_its_part(state: State, maker: set[Act], answerer: set[Act]) -> None:
    assert set(acts_in(state, is_maker=True, is_answerer=False)) == maker
    assert set(acts_in(state, is_maker=False, is_answerer=True)) == answerer
    assert acts_in(state, is_maker=False, is_answerer=False) == ()


def test_a_finding_goes_from_new_to_done_and_may_come_back() -> None:
    state: State | None = State.NEW
    for act in (Act.SEND, Act.RECEIVE, Act.ACT, Act.ACT, Act.FINISH, Act.REOPEN, Act.REJECT, Act.SEND):
        assert state is not None
        state = after(state, act)
    assert state is State.SENT
    assert after(State.NEW, Act.FINISH) is None


def test_a_rejection_needs_its_reason() -> None:
    assert {Act.REJECT, Act.FINISH, Act.REOPEN} <= NEEDS_NOTE


def test_overdue_is_the_day_after_and_only_while_open() -> None:
    assert not is_overdue(State.SENT, TODAY, TODAY)
    assert is_overdue(State.SENT, date(2026, 11, 20), TODAY)
    assert not is_overdue(State.DONE, date(2026, 11, 20), TODAY)
    assert not is_overdue(State.SENT, None, TODAY)
    assert State.DONE not in OPEN


@pytest.mark.parametrize(
    ("box", "is_on"),
    [
        (Box(0, 0, 1, 1), True),
        (Box(0.4, 0.4, 0.01, 0.01), True),
        (Box(0.4, 0.4, 0.6, 0.6), True),
        (Box(0.4, 0.4, 0.61, 0.1), False),
        (Box(0.4, 0.4, 0.1, 0.61), False),
        (Box(-0.1, 0.4, 0.2, 0.2), False),
        (Box(0.4, 0.4, 0.2, 0.005), False),
        (Box(0.4, 0.4, float("nan"), 0.2), False),
    ],
)
def test_a_mark_lies_on_the_picture(box: Box, is_on: bool) -> None:
    assert is_on_picture(box) == is_on


def test_marks_of_one_thing_overlap_and_neighbours_do_not() -> None:
    one = Box(0.2, 0.2, 0.2, 0.2)
    assert overlap(one, one) == pytest.approx(1)
    assert overlap(one, Box(0.21, 0.19, 0.2, 0.22)) > 0.4
    assert overlap(one, Box(0.35, 0.2, 0.2, 0.2)) < 0.4
    assert overlap(one, Box(0.5, 0.2, 0.2, 0.2)) == 0
    assert overlap(one, Box(0.2, 0.5, 0.2, 0.2)) == 0


def test_no_potential_is_invented() -> None:
    assert potential_rupiah(None, 100_000) is None
    assert potential_rupiah(8.0, None) is None
    assert potential_rupiah(8.0, 100_000) == 800_000


def test_the_shipped_file_suggests_by_parts_of_names() -> None:
    rules = read_rules()
    assert suggested(rules, FindingKind.BILLBOARD, OPDS) == 4
    assert suggested(rules, FindingKind.RUBBISH, OPDS) == 3
    assert suggested(rules, FindingKind.CROWD, OPDS) == 2
    assert suggested(rules, FindingKind.FLOOD, OPDS) is None
    assert suggested(rules, FindingKind.OTHER, OPDS) is None
    assert rules[FindingKind.FLOOD].due_days == 1


def test_the_city_puts_its_own_file_in_the_place_of_ours(tmp_path: Path) -> None:
    own = tmp_path / "jenis.toml"
    own.write_text('[kinds.rubbish]\nopd = ["informatika"]\ndue_days = 3\n')
    rules = read_rules(own)
    assert suggested(rules, FindingKind.RUBBISH, OPDS) == 1
    assert rules[FindingKind.ROAD].due_days == 7


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("[kinds.iklan]\ndue_days = 3\n", "iklan"),
        ("[kinds.rubbish]\ndue_days = 0\n", "due_days"),
        ("bukan toml", "jenis.toml"),
    ],
)
def test_a_file_that_cannot_be_names_its_fault(tmp_path: Path, text: str, words: str) -> None:
    own = tmp_path / "jenis.toml"
    own.write_text(text)
    with pytest.raises(ConfigError, match=words):
        read_rules(own)
