"""CSV that a spreadsheet opens without running anything."""

import csv
import io

import pytest
from flask import Flask

from hub.web.files.tables import cell, csv_response


@pytest.mark.parametrize("text", ["=1+1", "+62", "-x", "@SUM(A1)", "\t=1", "\r=1", "\n=1", "\0=1"])
def test_what_looks_like_a_formula_is_only_text(text: str) -> None:
    assert cell(text) == "'" + text


def test_numbers_stay_numbers_and_nothing_stays_empty() -> None:
    assert [cell(-5), cell(0.5), cell(None), cell("Jl. Sutoyo")] == ["-5", "0.5", "", "Jl. Sutoyo"]


def test_a_file_can_be_read_back() -> None:
    with Flask("x").app_context():
        answer = csv_response("a.csv", ["jam", "jumlah"], [["06.00", 3], ['"a",\n=b', None]])
    text = answer.get_data(as_text=True)
    assert text.startswith("\ufeff")
    assert list(csv.reader(io.StringIO(text[1:]))) == [["jam", "jumlah"], ["06.00", "3"], ['"a",\n=b', ""]]
    assert answer.headers["Content-Disposition"] == 'attachment; filename="a.csv"'
