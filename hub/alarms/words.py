"""An alarm's sentence in the reader's language, and in Indonesian where nobody's language is known."""

from collections.abc import Callable, Mapping

from flask_babel import gettext

from hub.alarms.kinds import FACT_WORDS, SENTENCES, AlarmKind


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
    said = _Said(
        {
            name: translate(FACT_WORDS[name][value]) if value in FACT_WORDS.get(name, {}) else value
            for name, value in facts.items()
        }
    )
    return translate(SENTENCES[kind]) % said


def indonesian_sentence(kind: AlarmKind, facts: Mapping[str, str]) -> str:
    """Return the sentence as it stands in the code: for messages, which no request asks for."""
    return sentence(kind, facts, translate=lambda text: text)
