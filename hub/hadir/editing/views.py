"""Editing what is data: a list and a form a kind; first whom it changes, then keeping it."""

from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import date
from typing import Any

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from hub.errors import InputError, NotFoundError
from hub.hadir.asking import day_words, reach_for, today
from hub.hadir.editing.desk import Desk, Editor, Field, Values
from hub.hadir.editing.holidays import Holidays
from hub.hadir.editing.hours import Calendars, Periods
from hub.hadir.editing.leave import Leaves
from hub.hadir.editing.preview import Effect, preview_of
from hub.hadir.editing.shifts import Shifts
from hub.hadir.editing.tariffs import Tariffs
from hub.people import audit
from hub.people.permissions import Permission
from hub.web.guarding.guard import needs, signed_in
from hub.web.parts import parts
from hub.web.transaction import db

blueprint = Blueprint("editing", __name__)

EDITORS: tuple[Editor, ...] = (Leaves(), Shifts(), Holidays(), Periods(), Calendars(), Tariffs())
MAX_TYPED = 2_000


@blueprint.get("/hadir/kelola")
@needs(Permission.HADIR_MANAGE, is_scoped=True)
def index() -> str:
    """Show what can be edited."""
    return render_template("hadir/edit_index.html", editors=[editor.words for editor in EDITORS])


def _install(editor: Editor) -> None:
    slug = editor.words.slug

    @needs(Permission.HADIR_MANAGE, is_scoped=True)
    def show() -> str:
        """Show the rows and the form."""
        key = request.args.get("baris", "")
        return _page(editor, key, fields=_with_typed(editor.fields(_desk(), key), request.args))

    @needs(Permission.HADIR_MANAGE, is_scoped=True)
    def act() -> Response | str:
        """Try, keep or remove, as the button says."""
        return _act(editor)

    blueprint.add_url_rule(f"/hadir/kelola/{slug}", slug, show, methods=["GET"])
    blueprint.add_url_rule(f"/hadir/kelola/{slug}", f"{slug}_act", act, methods=["POST"])


for _editor in EDITORS:
    _install(_editor)


def _act(editor: Editor) -> Response | str:
    step, key, values = request.form.get("langkah", ""), request.form.get("baris", ""), _typed()
    is_removal = step in ("coba-hapus", "hapus")

    def change() -> Effect:
        desk = _desk()
        return editor.remove(desk, key) if is_removal else editor.save(desk, values, key)

    try:
        if step in ("simpan", "hapus"):
            return _keep(editor, change, is_removal)
        preview = preview_of(db(), change, today=today(), zone=parts().zone)
    except InputError as error:
        flash(str(error), "bad")
        typed = {} if is_removal else values
        arguments: dict[str, Any] = {**typed, "baris": key or None}
        return redirect(url_for(f"editing.{editor.words.slug}", **arguments), code=303)
    except NotFoundError:
        flash(_("Baris itu tidak ada, atau di luar kewenangan Anda."), "bad")
        return redirect(url_for(f"editing.{editor.words.slug}"), code=303)
    fields = [] if is_removal else _with_typed(editor.fields(_desk(), key), values)
    return _page(editor, key, fields=fields, preview=preview, is_removal=is_removal, values=values)


def _keep(editor: Editor, change: Callable[[], Effect], is_removal: bool) -> Response:
    effect = change()
    subject = f"{effect.subject.scope}:{effect.subject.number}"
    audit.append(
        db(),
        at=parts().now(),
        actor=signed_in().name,
        action=f"hours.{'remove' if is_removal else 'save'}",
        target=f"{editor.words.slug} {subject}",
        detail=f"{effect.first} to {effect.last}",
    )
    flash(_("Tersimpan. Hasil yang sudah terbit berubah setelah diterbitkan di halaman Terbitkan hasil."))
    return redirect(url_for(f"editing.{editor.words.slug}"), code=303)


def _page(editor: Editor, key: str, *, fields: list[Field], **more: object) -> str:
    desk = _desk()
    return render_template(
        "hadir/edit.html",
        words=editor.words,
        editors=[one.words for one in EDITORS],
        rows=editor.rows(desk),
        fields=fields,
        key=key,
        is_new_only=isinstance(editor, Tariffs),
        **more,
    )


def _typed() -> dict[str, str]:
    """Return what was typed; what belongs to the form itself is left out."""
    own = {"csrf_token", "langkah", "baris"}
    return {name: text[:MAX_TYPED] for name, text in request.form.items() if name not in own}


def _with_typed(fields: Sequence[Field], typed: Values) -> list[Field]:
    return [replace(field, value=typed.get(field.name, field.value)) for field in fields]


@blueprint.app_template_filter("said")
def _said(text: str | date) -> str:
    """Translate a text of the code, or write a date; unlike ``_`` in templates it minds no percent sign."""
    if isinstance(text, date):
        return day_words(text)
    return str(_(text)) if text else ""


def _desk() -> Desk:
    return Desk(db(), reach_for(Permission.HADIR_MANAGE), today(), signed_in().name)
