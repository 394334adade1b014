"""Answers that are ready, from ``replies.toml`` beside this."""

from functools import cache
from pathlib import Path

from edge.wire.strict_toml import Section, read_toml

_FILE = Path(__file__).with_name("replies.toml")


class Reply(Section, frozen=True):
    """A sentence that is written every day; ``{number}`` stands for the complaint's."""

    id: str
    label: str
    text: str

    def about(self, number: str) -> str:
        """Return the text for one complaint."""
        return self.text.replace("{number}", number)


class _Replies(Section, frozen=True):
    reply: tuple[Reply, ...]


@cache
def replies() -> tuple[Reply, ...]:
    """Return the answers that are ready."""
    return read_toml(_FILE, _Replies).reply
