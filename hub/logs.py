"""How the processes of the hub log: lines for people, or one JSON object a line for programs.

Whoever wrote a line: what looks like a NIK, a NIP or an e-mail address is hidden, and the password in
an address too. Addresses of pages are never logged, as they may name things of people.
"""

import json
import logging
import re
from contextvars import ContextVar
from datetime import UTC, datetime
from typing import Any, Literal

from hub.notify.wording import without_personal_numbers

PLAIN = "%(levelname)s %(name)s: %(message)s"
REQUESTS = "hub.requests"
# Of the request that this thread answers, so that all its lines can be found together.
request_id: ContextVar[str] = ContextVar("request_id", default="")

_PASSWORD = re.compile(r"(?P<before>[a-z0-9+.-]{1,20}://[^\s:/@]*):[^\s@]*@", re.IGNORECASE)
_EMAIL = re.compile(r"[\w.+-]{1,64}@[\w-]{1,63}(?:\.[\w-]{1,63})+")


def scrubbed(text: str) -> str:
    """Return a text without what must not stand in a log."""
    text = _PASSWORD.sub(r"\g<before>:***@", text)
    return without_personal_numbers(_EMAIL.sub("***@***", text))


class ScrubbedLines(logging.Formatter):
    """Lines for people."""

    def format(self, record: logging.LogRecord) -> str:
        """Return the line, scrubbed."""
        return scrubbed(super().format(record))


class JsonLines(logging.Formatter):
    """One JSON object a line: ``at``, ``level``, ``logger``, ``event``, and facts if there are any."""

    def format(self, record: logging.LogRecord) -> str:
        """Return the line, scrubbed."""
        line: dict[str, Any] = {
            "at": datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds"),
            "level": record.levelname.lower(),
            "logger": record.name,
            "event": scrubbed(record.getMessage()),
        }
        if request := request_id.get():
            line["request_id"] = request
        line |= getattr(record, "facts", {})
        if record.exc_info:
            line["exception"] = scrubbed(self.formatException(record.exc_info))
        return json.dumps(line, ensure_ascii=False)


def set_up_logging(kind: Literal["text", "json"]) -> None:
    """Send everything that this process logs to stderr, in one way; may be called again.

    Where somebody else listens already (a test), nothing is taken from them.
    """
    root = logging.getLogger()
    root.setLevel(logging.INFO)
    for one in root.handlers[:]:
        if isinstance(one.formatter, JsonLines | ScrubbedLines):
            root.removeHandler(one)
    if not root.handlers:
        handler = logging.StreamHandler()
        handler.setFormatter(JsonLines() if kind == "json" else ScrubbedLines(PLAIN))
        root.addHandler(handler)
    logging.getLogger("alembic").setLevel(logging.WARNING)
    # A line a request is for programs: people read what went wrong.
    logging.getLogger(REQUESTS).setLevel(logging.INFO if kind == "json" else logging.WARNING)
