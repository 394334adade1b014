"""The words of clamd: a verdict is one only if it says so."""

import io
from pathlib import Path

import pytest

from hub.web.files.scanning import Clamd, NoScanner, ScannerAway, UploadSettings, scanner_of
from tests.security.fake_clamd import EICAR, clamd_at


def found(path: Path, content: bytes) -> str:
    return Clamd(str(path), timeout_s=60).finding(io.BytesIO(content))


@pytest.mark.parametrize("before", [0, 1, 64 * 1024 - 10, 300_000])
def test_what_is_known_is_found_wherever_it_stands_and_what_is_not_passes(
    tmp_path: Path, before: int
) -> None:
    with clamd_at(tmp_path / "clamd") as clamd:
        assert found(tmp_path / "clamd", bytes(before) + EICAR) == "Eicar-Signature"
        assert found(tmp_path / "clamd", bytes(before) + EICAR[1:]) == ""
    assert [len(one) for one in clamd.said] == [before + len(EICAR), before + len(EICAR) - 1]


@pytest.mark.parametrize(
    "answer", [b"stream: Heuristics.Limits ERROR", b"UNKNOWN COMMAND", b"stream: OK but", b"OK", b" "]
)
def test_any_other_answer_is_no_verdict(tmp_path: Path, answer: bytes) -> None:
    with clamd_at(tmp_path / "clamd", answer=answer), pytest.raises(ScannerAway):
        found(tmp_path / "clamd", b"x")


def test_a_file_that_is_too_large_for_it_is_no_verdict(tmp_path: Path) -> None:
    with (
        clamd_at(tmp_path / "clamd", most_bytes=100_000),
        pytest.raises(ScannerAway),
    ):
        found(tmp_path / "clamd", bytes(20_000_000))


def test_nobody_there_is_named_with_the_socket(tmp_path: Path) -> None:
    with pytest.raises(ScannerAway, match="clamd: "):
        found(tmp_path / "clamd", b"x")


def test_without_a_setting_there_is_none() -> None:
    scanner = scanner_of(UploadSettings())
    assert isinstance(scanner, NoScanner)
    assert scanner.finding(io.BytesIO(EICAR)) == ""
    assert isinstance(scanner_of(UploadSettings(clamd="/run/clamav/clamd.ctl")), Clamd)
