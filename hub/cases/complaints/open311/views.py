"""The addresses of GeoReport v2, in XML and JSON. For programs: no cookies, no form tokens, no names."""

from collections.abc import Callable, Sequence
from functools import wraps
from typing import ParamSpec

from flask import Blueprint, Response, request, url_for
from sqlalchemy.orm import Session

from hub.cases.asking.filing_limit import limit_filing
from hub.cases.attachments.door import MAX_BODY_BYTES
from hub.cases.attachments.store import folder_of
from hub.cases.complaints.open311.asking import (
    AskedWronglyError,
    read_ids,
    read_page,
    read_query,
    read_range,
)
from hub.cases.complaints.open311.documents import (
    Discovery,
    Document,
    Endpoint,
    Filed,
    Format,
    Problem,
    Request,
)
from hub.cases.complaints.open311.requests import found, request_of, update_of
from hub.cases.complaints.open311.services import definition_of, services_of
from hub.cases.complaints.open311.taking import Taker
from hub.cases.complaints.open311.writing import MEDIA_TYPES, XML, written, written_list
from hub.cases.complaints.publishing.board import PublicBoard
from hub.cases.complaints.publishing.shown import PublicComplaint
from hub.cases.definition.service import ServiceDefinition
from hub.cases.keeping.access import engine
from hub.people.permissions import Permission
from hub.people.programs.service import find_token
from hub.web.guarding.guard import needs
from hub.web.guarding.limits import limiter
from hub.web.parts import parts
from hub.web.transaction import db, roll_back

blueprint = Blueprint("open311", __name__, url_prefix="/open311")

SPECIFICATION = "http://wiki.open311.org/GeoReport_v2"
# The specification suggests the address of the city's own site.
JURISDICTION = "pontianakkota.go.id"
CHANGESET = "2026-11-22T00:00:00Z"
PER_ADDRESS = "60 per minute"
_FORM = "<any(xml,json):form>"

Arguments = ParamSpec("Arguments")


def answered(view: Callable[Arguments, Response]) -> Callable[Arguments, Response]:
    """Answer what a program asked wrongly with the error of the specification, in its own format."""

    @wraps(view)
    def answer(*arguments: Arguments.args, **named: Arguments.kwargs) -> Response:
        try:
            _check_jurisdiction()
            return view(*arguments, **named)
        except AskedWronglyError as error:
            roll_back()
            return refused(error.code, error.description)

    return answer


def refused(code: int, description: str) -> Response:
    """Return an error as the specification has it, in the format that the address asks for."""
    return _several(request.path.rpartition(".")[2], "errors", [Problem(code, description)], code)


def _is_filed(response: Response) -> bool:
    return response.status_code == 200


def _has_key() -> bool:
    """Return whether a key is given; a wrong one files nothing."""
    return bool(request.form.get("api_key", "").strip())


@blueprint.after_request
def let_browsers_ask(response: Response) -> Response:
    """Tell a browser that asks first (Fetch standard, preflight) what programs of other sites may send."""
    if request.method == "OPTIONS":
        response.headers["Access-Control-Allow-Origin"] = "*"
        response.headers["Access-Control-Allow-Methods"] = response.headers.get("Allow", "GET")
        response.headers["Access-Control-Allow-Headers"] = "Content-Type"
        response.headers["Access-Control-Max-Age"] = "86400"
    return response


@blueprint.get(f"/discovery.{_FORM}")
@blueprint.get(f"/v2/discovery.{_FORM}", endpoint="discovery_v2")
@needs(Permission.PUBLIC)
@answered
def discovery(form: str) -> Response:
    """Say what is served where."""
    root = request.url_root.rstrip("/")
    formats = tuple(Format(media.partition(";")[0]) for media in MEDIA_TYPES.values())
    endpoint = Endpoint(SPECIFICATION, f"{root}/open311/v2", CHANGESET, "production", formats)
    contact = f"{parts().config.city}: {root}/lapor"
    return _one(form, Discovery(CHANGESET, contact, f"{root}/token", (endpoint,)))


@blueprint.get(f"/v2/services.{_FORM}")
@needs(Permission.PUBLIC)
@answered
def services(form: str) -> Response:
    """List what can be asked for."""
    return _several(form, "services", services_of(_service(db())))


@blueprint.get(f"/v2/services/<code>.{_FORM}")
@needs(Permission.PUBLIC)
@answered
def definition(code: str, form: str) -> Response:
    """Give the attributes of one service."""
    service = _service(db())
    if code not in _codes(service):
        raise AskedWronglyError(404, f"service_code {code!r} was not found")
    return _one(form, definition_of(service, code))


@blueprint.get(f"/v2/requests.{_FORM}")
@needs(Permission.PUBLIC)
@answered
def requests(form: str) -> Response:
    """List requests: those that are named, or those that fit, the newest first."""
    board = PublicBoard(db())
    query = read_query(request.args, now=parts().now(), services=board.labels)
    return _several(form, "service_requests", [_shown(one) for one in found(board, query)])


@blueprint.get(f"/v2/requests/<number>.{_FORM}")
@needs(Permission.PUBLIC)
@answered
def one_request(number: str, form: str) -> Response:
    """Give one request."""
    complaint = PublicBoard(db()).one(number.upper())
    if complaint is None:
        raise AskedWronglyError(404, f"service_request_id {number!r} was not found")
    return _several(form, "service_requests", [_shown(complaint)])


@blueprint.get(f"/v2/tokens/<token>.{_FORM}")
@needs(Permission.PUBLIC)
@answered
def from_token(token: str, form: str) -> Response:
    """Say that there are no tokens: every request gets its number at once."""
    raise AskedWronglyError(404, f"token {token!r} was not found: requests get their id at once")


@blueprint.post(f"/v2/requests.{_FORM}")
@limiter.limit(PER_ADDRESS)
@limit_filing(is_filed=_is_filed, is_exempt=_has_key)
@needs(Permission.PUBLIC, upload_bytes=MAX_BODY_BYTES)
@answered
def send(form: str) -> Response:
    """Take a request. Without a key within the limits of anybody; a key must be right."""
    with parts().database.reading() as look:
        _check_key(look)
        service = _service(look)
    # The writing begins after the photos were drawn anew: nobody waits for one with the database locked.
    taker = Taker(db, engine(), service, folder_of(parts().config.folder), parts().now())
    uploads = [upload for upload in request.files.values() if upload.filename]
    case = taker.take(request.form, uploads)
    notice = f"Kode lacak: {case.tracking_code}"
    return _several(form, "service_requests", [Filed(case.number, notice)])


@blueprint.get(f"/v2/servicerequestupdates.{_FORM}")
@needs(Permission.PUBLIC)
@answered
def updates(form: str) -> Response:
    """List what happened between two dates, oldest first, by pages (extension of FixMyStreet)."""
    begin, end = read_range(request.args, now=parts().now())
    numbers = [number.upper() for number in read_ids(request.args)]
    most, skip = read_page(request.args)
    news = PublicBoard(db()).news(begin, end, numbers=numbers, most=most, skip=skip)
    return _several(form, "service_request_updates", [update_of(number, one) for number, one in news])


def _service(session: Session) -> ServiceDefinition:
    found = PublicBoard(session).definition
    if found is None:
        raise AskedWronglyError(404, "no service is offered yet")
    return found


def _codes(service: ServiceDefinition) -> frozenset[str]:
    return frozenset(one.service_code for one in services_of(service))


def _check_jurisdiction() -> None:
    given = request.values.get("jurisdiction_id", "").strip()
    if given and given.removeprefix("www.") != JURISDICTION:
        raise AskedWronglyError(404, f"jurisdiction_id {given!r} was not found; this is {JURISDICTION}")


def _check_key(session: Session) -> None:
    key = request.form.get("api_key", "").strip()
    if not key:
        return
    token = find_token(session, key, parts().now())
    if token is None or token.permission != Permission.COMPLAINT_FILE:
        raise AskedWronglyError(403, "api_key is not valid; ask the city for a new one, or send none")


def _shown(complaint: PublicComplaint) -> Request:
    media_url = ""
    if complaint.photos:
        photo = complaint.photos[0].id
        media_url = url_for("public_complaints.picture", number=complaint.number, photo=photo, _external=True)
    return request_of(complaint, media_url=media_url)


def _one(form: str, document: Document) -> Response:
    return _response(form, written(form, document), 200)


def _several(form: str, root: str, documents: Sequence[Document], code: int = 200) -> Response:
    return _response(form, written_list(form, root, documents), code)


def _response(form: str, body: bytes, code: int) -> Response:
    response = Response(body, status=code, content_type=MEDIA_TYPES.get(form, MEDIA_TYPES[XML]))
    # Programs of other sites read this in browsers too; nothing here is anybody's own.
    response.headers["Access-Control-Allow-Origin"] = "*"
    return response
