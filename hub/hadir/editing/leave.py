"""Leave and duties, one by one: cuti, sakit, izin, dinas luar, WFA, tugas belajar; also half a day."""

from collections.abc import Mapping, Sequence

from sqlalchemy import select

from hub.errors import InputError, NotFoundError
from hub.hadir.editing.desk import Desk, Field, Input, Row, Values, Words
from hub.hadir.editing.files.leave import PARTS, keep_leave, leave_of_cells
from hub.hadir.editing.preview import Effect
from hub.hadir.editing.whom import person_field, person_meant
from hub.hadir.models import PersonLeave
from hub.hadir.results.calendar import LeaveKind, Scope, Subject
from hub.people.importing.cells import BadCell
from hub.people.models import Person, Placement
from hub.web.i18n import N_
from hub.web.typed.whole_numbers import is_whole_number

KINDS = {
    LeaveKind.ANNUAL: N_("cuti"),
    LeaveKind.SICK: N_("sakit"),
    LeaveKind.PERMISSION: N_("izin"),
    LeaveKind.DUTY_TRAVEL: N_("dinas luar"),
    LeaveKind.WORK_FROM_ANYWHERE: N_("bekerja dari mana saja (WFA)"),
    LeaveKind.STUDY: N_("tugas belajar"),
}
PART_NAMES = {"penuh": N_("sehari penuh"), "pagi": N_("pagi saja"), "siang": N_("siang saja")}
_PART_OF: dict[str, str] = {PARTS[name]: name for name in PART_NAMES}
MAX_SHOWN = 200


class Leaves:
    """The editor of leave and duties."""

    words = Words(
        "izin",
        N_("Cuti, izin, dinas luar"),
        N_("Yang sudah disetujui di atas kertas. Yang dicabut tetap tercatat dan tidak lagi dihitung."),
        (N_("Pegawai"), N_("Jenis"), N_("Mulai"), N_("Selesai"), N_("Bagian"), N_("Dokumen")),
    )

    def rows(self, desk: Desk) -> Sequence[Row]:
        """Return the newest leaves within reach that count."""
        query = (
            select(PersonLeave, Person)
            .join(Person, Person.number == PersonLeave.person_number)
            .where(PersonLeave.is_withdrawn.is_(False))
            .order_by(PersonLeave.first.desc(), PersonLeave.id.desc())
        )
        if not desk.reach.is_city:
            mine = select(Placement.person_number).where(desk.reach.condition())
            query = query.where(PersonLeave.person_number.in_(mine))
        return [
            Row(
                str(row.id),
                (
                    f"{person.short_name} ({person.number})",
                    KINDS[LeaveKind(row.kind)],
                    row.first,
                    row.last,
                    PART_NAMES[_PART_OF[row.part]],
                    row.document,
                ),
            )
            for row, person in desk.db.execute(query.limit(MAX_SHOWN))
        ]

    def fields(self, desk: Desk, key: str) -> Sequence[Field]:
        """Return the form."""
        row = _found(desk, key) if key else None
        return [
            person_field(
                desk, "nomor", f"{row.person_number}" if row else "", is_fixed=row is not None
            ),
            Field("jenis", N_("Jenis"), Input.CHOICE, row.kind if row else "", tuple(KINDS.items())),
            Field("mulai", N_("Mulai"), Input.DATE, f"{row.first}" if row else "", is_fixed=row is not None),
            Field("selesai", N_("Selesai"), Input.DATE, f"{row.last}" if row else ""),
            Field(
                "bagian", N_("Bagian hari"), Input.CHOICE, _PART_OF[row.part] if row else "penuh",
                tuple(PART_NAMES.items()), is_fixed=row is not None,
            ),
            Field("dokumen", N_("Nomor surat"), value=row.document if row else "", is_needed=False),
        ]  # fmt: skip

    def save(self, desk: Desk, values: Values, key: str) -> Effect:
        """Keep a leave; the same person, first day and part again replaces it."""
        old = _found(desk, key) if key else None
        fixed = (
            {"nomor": f"{old.person_number}", "mulai": f"{old.first}", "bagian": _PART_OF[old.part]}
            if old
            else {}
        )
        try:
            row = leave_of_cells({**values, **fixed}, lambda cells: _person(desk, cells, old), desk.actor)
        except BadCell as bad:
            raise InputError(f"{bad.sentence[0].upper()}{bad.sentence[1:]}.") from bad
        last = max(row.last, old.last) if old else row.last
        effect = Effect(Subject(Scope.PERSON, row.person_number), row.first, last)
        keep_leave(desk.db, row)
        return effect

    def remove(self, desk: Desk, key: str) -> Effect:
        """Withdraw a leave."""
        row = _found(desk, key)
        row.is_withdrawn = True
        desk.db.flush()
        return Effect(Subject(Scope.PERSON, row.person_number), row.first, row.last)


def _person(desk: Desk, cells: Mapping[str, str], old: PersonLeave | None) -> int:
    return old.person_number if old else person_meant(desk, cells.get("nomor", ""))


def _found(desk: Desk, key: str) -> PersonLeave:
    row = desk.db.get(PersonLeave, int(key)) if is_whole_number(key) else None
    if row is None or not _is_within(desk, row.person_number):
        raise NotFoundError(f"izin {key}")
    return row


def _is_within(desk: Desk, person: int) -> bool:
    if desk.reach.is_city:
        return True
    query = select(Placement.id).where(desk.reach.condition(), Placement.person_number == person)
    return desk.db.scalars(query).first() is not None
