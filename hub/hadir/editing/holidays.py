"""Free days and the decree behind each: national, joint leave (cuti bersama), local."""

from collections.abc import Sequence

from sqlalchemy import select

from hub.errors import InputError, NotFoundError
from hub.hadir.editing.desk import Desk, Field, Input, Row, Values, Words
from hub.hadir.editing.preview import Effect
from hub.hadir.editing.scope import may_edit, may_see, name_of
from hub.hadir.editing.typed import date_of, text_of
from hub.hadir.editing.whom import scope_fields, subject_meant
from hub.hadir.models import PublicHoliday
from hub.hadir.results.calendar import Scope, Subject
from hub.web.i18n import N_
from hub.web.typed.whole_numbers import is_whole_number

KINDS = {"national": N_("libur nasional"), "joint-leave": N_("cuti bersama"), "local": N_("libur setempat")}


class Holidays:
    """The editor of free days."""

    words = Words(
        "libur",
        N_("Hari libur"),
        N_("Libur nasional dan cuti bersama mengikuti SKB; libur setempat mengikuti keputusan wali kota."),
        (N_("Hari"), N_("Nama"), N_("Jenis"), N_("Keputusan"), N_("Berlaku untuk")),
    )

    def rows(self, desk: Desk) -> Sequence[Row]:
        """Return all free days, the newest first."""
        query = select(PublicHoliday).order_by(PublicHoliday.day.desc(), PublicHoliday.id)
        return [
            Row(
                str(row.id),
                (row.day, row.name, KINDS[row.kind], row.decree, name_of(desk.db, _subject(row))),
                may_edit(desk.db, _subject(row), reach=desk.reach, today=desk.today),
                row.is_example,
            )
            for row in desk.db.scalars(query)
            if may_see(desk.db, _subject(row), reach=desk.reach, today=desk.today)
        ]

    def fields(self, desk: Desk, key: str) -> Sequence[Field]:
        """Return the form."""
        row = _row(desk, key) if key else None
        scope = f"{row.scope}:{row.scope_number}" if row else ""
        person = str(row.scope_number) if row and row.scope == Scope.PERSON else ""
        return [
            Field("hari", N_("Hari"), Input.DATE, f"{row.day}" if row else ""),
            Field("nama", N_("Nama"), value=row.name if row else ""),
            Field("jenis", N_("Jenis"), Input.CHOICE, row.kind if row else "", tuple(KINDS.items())),
            Field("keputusan", N_("Keputusan"), value=row.decree if row else "", is_needed=False),
            *scope_fields(desk, scope, person, is_fixed=row is not None),
        ]

    def save(self, desk: Desk, values: Values, key: str) -> Effect:
        """Keep a free day."""
        day, kind = date_of(values, "hari", "hari"), values.get("jenis", "")
        if kind not in KINDS:
            raise InputError("Pilih jenis libur.")
        name = text_of(values, "nama", "nama libur", longest=80)
        decree = text_of(values, "keputusan", "keputusan", longest=80, is_needed=False)
        row = _row(desk, key) if key else _new(desk, values)
        before = row.day if key else day
        twin = select(PublicHoliday.id).filter_by(day=day, scope=row.scope, scope_number=row.scope_number)
        if any(number != row.id for number in desk.db.scalars(twin)):
            raise InputError(f"{day} sudah libur untuk bagian itu; ubah baris yang ada.")
        row.day, row.name, row.kind, row.decree, row.is_example = day, name, kind, decree, False
        desk.db.add(row)
        desk.db.flush()
        return Effect(_subject(row), min(before, day), max(before, day))

    def remove(self, desk: Desk, key: str) -> Effect:
        """Take a free day away."""
        row = _row(desk, key)
        desk.db.delete(row)
        desk.db.flush()
        return Effect(_subject(row), row.day, row.day)


def _new(desk: Desk, values: Values) -> PublicHoliday:
    subject = subject_meant(desk, values)
    return PublicHoliday(scope=subject.scope, scope_number=subject.number)


def _row(desk: Desk, key: str) -> PublicHoliday:
    row = desk.db.get(PublicHoliday, int(key)) if is_whole_number(key) else None
    if row is None or not may_edit(desk.db, _subject(row), reach=desk.reach, today=desk.today):
        raise NotFoundError(f"libur {key}")
    return row


def _subject(row: PublicHoliday) -> Subject:
    return Subject(Scope(row.scope), row.scope_number)
