"""Verdicts: a table of scripted outages, and what holds for any evidence."""

import dataclasses
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from edge.health.diagnosis import (
    AbsenceEvidence,
    CameraEvidence,
    Cause,
    Medium,
    Verdict,
    diagnose_absence,
    diagnose_camera,
)
from edge.wire.bodies import CameraFault, PictureState

TABLE = Path(__file__).parents[2] / "data" / "health" / "outages.txt"
# A verdict this sure is shown to operators as settled.
SURE = 0.9

FLAGS = {
    "ping": "answers_ping",
    "arp": "has_arp",
    "port": "has_port_power",
    "switch": "is_switch_answering",
    "gateway": "is_gateway_answering",
    "carrier": "has_own_carrier",
    "mains-lost": "is_mains_lost",
    "under-voltage": "is_under_voltage",
    "falling": "is_signal_falling",
}
ABSENCE_FLAGS = {
    "gasp": "had_last_gasp",
    "low": "was_under_voltage",
    "hand": "was_stopped_by_hand",
    "watchdog": "has_watchdog_reset",
    "gateway": "was_gateway_answering",
    "falling": "was_signal_falling",
}
VALUES = {"siblings": "siblings", "dark": "siblings_dark", "loss": "loss_share", "signal": "signal_dbm"}
ABSENCE_VALUES = {"outage": "outage_s", "uptime": "uptime_s", "rows": "rows_from_gap"}


def field_of(word: str, flags: dict[str, str], values: dict[str, str]) -> dict[str, Any]:
    key, _, value = word.partition("=")
    if key == "medium":
        return {"medium": Medium(value)}
    if value:
        return {values[key]: float(value) if "." in value or key in ("signal", "loss") else int(value)}
    return {flags[word[1:]]: word[0] == "+"}


def verdict_of(words: list[str]) -> Verdict:
    fields: dict[str, Any] = {}
    if "absent" in words:
        for word in words[1:]:
            if word[1:] == "rebooted":
                fields["is_same_boot"] = word[0] == "-"
            else:
                fields |= field_of(word, ABSENCE_FLAGS, ABSENCE_VALUES)
        return diagnose_absence(AbsenceEvidence(**fields))
    fields["picture"] = PictureState.ABSENT
    for word in words:
        if word.startswith("picture="):
            fields["picture"] = PictureState(word.removeprefix("picture="))
        elif word.startswith("fault="):
            fields["fault"] = CameraFault(word.removeprefix("fault="))
        elif word != "hard":
            fields |= field_of(word, FLAGS, VALUES)
    return diagnose_camera(CameraEvidence(**fields))


def rows() -> list[tuple[str, list[str], Cause]]:
    lines = [line for line in TABLE.read_text("utf-8").splitlines() if line and not line.startswith("#")]
    cells = [[cell.strip() for cell in line.split("|")] for line in lines]
    return [(name, words.split(), Cause(cause)) for name, words, cause in cells]


def test_at_least_95_of_100_scripted_outages_get_the_right_cause() -> None:
    wrong = [
        (name, verdict_of(words)) for name, words, cause in rows() if verdict_of(words).cause is not cause
    ]
    assert len(rows()) >= 60
    assert len(wrong) <= 0.05 * len(rows()), wrong


@pytest.mark.parametrize(
    ("name", "words", "cause"), rows(), ids=lambda value: value if isinstance(value, str) else ""
)
def test_a_verdict_is_never_sure_and_wrong(name: str, words: list[str], cause: Cause) -> None:
    verdict = verdict_of(words)
    assert verdict.cause is cause or verdict.confidence < SURE, (name, verdict)


def test_direct_evidence_is_named_first() -> None:
    lost = CameraEvidence(
        PictureState.ABSENT, siblings=2, siblings_dark=2, is_mains_lost=True, answers_ping=False
    )
    assert diagnose_camera(lost).evidence[0] == "mains-lost"
    assert diagnose_camera(lost).confidence >= SURE
    assert diagnose_absence(AbsenceEvidence(outage_s=60, uptime_s=9999, rows_from_gap=1)).evidence == (
        "lived-through-it",
    )


def test_without_facts_nobody_knows() -> None:
    assert diagnose_camera(CameraEvidence(PictureState.ABSENT)).cause is Cause.UNKNOWN


FACTS = st.builds(
    CameraEvidence,
    picture=st.sampled_from(PictureState),
    fault=st.sampled_from(CameraFault),
    medium=st.sampled_from(Medium),
    siblings=st.integers(0, 3),
    siblings_dark=st.integers(0, 3),
    **{
        field.name: st.sampled_from([None, True, False])
        for field in dataclasses.fields(CameraEvidence)
        if field.type == bool | None
    },
)


@given(FACTS)
def test_any_evidence_gives_a_bounded_verdict(evidence: CameraEvidence) -> None:
    verdict = diagnose_camera(evidence)
    assert 0 < verdict.confidence < 1
    if verdict.cause not in (Cause.UNKNOWN,):
        assert verdict.evidence


@given(FACTS)
def test_knowing_that_the_mains_failed_never_speaks_against_power(evidence: CameraEvidence) -> None:
    known = diagnose_camera(dataclasses.replace(evidence, is_mains_lost=True))
    unknown = diagnose_camera(dataclasses.replace(evidence, is_mains_lost=None))
    assert not (unknown.cause is Cause.POWER and known.cause is not Cause.POWER)
