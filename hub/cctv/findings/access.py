"""What a request may see of findings and who acts in it; shared by their screens."""

from datetime import date
from pathlib import Path

from flask import request

from hub.cctv.findings.desk import FindingDesk
from hub.cctv.findings.kinds import Rules, read_rules
from hub.cctv.findings.register import FindingLine, Register
from hub.errors import InputError
from hub.people.permissions import Permission
from hub.people.reach import reach_of
from hub.web.guarding.guard import signed_in
from hub.web.parts import parts
from hub.web.transaction import db
from hub.web.typed.dates import typed_day


def today() -> date:
    """Return the date in the city."""
    here = parts()
    return here.now().astimezone(here.zone).date()


def rules() -> Rules:
    """Return who acts on what: the city's file, or ours."""
    chosen = parts().config.findings.kinds
    return read_rules(Path(chosen) if chosen else None)


def register(permission: Permission = Permission.FINDING_SEE) -> Register:
    """Return the findings for which the viewer holds a permission."""
    return Register(db(), reach_of(db(), signed_in().account_id, permission, parts().now()))


def desk() -> FindingDesk:
    """Return what the viewer does with findings; for requests that write."""
    here = parts()
    return FindingDesk(
        db(), who=signed_in(), now=here.now(), zone=here.zone, folder=Path(here.config.folder), rules=rules()
    )


def is_maker() -> bool:
    """Return whether the viewer stands on the side that finds."""
    return signed_in().may(Permission.FINDING_MAKE)


def is_answerer(line: FindingLine) -> bool:
    """Return whether the viewer answers for the OPD that a finding was sent to."""
    reach = reach_of(db(), signed_in().account_id, Permission.FINDING_ANSWER, parts().now())
    opd = line.finding.opd
    return opd is not None and (reach.is_city or opd in reach.opds)


def day_field(name: str) -> date | None:
    """Return a date of the form; empty is none.

    Raises:
        InputError: it is no date.
    """
    text = request.form.get(name, "").strip()
    try:
        return typed_day(text) if text else None
    except ValueError as error:
        raise InputError("Isi tanggal sebagai TTTT-BB-HH, misalnya 2026-11-23.") from error


def number_field(name: str) -> float | None:
    """Return a number of the form, with comma or point; empty is none.

    Raises:
        InputError: it is no number.
    """
    text = request.form.get(name, "").strip().replace(",", ".")
    try:
        return float(text) if text else None
    except ValueError as error:
        raise InputError(f"Isi {name} dengan angka, misalnya 2,5.") from error
