"""The page ``/pembaruan``: versions, rings, rollouts, failures with their remedy, and the levers."""

from flask import Blueprint, abort, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from hub.errors import InputError
from hub.people.permissions import Permission
from hub.places.access import own_reach
from hub.updates.listing import rollout_views, software_rows, versions_of
from hub.updates.models import Release, Rollout
from hub.updates.releases import list_releases
from hub.updates.rings import put_in_ring, rings_of
from hub.updates.rollouts import ALWAYS, NIGHT, Wish, change_rollout, start_rollout, try_again
from hub.updates.rules import RolloutState
from hub.updates.words import ROLLOUT_WORDS
from hub.web.guarding.guard import needs, signed_in
from hub.web.parts import parts
from hub.web.transaction import db, roll_back
from hub.web.typed.sure import insist_on_sure
from hub.web.typed.whole_numbers import whole_number

blueprint = Blueprint("updates", __name__)

LEAST_REASON_LETTERS = 5


@blueprint.get("/pembaruan")
@needs(Permission.UPDATE_SEE, is_scoped=True)
def page() -> str:
    """Show the software of the devices within reach."""
    return _page()


@blueprint.post("/pembaruan/mulai")
@needs(Permission.UPDATE_STEER)
def start() -> Response | tuple[str, int]:
    """Start to bring a release to its devices."""
    release = db().get(Release, request.form.get("rilis", 0, type=whole_number))
    if release is None:
        return _page(_("Pilih rilis yang akan disebarkan.")), 422
    percent = request.form.get("batas", 101, type=whole_number)
    if percent > 100:
        return _page(_("Batas gagal antara 0 dan 100 persen.")), 422
    wish = Wish(quiet=ALWAYS if request.form.get("jam") == "selalu" else NIGHT, most_failed_percent=percent)
    try:
        start_rollout(db(), release, wish, actor=signed_in().name, now=parts().now())
    except InputError as error:
        roll_back()
        return _page(str(error)), 422
    flash(_("Penyebaran dimulai dari gelombang pertama."))
    return _back()


@blueprint.post("/pembaruan/<int:rollout>/jeda")
@needs(Permission.UPDATE_STEER)
def pause(rollout: int) -> Response | tuple[str, int]:
    """Pause a rollout, for a reason that is kept."""
    reason = request.form.get("alasan", "").strip()
    if len(reason) < LEAST_REASON_LETTERS:
        _rollout(rollout)
        return _page(_("Tulis alasan menjeda.")), 422
    return _change(rollout, RolloutState.PAUSED, reason)


@blueprint.post("/pembaruan/<int:rollout>/lanjut")
@needs(Permission.UPDATE_STEER)
def resume(rollout: int) -> Response | tuple[str, int]:
    """Go on with a rollout; failures until now count no more."""
    return _change(rollout, RolloutState.RUNNING, "")


@blueprint.post("/pembaruan/<int:rollout>/batal")
@needs(Permission.UPDATE_STEER)
def cancel(rollout: int) -> Response | tuple[str, int]:
    """End a rollout for good."""
    insist_on_sure()
    return _change(rollout, RolloutState.CANCELLED, "")


@blueprint.post("/pembaruan/<int:rollout>/ulang/<device>")
@needs(Permission.UPDATE_STEER)
def again(rollout: int, device: str) -> Response | tuple[str, int]:
    """Ask one device once more."""
    row = _rollout(rollout)
    try:
        try_again(db(), row, device, actor=signed_in().name, now=parts().now())
    except InputError as error:
        roll_back()
        return _page(str(error)), 422
    flash(_("Perangkat diminta mencoba lagi."))
    return _back()


@blueprint.post("/pembaruan/gelombang")
@needs(Permission.UPDATE_STEER)
def ring() -> Response | tuple[str, int]:
    """Put a device into a ring."""
    device, code = request.form.get("perangkat", "")[:63], request.form.get("gelombang", "")[:16]
    try:
        put_in_ring(db(), kind="device", target=device, ring=code, actor=signed_in().name, now=parts().now())
    except InputError as error:
        roll_back()
        return _page(str(error)), 422
    flash(_("Gelombang perangkat diganti."))
    return _back()


def _change(rollout: int, to: RolloutState, reason: str) -> Response | tuple[str, int]:
    row = _rollout(rollout)
    try:
        change_rollout(db(), row, to, actor=signed_in().name, now=parts().now(), reason=reason)
    except InputError as error:
        roll_back()
        return _page(str(error)), 422
    return _back()


def _rollout(rollout: int) -> Rollout:
    row = db().get(Rollout, rollout)
    if row is None:
        abort(404)
    return row


def _back() -> Response:
    return redirect(url_for("updates.page"), code=303)


def _page(mistake: str = "") -> str:
    reach = own_reach(Permission.UPDATE_SEE)
    rows = software_rows(db(), reach)
    views = rollout_views(db(), reach)
    return render_template(
        "updates/page.html",
        rows=rows,
        rollouts=views,
        versions=versions_of(rows),
        releases=list_releases(db()),
        rings=rings_of(db()),
        words=ROLLOUT_WORDS,
        open_boards={view.row.board for view in views if view.row.state in ("running", "paused")},
        mistake=mistake,
    )
