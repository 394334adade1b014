"""A form as a template draws it: controls in order, faults beside them and together on top. Pure.

Must not decide what is right: it shows what the machine said.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType

from hub.cases.attachments.claims import Claims
from hub.cases.attachments.kept import KeptFile
from hub.cases.definition.form import Condition, Field, FieldKind, FileKind, Requirement
from hub.cases.forms.filled import ANSWER, CLAIM, NOTE, UPLOAD, Filled
from hub.cases.forms.options import MOST_BUTTONS, Option, options_of
from hub.cases.machine.answers import MOST_LETTERS, Answers, holds

_LINE_LETTERS = 200
_SPELLED = {FileKind.IMAGE: "foto", FileKind.PDF: "PDF"}
_ACCEPTS = {FileKind.IMAGE: "image/jpeg,image/png,image/webp", FileKind.PDF: "application/pdf"}
_COUNTED_LETTERS = frozenset({FieldKind.TEXT, FieldKind.LONG_TEXT})


@dataclass(frozen=True, slots=True)
class OnlyIf:
    """When a control counts: in words, and for the script that hides it."""

    control: str
    values: tuple[str, ...]
    words: str


@dataclass(frozen=True, slots=True)
class Control:
    """One field. ``shape``: ``line``, ``area``, ``buttons``, ``ticks`` or ``list``."""

    name: str
    label: str
    hint: str
    kind: FieldKind
    shape: str
    is_required: bool
    texts: tuple[str, ...]
    faults: tuple[str, ...]
    options: tuple[Option, ...]
    most_letters: int
    only_if: OnlyIf | None

    @property
    def text(self) -> str:
        """What stands in a control of one answer."""
        return self.texts[0] if self.texts else ""


@dataclass(frozen=True, slots=True)
class KeptShown:
    """A file that is there already: the word that stands for it, and what it is."""

    word: str
    file: KeptFile
    note: str


@dataclass(frozen=True, slots=True)
class FileControl:
    """One requirement."""

    name: str
    claim_name: str
    label: str
    hint: str
    accepts: str
    what: str
    most_files: int
    is_required: bool
    is_example: bool
    kept: tuple[KeptShown, ...]
    faults: tuple[str, ...]
    only_if: OnlyIf | None


@dataclass(frozen=True, slots=True)
class FormPage:
    """The whole form. ``summary``: every fault with the control it leads to, in order; "" for none."""

    controls: tuple[Control, ...]
    files: tuple[FileControl, ...]
    note: str
    note_faults: tuple[str, ...]
    summary: tuple[tuple[str, str], ...]


def page_of(
    fields: Sequence[Field],
    requirements: Sequence[Requirement],
    filled: Filled,
    *,
    claims: Claims,
    known: Answers = MappingProxyType({}),
    offered: Mapping[str, Sequence[Option]] = MappingProxyType({}),
    notes: Mapping[str, str] = MappingProxyType({}),
) -> FormPage:
    """Return what a template draws.

    Args:
        fields: That the form asks for.
        requirements: That the form asks for.
        filled: So far; its files are shown as handed in.
        claims: Of this form.
        known: Answers given before, on another form of the same case.
        offered: Options that only the page knows, by field.
        notes: What to say of a file that is there already, by its SHA-256.
    """
    controls = tuple(
        _control(field, filled, offered, only_if)
        for field in fields
        for is_asked, only_if in [_only_if(field.shown_if, fields, known)]
        if is_asked
    )
    files = tuple(
        _file_control(each, filled, claims, notes, only_if)
        for each in requirements
        for is_asked, only_if in [_only_if(each.needed_if, fields, known)]
        if is_asked
    )
    note_faults = filled.faults.get(NOTE, ())
    drawn = [
        *((one.name, one.faults) for one in controls),
        *((one.name, one.faults) for one in files),
        (NOTE, note_faults),
    ]
    names = {name for name, _ in drawn}
    others = [("", texts) for name, texts in filled.faults.items() if name not in names]
    summary = tuple((name, text) for name, texts in [*others, *drawn] for text in texts)
    return FormPage(controls, files, filled.note, note_faults, summary)


def _control(
    field: Field, filled: Filled, offered: Mapping[str, Sequence[Option]], only_if: OnlyIf | None
) -> Control:
    name, options = ANSWER + field.id, options_of(field, offered)
    return Control(
        name=name,
        label=field.label,
        hint=field.hint or _HINTS.get(field.kind, ""),
        kind=field.kind,
        shape=_shape(field, options),
        is_required=field.is_required,
        texts=tuple(filled.answers.get(field.id, ())),
        faults=filled.faults.get(name, ()),
        options=options,
        most_letters=_most_letters(field),
        only_if=only_if,
    )


def _shape(field: Field, options: Sequence[Option]) -> str:
    if field.kind is FieldKind.CHOICES:
        return "ticks"
    if options:
        return "buttons" if len(options) <= MOST_BUTTONS else "list"
    return "area" if field.kind is FieldKind.LONG_TEXT else "line"


def _most_letters(field: Field) -> int:
    most = MOST_LETTERS if field.kind is FieldKind.LONG_TEXT else _LINE_LETTERS
    return int(field.most) if field.most is not None and field.kind in _COUNTED_LETTERS else most


def _only_if(
    condition: Condition | None, fields: Sequence[Field], known: Answers
) -> tuple[bool, OnlyIf | None]:
    """Return whether to draw it at all, and on what it hangs that is answered on this same form."""
    if condition is None:
        return True, None
    watched = next((field for field in fields if field.id == condition.field), None)
    if watched is None:
        return holds(condition, known), None
    labels = {option.value: option.label for option in options_of(watched, {})}
    words = f"{watched.label}: {' / '.join(labels.get(value, value) for value in condition.values)}"
    return True, OnlyIf(ANSWER + watched.id, condition.values, words)


def _file_control(
    wanted: Requirement, filled: Filled, claims: Claims, notes: Mapping[str, str], only_if: OnlyIf | None
) -> FileControl:
    kept = tuple(
        KeptShown(claims.seal(file), file, notes.get(file.sha256, ""))
        for file in filled.files.get(wanted.id, ())
    )
    return FileControl(
        name=UPLOAD + wanted.id,
        claim_name=CLAIM + wanted.id,
        label=wanted.label,
        hint=wanted.hint,
        accepts=",".join(_ACCEPTS[kind] for kind in wanted.kinds),
        what=" atau ".join(_SPELLED[kind] for kind in wanted.kinds),
        most_files=wanted.most_files,
        is_required=wanted.is_required,
        is_example=wanted.is_example,
        kept=kept,
        faults=filled.faults.get(UPLOAD + wanted.id, ()),
        only_if=only_if,
    )


_HINTS: dict[FieldKind, str] = {
    FieldKind.PHONE: "Contoh: 0812 3456 7890",
    FieldKind.EMAIL: "Contoh: nama@contoh.id",
    FieldKind.NIK: "16 angka, seperti pada KTP. Disimpan tersandi dan selalu disamarkan.",
    FieldKind.PLACE: "Lintang dan bujur. Contoh: -0.026330,109.342500",
    FieldKind.MONEY: "Rupiah, angka saja. Contoh: 150000",
}
