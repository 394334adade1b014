"""Part of the city for those who hold a permission for a part: one check for all pages of a place.

A view with ``is_scoped=True`` and ``<site>``, ``<device>`` or ``<camera>`` in its address needs no
check of its own: what lies beyond the viewer's reach answers 404 before it runs. Lists filter by
:func:`own_reach`.
"""

from collections.abc import Mapping
from typing import Any

from flask import Flask, abort, current_app, request

from hub.people.permissions import Permission
from hub.places.reach import EVERYWHERE, PlaceReach, place_reach
from hub.web.guarding.guard import declared, signed_in, viewer
from hub.web.parts import parts
from hub.web.transaction import db


def own_reach(permission: Permission = Permission.CAMERA_SEE) -> PlaceReach:
    """Return what of the inventory the viewer sees with a permission now."""
    if signed_in().may(permission):
        return EVERYWHERE  # without opening the database
    return place_reach(db(), signed_in(), permission, parts().now())


def install_place_scope(app: Flask) -> None:
    """Check each address of a place; installed after the guard, which knows who looks."""

    @app.before_request
    def check() -> None:
        who, places = viewer(), request.view_args or {}
        if who is None or request.endpoint is None or not {"site", "device"} & places.keys():
            return
        needed = declared(current_app.view_functions[request.endpoint])
        if needed in (None, Permission.PUBLIC, Permission.SIGNED_IN) or who.may(needed):
            return
        with parts().database.reading() as session:
            reach = place_reach(session, who, needed, parts().now())
        if not _holds(reach, places):
            abort(404)


def _holds(reach: PlaceReach, places: Mapping[str, Any]) -> bool:
    if "device" not in places:
        return reach.touches_site(places["site"])
    if "camera" in places:
        return reach.holds_camera(places["device"], places["camera"])
    return reach.holds_device(places["device"])
