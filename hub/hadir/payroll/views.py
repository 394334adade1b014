"""``/api/hadir/v1``: results of months for payroll. Documented in docs/api-hadir.md."""

import hashlib
import json
from datetime import date, timedelta
from typing import Any

from flask import Blueprint, Response, request
from flask_limiter.util import get_remote_address

from hub.hadir.asking import reach_for, today
from hub.hadir.payroll.answer import MAX_LIMIT, Wanted, adjustments_answer, months_answer, people_answer
from hub.hadir.results.reading.rows import month_of
from hub.people import audit
from hub.people.permissions import Permission
from hub.people.programs.service import reach_of_token
from hub.people.reach import Reach
from hub.web.guarding.guard import needs, program, signed_in
from hub.web.guarding.limits import limiter
from hub.web.parts import parts
from hub.web.transaction import db
from hub.web.typed.dates import typed_month
from hub.web.typed.whole_numbers import is_whole_number

blueprint = Blueprint("payroll", __name__)

# A whole city of 6,000 in pages of 100 within a minute, and nothing much quicker.
PER_CALLER = "120 per minute"
DEFAULT_LIMIT = 100


class _BadRequest(Exception):  # noqa: N818 (its sentence is the answer)
    """A parameter that cannot be used."""


def _caller() -> str:
    """Return whom calls are counted for: a token, or where the caller is."""
    header = request.headers.get("Authorization", "")
    if not header:
        return get_remote_address()
    return "token:" + hashlib.sha256(header.encode()).hexdigest()[:16]


@blueprint.get("/api/hadir/v1/months")
@limiter.limit(PER_CALLER, key_func=_caller)
@needs(Permission.HADIR_PAYROLL, is_scoped=True, is_for_programs=True)
def months() -> Response:
    """Give the months that have results."""
    return _answer(months_answer(db()))


@blueprint.get("/api/hadir/v1/people")
@limiter.limit(PER_CALLER, key_func=_caller)
@needs(Permission.HADIR_PAYROLL, is_scoped=True, is_for_programs=True)
def people() -> Response:
    """Give a page of people with their month."""
    wanted = _wanted()
    _note(wanted, "people")
    return _answer(people_answer(db(), wanted, today=today(), zone=parts().zone))


@blueprint.get("/api/hadir/v1/adjustments")
@limiter.limit(PER_CALLER, key_func=_caller)
@needs(Permission.HADIR_PAYROLL, is_scoped=True, is_for_programs=True)
def adjustments() -> Response:
    """Give a page of what is booked for months that are closed."""
    wanted = _wanted()
    _note(wanted, "adjustments")
    return _answer(adjustments_answer(db(), wanted))


@blueprint.errorhandler(_BadRequest)
def _bad_request(error: _BadRequest) -> tuple[Response, int]:
    return _json({"error": {"code": 400, "message": str(error)}}), 400


def _wanted() -> Wanted:
    limit = _number("limit", DEFAULT_LIMIT, MAX_LIMIT) or 0
    if limit < 1:
        raise _BadRequest(f"limit: tulis 1 sampai {MAX_LIMIT}")
    return Wanted(
        reach=_reach(),
        month=_month(),
        opd=_number("opd", None, 65_535),
        after=_number("cursor", 0, 2**63 - 1) or 0,
        limit=limit,
    )


def _reach() -> Reach:
    token = program()
    return reach_for(Permission.HADIR_PAYROLL) if token is None else reach_of_token(token)


def _month() -> date:
    text = request.args.get("month")
    if text is None:
        return month_of(month_of(today()) - timedelta(days=1))
    try:
        return typed_month(text)
    except ValueError as error:
        raise _BadRequest(f"month {text[:20]!r}: write it as 2026-11") from error


def _number(name: str, default: int | None, largest: int) -> int | None:
    text = request.args.get(name)
    if text is None:
        return default
    if not is_whole_number(text, largest):
        raise _BadRequest(f"{name} {text[:20]!r}: a number from 0 to {largest}")
    return int(text)


def _note(wanted: Wanted, what: str) -> None:
    """Write down that a month leaves the house, once a month and not once a page."""
    if wanted.after:
        return
    token = program()
    with parts().database.writing() as writing:
        audit.append(
            writing,
            at=parts().now(),
            actor=signed_in().name if token is None else f"token:{token.id}",
            action="payroll.read",
            target=f"opd:{wanted.opd}" if wanted.opd is not None else "reach",
            detail=f"{what} {wanted.month:%Y-%m}",
        )


def _answer(values: dict[str, Any]) -> Response:
    response = _json(values)
    response.add_etag()
    response.headers["Cache-Control"] = "private, no-cache"
    response.make_conditional(request)
    return response


def _json(values: dict[str, Any]) -> Response:
    return Response(json.dumps(values, separators=(",", ":")) + "\n", mimetype="application/json")
