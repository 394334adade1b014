"""Answers that an address brings to a form, as a free slot does; nothing is sent by it. Pure."""

from collections.abc import Mapping, Sequence
from dataclasses import replace

from hub.cases.definition.form import Field, FieldKind
from hub.cases.forms.filled import ANSWER, Filled

_MOST_LETTERS = 200
# What names a person is never put in an address, so it is not read from one.
_NEVER = frozenset({FieldKind.NIK, FieldKind.PHONE, FieldKind.EMAIL})


def prefilled(filled: Filled, fields: Sequence[Field], brought: Mapping[str, str]) -> Filled:
    """Return a form with what its address says, where nothing stands yet."""
    found = {
        field.id: (text[:_MOST_LETTERS],)
        for field in fields
        if field.kind not in _NEVER and (text := brought.get(ANSWER + field.id, ""))
    }
    return replace(filled, answers={**found, **filled.answers}) if found else filled
