"""What a viewer filtered and chose in the list of employees, read from an address or a form."""

from collections.abc import Callable
from typing import Any

from flask import flash, redirect, request, url_for
from flask_babel import gettext as _
from werkzeug.datastructures import MultiDict
from werkzeug.wrappers import Response

from hub.errors import InputError
from hub.people.staff.access import directory
from hub.people.staff.directory import StaffLine, Standing, Wanted
from hub.web.transaction import roll_back
from hub.web.typed.whole_numbers import whole_number

MAX_WORDS = 60


def wanted_in(values: MultiDict[str, str]) -> Wanted:
    """Return what an address or a form filters by; what cannot be read filters nothing."""
    standings = {str(standing): standing for standing in Standing}
    return Wanted(
        opd=values.get("opd", type=whole_number),
        unit=values.get("unit", type=whole_number),
        words=values.get("cari", "").strip()[:MAX_WORDS],
        standing=standings.get(values.get("keadaan", ""), Standing.ACTIVE),
    )


def as_arguments(wanted: Wanted) -> dict[str, Any]:
    """Return the filter as arguments of an address; what filters nothing is left out."""
    is_all = wanted.standing is Standing.ACTIVE
    given = {
        "opd": wanted.opd,
        "unit": wanted.unit,
        "cari": wanted.words,
        "keadaan": "" if is_all else str(wanted.standing),
    }
    return {name: value for name, value in given.items() if value}


def chosen(limit: int) -> tuple[StaffLine, ...]:
    """Return whom a form chose: those ticked, or everybody whom its filter finds.

    Raises:
        InputError: nobody, or more than one request can serve.
    """
    if request.form.get("semua") == "ya":
        lines = directory().all(wanted_in(request.form))
    else:
        lines = directory().some(request.form.getlist("pegawai", type=whole_number))
    if not lines:
        raise InputError(_("Pilih dulu pegawainya: centang, atau pilih semua yang tersaring."))
    if len(lines) > limit:
        raise InputError(
            _(
                "%(count)s pegawai terlalu banyak untuk sekali jalan; saring menurut OPD sampai %(limit)s.",
                count=len(lines),
                limit=limit,
            )
        )
    return lines


def back_to_list() -> Response:
    """Return to the list as it was filtered."""
    return redirect(url_for("staff.people", **as_arguments(wanted_in(request.form))), code=303)


def told(act: Callable[[], object], done: str, *, back: Response) -> Response:
    """Do something and say so; what the hub refuses is said and undone."""
    try:
        act()
        flash(done)
    except InputError as error:
        roll_back()
        flash(str(error), "bad")
    return back
