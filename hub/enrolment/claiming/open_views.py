"""``POST /enrol``: where blank devices ask. Open to everybody; a request proves itself by its code."""

from pathlib import Path

import msgspec
from flask import Blueprint, Response, request

from edge.wire.joining.enrolment import (
    MAX_REQUEST_BYTES,
    PATH,
    EnrolRefused,
    EnrolRequest,
    RefusalReason,
    answer_request,
)
from hub.enrolment.claiming.joining import EnrolmentRefusedError, join
from hub.enrolment.claiming.rights import may_enrol_at
from hub.enrolment.claiming.surroundings import surroundings_of
from hub.enrolment.issuing.register import publish_certificate
from hub.enrolment.wiring import authority_of
from hub.people.permissions import Permission
from hub.web.guarding.guard import needs
from hub.web.guarding.limits import limiter
from hub.web.parts import parts
from hub.web.transaction import db, roll_back

blueprint = Blueprint("enrolment_open", __name__)

# A crew that fits a whole office from behind one address, and nobody who guesses 80 bits.
PER_ADDRESS = "30 per minute"
FORM_TYPES = ("application/x-www-form-urlencoded", "multipart/form-data")
_STATUS = {RefusalReason.GARBLED: 400, RefusalReason.UNKNOWN: 404, RefusalReason.NO_AUTHORITY: 503}


@blueprint.post(PATH)
@needs(Permission.PUBLIC)
@limiter.limit(PER_ADDRESS)
def enrol() -> Response:
    """Give a device its certificate, or say why not."""
    try:
        asked = _asked()
        return _json(_answer(asked), 200)
    except EnrolmentRefusedError as error:
        roll_back()
        refused = EnrolRefused(reason=error.reason, detail=str(error)[:500])
        return _json(msgspec.json.encode(refused), _STATUS.get(error.reason, 409))


def _answer(asked: EnrolRequest) -> bytes:
    here, now = parts(), parts().now()
    authority = authority_of(here.config)
    if authority is None:
        raise EnrolmentRefusedError(
            RefusalReason.NO_AUTHORITY, "Hub ini belum punya otoritas penerbit; hubungi admin."
        )
    around = surroundings_of(here.config)
    enrolled, key = join(
        db(), asked, authority=authority, around=around, may_enrol=may_enrol_at(now), now=now
    )
    # Before the answer leaves: the first document may be asked for a second later.
    publish_certificate(Path(here.config.device_certificates), enrolled.device, enrolled.certificate.encode())
    answer = answer_request(asked, enrolled, device_key=key, chain=authority.chain, issuer_key=authority.key)
    return msgspec.json.encode(answer)


def _asked() -> EnrolRequest:
    if request.mimetype in FORM_TYPES:
        # Read as a form already; nothing is left of it. curl -d says so unless it is told otherwise.
        raise EnrolmentRefusedError(
            RefusalReason.GARBLED,
            f"Terkirim sebagai {request.mimetype}; kirim ulang dengan Content-Type: application/json",
        )
    try:
        body = request.get_data(cache=False)
        if len(body) > MAX_REQUEST_BYTES:
            raise ValueError("too large")
        return msgspec.json.decode(body, type=EnrolRequest, strict=True)
    except (msgspec.MsgspecError, ValueError, RecursionError) as error:
        raise EnrolmentRefusedError(
            RefusalReason.GARBLED, f"Permintaan tidak terbaca ({str(error)[:120]}); perbarui perangkat."
        ) from error


def _json(body: bytes, status: int) -> Response:
    response = Response(body, status=status, mimetype="application/json")
    response.headers["Cache-Control"] = "no-store"
    return response
