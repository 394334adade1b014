"""Ordinary hours from a day on (calendars), and other hours for some weeks, as in Ramadan (periods)."""

from collections.abc import Sequence

import msgspec
from sqlalchemy import Select, select

from hub.errors import InputError, NotFoundError
from hub.hadir.editing.desk import Desk, Field, Input, Row, Values, Words
from hub.hadir.editing.preview import Effect
from hub.hadir.editing.scope import may_edit, may_see, name_of
from hub.hadir.editing.typed import (
    date_of,
    hours_text,
    optional_date_of,
    span_of,
    text_of,
    week_fields,
    week_of_values,
)
from hub.hadir.editing.whom import scope_fields, subject_meant
from hub.hadir.models import HoursPeriod, WorkCalendar
from hub.hadir.results.calendar import Scope, Subject
from hub.web.i18n import N_
from hub.web.typed.whole_numbers import is_whole_number

_Scoped = WorkCalendar | HoursPeriod


class Calendars:
    """The editor of ordinary hours."""

    words = Words(
        "jam-kerja",
        N_("Jam kerja"),
        N_("Yang terkuat berlaku: pegawai, lalu unit, OPD, kota. Baris baru berlaku sejak tanggalnya."),
        (N_("Nama"), N_("Berlaku untuk"), N_("Sejak"), N_("Sampai"), N_("Senin")),
    )

    def rows(self, desk: Desk) -> Sequence[Row]:
        """Return all calendars, the newest first."""
        query = select(WorkCalendar).order_by(WorkCalendar.valid_from.desc(), WorkCalendar.id)
        return [
            Row(
                str(row.id),
                (row.name, _for(desk, row), row.valid_from, row.valid_to or "", _monday(row.hours)),
                _may(desk, row),
                row.is_example,
            )
            for row in desk.db.scalars(query)
            if may_see(desk.db, _subject(row), reach=desk.reach, today=desk.today)
        ]

    def fields(self, desk: Desk, key: str) -> Sequence[Field]:
        """Return the form."""
        row = _calendar(desk, key) if key else None
        until = f"{row.valid_to}" if row and row.valid_to else ""
        return [
            Field("nama", N_("Nama"), value=row.name if row else ""),
            Field("mulai", N_("Sejak"), Input.DATE, f"{row.valid_from}" if row else ""),
            Field("selesai", N_("Sampai"), Input.DATE, until, is_needed=False),
            *_scope_fields(desk, row),
            *week_fields(_week(row.hours) if row else {}),
        ]

    def save(self, desk: Desk, values: Values, key: str) -> Effect:
        """Keep a calendar."""
        name = text_of(values, "nama", "nama jam kerja", longest=80)
        first, last = date_of(values, "mulai", "sejak"), optional_date_of(values, "selesai", "sampai")
        if last is not None and last < first:
            raise InputError("Sampai lebih awal daripada sejak; tukar keduanya.")
        hours = week_of_values(values)
        row = _calendar(desk, key) if key else WorkCalendar(**_scope(desk, values))
        before = row.valid_from if key else first
        twin = select(WorkCalendar.id).filter_by(
            valid_from=first, scope=row.scope, scope_number=row.scope_number
        )
        _refuse_twin(
            desk, twin, row.id, f"Sudah ada jam kerja sejak {first} untuk bagian itu; ubah yang ada."
        )
        row.name, row.valid_from, row.valid_to, row.hours, row.is_example = name, first, last, hours, False
        desk.db.add(row)
        desk.db.flush()
        return Effect(_subject(row), min(before, first), desk.today)

    def remove(self, desk: Desk, key: str) -> Effect:
        """Take a calendar away."""
        row = _calendar(desk, key)
        desk.db.delete(row)
        desk.db.flush()
        return Effect(_subject(row), row.valid_from, desk.today)


class Periods:
    """The editor of other hours for some weeks."""

    words = Words(
        "periode",
        N_("Periode khusus"),
        N_("Ramadan dan jam lain yang berlaku beberapa minggu; tanggalnya boleh digeser setelah isbat."),
        (N_("Nama"), N_("Berlaku untuk"), N_("Mulai"), N_("Selesai"), N_("Senin")),
    )

    def rows(self, desk: Desk) -> Sequence[Row]:
        """Return all periods, the newest first."""
        query = select(HoursPeriod).order_by(HoursPeriod.first.desc(), HoursPeriod.id)
        return [
            Row(
                str(row.id),
                (row.name, _for(desk, row), row.first, row.last, _monday(row.hours)),
                _may(desk, row),
                row.is_example,
            )
            for row in desk.db.scalars(query)
            if may_see(desk.db, _subject(row), reach=desk.reach, today=desk.today)
        ]

    def fields(self, desk: Desk, key: str) -> Sequence[Field]:
        """Return the form."""
        row = _period(desk, key) if key else None
        return [
            Field("nama", N_("Nama"), value=row.name if row else ""),
            Field("mulai", N_("Mulai"), Input.DATE, f"{row.first}" if row else ""),
            Field("selesai", N_("Selesai"), Input.DATE, f"{row.last}" if row else ""),
            *_scope_fields(desk, row),
            *week_fields(_week(row.hours) if row else {}),
        ]

    def save(self, desk: Desk, values: Values, key: str) -> Effect:
        """Keep a period; both its old and its new days may change."""
        name = text_of(values, "nama", "nama periode", longest=80)
        first, last = span_of(values, "Periode")
        hours = week_of_values(values)
        row = _period(desk, key) if key else HoursPeriod(**_scope(desk, values))
        old_first, old_last = (row.first, row.last) if key else (first, last)
        twin = select(HoursPeriod.id).filter_by(name=name, scope=row.scope, scope_number=row.scope_number)
        _refuse_twin(desk, twin, row.id, f"Periode {name!r} sudah ada untuk bagian itu; ubah yang ada.")
        row.name, row.first, row.last, row.hours, row.is_example = name, first, last, hours, False
        desk.db.add(row)
        desk.db.flush()
        return Effect(_subject(row), min(old_first, first), max(old_last, last))

    def remove(self, desk: Desk, key: str) -> Effect:
        """Take a period away."""
        row = _period(desk, key)
        desk.db.delete(row)
        desk.db.flush()
        return Effect(_subject(row), row.first, row.last)


def _calendar(desk: Desk, key: str) -> WorkCalendar:
    row = desk.db.get(WorkCalendar, int(key)) if is_whole_number(key) else None
    if row is None or not _may(desk, row):
        raise NotFoundError(f"jam kerja {key}")
    return row


def _period(desk: Desk, key: str) -> HoursPeriod:
    row = desk.db.get(HoursPeriod, int(key)) if is_whole_number(key) else None
    if row is None or not _may(desk, row):
        raise NotFoundError(f"periode {key}")
    return row


def _subject(row: _Scoped) -> Subject:
    return Subject(Scope(row.scope), row.scope_number)


def _may(desk: Desk, row: _Scoped) -> bool:
    return may_edit(desk.db, _subject(row), reach=desk.reach, today=desk.today)


def _for(desk: Desk, row: _Scoped) -> str:
    return name_of(desk.db, _subject(row))


def _scope(desk: Desk, values: Values) -> dict[str, object]:
    subject = subject_meant(desk, values)
    return {"scope": subject.scope, "scope_number": subject.number}


def _scope_fields(desk: Desk, row: _Scoped | None) -> list[Field]:
    if row is None:
        return scope_fields(desk)
    person = str(row.scope_number) if row.scope == Scope.PERSON else ""
    return scope_fields(desk, f"{row.scope}:{row.scope_number}", person, is_fixed=True)


def _refuse_twin(desk: Desk, twin: Select[int], own: int | None, words: str) -> None:
    if any(number != own for number in desk.db.scalars(twin)):
        raise InputError(words)


def _week(text: str) -> dict[str, list[str]]:
    return msgspec.json.decode(text, type=dict[str, list[str]])


def _monday(text: str) -> str:
    return hours_text(_week(text).get("0", ())) or "-"
