"""Logs: one JSON object an event, with the number of its request, and nothing of people in it."""

import io
import json
import logging
from collections.abc import Iterator

import pytest

from hub.logs import REQUESTS, JsonLines, ScrubbedLines, request_id, scrubbed, set_up_logging
from tests.hub.screens import Screens, city, clock, screens

__all__ = ["city", "clock", "screens"]

NIK, NIP = "6171011508990001", "198508152010011002"


@pytest.fixture
def lines() -> Iterator[io.StringIO]:
    """Everything that is logged, as JSON lines."""
    stream, root = io.StringIO(), logging.getLogger()
    handler = logging.StreamHandler(stream)
    handler.setFormatter(JsonLines())
    level, requests = root.level, logging.getLogger(REQUESTS)
    root.addHandler(handler)
    root.setLevel(logging.INFO)
    requests.setLevel(logging.INFO)
    yield stream
    requests.setLevel(logging.NOTSET)
    root.removeHandler(handler)
    root.setLevel(level)


def said(stream: io.StringIO, logger: str) -> list[dict[str, object]]:
    found = [json.loads(line) for line in stream.getvalue().splitlines()]
    return [one for one in found if one["logger"] == logger]


def test_an_event_is_one_line_whatever_is_in_it(lines: io.StringIO) -> None:
    log = logging.getLogger("test.logs")
    request_id.set("abc")
    try:
        raise ValueError(f"line\nbreak {NIK}")
    except ValueError:
        log.exception("of %s at rtsp://user:rahasia@10.0.0.1/x\nfrom warga@contoh.id", NIP)
    finally:
        request_id.set("")
    (one,) = said(lines, "test.logs")
    assert one["level"] == "error"
    assert one["request_id"] == "abc"
    assert "ValueError" in str(one["exception"])
    for secret in (NIK, NIP, "rahasia", "warga@contoh.id"):
        assert secret not in lines.getvalue()


def test_people_read_scrubbed_lines_too() -> None:
    record = logging.LogRecord("a", logging.INFO, "f", 1, "NIK %s", (NIK,), None)
    assert NIK not in ScrubbedLines("%(message)s").format(record)
    assert scrubbed("amqp://a:b@host and 12 devices") == "amqp://a:***@host and 12 devices"


def test_a_request_is_told_by_endpoint_and_number_and_never_by_address(
    city: Screens, lines: io.StringIO
) -> None:
    answer = city.stranger().get(f"/lacak?kode={NIK}", headers={"User-Agent": "x"})
    (one,) = said(lines, REQUESTS)
    assert one["request_id"] == answer.headers["X-Request-Id"]
    assert one["status"] == answer.status_code
    assert str(one["endpoint"]).count(".") == 1
    assert float(str(one["took_ms"])) >= 0
    assert NIK not in lines.getvalue()
    assert "/lacak" not in lines.getvalue()


def test_programs_get_a_line_a_request_and_people_do_not() -> None:
    root, requests = logging.getLogger(), logging.getLogger(REQUESTS)
    before, level = list(root.handlers), root.level
    try:
        root.handlers[:] = []
        set_up_logging("json")
        assert isinstance(root.handlers[0].formatter, JsonLines)
        assert requests.isEnabledFor(logging.INFO)
        set_up_logging("text")
        assert [type(one.formatter) for one in root.handlers] == [ScrubbedLines]
        assert not requests.isEnabledFor(logging.INFO)
    finally:
        root.handlers[:] = before
        root.setLevel(level)
        requests.setLevel(logging.NOTSET)
