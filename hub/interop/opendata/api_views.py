"""``/api/3/action/<name>``: what CKAN's own client asks. For programs: no cookies, no form tokens."""

from http import HTTPStatus
from typing import Any

import msgspec
from flask import Blueprint, Response, request

from hub.interop.opendata import dcat
from hub.interop.opendata.access import PER_ADDRESS, catalogue, desk, publisher, today
from hub.interop.opendata.actions import ACTIONS, UnknownThingError
from hub.interop.opendata.ckan import Json
from hub.interop.opendata.search import SearchError
from hub.people.permissions import Permission
from hub.web.guarding.guard import needs
from hub.web.guarding.limits import limiter
from hub.web.transaction import db

blueprint = Blueprint("open_data_api", __name__)

# What CKAN knows and this catalogue does not do: its rows come from the city's own registers.
_CHANGING = ("_create", "_update", "_delete", "_patch", "_purge", "_upsert")


@blueprint.get("/api/action/<act>")
@blueprint.get("/api/3/action/<act>", endpoint="ask_v3")
@needs(Permission.PUBLIC)
@limiter.limit(PER_ADDRESS)
def ask(act: str) -> Response:
    """Carry out an action asked in an address."""
    return _carried_out(act)


@blueprint.post("/api/action/<act>")
@blueprint.post("/api/3/action/<act>", endpoint="ask_by_body_v3")
@needs(Permission.PUBLIC)
@limiter.limit(PER_ADDRESS)
def ask_by_body(act: str) -> Response:
    """Carry out an action asked in a body, as CKAN's client does; it only reads all the same."""
    return _carried_out(act)


@blueprint.get("/katalog.jsonld")
@needs(Permission.PUBLIC)
@limiter.limit(PER_ADDRESS)
def as_dcat() -> Response:
    """Give the whole catalogue to harvesters."""
    session, day = db(), today()
    found = [(dataset, dataset.changed_at(session, day)) for dataset in catalogue().datasets]
    return _answer(dcat.document(found, publisher()), media_type="application/ld+json")


def _carried_out(act: str) -> Response:
    found = ACTIONS.get(act)
    if found is None:
        return _unknown(act)
    try:
        return _said({"success": True, "result": found(desk(), _given())})
    except UnknownThingError:
        return _refused(HTTPStatus.NOT_FOUND, "Not Found Error", {"message": "Not found"})
    except SearchError as error:
        return _refused(HTTPStatus.CONFLICT, "Validation Error", {error.field: [error.reason]})


def _given() -> dict[str, Any]:
    """Return the parameters: of the address, and of a body that is JSON or a form.

    Raises:
        SearchError: the body is not what its type says, or no object.
    """
    given: dict[str, Any] = dict(request.args.items()) | dict(request.form.items())
    if request.mimetype == "application/json" and request.content_length:
        body = request.get_json(silent=True)
        if not isinstance(body, dict):
            raise SearchError("body", "must be a JSON object")
        given |= body
    filters = given.get("filters")
    if isinstance(filters, str) and filters:
        try:
            given["filters"] = msgspec.json.decode(filters)
        except msgspec.DecodeError as error:
            raise SearchError("filters", "must be a JSON object") from error
    return given


def _unknown(name: str) -> Response:
    if name.endswith(_CHANGING):
        said: dict[str, Json] = {"message": "Access denied: this catalogue is read only"}
        return _refused(HTTPStatus.FORBIDDEN, "Authorization Error", said)
    return _answer(f"Bad request - Action name not known: {name[:80]}", status=HTTPStatus.BAD_REQUEST)


def _refused(status: HTTPStatus, kind: str, said: dict[str, Json]) -> Response:
    return _said({"success": False, "error": {"__type": kind, **said}}, status=status)


def _said(body: dict[str, Json], *, status: HTTPStatus = HTTPStatus.OK) -> Response:
    return _answer({"help": request.base_url, **body}, status=status)


def _answer(
    body: Json, *, status: HTTPStatus = HTTPStatus.OK, media_type: str = "application/json"
) -> Response:
    response = Response(msgspec.json.encode(body), status=status, content_type=f"{media_type};charset=utf-8")
    # Anybody's page may read what is public (Fetch standard, CORS protocol).
    response.headers["Access-Control-Allow-Origin"] = "*"
    return response
