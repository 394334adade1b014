"""How the edge logs: one line a change of state, to stderr, without timestamps (journald adds them).

Also remembers the newest warnings for ``pontive-edge diagnose``. Must not log secrets: addresses
with a password in them are masked here, whoever wrote the line.
"""

import logging
import re
from collections import deque

from edge.config import SECRET_WORD

_FORMAT = "%(levelname)s %(name)s: %(message)s"
_PASSWORD_IN_ADDRESS = re.compile(r"(?P<before>[a-z0-9+.-]{1,20}://[^\s:/@]*):[^\s@]*@", re.IGNORECASE)


def redact(text: str) -> str:
    """Return ``text`` with the passwords of every address in it replaced by ``***``."""
    return SECRET_WORD.sub(r"\1***", _PASSWORD_IN_ADDRESS.sub(r"\g<before>:***@", text))


class RedactingFormatter(logging.Formatter):
    """A formatter that masks passwords, also those in tracebacks."""

    def format(self, record: logging.LogRecord) -> str:
        """Return the line of ``record``, masked."""
        return redact(super().format(record))


class RecentWarnings(logging.Handler):
    """Keeps the newest warnings and errors for a technician."""

    def __init__(self, capacity: int = 20) -> None:
        """Keep at most ``capacity`` lines."""
        super().__init__(logging.WARNING)
        self.setFormatter(RedactingFormatter(_FORMAT))
        self._lines: deque[str] = deque(maxlen=capacity)

    def emit(self, record: logging.LogRecord) -> None:
        """Remember ``record``."""
        self._lines.append(self.format(record)[:500])

    @property
    def lines(self) -> tuple[str, ...]:
        """The kept lines, oldest first."""
        return tuple(self._lines)


def set_up_logging(level: int) -> None:
    """Send the log of this process to stderr, once; further calls only set the level."""
    root = logging.getLogger()
    root.setLevel(level)
    if not any(isinstance(handler.formatter, RedactingFormatter) for handler in root.handlers):
        handler = logging.StreamHandler()
        handler.setFormatter(RedactingFormatter(_FORMAT))
        root.addHandler(handler)
