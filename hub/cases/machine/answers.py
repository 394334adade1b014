"""The answers of a form: checked against its fields, kept as plain text. Pure.

An answer is a tuple of texts: one for most kinds, several for choices of many, none for nothing.
What was typed is never changed but for spaces at its ends, so that a refused form shows it again.
"""

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, time
from types import MappingProxyType

from hub.cases.definition.form import Condition, Field, FieldKind
from hub.cases.definition.printable import unprintable_in
from hub.places.areas import read_areas

Answers = Mapping[str, tuple[str, ...]]

MOST_LETTERS = 4_000
_LINE_LETTERS = 200
# E.164 has at most 15 digits (ITU-T, 2010); Indonesian numbers are written with 0 or +62.
_PHONE = re.compile(r"\A(?:\+62|0)[0-9]{8,13}\Z")
_EMAIL = re.compile(r"\A[^@\s]{1,64}@[^@\s.]+(?:\.[^@\s.]+)+\Z")
_NUMBER = re.compile(r"\A-?[0-9]{1,12}(?:[.,][0-9]{1,6})?\Z")
_WHOLE = re.compile(r"\A[0-9]{1,15}\Z")
# Six decimals are 11 cm; 0.000000 is a place: the equator crosses the city.
_PLACE = re.compile(r"\A-?[0-9]{1,2}(?:\.[0-9]{1,8})?,-?[0-9]{1,3}(?:\.[0-9]{1,8})?\Z")
_MOST_NORTH, _MOST_EAST = 90.0, 180.0
_KELURAHAN = re.compile(r"\A[0-9]{2}\.[0-9]{2}\.[0-9]{2}\.[0-9]{4}\Z")
_CAMERA = re.compile(r"\A[a-z0-9-]{1,63}/[a-z0-9-]{1,32}\Z")


@dataclass(frozen=True, slots=True)
class Fault:
    """What is wrong with an answer: the field's id and a sentence in Indonesian."""

    field: str
    text: str


def holds(condition: Condition | None, answers: Answers) -> bool:
    """Whether a condition holds; none always does."""
    return condition is None or bool(set(answers.get(condition.field, ())) & set(condition.values))


def shown_fields(
    fields: Sequence[Field], answers: Answers, *, known: Answers = MappingProxyType({})
) -> tuple[Field, ...]:
    """Return the fields that are asked, given the answers so far; a hidden one hides what hangs on it.

    Args:
        fields: Of this form, in order.
        answers: To this form.
        known: Answers that were given before, on another form of the same case.
    """
    shown: list[Field] = []
    visible = dict(known)
    for field in fields:
        if holds(field.shown_if, visible):
            shown.append(field)
            visible[field.id] = answers.get(field.id, ())
    return tuple(shown)


def cleaned(
    fields: Sequence[Field],
    given: Mapping[str, Sequence[str]],
    *,
    known: Answers = MappingProxyType({}),
) -> dict[str, tuple[str, ...]]:
    """Return what counts: answers of shown fields, without empty ones and without spaces at the ends."""
    tidy = {name: tuple(text.strip() for text in texts if text.strip()) for name, texts in given.items()}
    return {
        field.id: tidy[field.id] for field in shown_fields(fields, tidy, known=known) if tidy.get(field.id)
    }


def faults_in(
    fields: Sequence[Field],
    answers: Answers,
    *,
    known: Answers = MappingProxyType({}),
    is_for_paper: bool = False,
) -> tuple[Fault, ...]:
    """Return what is wrong with cleaned answers; every field is looked at, so all is told at once.

    Args:
        fields: That are asked.
        answers: As they came.
        known: Answers of before, which conditions look at.
        is_for_paper: They will stand in a letter, which cannot show every sign.
    """
    return tuple(
        Fault(field.id, text)
        for field in shown_fields(fields, answers, known=known)
        for given in [answers.get(field.id, ())]
        for text in [_fault_of(field, given) or (_paper_fault(field, given) if is_for_paper else "")]
        if text
    )


def _paper_fault(field: Field, texts: tuple[str, ...]) -> str:
    if field.kind not in (FieldKind.TEXT, FieldKind.LONG_TEXT):
        return ""
    sign = unprintable_in("".join(texts))
    said = f"{field.label}: tanda {sign!r} tidak dapat dicetak pada surat; tulis dengan huruf Latin"
    return said if sign else ""


def _fault_of(field: Field, texts: tuple[str, ...]) -> str:
    if not texts:
        return f"{field.label}: belum diisi" if field.is_required else ""
    if len(texts) > 1 and field.kind is not FieldKind.CHOICES:
        return f"{field.label}: hanya satu jawaban"
    for text in texts:
        said = _fault_of_text(field, text)
        if said:
            return f"{field.label}: {said}"
    return ""


def _fault_of_text(field: Field, text: str) -> str:
    most = MOST_LETTERS if field.kind is FieldKind.LONG_TEXT else _LINE_LETTERS
    if len(text) > most:
        return f"paling banyak {most} huruf, sekarang {len(text)}"
    if "\x00" in text:
        return "berisi tanda yang tidak dapat disimpan"
    return _CHECKS[field.kind](field, text)


def _text_fault(field: Field, text: str) -> str:
    return _bound(field, len(text), "huruf")


def _number_fault(field: Field, text: str) -> str:
    if not _NUMBER.match(text):
        return "tulis angka, misalnya 12 atau 12,5"
    return _bound(field, float(text.replace(",", ".")), "")


def _money_fault(field: Field, text: str) -> str:
    return _bound(field, int(text), "rupiah") if _WHOLE.match(text) else "tulis rupiah tanpa titik"


def _choice_fault(field: Field, text: str) -> str:
    return "" if text in {each.id for each in field.choices} else "pilih yang ditawarkan"


def _yes_no_fault(field: Field, text: str) -> str:
    return "" if text in ("yes", "no") else "pilih ya atau tidak"


def _date_fault(field: Field, text: str) -> str:
    return "" if _reads(date.fromisoformat, text) else "tanggal seperti 2026-11-21"


def _time_fault(field: Field, text: str) -> str:
    return "" if _reads(time.fromisoformat, text) else "jam seperti 07:30"


def _reads(read: Callable[[str], object], text: str) -> bool:
    try:
        read(text)
    except ValueError:
        return False
    return True


def _place_fault(field: Field, text: str) -> str:
    said = _like(_PLACE, "-0.026330,109.342500")(field, text)
    if said:
        return said
    north, _comma, east = text.partition(",")
    is_on_earth = abs(float(north)) <= _MOST_NORTH and abs(float(east)) <= _MOST_EAST
    return "" if is_on_earth else "lintang antara -90 dan 90, bujur antara -180 dan 180"


def _kelurahan_fault(field: Field, text: str) -> str:
    """Return what is wrong with a code; a case of a kelurahan that is none would wait for nobody."""
    said = _like(_KELURAHAN, "61.71.04.1004")(field, text)
    is_known = text in {area.code for area in read_areas().kelurahan}
    return said or ("" if is_known else "tidak ada kelurahan dengan kode ini di kota; pilih dari daftar")


def _like(pattern: re.Pattern[str], example: str) -> Callable[[Field, str], str]:
    return lambda field, text: "" if pattern.match(text) else f"tulis seperti {example}"


def _bound(field: Field, value: float, unit: str) -> str:
    after = f" {unit}" if unit else ""
    if field.least is not None and value < field.least:
        return f"paling sedikit {field.least:g}{after}"
    if field.most is not None and value > field.most:
        return f"paling banyak {field.most:g}{after}"
    return ""


def nik_fault(text: str) -> str:
    """Return what is wrong with a NIK, or nothing: PP KK CC DDMMYY SSSS, women with day + 40.

    The two digits of the year leave the century open, so the day must only exist in some century.
    A NIK has no check digit, and does not prove where its holder lives today.
    """
    if not re.match(r"\A[0-9]{16}\Z", text):
        return "NIK terdiri atas 16 angka"
    day, month, year, serial = int(text[6:8]), int(text[8:10]), int(text[10:12]), int(text[12:])
    day -= 40 if day > 40 else 0
    if serial == 0 or not any(_is_date(century + year, month, day) for century in (1900, 2000)):
        return "angka tanggal lahir pada NIK tidak mungkin; periksa angka ke-7 sampai ke-12"
    return ""


def _is_date(year: int, month: int, day: int) -> bool:
    try:
        date(year, month, day)
    except ValueError:
        return False
    return True


_CHECKS: dict[FieldKind, Callable[[Field, str], str]] = {
    FieldKind.TEXT: _text_fault,
    FieldKind.LONG_TEXT: _text_fault,
    FieldKind.NUMBER: _number_fault,
    FieldKind.MONEY: _money_fault,
    FieldKind.DATE: _date_fault,
    FieldKind.TIME: _time_fault,
    FieldKind.CHOICE: _choice_fault,
    FieldKind.CHOICES: _choice_fault,
    FieldKind.YES_NO: _yes_no_fault,
    FieldKind.PHONE: _like(_PHONE, "081234567890"),
    FieldKind.EMAIL: _like(_EMAIL, "nama@contoh.id"),
    FieldKind.NIK: lambda field, text: nik_fault(text),
    FieldKind.PLACE: _place_fault,
    FieldKind.KELURAHAN: _kelurahan_fault,
    FieldKind.CAMERA: _like(_CAMERA, "pi-tugu/cam1"),
}
