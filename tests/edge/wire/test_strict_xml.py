"""A DTD is found in every spelling of XML."""

import pytest

from edge.wire.strict_xml import has_dtd

LATE = f"<!--{'x' * 100_000}-->"


@pytest.mark.parametrize("encoding", ["utf-8", "utf-16", "utf-16-be"])
@pytest.mark.parametrize("before", ["", LATE, "\n" * 5000])
def test_a_dtd_is_found_in_every_spelling(encoding: str, before: str) -> None:
    text = f'<?xml version="1.0"?>{before}<!DOCTYPE x [<!ENTITY a "b">]><x>&a;</x>'
    payload = text.encode(encoding)
    assert has_dtd([payload])
    assert has_dtd(payload[place : place + 7] for place in range(0, len(payload), 7))


@pytest.mark.parametrize(
    "payload", [b"<x><![CDATA[<!DOCTYPE y>]]></x>", b"", b"no XML", b"\xff\xfe\x00", b"<x/>"]
)
def test_what_has_none_has_none(payload: bytes) -> None:
    assert not has_dtd([payload])
