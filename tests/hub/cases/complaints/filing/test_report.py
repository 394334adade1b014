"""Coordinates as people and programs write them."""

import pytest

from hub.cases.complaints.filing.report import degrees


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("0", 0.0),
        (" -0,0263 ", -0.0263),
        ("109.34249999999999", 109.3425),
        ("1e-05", 0.00001),
        ("+0.02", 0.02),
        ("9.3132257461547852e-10", 0.0),
        *((text, None) for text in ("", "nol", "nan", "inf", "1e400", "1_0", "1,2,3", "e", "٣", "0" * 33)),
    ],
)
def test_what_a_client_writes_for_a_double_is_a_number_and_nothing_else(
    text: str, value: float | None
) -> None:
    assert degrees(text) == value
