"""Base45 against RFC 9285."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from edge.wire import base45

# RFC 9285, section 4.3 and 4.4 (2022).
RFC_EXAMPLES = {
    b"AB": "BB8",
    b"Hello!!": "%69 VD92EX0",
    b"base-45": "UJCLQE7W581",
    b"ietf!": "QED8WEX0",
    b"": "",
}


@pytest.mark.parametrize("data", RFC_EXAMPLES, ids=repr)
def test_the_examples_of_the_rfc_hold_both_ways(data: bytes) -> None:
    assert base45.encode(data) == RFC_EXAMPLES[data]
    assert base45.decode(RFC_EXAMPLES[data]) == data


@given(st.binary(max_size=200))
def test_bytes_come_back(data: bytes) -> None:
    assert base45.decode(base45.encode(data)) == data


@given(st.text("0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ $%*+-./:", max_size=60))
def test_bytes_have_one_text_only(text: str) -> None:
    try:
        data = base45.decode(text)
    except base45.Base45Error:
        return
    assert base45.encode(data) == text


@pytest.mark.parametrize("text", ["A", "BB8A", "::", ":::", "GGX", "ab8", "B€8", "B\n8"])
def test_text_that_no_bytes_encode_to_is_refused(text: str) -> None:
    with pytest.raises(base45.Base45Error):
        base45.decode(text)
