"""The log carries no passwords and no timestamps, and remembers what went wrong."""

import logging
import sys

import pytest

from edge.logs import RecentWarnings, RedactingFormatter, redact, set_up_logging


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("rtsp://admin:s3cret@10.0.0.1/s", "rtsp://admin:***@10.0.0.1/s"),
        ("two http://a:b@x and HTTP://:c@y", "two http://a:***@x and HTTP://:***@y"),
        ("no rtsp://h/user=a&password=s3cret&c=1 here", "no rtsp://h/user=a&password=***&c=1 here"),
        ("mqtt://host:8883/ and user@host", "mqtt://host:8883/ and user@host"),
    ],
)
def test_passwords_in_addresses_are_masked(text: str, expected: str) -> None:
    assert redact(text) == expected


def test_a_traceback_is_masked_too() -> None:
    try:
        raise RuntimeError("rtsp://u:p4ss@h")
    except RuntimeError:
        record = logging.LogRecord("n", logging.ERROR, __file__, 1, "broke", None, sys.exc_info())
    assert "p4ss" not in RedactingFormatter("%(message)s").format(record)


def test_the_newest_warnings_are_remembered() -> None:
    recent = RecentWarnings(capacity=2)
    logger = logging.Logger("a")
    logger.addHandler(recent)
    for number in range(3):
        logger.warning("number %d at rtsp://u:p@h", number)
    logger.info("no matter")
    assert recent.lines == ("WARNING a: number 1 at rtsp://u:***@h", "WARNING a: number 2 at rtsp://u:***@h")


def test_logging_is_set_up_once_however_often_it_is_asked_for() -> None:
    root = logging.getLogger()
    before, level = list(root.handlers), root.level
    try:
        root.handlers.clear()
        set_up_logging(logging.INFO)
        set_up_logging(logging.DEBUG)
        assert len(root.handlers) == 1
        assert root.level == logging.DEBUG
    finally:
        root.handlers[:] = before
        root.setLevel(level)
