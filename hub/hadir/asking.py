"""What an address of attendance asks for: a month, an OPD, a unit; never more than one's grant reaches."""

from dataclasses import dataclass
from datetime import date, datetime, time
from decimal import Decimal

from flask import abort, request
from flask_babel import gettext as _
from sqlalchemy import select

from hub.errors import NotFoundError
from hub.hadir.results.publishing.outcomes import last_of
from hub.hadir.results.reading.rows import month_of
from hub.hadir.results.showing.recap import Recap, recap_of
from hub.people.models import Opd, Unit
from hub.people.permissions import Permission
from hub.people.reach import PlacedPerson, Reach, opds_within, people_within, reach_of
from hub.web.formats import day_text, moment_text
from hub.web.guarding.guard import signed_in
from hub.web.i18n import language
from hub.web.parts import parts
from hub.web.transaction import db
from hub.web.typed.dates import typed_month
from hub.web.typed.whole_numbers import whole_number


@dataclass(frozen=True, slots=True)
class Asked:
    """A month and a part of the city, as far as the viewer reaches; ``unit`` None: all of the OPD."""

    reach: Reach
    month: date
    opds: tuple[Opd, ...]
    opd: Opd | None
    units: tuple[Unit, ...]
    unit: Unit | None

    @property
    def label(self) -> str:
        """The name of the part, for headings and files."""
        if self.opd is None:
            return ""
        return f"{self.opd.name} · {self.unit.name}" if self.unit else self.opd.name

    @property
    def arguments(self) -> dict[str, str | int | None]:
        """The address of the same part and month."""
        return {
            "opd": self.opd.number if self.opd else None,
            "unit": self.unit.number if self.unit else None,
            "bulan": f"{self.month:%Y-%m}",
        }


def reach_for(permission: Permission) -> Reach:
    """Return how far the viewer's permission reaches."""
    return reach_of(db(), signed_in().account_id, permission, parts().now())


def asked(permission: Permission = Permission.HADIR_SEE) -> Asked:
    """Return what the address asks for.

    Raises:
        NotFoundError: an OPD or unit out of reach.
    """
    month, reach = chosen_month(), reach_for(permission)
    opds = opds_within(db(), reach, last_of(month))
    opd = chosen_opd(opds)
    units = _units(opd, reach)
    return Asked(reach, month, opds, opd, units, _chosen_unit(units))


def people_asked(what: Asked) -> tuple[PlacedPerson, ...]:
    """Return who worked there in that month, by name."""
    if what.opd is None:
        return ()
    people = people_within(
        db(), what.reach, what.month, last_of(what.month), opd=what.opd.number, also_left=True
    )
    return tuple(one for one in people if what.unit is None or one.unit == what.unit.number)


def recap_asked(what: Asked) -> Recap:
    """Return the recap of the part and month."""
    return recap_of(db(), people=people_asked(what), month=what.month, today=today(), zone=parts().zone)


def today() -> date:
    """Return the date in the city."""
    return parts().now().astimezone(parts().zone).date()


def chosen_month() -> date:
    """Return the first of the month that was asked for; this month by default."""
    text = request.args.get("bulan", "")
    try:
        return typed_month(text) if text else month_of(today())
    except ValueError:
        abort(404)


def chosen_opd(opds: tuple[Opd, ...]) -> Opd | None:
    """Return the OPD that was asked for, the first one by default.

    Raises:
        NotFoundError: not one of those within reach.
    """
    wanted = request.args.get("opd", type=whole_number)
    if wanted is None:
        return opds[0] if opds else None
    found = next((opd for opd in opds if opd.number == wanted), None)
    if found is None:
        raise NotFoundError(f"OPD {wanted}")
    return found


def complete_words(found: Recap) -> str:
    """Say how far the data go."""
    if found.complete_until is None:
        return str(_("belum diketahui: ada pembaca yang belum mengirim"))
    return moment_text(found.complete_until, parts().zone, language())


def percent_text(percent: Decimal) -> str:
    """Return as ``1,5``, without zeros that say nothing."""
    text = f"{percent.normalize():f}"
    return text if language() == "en" else text.replace(".", ",")


def day_words(day: date) -> str:
    """Return as ``Sab 21 Nov 2026``."""
    zone = parts().zone
    return day_text(datetime.combine(day, time(12), zone), zone, language())


def _units(opd: Opd | None, reach: Reach) -> tuple[Unit, ...]:
    if opd is None:
        return ()
    units = db().scalars(select(Unit).where(Unit.opd == opd.number).order_by(Unit.name, Unit.number))
    return tuple(unit for unit in units if reach.holds(opd.number, unit.number))


def _chosen_unit(units: tuple[Unit, ...]) -> Unit | None:
    text = request.args.get("unit", "")
    if not text:
        return None
    found = next((unit for unit in units if str(unit.number) == text), None)
    if found is None:
        raise NotFoundError(f"unit {text}")
    return found
