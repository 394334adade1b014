"""``POST /hadir/hs``: a phone page reports the workplace code it scanned."""

import base64
import binascii
from pathlib import Path
from typing import Annotated

import msgspec
from flask import Blueprint, Response, current_app, jsonify, request

from edge.wire.hadir.codes import SIGNATURE_BYTES
from hub.hadir.workplace import wording
from hub.hadir.workplace.place import Position
from hub.hadir.workplace.service import Scanned, Workplace
from hub.hadir.workplace.wording import Answer
from hub.keyfile import load_or_make_key
from hub.people.permissions import Permission
from hub.people.reach import own_number
from hub.web.guarding.guard import needs, signed_in, viewer
from hub.web.guarding.limits import limiter
from hub.web.parts import parts
from hub.web.transaction import db

blueprint = Blueprint("hs", __name__)

# Far more than a person who scans again and again.
SCANS_PER_ACCOUNT = "20 per minute"

Degrees = Annotated[float, msgspec.Meta(ge=-180, le=180)]


class PostedScan(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """What the phone page sends; either all of the position is there, or nothing of it."""

    code: Annotated[str, msgspec.Meta(max_length=200)]
    signed_at: Annotated[int, msgspec.Meta(ge=0, le=2**32 - 1)]
    key_slot: Annotated[int, msgspec.Meta(ge=0, le=7)]
    signature: Annotated[str, msgspec.Meta(max_length=100)]
    latitude: Annotated[float, msgspec.Meta(ge=-90, le=90)] | None = None
    longitude: Degrees | None = None
    accuracy_m: Annotated[float, msgspec.Meta(ge=-1, le=1e8)] | None = None


def _account() -> str:
    who = viewer()
    return f"hs:{who.account_id}" if who is not None else "hs:stranger"


@blueprint.post("/hadir/hs")
@limiter.limit(SCANS_PER_ACCOUNT, key_func=_account)
@needs(Permission.HADIR_OWN, is_scoped=True)
def scan() -> tuple[Response, int]:
    """Take one scan of the person who is signed in."""
    now = parts().now()
    scanned = _read(request.get_data())
    if scanned is None:
        return _say(wording.unreadable(now))
    number = own_number(db(), signed_in().account_id)
    if number is None:
        return _say(wording.not_linked(now))
    return _say(_workplace().take(db(), number, scanned, now))


def _read(payload: bytes) -> Scanned | None:
    try:
        posted = msgspec.json.decode(payload, type=PostedScan)
        signature = base64.b64decode(posted.signature, validate=True)
    except (msgspec.MsgspecError, binascii.Error, ValueError):
        return None
    if len(signature) != SIGNATURE_BYTES or (posted.latitude is None) != (posted.longitude is None):
        return None
    position = None
    if posted.latitude is not None and posted.longitude is not None:
        position = Position(posted.latitude, posted.longitude, posted.accuracy_m)
    return Scanned(posted.code, posted.signed_at, posted.key_slot, signature, position)


def _workplace() -> Workplace:
    # The key is read when the first phone asks: a hub without screens at its doors needs none.
    found = current_app.extensions.get("workplace")
    if found is None:
        here = parts()
        settings = here.config.workplace
        found = Workplace(
            hub_key=load_or_make_key(Path(settings.key), setting="workplace.key"),
            address=settings.address,
            radius_m=settings.radius_m,
            zone=here.zone,
        )
        current_app.extensions["workplace"] = found
    assert isinstance(found, Workplace)
    return found


def _say(answer: Answer) -> tuple[Response, int]:
    body = jsonify(message=answer.message, text=answer.text, at=answer.at.isoformat())
    return body, answer.status
