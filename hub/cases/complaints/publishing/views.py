"""The public list of complaints, a page each with its timeline and photos, and a feed to follow."""

from collections.abc import Mapping
from datetime import datetime
from xml.etree import ElementTree

from flask import Blueprint, Response, abort, render_template, request, url_for

from hub.cases.attachments.serving import serve
from hub.cases.attachments.store import folder_of
from hub.cases.complaints.publishing.board import PublicBoard
from hub.cases.complaints.publishing.shown import CLOSED, OPEN, PAGE, PublicComplaint, Wanted
from hub.cases.complaints.publishing.words import HAPPENED, STATUS_TONE, STATUS_WORDS
from hub.cases.complaints.where import ward_of
from hub.cases.forms.options import kelurahan_options
from hub.people.permissions import Permission
from hub.web.guarding.guard import needs
from hub.web.parts import parts
from hub.web.transaction import db
from hub.web.typed.whole_numbers import whole_number

blueprint = Blueprint("public_complaints", __name__)

_LAST_PAGE = 10_000
_GROUPS: Mapping[str, tuple[str, ...]] = {"terbuka": OPEN, "selesai": CLOSED}


@blueprint.get("/laporan")
@needs(Permission.PUBLIC)
def listing() -> str:
    """Show complaints, the newest first, narrowed by what, where and how far."""
    board, wanted = PublicBoard(db()), asked()
    page = min(max(request.args.get("hal", 1, type=whole_number), 1), _LAST_PAGE)
    found = board.find(wanted, most=PAGE + 1, skip=PAGE * (page - 1))
    return render_template(
        "cases/complaints/listing.html",
        found=found[:PAGE],
        has_more=len(found) > PAGE,
        page=page,
        labels=board.labels,
        wards=kelurahan_options(),
        status_words=STATUS_WORDS,
        tones=STATUS_TONE,
        query={name: value for name, value in request.args.items() if name != "hal"},
    )


@blueprint.get("/laporan/<number>")
@needs(Permission.PUBLIC)
def one(number: str) -> str:
    """Show one complaint without its people, and what happened to it."""
    board = PublicBoard(db())
    complaint = board.one(number)
    if complaint is None:
        abort(404)
    return render_template(
        "cases/complaints/complaint.html",
        complaint=complaint,
        happenings=board.happenings(complaint),
        status_words=STATUS_WORDS,
        tones=STATUS_TONE,
        happened=HAPPENED,
    )


@blueprint.get("/laporan/<number>/foto/<int:photo>.jpg")
@needs(Permission.PUBLIC, is_background=True)
def picture(number: str, photo: int) -> Response:
    """Give a photo that may be shown to everybody."""
    row = PublicBoard(db()).photo(number, photo)
    if row is None:
        abort(404)
    folder = folder_of(parts().config.folder)
    return serve(folder, row.sha256, row.media_type, name=f"{number}-{photo}", is_public=True)


@blueprint.get("/laporan/aliran.xml")
@needs(Permission.PUBLIC)
def feed() -> Response:
    """Give the newest complaints as an Atom feed (RFC 4287, 2005), narrowed as the list is."""
    found = PublicBoard(db()).find(asked())
    root = request.url_root.rstrip("/")
    top = ElementTree.Element("feed", xmlns="http://www.w3.org/2005/Atom")
    _put(top, "id", root + url_for("public_complaints.feed"))
    _put(top, "title", f"Laporan warga {parts().config.city}")
    _put(top, "updated", max((each.changed_at for each in found), default=parts().now()).isoformat())
    for each in found:
        top.append(_entry(each, root))
    body = '<?xml version="1.0" encoding="utf-8"?>\n' + ElementTree.tostring(top, encoding="unicode")
    return Response(body, mimetype="application/atom+xml")


def asked() -> Wanted:
    """Return the filter in the address; what is unknown is left out."""
    status, ward = request.args.get("status", ""), request.args.get("kelurahan", "")
    category = request.args.get("kategori", "")[:32]
    return Wanted(
        category=(category,) if category else (),
        statuses=_GROUPS.get(status) or ((status,) if status in STATUS_WORDS else ()),
        kelurahan=ward if ward_of(ward) is not None else "",
        text=request.args.get("cari", "").strip()[:80],
    )


def _entry(complaint: PublicComplaint, root: str) -> ElementTree.Element:
    entry = ElementTree.Element("entry")
    link = root + url_for("public_complaints.one", number=complaint.number)
    _put(entry, "id", link)
    _put(entry, "title", complaint.title)
    _put(entry, "updated", _stamp(complaint.changed_at))
    _put(entry, "published", _stamp(complaint.opened_at))
    _put(entry, "summary", f"{complaint.category_label} · {complaint.kelurahan} · {complaint.status}")
    ElementTree.SubElement(entry, "link", href=link)
    return entry


def _put(around: ElementTree.Element, name: str, text: str) -> None:
    ElementTree.SubElement(around, name).text = "".join(one for one in text if one >= " " or one in "\n\t")


def _stamp(at: datetime) -> str:
    return at.isoformat(timespec="seconds")
