"""What an applicant can do with their case: answer a return, pay, cancel, rate, reopen."""

from collections.abc import Mapping

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from msgspec.structs import replace
from werkzeug.exceptions import NotFound
from werkzeug.wrappers import Response

from hub.cases.asking.applying import attached, refused_form
from hub.cases.asking.composition import citizen_pages, files_folder
from hub.cases.attachments.claims import claims_for
from hub.cases.attachments.door import MAX_BODY_BYTES
from hub.cases.definition.form import Field, FieldKind, Requirement
from hub.cases.definition.service import ServiceDefinition
from hub.cases.definition.stages import Action
from hub.cases.forms.filled import NOTE, Filled
from hub.cases.forms.page import page_of
from hub.cases.forms.reading import read_form
from hub.cases.keeping.access import engine
from hub.cases.keeping.engine import FileSource, Handed
from hub.cases.keeping.models import CaseRecord
from hub.cases.keeping.records import answers_of, state_of, steps_of
from hub.cases.keeping.service import act_on, applicant_actor
from hub.cases.keeping.versions import of_case
from hub.cases.machine.rules import Given, Refusal, Refused, actions_of, asked_by
from hub.cases.machine.state import Actor
from hub.cases.tracking.access import case_in, case_of, is_applicant
from hub.cases.tracking.following import labels_of, newest_remarks
from hub.people.permissions import Permission
from hub.web.guarding.guard import needs
from hub.web.guarding.limits import limiter
from hub.web.parts import parts
from hub.web.transaction import db
from hub.web.typed.whole_numbers import whole_number

blueprint = Blueprint("case_acting", __name__)

SENT_PER_ADDRESS = "60 per 10 minutes"

Page = str | Response | tuple[str, int]


@blueprint.get("/lacak/<code>/tindakan/<action>")
@needs(Permission.PUBLIC)
def ask(code: str, action: str) -> Page:
    """Show what an action asks for; a form that came back holds what was answered before."""
    case = _mine(code)
    definition = of_case(db(), case)
    chosen = _offered(case, definition, action)
    again = _as_answered(definition, case) if chosen.is_form_again else {}
    return _drawn(case, definition, chosen, Filled(answers=again), case.revision)


@blueprint.post("/lacak/<code>/tindakan/<action>")
@limiter.limit(SENT_PER_ADDRESS)
@needs(Permission.PUBLIC, upload_bytes=MAX_BODY_BYTES)
def do(code: str, action: str) -> Page:
    """Carry an action out, once; a second press is told that the case has moved on."""
    with parts().database.reading() as look:
        # Files are drawn anew before anything is written, see the form of a service.
        looked_at = case_in(look, code)
        services, may_act = of_case(look, looked_at), is_applicant(looked_at, look)
    if not may_act:
        raise NotFound
    chosen = _action_named(services, action)
    fields, requirements = asked_by(services, chosen), _files_of(services, chosen)
    filled = read_form(
        request.form,
        request.files,
        fields=fields,
        requirements=requirements,
        claims=claims_for(f"{code}/{action}"),
        folder=files_folder(),
    )
    case, seen = _mine(code), request.form.get("dilihat", 0, type=whole_number)
    filled = _with_hidden_niks(case, fields, filled)
    done = (
        Refused(Refusal.ANSWERS_WRONG)
        if filled.faults
        else act_on(
            db(),
            engine=engine(),
            case=case,
            actor=applicant_actor(case),
            action=action,
            given=Given(note=filled.note, answers=filled.answers),
            handed=Handed(files=attached(filled, requirements, FileSource.CITIZEN)),
            seen=seen,
            now=parts().now(),
        )
    )
    if not isinstance(done, Refused):
        flash(_("Sudah kami terima."))
        return redirect(url_for("tracking.case", code=case.tracking_code), code=303)
    if done.reason in (Refusal.CHANGED_MEANWHILE, Refusal.NO_SUCH_ACTION, Refusal.NOT_YOURS):
        flash(_("Berkas ini sudah berubah; lihat keadaannya yang terbaru di bawah."))
        return redirect(url_for("tracking.case", code=case.tracking_code), code=303)
    form = filled if filled.faults else refused_form(filled, done, requirements)
    if done.reason is Refusal.NOTE_MISSING:
        form = filled.with_fault(NOTE, _("Keterangan: belum diisi"))
    return _drawn(case, services, chosen, form, case.revision), 422


def _mine(code: str) -> CaseRecord:
    """Return a case to whoever acts for its applicant.

    Raises:
        NotFound: there is none, or the PIN was not typed.
    """
    case = case_of(code)
    if not is_applicant(case):
        raise NotFound
    return case


def _offered(case: CaseRecord, definition: ServiceDefinition, action: str) -> Action:
    actor = applicant_actor(case)
    state = state_of(db(), case, now=parts().now(), zone=engine().zone)
    for each in actions_of(definition, state, Actor(actor.account, actor.roles)):
        if each.id == action:
            return each
    raise NotFound


def _action_named(definition: ServiceDefinition, name: str) -> Action:
    for stage in definition.stages:
        for action in stage.actions:
            if action.id == name:
                return action
    raise NotFound


def _files_of(definition: ServiceDefinition, action: Action) -> tuple[Requirement, ...]:
    # What came with the form before is still there: only what is replaced is handed in again.
    again = tuple(replace(each, is_required=False) for each in definition.first_files)
    needed = (each for each in definition.requirements if each.id in action.needs_files)
    return (*(again if action.is_form_again else ()), *needed)


def _as_answered(definition: ServiceDefinition, case: CaseRecord) -> Mapping[str, tuple[str, ...]]:
    """Return the answers for the form; a NIK stays behind its mask."""
    answers = answers_of(case)
    hidden = {field.id for field in definition.fields if field.kind is FieldKind.NIK}
    return {name: texts for name, texts in answers.items() if name not in hidden}


def _with_hidden_niks(case: CaseRecord, fields: tuple[Field, ...], filled: Filled) -> Filled:
    """Fill in a NIK that was left empty: it was given before, and is not sent back to the browser."""
    kept, answers = answers_of(case), dict(filled.answers)
    for field in fields:
        if field.kind is FieldKind.NIK and not filled.first(field.id) and kept.get(field.id):
            answers[field.id] = tuple(citizen_pages().box.open(text) for text in kept[field.id])
    return Filled(answers, filled.files, filled.note, filled.faults)


def _drawn(case: CaseRecord, definition: ServiceDefinition, action: Action, filled: Filled, seen: int) -> str:
    requirements = _files_of(definition, action)
    shown = Filled(
        {name: texts for name, texts in filled.answers.items() if name not in _nik_ids(definition)},
        filled.files,
        filled.note,
        filled.faults,
    )
    page = page_of(
        asked_by(definition, action),
        requirements,
        shown,
        claims=claims_for(f"{case.tracking_code}/{action.id}"),
        known=answers_of(case),
    )
    labels = labels_of(definition)
    remarks = newest_remarks(definition, steps_of(db(), case)) if action.is_form_again else {}
    return render_template(
        "cases/asking/act.html",
        case=case,
        service=definition,
        action=action,
        page=page,
        seen=seen,
        remarks=[(labels.get(name, name), text) for name, text in remarks.items()],
    )


def _nik_ids(definition: ServiceDefinition) -> frozenset[str]:
    return frozenset(field.id for field in definition.fields if field.kind is FieldKind.NIK)
