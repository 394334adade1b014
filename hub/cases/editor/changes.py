"""What a new version changes, in words. Pure."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

import msgspec

from hub.cases.definition.service import ServiceDefinition
from hub.cases.editor.faults import all_labels, place_of
from hub.cases.editor.sheets.controls import Kind, label_of
from hub.cases.editor.sheets.offered import Around
from hub.cases.editor.sheets.parts import LIST_OF, Address, Body, parts_of

_MOST_LETTERS = 160
_PARTS = frozenset({*LIST_OF.values(), "document", "version", "id"})
_GROUPS = ("clock", "words")


@dataclass(frozen=True, slots=True)
class Change:
    """One difference: where, and what was and is. ``sign`` is ``+``, ``-`` or ``~``."""

    sign: str
    place: str
    text: str


def changes_between(old: ServiceDefinition | None, new: ServiceDefinition, around: Around) -> list[Change]:
    """Return every difference of two versions, in the order of the forms."""
    if old is None:
        return [Change("+", "Umum", f"layanan baru “{new.label}”")]
    return list(_Compare(_plain(old), _plain(new), around).all())


class _Compare:
    """Two versions side by side."""

    def __init__(self, old: Body, new: Body, around: Around) -> None:
        self._old, self._new, self._around = old, new, around
        self._labels = all_labels(old) | all_labels(new)

    def all(self) -> Iterator[Change]:
        yield from self._values(Address(Kind.GENERAL), self._old, self._new)
        for kind in (Kind.FIELD, Kind.REQUIREMENT, Kind.STAGE):
            yield from self._lists(kind, "", self._old, self._new)
        yield from self._document()

    def _lists(self, kind: Kind, stage: str, old: Body, new: Body) -> Iterator[Change]:
        before = {each["id"]: each for each in parts_of(old, LIST_OF[kind])}
        after = {each["id"]: each for each in parts_of(new, LIST_OF[kind])}
        for name in before.keys() - after.keys():
            yield Change("-", place_of(self._old, Address(kind, name, stage)), "dihapus")
        for name, part in after.items():
            address = Address(kind, name, stage)
            if name not in before:
                yield Change("+", place_of(self._new, address), "baru")
                continue
            yield from self._values(address, before[name], part)
            if kind is Kind.STAGE:
                yield from self._lists(Kind.ACTION, name, before[name], part)
                yield from self._lists(Kind.OPINION, name, before[name], part)
        kept = [name for name in after if name in before]
        if kept != [name for name in before if name in after]:
            place = place_of(self._new, Address(Kind.STAGE, stage)) if stage else ""
            yield Change("~", place or "Umum", f"urutan {LIST_WORDS[kind]} berubah")

    def _document(self) -> Iterator[Change]:
        before, after = self._old.get("document"), self._new.get("document")
        if before is None and after is None:
            return
        if before is None or after is None:
            yield Change("+" if after else "-", "Surat", "surat terbit" if after else "tidak ada surat lagi")
            return
        yield from self._values(Address(Kind.DOCUMENT), before, after)

    def _values(self, address: Address, old: Body, new: Body) -> Iterator[Change]:
        before, after = _flat(old), _flat(new)
        for key in dict.fromkeys([*before, *after]):
            if before.get(key) != after.get(key):
                was, now = self._words(before.get(key)), self._words(after.get(key))
                text = f"{label_of(address.kind, key)}: “{was}” menjadi “{now}”"
                yield Change("~", place_of(self._new, address), text)

    def _words(self, value: Any) -> str:
        if isinstance(value, bool):
            return "ya" if value else "tidak"
        if value in (None, "", [], {}):
            return "kosong"
        if isinstance(value, list):
            return ", ".join(self._words(each) for each in value)
        if isinstance(value, dict):
            return self._one(value)
        text = self._labels.get(value) or self._around.words_of(value) if isinstance(value, str) else value
        return str(text)[:_MOST_LETTERS]

    def _one(self, value: Mapping[str, Any]) -> str:
        if "values" in value:
            return f"{self._words(value['field'])} = {self._words(value['values'])}"
        if "at" in value:
            return f"{value['at'] * 100:g} % {self._words(value['to'])}"
        return " | ".join(str(value[key]) for key in ("id", "label", "opd", "hint") if value.get(key))


LIST_WORDS: Mapping[Kind, str] = {
    Kind.FIELD: "isian",
    Kind.REQUIREMENT: "syarat",
    Kind.STAGE: "tahap",
    Kind.ACTION: "tindakan",
    Kind.OPINION: "pertimbangan",
}


def _plain(definition: ServiceDefinition) -> Body:
    plain: Body = msgspec.json.decode(msgspec.json.encode(definition))
    return plain


def _flat(part: Mapping[str, Any]) -> Body:
    """Return the values of a part, those of its clock and its words by their whole path."""
    found = {key: value for key, value in part.items() if key not in _PARTS and key not in _GROUPS}
    for group in _GROUPS:
        inner = part.get(group)
        if isinstance(inner, dict):
            found |= {f"{group}.{key}": value for key, value in inner.items()}
    return found
