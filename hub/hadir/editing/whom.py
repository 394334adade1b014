"""Whom somebody means who types a name or a number into a form: one person within reach, or a question."""

import re

from hub.errors import InputError
from hub.hadir.editing.desk import Desk, Field, Input, Values
from hub.hadir.editing.scope import choices_of, read_subject
from hub.hadir.results.calendar import Subject
from hub.people.reach import PlacedPerson, people_within
from hub.web.i18n import N_
from hub.web.typed.whole_numbers import is_whole_number

# More names than this are no help in a list, and heavy on a phone; then letters are typed and asked back.
MAX_PROPOSED = 400
_MAX_NAMED = 8
_WITH_NUMBER = re.compile(r".*\((\d{1,10})\)\s*\Z")


def person_field(desk: Desk, name: str, value: str = "", *, is_fixed: bool = False, hint: str = "") -> Field:
    """Return the field in which somebody is chosen by name or number."""
    people = () if is_fixed else _within(desk)
    proposed = people if len(people) <= MAX_PROPOSED else ()
    return Field(
        name,
        N_("Pegawai (nama atau nomor)"),
        Input.PERSON,
        value,
        tuple((written(one), one.unit_name) for one in proposed),
        hint=hint,
        is_needed=not hint,
        is_fixed=is_fixed,
    )


def person_meant(desk: Desk, text: str) -> int:
    """Return the number of whom a text means: a number, a name, or both as ``Siti N. (101)``.

    Raises:
        InputError: nobody within reach, or several; names them.
    """
    text = " ".join(text.split())
    within = _within(desk)
    found = _WITH_NUMBER.match(text)
    number = found[1] if found else text
    if is_whole_number(number):
        if all(one.number != int(number) for one in within):
            raise InputError(
                f"Pegawai nomor {number} tidak ada dalam kewenangan Anda; ketik sebagian namanya."
            )
        return int(number)
    return _by_name(text, within)


def scope_field(desk: Desk, value: str, *, is_fixed: bool = False) -> Field:
    """Return the field of the part of the city that a row is for."""
    choices = tuple((one.value, one.name) for one in choices_of(desk.db, desk.reach, desk.today))
    label = N_("Berlaku untuk")
    return Field("lingkup", label, Input.CHOICE, value, choices, is_needed=False, is_fixed=is_fixed)


def scope_fields(desk: Desk, value: str = "", person: str = "", *, is_fixed: bool = False) -> list[Field]:
    """Return the fields of whom a row is for: a part of the city, or one person."""
    hint = N_("Isi hanya bila berlaku untuk satu orang.")
    return [
        scope_field(desk, value, is_fixed=is_fixed),
        person_field(desk, "pegawai", person, is_fixed=is_fixed, hint=hint),
    ]


def subject_meant(desk: Desk, values: Values) -> Subject:
    """Return whom the two fields of :func:`scope_fields` say.

    Raises:
        InputError: nobody, several, or beyond reach.
    """
    typed = values.get("pegawai", "").strip()
    number = typed if not typed or typed.isdecimal() else str(person_meant(desk, typed))
    return read_subject(desk.db, values.get("lingkup", ""), number, reach=desk.reach, today=desk.today)


def written(person: PlacedPerson) -> str:
    """Return somebody as forms write them; :func:`person_meant` reads it."""
    return f"{person.name} ({person.number})"


def _by_name(text: str, within: tuple[PlacedPerson, ...]) -> int:
    letters = text.casefold()
    same = [one for one in within if one.name.casefold() == letters]
    found = same or [one for one in within if letters and letters in one.name.casefold()]
    if len(found) == 1:
        return found[0].number
    if not found:
        raise InputError(
            f"Pegawai {text!r} tidak ada dalam kewenangan Anda; ketik sebagian nama atau nomornya."
        )
    named = ", ".join(written(one) for one in found[:_MAX_NAMED])
    more = f", dan {len(found) - _MAX_NAMED} lagi" if len(found) > _MAX_NAMED else ""
    raise InputError(f"Ada {len(found)} pegawai yang cocok: {named}{more}; ketik nomornya.")


def _within(desk: Desk) -> tuple[PlacedPerson, ...]:
    return people_within(desk.db, desk.reach, desk.today, desk.today)
