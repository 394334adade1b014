"""/slot/<service>: which hours of an office are free this week; each leads to the form, filled in."""

from datetime import date, datetime, timedelta
from typing import Any

from flask import Blueprint, abort, render_template, request, url_for

from hub.cases.bookings.courses import PAGE, SERVICE
from hub.cases.bookings.slots import free_slots, plan_of, resource_of
from hub.cases.definition.service import ServiceDefinition
from hub.cases.forms.filled import ANSWER
from hub.cases.keeping.access import engine
from hub.cases.keeping.versions import newest
from hub.people.permissions import Permission
from hub.web.guarding.guard import needs
from hub.web.parts import parts
from hub.web.transaction import db
from hub.web.typed.dates import typed_day

blueprint = Blueprint("slots", __name__)

_DAYS = 7


@blueprint.get("/slot/<service>")
@needs(Permission.PUBLIC)
def week(service: str) -> str:
    """Show a week of one office, once it is chosen."""
    plan, definition = plan_of(service), newest(db(), service)
    if plan is None or definition is None:
        abort(404)
    here = parts()
    fields = [field for field in definition.first_form if field.id in plan.resource]
    chosen = {field.id: _chosen(definition, field.id) for field in fields}
    first = _first_day()
    days = [first + timedelta(days=number) for number in range(_DAYS)]
    found = (
        free_slots(
            db(),
            plan,
            resource_of(service, plan, chosen),
            days,
            working_days=engine().working_days(db()),
            now=here.now(),
            zone=here.zone,
        )
        if all(chosen.values())
        else []
    )
    prefix = {ANSWER + name: text for name, text in chosen.items()}

    def address(at: datetime) -> str:
        local = at.astimezone(here.zone)
        asked: dict[str, Any] = {
            **prefix,
            f"{ANSWER}day": f"{local:%Y-%m-%d}",
            f"{ANSWER}{plan.begin}": f"{local:%H:%M}",
        }
        return url_for("services.form", service=service, **asked)

    return render_template(
        "cases/bookings/slots.html",
        service=definition,
        fields=fields,
        chosen=chosen,
        days=found,
        address=address,
        before=first - timedelta(days=_DAYS),
        after=first + timedelta(days=_DAYS),
    )


@blueprint.app_template_global("slots_for")
def slots_for(service: str) -> str:
    """Return the page of a service's slots; empty when it has none."""
    return "" if plan_of(service) is None else url_for("slots.week", service=service)


@blueprint.app_template_global("courses_for")
def courses_for(service: str) -> str:
    """Return the page of the trainings that a service enrols for; empty when it enrols for none."""
    return PAGE if service == SERVICE else ""


def _chosen(definition: ServiceDefinition, name: str) -> str:
    field = next(each for each in definition.fields if each.id == name)
    asked = request.args.get(name, "")
    return asked if asked in {choice.id for choice in field.choices} else ""


def _first_day() -> date:
    here = parts()
    today = here.now().astimezone(here.zone).date()
    try:
        return max(today, typed_day(request.args.get("dari", "")))
    except ValueError:
        return today
