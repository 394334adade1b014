"""What changed between two states of a row, in words. Pure."""

from collections.abc import Iterator
from dataclasses import dataclass

from hub.registers.kind.fields import FieldKind, Kind
from hub.registers.kind.rules import NO_NAMES, Names
from hub.registers.kind.whole_rows import Values
from hub.registers.kind.wording import NOTHING, words_of

_LETTERS = 120
# Columns of every row, as the snapshot of a change holds them.
_STANDARD = {
    "berlaku_dari": "Berlaku dari",
    "berlaku_sampai": "Berlaku sampai",
    "sumber": "Sumber",
    "mutu": "Mutu",
}


@dataclass(frozen=True, slots=True)
class FieldChange:
    """One column of a row, before and after, as screens show it."""

    column: str
    label: str
    was: str
    becomes: str

    def __str__(self) -> str:
        """Return the change as a sentence."""
        if self.was == NOTHING:
            return f"{self.label} diisi: {self.becomes}"
        if self.becomes == NOTHING:
            return f"{self.label} dikosongkan, tadinya {self.was}"
        return f"{self.label} diubah dari {self.was} menjadi {self.becomes}"


def changes_between(
    kind: Kind, was: Values, becomes: Values, names: Names = NO_NAMES, language: str = "id"
) -> Iterator[FieldChange]:
    """Yield every column that is not what it was."""
    for field in kind.fields:
        before, after = was.get(field.id), becomes.get(field.id)
        if before == after:
            continue
        if field.kind is FieldKind.IMAGE:
            words = (
                NOTHING if before is None else "gambar lama",
                NOTHING if after is None else "gambar baru",
            )
        else:
            words = (words_of(field, before, names, language), words_of(field, after, names, language))
        yield FieldChange(field.id, field.label, _short(words[0]), _short(words[1]))
    for name, label in _STANDARD.items():
        before, after = str(was.get(name) or ""), str(becomes.get(name) or "")
        if before != after:
            yield FieldChange(name, label, before or NOTHING, after or NOTHING)


def _short(text: str) -> str:
    return text if len(text) <= _LETTERS else f"{text[:_LETTERS]}…"
