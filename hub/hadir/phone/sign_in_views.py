"""``POST /hadir/ponsel/masuk``: the login page offers it to a phone that holds a key."""

import base64
import binascii
from typing import Annotated

import msgspec
from flask import Blueprint, jsonify, request
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from hub.errors import InputError
from hub.hadir.phone.sign_in import check_phone
from hub.people.permissions import Permission
from hub.people.signing_in.entering import open_session
from hub.web.guarding.guard import needs
from hub.web.guarding.limits import is_unprocessable, limiter
from hub.web.parts import parts
from hub.web.transaction import db

blueprint = Blueprint("phone_sign_in", __name__)

_REFUSALS_PER_ADDRESS = "30 per minute"


class SignInSent(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Who says to sign in, and the signature in base64."""

    person: Annotated[int, msgspec.Meta(ge=1, le=2**32 - 1)]
    slot: Annotated[int, msgspec.Meta(ge=0, le=7)]
    signed_at: Annotated[int, msgspec.Meta(ge=0, le=2**32 - 1)]
    signature: Annotated[str, msgspec.Meta(max_length=100)]


@blueprint.post("/hadir/ponsel/masuk")
@limiter.limit(_REFUSALS_PER_ADDRESS, deduct_when=is_unprocessable)
@needs(Permission.PUBLIC)
def take() -> Response | tuple[Response, int]:
    """Sign a phone in. What it signed holds our form token, which is good in this browser only."""
    try:
        sent = _sent()
        account = check_phone(
            db(),
            person=sent.person,
            slot=sent.slot,
            challenge=request.headers.get("X-CSRFToken", ""),
            signed_at_s=sent.signed_at,
            signature=base64.b64decode(sent.signature, validate=True),
            now=parts().now(),
        )
    except InputError as error:
        return jsonify(text=str(error)), 422
    except binascii.Error:
        return jsonify(text=_unreadable()), 422
    return open_session(account, jsonify(text=""))


def _sent() -> SignInSent:
    try:
        return msgspec.json.decode(request.get_data(), type=SignInSent)
    except msgspec.MsgspecError as error:
        raise InputError(_unreadable()) from error


def _unreadable() -> str:
    return str(_("Kiriman peramban tidak terbaca; muat ulang halaman, lalu ulangi."))
