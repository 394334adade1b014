"""The shift roster, day by day; whole months come from a file."""

from collections.abc import Sequence
from datetime import date, timedelta

import msgspec
from sqlalchemy import select

from hub.errors import NotFoundError
from hub.hadir.editing.desk import Desk, Field, Input, Row, Values, Words
from hub.hadir.editing.preview import Effect
from hub.hadir.editing.typed import date_of, hours_of_text, hours_text, text_of
from hub.hadir.editing.whom import person_field, person_meant
from hub.hadir.models import WorkShift
from hub.hadir.results.calendar import Scope, Subject
from hub.people.models import Person
from hub.people.reach import people_within
from hub.web.i18n import N_
from hub.web.typed.dates import typed_day
from hub.web.typed.whole_numbers import whole_number

MAX_SHOWN = 200


class Shifts:
    """The editor of single days of the roster."""

    words = Words(
        "giliran",
        N_("Jadwal giliran"),
        N_("Satu baris satu orang satu hari; giliran boleh melewati tengah malam."),
        (N_("Pegawai"), N_("Hari"), N_("Giliran"), N_("Jam kerja")),
    )

    def rows(self, desk: Desk) -> Sequence[Row]:
        """Return the newest days within reach."""
        query = select(WorkShift, Person).join(Person, Person.number == WorkShift.person_number)
        if not desk.reach.is_city:
            query = query.where(WorkShift.person_number.in_(_within(desk)))
        query = query.order_by(WorkShift.day.desc(), WorkShift.person_number).limit(MAX_SHOWN)
        return [
            Row(
                f"{row.person_number}:{row.day}",
                (f"{person.short_name} ({person.number})", row.day, row.name, _hours(row) or "-"),
            )
            for row, person in desk.db.execute(query)
        ]

    def fields(self, desk: Desk, key: str) -> Sequence[Field]:
        """Return the form."""
        row = _found(desk, key) if key else None
        is_fixed = row is not None
        number, day = (f"{row.person_number}", f"{row.day}") if row else ("", "")
        hint = N_("Misalnya 22.00-06.00+1 (selesai esok hari). Kosong: lepas giliran.")
        return [
            person_field(desk, "nomor", number, is_fixed=is_fixed),
            Field("hari", N_("Hari"), Input.DATE, day, is_fixed=is_fixed),
            Field("giliran", N_("Giliran"), value=row.name if row else "", is_needed=False),
            Field("jam", N_("Jam kerja"), value=_hours(row) if row else "", hint=hint, is_needed=False),
        ]

    def save(self, desk: Desk, values: Values, key: str) -> Effect:
        """Keep one day of one person; what the roster said before is replaced."""
        if key:
            old = _found(desk, key)
            number, day = old.person_number, old.day
        else:
            number, day = person_meant(desk, values.get("nomor", "")), date_of(values, "hari", "hari")
        hours = hours_of_text(values.get("jam", ""), "jam kerja")
        name = text_of(values, "giliran", "giliran", longest=40, is_needed=False)
        text = msgspec.json.encode(hours).decode() if hours else None
        name = name or ("giliran" if hours else "lepas giliran")
        desk.db.merge(WorkShift(person_number=number, day=day, name=name, hours=text))
        desk.db.flush()
        return _effect(number, day)

    def remove(self, desk: Desk, key: str) -> Effect:
        """Take a day out of the roster: the ordinary hours hold again."""
        row = _found(desk, key)
        desk.db.delete(row)
        desk.db.flush()
        return _effect(row.person_number, row.day)


def _effect(number: int, day: date) -> Effect:
    # A night shift also decides until when the day before may be left.
    return Effect(Subject(Scope.PERSON, number), day - timedelta(days=1), day)


def _found(desk: Desk, key: str) -> WorkShift:
    number, _, day = key.partition(":")
    try:
        row = desk.db.get(WorkShift, (whole_number(number), typed_day(day)))
    except ValueError:
        row = None
    if row is None or (not desk.reach.is_city and row.person_number not in _within(desk)):
        raise NotFoundError(f"giliran {key}")
    return row


def _within(desk: Desk) -> frozenset[int]:
    return frozenset(one.number for one in people_within(desk.db, desk.reach, desk.today, desk.today))


def _hours(row: WorkShift) -> str:
    return "" if row.hours is None else hours_text(msgspec.json.decode(row.hours, type=list[str]))
