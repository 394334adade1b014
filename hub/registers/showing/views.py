"""For everybody, without scripts: how areas are renewed, and which trainings there are."""

from collections import defaultdict
from itertools import groupby
from typing import Any

from flask import Blueprint, Response, abort, render_template
from sqlalchemy import Select

from hub.cases.attachments.kept import JPEG
from hub.cases.attachments.serving import serve
from hub.cases.bookings.courses import FIELD, SERVICE, taken_of
from hub.cases.forms.filled import ANSWER
from hub.people.permissions import Permission
from hub.registers.keeping.models import RegisterRow
from hub.registers.keeping.publishing import published
from hub.registers.kind.reading import kind_of
from hub.registers.kind.rules import plain
from hub.registers.kind.wording import words_of
from hub.registers.screens.access import pictures_folder, today
from hub.registers.showing.enrolling import training_of
from hub.web.guarding.guard import needs
from hub.web.transaction import db

blueprint = Blueprint("register_showing", __name__)

_SIDES = ("sebelum", "sesudah")
_MOST = 200


@blueprint.get("/kawasan")
@needs(Permission.PUBLIC)
def areas() -> str:
    """Show projects by area, each with its milestones, before and after."""
    steps: dict[str, list[RegisterRow]] = defaultdict(list)
    for one in _published("tonggak"):
        steps[plain(str(one.values["proyek"]))].append(one)
    for found in steps.values():
        found.sort(key=lambda one: str(one.values["rencana"]))
    projects = sorted(_published("proyek"), key=lambda one: (_area(one).casefold(), one.title.casefold()))
    by_area = [(name, list(some)) for name, some in groupby(projects, key=_area)]
    return render_template(
        "registers/showing/areas.html",
        areas=by_area,
        steps=lambda one: steps[plain(str(one.values["kode"]))],
        said=_said("proyek"),
        step_said=_said("tonggak"),
        tone=_tone,
    )


@blueprint.get("/kawasan/<int:number>/<side>")
@needs(Permission.PUBLIC)
def still(number: int, side: str) -> Response:
    """Give the still of a project before or after."""
    found = db().scalars(_query("proyek").where(RegisterRow.id == number)).first()
    if found is None or side not in _SIDES or side not in found.values:
        abort(404)
    return serve(pictures_folder(), str(found.values[side]), JPEG, name=f"proyek-{side}", is_public=True)


@blueprint.get("/pelatihan")
@needs(Permission.PUBLIC)
def trainings() -> str:
    """Show trainings, the next one first, and where to enrol."""
    found = [training_of(row) for row in _published("pelatihan")]
    found.sort(key=lambda one: one.begins_on, reverse=True)
    return render_template(
        "registers/showing/trainings.html",
        trainings=found,
        enrolled=taken_of(db(), [one.row.id for one in found]),
        today=today(),
        service=SERVICE,
        prefill=f"{ANSWER}{FIELD}",
        said=_said("pelatihan"),
        tone=_tone,
    )


def _published(code: str) -> list[RegisterRow]:
    return list(db().scalars(_query(code).limit(_MOST)))


def _query(code: str) -> Select[RegisterRow, int]:
    return published(kind_of(code), today())


def _area(row: RegisterRow) -> str:
    return str(row.values.get("kawasan", ""))


def _said(code: str) -> Any:
    kind = kind_of(code)
    return lambda row, name: words_of(kind.field(name), row.values.get(name))


def _tone(row: RegisterRow) -> str:
    choice = kind_of(row.kind).field("status").choice(str(row.values.get("status", "")))
    return choice.tone if choice and choice.tone else "idle"
