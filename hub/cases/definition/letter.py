"""The words of a letter as data: sentences with names of answers in them. Pure.

Must not know an answer, nor how a paper is drawn.
"""

from collections.abc import Iterator, Mapping
from string import Formatter
from typing import Annotated

import msgspec

from edge.wire.strict_toml import Section
from hub.cases.definition.form import Field

# Stands among the rows for every answer that was given.
ALL_ANSWERS = "*"
# What every letter knows besides the answers.
KNOWN_FACTS = frozenset({"name", "rank", "office"})

Words = Annotated[str, msgspec.Meta(max_length=600)]


class LetterWords(Section, frozen=True):
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

    def sentences(self) -> Mapping[str, str]:
        """Return the sentences in which names of answers may stand, by their keys."""
        return {
            "opening": self.opening,
            "statement": self.statement,
            "after": self.after,
            "closing": self.closing,
        }


def wording_mistakes(words: LetterWords, fields: Mapping[str, Field]) -> Iterator[tuple[str, str]]:
    """Yield what is wrong with the words of a letter: the key, and a sentence with the remedy.

    Args:
        words: Of the letter.
        fields: Of the service, by their ids.
    """
    for key, text in words.sentences().items():
        yield from ((key, said) for said in _sentence_mistakes(text, fields))
    for name in words.rows:
        if name != ALL_ANSWERS and name not in fields:
            yield "rows", f"tidak ada isian {name!r}; pilih dari {_known(fields)}"


def _sentence_mistakes(text: str, fields: Mapping[str, Field]) -> Iterator[str]:
    try:
        parsed = [(name, spec, conversion) for _, name, spec, conversion in Formatter().parse(text)]
    except ValueError:
        yield "kurung kurawal { } tidak berpasangan; tulis {nama_isian}, atau {{ untuk kurung biasa"
        return
    for name, spec, conversion in parsed:
        if name is None or (name in KNOWN_FACTS and not spec and not conversion):
            continue
        # Only plain names: a dot or a bracket would reach into the program itself.
        if name not in fields or spec or conversion:
            yield f"tidak ada isian {{{name}}}; pilih dari {_known(fields)}"
        elif not fields[name].is_required or fields[name].shown_if is not None:
            yield f"isian {{{name}}} tidak selalu ada; wajibkan, atau taruh di rows"


def _known(fields: Mapping[str, Field]) -> str:
    return ", ".join(sorted({*fields, *KNOWN_FACTS}))
