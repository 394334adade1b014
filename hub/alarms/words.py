"""An alarm's sentence in the reader's language, and in Indonesian where nobody's language is known."""

import re
from collections.abc import Callable, Mapping

from flask_babel import gettext

from hub.alarms.kinds import FACT_WORDS, SENTENCES, AlarmKind
from hub.web.formats import number_text
from hub.web.i18n import language

# Facts that are numbers, written with a point and no separators.
_NUMBERS = frozenset({"value", "limit", "count", "cameras"})
_NUMBER = re.compile(r"\A-?\d{1,15}(\.\d{1,6})?\Z")


class _Said(dict[str, str]):
    """Facts of an alarm from before its sentence named more."""

    def __missing__(self, name: str) -> str:
        return "–"


def sentence(kind: AlarmKind, facts: Mapping[str, str], translate: Callable[[str], str] = gettext) -> str:
    """Return the sentence of an alarm.

    Args:
        kind: What it is about.
        facts: What the sentence names.
        translate: To the reader's language; inside a request by default.
    """
    spoken = language() if translate is gettext else "id"
    said = _Said({name: _word(name, value, translate, spoken) for name, value in facts.items()})
    return translate(SENTENCES[kind]) % said


def _word(name: str, value: str, translate: Callable[[str], str], spoken: str) -> str:
    if value in FACT_WORDS.get(name, {}):
        return translate(FACT_WORDS[name][value])
    if name in _NUMBERS and _NUMBER.match(value):
        return number_text(float(value), spoken, len(value.partition(".")[2]))
    return value


def indonesian_sentence(kind: AlarmKind, facts: Mapping[str, str]) -> str:
    """Return the sentence as it stands in the code: for messages, which no request asks for."""
    return sentence(kind, facts, translate=lambda text: text)
