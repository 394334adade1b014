"""/tanda-tangan: what waits for a signature, one page of facts, sign with the PIN again, send back.

A deep link of the notification opens the page of facts: PIN and one press sign it.
"""

from flask import Blueprint, abort, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from flask_babel import ngettext
from sqlalchemy.orm import Session
from werkzeug.wrappers import Response

from hub.cases.desk.wording import answer_words
from hub.cases.keeping.access import engine
from hub.cases.keeping.models import CaseStep
from hub.cases.keeping.records import answers_of, files_of, steps_of
from hub.cases.keeping.service import case_for
from hub.cases.letters.issuing.documents import documents_of
from hub.cases.letters.models import LetterSignatory
from hub.cases.letters.paper.composing import Letter
from hub.cases.letters.signing.proof import has_pin, is_proof
from hub.cases.letters.signing.service import Waiting, send_back, sign, waiting, waiting_for
from hub.cases.letters.signing.words import reason_words, refusal_words
from hub.cases.letters.wiring import letter_desk
from hub.cases.machine.rules import Refused
from hub.errors import InputError
from hub.people.models import Account
from hub.people.permissions import Permission
from hub.web.guarding.guard import needs, signed_in
from hub.web.guarding.limits import is_refusal, limiter
from hub.web.parts import parts
from hub.web.transaction import db, roll_back
from hub.web.typed.whole_numbers import is_whole_number, whole_number

blueprint = Blueprint("signing", __name__)

# A PIN has 4 digits at least: nobody gets to try many of them.
_TRIES = "5 per 10 minutes; 20 per day"


def _signer() -> str:
    return f"sign:{signed_in().account_id}"


# One count for both ways to sign.
_few_tries = limiter.shared_limit(_TRIES, scope="sign", key_func=_signer, deduct_when=is_refusal)


@blueprint.get("/tanda-tangan")
@needs(Permission.CASE_ACT, is_scoped=True)
def queue() -> str:
    """Show what waits for one's signature, the most urgent first."""
    return _queue_page()


@blueprint.post("/tanda-tangan")
@_few_tries
@needs(Permission.CASE_ACT, is_scoped=True)
def sign_many() -> Response | tuple[str, int]:
    """Sign all that were ticked; one that cannot be signed keeps none of the others."""
    chosen = [one.partition(":") for one in request.form.getlist("berkas")[:60]]
    if not chosen:
        flash(_("Pilih dulu surat yang akan ditandatangani."), "bad")
        return _to_queue()
    with parts().database.reading() as reading:
        is_proved = is_proof(reading, signed_in().account_id, request.form.get("pin", ""))
    if not is_proved:
        return _queue_page(fault=_wrong_proof()), 401
    done, refused = 0, []
    for number, _colon, revision in chosen:
        # Each in a transaction of its own: a letter is drawn and written to the disk in it.
        with parts().database.writing() as session:
            seen = int(revision) if is_whole_number(revision) else -1
            result = _sign_in(session, number, seen)
        done += result is None
        refused += [] if result is None else [f"{number}: {result}"]
    if done:
        flash(ngettext("%(num)s surat ditandatangani.", "%(num)s surat ditandatangani.", done), "good")
    for text in refused:
        flash(text, "bad")
    return _to_queue()


@blueprint.get("/tanda-tangan/<case_number>")
@needs(Permission.CASE_ACT, is_scoped=True)
def one(case_number: str) -> str:
    """Show one page of facts, with everything that will stand on the paper."""
    return _fact_page(_waiting_or_404(case_number))


@blueprint.post("/tanda-tangan/<case_number>")
@_few_tries
@needs(Permission.CASE_ACT, is_scoped=True)
def sign_one(case_number: str) -> Response | tuple[str, int]:
    """Sign one case."""
    found = _waiting_or_404(case_number)
    if not _is_proved():
        return _fact_page(found, fault=_wrong_proof()), 401
    refused = _sign_in(db(), case_number, request.form.get("revisi", default=-1, type=whole_number))
    if refused is not None:
        flash(refused, "bad")
        return redirect(url_for("signing.one", case_number=case_number), code=303)
    issued = [document.number for document in documents_of(db(), found.case)]
    words = _("Surat %(number)s terbit.", number=issued[-1]) if issued else _("Disetujui dan diteruskan.")
    flash(words, "good")
    return _to_queue()


@blueprint.post("/tanda-tangan/<case_number>/<action>")
@needs(Permission.CASE_ACT, is_scoped=True)
def return_one(case_number: str, action: str) -> Response | tuple[str, int]:
    """Send a case back, with a reason and a remark for each field."""
    found = _waiting_or_404(case_number)
    remarks = {
        name.removeprefix("isian-"): text.strip()[:500]
        for name, text in request.form.items()
        if name.startswith("isian-") and text.strip()
    }
    done = send_back(
        db(),
        engine(),
        found,
        action,
        note=request.form.get("alasan", "").strip()[:1000],
        remarks=remarks,
        seen=request.form.get("revisi", default=-1, type=whole_number),
        now=parts().now(),
    )
    if isinstance(done, Refused):
        roll_back()
        return _fact_page(_waiting_or_404(case_number), fault=refusal_words(done)), 422
    flash(_("Berkas %(number)s dikembalikan.", number=case_number), "good")
    return _to_queue()


def _sign_in(session: Session, number: str, seen: int) -> str | None:
    """Sign one case; return why not, or nothing."""
    who, now = signed_in(), parts().now()
    case = case_for(session, who, number, now=now)
    found = None if case is None else waiting(session, engine(), case, who, now)
    if found is None:
        return str(_("Berkas ini sudah tidak menunggu tanda tangan."))
    done = sign(session, engine(), found, seen=seen, now=now)
    return refusal_words(done) if isinstance(done, Refused) else None


def _waiting_or_404(number: str) -> Waiting:
    who, now = signed_in(), parts().now()
    case = case_for(db(), who, number, now=now)
    found = None if case is None else waiting(db(), engine(), case, who, now)
    if found is None:
        abort(404)
    return found


def _queue_page(fault: str = "") -> str:
    who = signed_in()
    signatory = db().get(LetterSignatory, who.account_id)
    return render_template(
        "cases/letters/queue.html",
        lines=waiting_for(db(), engine(), who, parts().now()),
        reason_words=reason_words,
        fault=fault,
        has_pin=has_pin(db(), who.account_id),
        signatory=signatory or LetterSignatory(full_name=who.display_name),
        now=parts().now(),
    )


def _fact_page(found: Waiting, fault: str = "") -> str:
    case, fields = found.case, {field.id: field for field in found.definition.fields}
    letter, obstacle = _letter(found)
    return render_template(
        "cases/letters/facts.html",
        one=found,
        letter=letter,
        obstacle=obstacle,
        answers=[
            (fields[name], answer_words(fields[name], texts)) for name, texts in answers_of(case).items()
        ],
        files=files_of(db(), case),
        requirements={each.id: each.label for each in found.definition.requirements},
        steps=steps_of(db(), case),
        accounts=_names(steps_of(db(), case)),
        fault=fault,
        has_pin=has_pin(db(), signed_in().account_id),
        typed=request.form,
        now=parts().now(),
    )


def _letter(found: Waiting) -> tuple[Letter | None, str]:
    """Return what would be signed, and what is in its way."""
    obstacle = "" if found.obstacle is None else reason_words(found.obstacle)
    account, capacity = signed_in().account_id, found.capacity
    try:
        letter = letter_desk().issuer.preview(
            db(), found.case, account=account, capacity=capacity, now=parts().now()
        )
    except InputError as error:
        return None, obstacle or str(error)
    return letter, obstacle


def _names(steps: list[CaseStep]) -> dict[int, str]:
    ids = {step.account for step in steps if step.account is not None}
    return {number: db().get_one(Account, number).display_name for number in ids}


def _is_proved() -> bool:
    return is_proof(db(), signed_in().account_id, request.form.get("pin", ""))


def _wrong_proof() -> str:
    return str(_("PIN atau kata sandi salah; belum ada yang ditandatangani."))


def _to_queue() -> Response:
    return redirect(url_for("signing.queue"), code=303)
