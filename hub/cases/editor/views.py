"""/definisi: the services with their versions and drafts; a new draft; one draft as a whole; as TOML."""

import re

from flask import Blueprint, abort, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from hub.cases.definition.service import ServiceDefinition
from hub.cases.editor.changes import changes_between
from hub.cases.editor.faults import all_labels
from hub.cases.editor.screen import Draft, around_of, hand, open_draft
from hub.cases.editor.service import (
    VersionLine,
    begin_draft,
    case_counts,
    live_drafts,
    past_drafts,
    save_draft,
    versions_of,
)
from hub.cases.editor.sheets.controls import KIND_WORDS, Kind
from hub.cases.editor.sheets.offered import WORDS
from hub.cases.editor.sheets.parts import Address, parts_of, spelled
from hub.cases.editor.toml_text import from_toml, to_toml
from hub.cases.keeping.versions import all_newest, definition_of, newest
from hub.errors import InputError
from hub.people.permissions import Permission
from hub.web.guarding.guard import needs, signed_in
from hub.web.parts import parts
from hub.web.transaction import db, roll_back

blueprint = Blueprint("definitions", __name__)

_MOST_TOML_BYTES = 256 * 1024
_CODE = re.compile(r"\A[a-z][a-z0-9-]{1,47}\Z")


@blueprint.get("/definisi")
@needs(Permission.DEFINITION_MANAGE)
def listing() -> str:
    """Show the services of the city and the drafts that somebody works on."""
    return _listing_drawn()


@blueprint.post("/definisi")
@needs(Permission.DEFINITION_MANAGE)
def begin() -> Response | tuple[str, int]:
    """Begin a new version, or a new service like another."""
    source = newest(db(), request.form.get("dari", "")[:48])
    if source is None:
        return _listing_drawn(_("Pilih layanan yang menjadi dasarnya.")), 422
    label = request.form.get("nama", "").strip()[:120]
    code = spelled(label).replace("_", "-") if label else source.code
    if not _CODE.match(code):
        return _listing_drawn(_("Beri nama yang berhuruf, misalnya Surat Keterangan Usaha.")), 422
    try:
        draft = begin_draft(db(), source, code=code, label=label, author=signed_in().name, now=parts().now())
    except InputError as error:
        roll_back()
        return _listing_drawn(str(error)), 422
    return redirect(url_for("definitions.draft", draft=draft.id), code=303)


@blueprint.get("/definisi/layanan/<service>")
@needs(Permission.DEFINITION_MANAGE)
def versions(service: str) -> str:
    """Show the versions of a service: how many cases each has, what each changed, who published it."""
    lines = versions_of(db(), service)
    if not lines:
        abort(404)
    definitions = {line.row.version: definition_of(db(), service, line.row.version) for line in lines}
    return render_template(
        "cases/editor/versions.html",
        lines=lines,
        definitions=definitions,
        changes={line.row.version: _changes(line, definitions) for line in lines},
        past=past_drafts(db(), service),
        label=definitions[lines[0].row.version].label,
        service=service,
    )


@blueprint.get("/definisi/draf/<int:draft>")
@needs(Permission.DEFINITION_MANAGE)
def draft(draft: int) -> str:
    """Show a draft: its parts, what is wrong, what it changes."""
    return draft_drawn(open_draft(draft))


@blueprint.get("/definisi/draf/<int:draft>/naskah")
@needs(Permission.DEFINITION_MANAGE)
def raw(draft: int) -> str:
    """Show a draft as TOML, for who knows it."""
    shown = open_draft(draft)
    return render_template("cases/editor/raw.html", draft=shown, text=to_toml(shown.body), words="")


@blueprint.post("/definisi/draf/<int:draft>/naskah")
@needs(Permission.DEFINITION_MANAGE, upload_bytes=_MOST_TOML_BYTES)
def save_raw(draft: int) -> Response | tuple[str, int]:
    """Keep what was typed as TOML; what cannot be read comes back as it was typed."""
    shown, text = open_draft(draft), request.form.get("naskah", "")
    try:
        save_draft(db(), shown.row, from_toml(text), hand())
    except InputError as error:
        roll_back()
        again = open_draft(draft)
        return render_template("cases/editor/raw.html", draft=again, text=text, words=str(error)), 422
    flash(_("Draf disimpan."))
    return redirect(url_for("definitions.draft", draft=draft), code=303)


def draft_drawn(shown: Draft, words: str = "") -> str:
    """Return the page of a draft."""
    return render_template(
        "cases/editor/draft.html",
        draft=shown,
        body=shown.body,
        lists=[(kind, KIND_WORDS[kind], name) for kind, name in _LISTS],
        parts_of=parts_of,
        Address=Address,
        Kind=Kind,
        labels=all_labels(shown.body),
        words=words,
    )


_LISTS = ((Kind.FIELD, "fields"), (Kind.REQUIREMENT, "requirements"), (Kind.STAGE, "stages"))


def _listing_drawn(words: str = "") -> str:
    return render_template(
        "cases/editor/listing.html",
        services=sorted(all_newest(db()), key=lambda each: (WORDS["family"][each.family], each.label)),
        counts=case_counts(db()),
        drafts=live_drafts(db()),
        families=WORDS["family"],
        typed=request.form,
        words=words,
    )


def _changes(line: VersionLine, definitions: dict[int, ServiceDefinition]) -> list[object]:
    """Return what a version changed against the one before it."""
    before = [version for version in definitions if version < line.row.version]
    new = definitions[line.row.version]
    if not before:
        return []
    return list(changes_between(definitions[max(before)], new, around_of({})))
