"""Templates of letters from the TOML files in ``kinds``: words with names of answers in them.

A file has one ``[pattern]`` that fills what its letters leave out. Must not know an answer.
"""

from collections.abc import Mapping
from functools import cache
from pathlib import Path
from string import Formatter
from typing import Annotated, Any

import msgspec

from edge.wire.strict_toml import Section, TomlError, read_table, to_shape
from hub.errors import InputError

FOLDER = Path(__file__).parents[1] / "kinds"
# Any new kind of letter has a decent paper without a template of its own.
GENERAL = "umum"
# Stands among the rows for every answer that was given.
ALL_ANSWERS = "*"
# What every letter knows besides the answers.
KNOWN_FACTS = frozenset({"name", "rank", "office"})

Words = Annotated[str, msgspec.Meta(max_length=600)]


class Template(Section, frozen=True):
    """The words of one kind of letter; empty ``title``: the service's own name.

    The paper is: opening, who it is about, statement, ``rows`` of answers, ``after``, closing.
    """

    title: Words
    opening: Words
    statement: Words
    closing: Words
    rows: tuple[str, ...] = ()
    after: Words = ""

    @property
    def names(self) -> frozenset[str]:
        """The answers that its sentences cannot do without."""
        texts = (self.opening, self.statement, self.after, self.closing)
        found = {name for text in texts for _, name, _, _ in Formatter().parse(text) if name}
        return frozenset(found - KNOWN_FACTS)


@cache
def shipped_templates() -> Mapping[str, Template]:
    """Return the templates that ship, by their ids."""
    return read_templates(FOLDER)


def template_of(name: str) -> Template:
    """Return a template.

    Raises:
        InputError: there is none of that id.
    """
    found = shipped_templates().get(name)
    if found is None:
        known = ", ".join(sorted(shipped_templates()))
        raise InputError(f"Tidak ada naskah surat {name!r}; pakai {GENERAL!r} atau salah satu dari {known}.")
    return found


def read_templates(folder: Path) -> dict[str, Template]:
    """Read all templates of a folder.

    Raises:
        InputError: unreadable, an unknown key, or an id that two files use.
    """
    found: dict[str, Template] = {}
    for path in sorted(folder.glob("*.toml")):
        for name, template in _templates_in(path):
            if name in found:
                raise InputError(f"{path.name}: naskah {name!r} sudah ada di berkas lain")
            found[name] = template
    return found


def _templates_in(path: Path) -> list[tuple[str, Template]]:
    try:
        table = read_table(path)
        pattern: dict[str, Any] = table.get("pattern", {})
        letters: dict[str, Any] = table.get("letters", {})
        return [(name, to_shape(pattern | own, Template, path=path)) for name, own in letters.items()]
    except TomlError as error:
        raise InputError(str(error)) from error
