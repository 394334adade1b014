"""Templates of letters from the TOML files in ``kinds``: words with names of answers in them.

A file has one ``[pattern]`` that fills what its letters leave out. Must not know an answer.
"""

from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Any

from edge.wire.strict_toml import TomlError, read_table, to_shape
from hub.cases.definition.letter import LetterWords
from hub.cases.definition.service import DocumentRule
from hub.errors import InputError

FOLDER = Path(__file__).parents[1] / "kinds"
# Any new kind of letter has a decent paper without a template of its own.
GENERAL = "umum"


@cache
def shipped_templates() -> Mapping[str, LetterWords]:
    """Return the templates that ship, by their ids."""
    return read_templates(FOLDER)


def template_of(name: str) -> LetterWords:
    """Return a template.

    Raises:
        InputError: there is none of that id.
    """
    found = shipped_templates().get(name)
    if found is None:
        known = ", ".join(sorted(shipped_templates()))
        raise InputError(f"Tidak ada naskah surat {name!r}; pakai {GENERAL!r} atau salah satu dari {known}.")
    return found


def words_of_rule(rule: DocumentRule) -> LetterWords:
    """Return the words of a service's letter: its own, or those of the template that it names.

    Raises:
        InputError: it has none of its own and names none that there is.
    """
    return template_of(rule.template) if rule.words is None else rule.words


def read_templates(folder: Path) -> dict[str, LetterWords]:
    """Read all templates of a folder.

    Raises:
        InputError: unreadable, an unknown key, or an id that two files use.
    """
    found: dict[str, LetterWords] = {}
    for path in sorted(folder.glob("*.toml")):
        for name, template in _templates_in(path):
            if name in found:
                raise InputError(f"{path.name}: naskah {name!r} sudah ada di berkas lain")
            found[name] = template
    return found


def _templates_in(path: Path) -> list[tuple[str, LetterWords]]:
    try:
        table = read_table(path)
        pattern: dict[str, Any] = table.get("pattern", {})
        letters: dict[str, Any] = table.get("letters", {})
        return [(name, to_shape(pattern | own, LetterWords, path=path)) for name, own in letters.items()]
    except TomlError as error:
        raise InputError(str(error)) from error
