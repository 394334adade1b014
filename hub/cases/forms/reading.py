"""A form as it comes from a browser. Reads what belongs to the form and nothing else."""

from collections.abc import Sequence
from pathlib import Path

from werkzeug.datastructures import FileStorage, ImmutableMultiDict

from hub.cases.attachments.claims import Claims
from hub.cases.attachments.door import keep_upload
from hub.cases.attachments.kept import KeptFile, RefusedUpload
from hub.cases.definition.form import Field, FieldKind, Requirement
from hub.cases.forms.filled import ANSWER, CLAIM, NOTE, UPLOAD, Filled

# People group the figures of long numbers; what is meant is the same.
_GROUPED = frozenset({FieldKind.PHONE, FieldKind.NIK})
_GROUPING = str.maketrans(dict.fromkeys(" .-()"))
# More than any requirement takes: nobody makes us unpack a hundred photos of which five are kept.
_MOST_READ = 12
_MOST_NOTE = 4_000
_SHOWN_NAME = 40

Texts = ImmutableMultiDict[str, str]
Uploads = ImmutableMultiDict[str, FileStorage]


def read_answers(form: Texts, fields: Sequence[Field]) -> dict[str, tuple[str, ...]]:
    """Return what was typed, as it was typed but for the grouping of long numbers."""
    return {
        field.id: tuple(_tidy(field, text) for text in form.getlist(ANSWER + field.id)) for field in fields
    }


def read_form(
    form: Texts,
    uploads: Uploads,
    *,
    fields: Sequence[Field],
    requirements: Sequence[Requirement],
    claims: Claims,
    folder: Path,
) -> Filled:
    """Read a form and keep its files; files that are turned away become faults, everything else stays.

    Args:
        form: Of the request.
        uploads: Of the request.
        fields: That the form asks for.
        requirements: That the form asks for.
        claims: Of this form; the words for files that came with an earlier try.
        folder: The store of files.
    """
    filled = Filled(read_answers(form, fields), note=form.get(NOTE, "").strip()[:_MOST_NOTE])
    for requirement in requirements:
        filled = _with_files(filled, form, uploads, requirement, claims, folder)
    return filled


def _with_files(
    filled: Filled, form: Texts, uploads: Uploads, wanted: Requirement, claims: Claims, folder: Path
) -> Filled:
    words = form.getlist(CLAIM + wanted.id)[:_MOST_READ]
    kept = [file for file in map(claims.read, words) if file is not None and file.kind in wanted.kinds]
    for upload in uploads.getlist(UPLOAD + wanted.id)[:_MOST_READ]:
        if not upload.filename:
            continue  # a control that was left empty
        try:
            kept.append(keep_upload(upload.stream, kinds=wanted.kinds, folder=folder))
        except RefusedUpload as refused:
            said = f"{wanted.label}: {_shown_name(upload.filename)} {refused.reason}"
            filled = filled.with_fault(UPLOAD + wanted.id, said)
    once: tuple[KeptFile, ...] = tuple(dict.fromkeys(kept))
    if len(once) > wanted.most_files:
        said = f"{wanted.label}: paling banyak {wanted.most_files} berkas, sekarang {len(once)}"
        filled = filled.with_fault(UPLOAD + wanted.id, said)
    return Filled(filled.answers, {**filled.files, wanted.id: once}, filled.note, filled.faults)


def _tidy(field: Field, text: str) -> str:
    return text.translate(_GROUPING) if field.kind in _GROUPED else text


def _shown_name(name: str) -> str:
    short = name if len(name) <= _SHOWN_NAME else name[: _SHOWN_NAME - 1] + "…"
    return f"“{short}”"
