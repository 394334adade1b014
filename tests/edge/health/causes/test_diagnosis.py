"""Verdicts: a table of scripted outages, and what holds for any evidence."""

import dataclasses
import importlib.util
import json
from pathlib import Path

import pytest
from click.testing import CliRunner
from hypothesis import given
from hypothesis import strategies as st

from edge.config import Medium
from edge.health.causes.diagnosis import AbsenceEvidence, CameraEvidence, diagnose_absence, diagnose_camera
from edge.wire.records.bodies import CameraFault, Cause, PictureState
from tests.edge.health.causes.outage_table import SURE, rows, verdict_of

BENCH = Path(__file__).parents[3] / "bench" / "diagnosis.py"


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


def test_the_bench_prints_what_the_table_says() -> None:
    spec = importlib.util.spec_from_file_location("bench_diagnosis", BENCH)
    assert spec is not None
    assert spec.loader is not None
    bench = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(bench)
    figures = json.loads(CliRunner().invoke(bench.command, ["--json"]).stdout)
    assert figures.keys() == {"outages", "right_share", "sure_and_wrong"}
    assert figures["outages"] == len(rows())
    assert figures["right_share"] >= 0.95
    assert figures["sure_and_wrong"] == 0
    assert "outages" in CliRunner().invoke(bench.command, []).stdout
