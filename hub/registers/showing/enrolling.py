"""Trainings as something to enrol for: found by code or name, with the places left for enrolments."""

from dataclasses import dataclass
from datetime import date

from sqlalchemy.orm import Session

from hub.registers.keeping.models import RegisterRow
from hub.registers.keeping.publishing import published
from hub.registers.kind.reading import kind_of
from hub.registers.kind.rules import plain


@dataclass(frozen=True, slots=True)
class Training:
    """A training of the register; ``places`` without those whom officers put down themselves."""

    row: RegisterRow
    begins_on: date
    places: int | None
    is_open: bool


def training_of(row: RegisterRow) -> Training:
    """Return a row of trainings as something to enrol for."""
    values = row.values
    quota = values.get("kuota")
    places = None if quota is None else max(0, int(quota) - int(values.get("peserta") or 0))
    is_open = values.get("status") == "dibuka"
    return Training(row, date.fromisoformat(str(values["mulai"])), places, is_open)


def find_training(db: Session, typed: str, today: date) -> Training | None:
    """Return the training that somebody means by its code or its name, if it is published."""
    wanted = plain(typed)
    for row, _owner in db.execute(published(kind_of("pelatihan"), today)):
        if wanted in (plain(str(row.values["kode"])), plain(str(row.values["nama"]))):
            return training_of(row)
    return None
