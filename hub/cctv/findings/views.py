"""The register of findings, one finding, and what its two sides do with it."""

from pathlib import Path

from flask import Blueprint, Response, flash, redirect, render_template, request, send_file, url_for
from flask_babel import gettext as _
from werkzeug.exceptions import NotFound
from werkzeug.wrappers import Response as AnyResponse

from hub.cctv.findings import access
from hub.cctv.findings.desk import may_do, opds_by_name
from hub.cctv.findings.kinds import WORDS, FindingKind
from hub.cctv.findings.register import OPEN_WORD, PAGE, Filter
from hub.cctv.findings.revenue import FORMS, area_of, first_with_facts
from hub.cctv.findings.rules import ACT_WORDS, NEEDS_NOTE, STATE_WORDS, Act, State, acts_in
from hub.cctv.findings.telling import tell
from hub.cctv.pictures import store
from hub.cctv.pictures.photo import MAX_BODY_BYTES, MAX_PHOTO_BYTES, redrawn
from hub.errors import InputError
from hub.people.permissions import Permission
from hub.places.purposes import WORDS as PURPOSES
from hub.web.guarding.guard import needs
from hub.web.parts import parts
from hub.web.transaction import db, roll_back
from hub.web.typed.whole_numbers import whole_number

blueprint = Blueprint("finding_register", __name__)


@blueprint.get("/temuan")
@needs(Permission.FINDING_SEE, is_scoped=True)
def listing() -> str:
    """Show the findings that the viewer may see, the newest first."""
    wanted, page = asked(), min(max(request.args.get("hal", 1, type=whole_number), 1), 1000)
    register = access.register()
    found = register.find(wanted, access.today(), most=PAGE + 1, skip=PAGE * (page - 1))
    return render_template(
        "cctv/findings/listing.html",
        lines=found[:PAGE],
        has_more=len(found) > PAGE,
        page=page,
        wanted=wanted,
        counts=register.counts(),
        kinds=WORDS,
        states=STATE_WORDS,
        open_word=OPEN_WORD,
        opds=opds_by_name(db()),
        today=access.today(),
        query={key: value for key, value in request.args.items() if key != "hal"},
    )


@blueprint.get("/temuan/<int:finding>")
@needs(Permission.FINDING_SEE, is_scoped=True)
def show(finding: int) -> str:
    """Show one finding, its history, and what the viewer can do with it."""
    register = access.register()
    line = register.one(finding)
    facts = first_with_facts(db(), line.finding)
    return render_template(
        "cctv/findings/finding.html",
        line=line,
        steps=register.history(finding),
        others=register.of_same_thing(line),
        acts=acts_in(line.state, is_maker=access.is_maker(), is_answerer=access.is_answerer(line)),
        act_words=ACT_WORDS,
        needs_note=NEEDS_NOTE,
        kinds=WORDS,
        states=STATE_WORDS,
        purposes=PURPOSES,
        forms=FORMS,
        facts=facts,
        area_m2=None if facts is None else area_of(facts),
        opds=opds_by_name(db()),
        today=access.today(),
    )


@blueprint.get("/temuan/<int:finding>/<any(tanda,asli):which>.jpg")
@needs(Permission.FINDING_SEE, is_background=True, is_scoped=True)
def picture(finding: int, which: str) -> Response:
    """Give the picture with the mark, or as the camera took it."""
    row = access.register().one(finding).finding
    return _picture(row.marked if which == "tanda" else row.original)


@blueprint.get("/temuan/<int:finding>/foto/<int:step>.jpg")
@needs(Permission.FINDING_SEE, is_background=True, is_scoped=True)
def photo(finding: int, step: int) -> Response:
    """Give the photo beside an answer."""
    for line in access.register().history(finding):
        if line.step.id == step and line.step.photo:
            return _picture(line.step.photo)
    raise NotFound


@blueprint.post("/temuan/<int:finding>")
@needs(Permission.FINDING_SEE, is_scoped=True, upload_bytes=MAX_BODY_BYTES)
def act(finding: int) -> AnyResponse:
    """Do something with a finding: send it, take it, act on it, finish it, reject it, open it again."""
    here, line = parts(), access.register().one(finding)
    link = url_for("finding_register.show", finding=finding)
    try:
        wanted = _act()
        if not may_do(wanted, is_maker=access.is_maker(), is_answerer=access.is_answerer(line)):
            raise InputError("Tindakan ini untuk pihak lain; lihat siapa yang dituju.")
        upload = request.files.get("foto")
        content = upload.read(MAX_PHOTO_BYTES + 1) if upload is not None else b""
        access.desk().act(
            line.finding,
            wanted,
            note=request.form.get("keterangan", ""),
            opd=request.form.get("opd", type=whole_number),
            due_on=access.day_field("tenggat"),
            photo=redrawn(content) if content else b"",
        )
    except InputError as error:
        roll_back()
        flash(str(error), "bad")
        return redirect(link, code=303)
    # A finding that was sent to another OPD is nobody's here any more but the control room's.
    after = access.register().one(finding)
    tell(db(), after, wanted, link=link, now=here.now())
    flash(_("Temuan %(number)s: %(state)s.", number=finding, state=_(STATE_WORDS[after.state])))
    return redirect(link, code=303)


def asked() -> Filter:
    """Return the filter in the address; what is no state or kind is left out."""
    state, kind = request.args.get("keadaan", ""), request.args.get("jenis", "")
    return Filter(
        state=state if state == OPEN_WORD or state in set(State) else "",
        kind=kind if kind in set(FindingKind) else "",
        opd=request.args.get("opd", type=whole_number),
        text=request.args.get("cari", "").strip()[:80],
        is_overdue=request.args.get("lewat") == "ya",
    )


def _act() -> Act:
    try:
        return Act(request.form.get("tindakan", ""))
    except ValueError as error:
        raise InputError("Pilih tindakannya.") from error


def _picture(digest: str) -> Response:
    path = store.find(Path(parts().config.folder), digest)
    response = send_file(path, mimetype="image/jpeg", conditional=True, etag=True, max_age=0)
    # Under the name of its content it never changes: the browser of who may see it keeps it.
    response.headers["Cache-Control"] = "private, max-age=300"
    return response
