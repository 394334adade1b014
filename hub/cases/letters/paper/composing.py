"""The words of one letter from a template, the answers and the office. Pure.

Everything that stands on the paper is in :class:`Letter`; its hash is what the seal vouches for.
"""

import hashlib
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, time

from hub.cases.definition.form import Field, FieldKind
from hub.cases.definition.letter import ALL_ANSWERS, LetterWords
from hub.cases.definition.printable import unprintable_in
from hub.cases.definition.service import ServiceDefinition
from hub.cases.letters.paper.words import long_date, rupiah
from hub.cases.machine.answers import Answers
from hub.errors import InputError

Rows = tuple[tuple[str, str], ...]
_NOT_ON_PAPER = frozenset({FieldKind.PHONE, FieldKind.EMAIL, FieldKind.CAMERA, FieldKind.PLACE})


@dataclass(frozen=True, slots=True)
class Holder:
    """Whom a letter is about; what is empty is left out."""

    name: str
    nik: str = ""
    birthplace: str = ""
    born_on: date | None = None
    sex: str = ""
    religion: str = ""
    occupation: str = ""
    address: str = ""


@dataclass(frozen=True, slots=True)
class Office:
    """Who writes. ``head`` are the lines under "Pemerintah Kota …", ``unit`` stands in numbers."""

    rank: str  # Lurah, Camat, Kepala
    name: str  # as in "Lurah Tengah, Kecamatan Pontianak Kota"
    head: tuple[str, ...]
    unit: str
    address: str = ""


@dataclass(frozen=True, slots=True)
class Signatory:
    """Who signs; ``capacity`` is "Plt." or "Plh." with its decree when it is somebody else's office."""

    name: str
    rank: str = ""
    capacity: str = ""
    decree: str = ""

    @property
    def standing(self) -> str:
        """The line below the name: rank, and the decree of who acts for somebody."""
        return " · ".join(text for text in (self.rank, self.decree) if text)


@dataclass(frozen=True, slots=True)
class Letter:
    """All words of a letter, in the order of the paper."""

    city: str
    head: tuple[str, ...]
    head_address: str
    title: str
    number: str
    opening: str
    holder: Rows
    statement: str
    rows: Rows
    after: str
    closing: str
    place_and_day: str
    signed_as: str
    signatory: str
    signatory_rank: str

    @property
    def text(self) -> str:
        """Every word, a line each: what the hash is made of."""
        return "\n".join(self._lines())

    @property
    def digest(self) -> bytes:
        """SHA-256 of the words; the seal holds its first bytes."""
        return hashlib.sha256(self.text.encode()).digest()

    def _lines(self) -> Iterator[str]:
        yield from (self.city, *self.head, self.head_address, self.title, self.number, self.opening)
        yield from (f"{label}: {value}" for label, value in self.holder)
        yield self.statement
        yield from (f"{label}: {value}" for label, value in self.rows)
        yield from (self.after, self.closing, self.place_and_day)
        yield from (self.signed_as, self.signatory, self.signatory_rank)


def compose(
    template: LetterWords,
    definition: ServiceDefinition,
    answers: Answers,
    *,
    holder: Holder,
    office: Office,
    signatory: Signatory,
    number: str,
    day: date,
    city: str,
    ward_name: Callable[[str], str] = str,
) -> Letter:
    """Return the words of a letter.

    Args:
        template: Of its kind.
        definition: Of the case.
        answers: As they were given, a NIK in clear.
        holder: The applicant.
        office: Who writes.
        signatory: Who signs.
        number: Of the letter.
        day: When it is signed, in the city.
        city: As ``Kota Pontianak``.
        ward_name: Names a kelurahan by its code.

    Raises:
        InputError: a word that the paper cannot show, or an answer that a sentence needs and lacks.
    """
    fields = {field.id: field for field in definition.fields}
    said = _said(fields, answers, ward_name)
    facts = said | {"name": _as_it_is(holder.name), "rank": office.rank, "office": office.name}
    letter = Letter(
        city=city,
        head=office.head,
        head_address=office.address,
        title=template.title or definition.label,
        number=number,
        opening=_filled(template.opening, facts),
        holder=_holder_rows(holder),
        statement=_filled(template.statement, facts),
        rows=_rows(template.rows, fields, said),
        after=_filled(template.after, facts),
        closing=_filled(template.closing, facts),
        place_and_day=f"{city.removeprefix('Kota ')}, {long_date(day)}",
        signed_as=f"{signatory.capacity} {office.rank} {office.name}".strip(),
        signatory=signatory.name,
        signatory_rank=signatory.standing,
    )
    _insist_on_letters(letter)
    return letter


def _said(fields: Mapping[str, Field], answers: Answers, ward_name: Callable[[str], str]) -> dict[str, str]:
    return {name: words_of(fields[name], answers[name], ward_name) for name in fields if answers.get(name)}


def words_of(field: Field, texts: Sequence[str], ward_name: Callable[[str], str] = str) -> str:
    """Return an answer as a letter writes it."""
    labels = {choice.id: choice.label for choice in field.choices}
    write: dict[FieldKind, Callable[[str], str]] = {
        FieldKind.DATE: lambda text: long_date(date.fromisoformat(text)),
        FieldKind.TIME: lambda text: f"{time.fromisoformat(text):%H.%M} WIB",
        FieldKind.MONEY: lambda text: rupiah(int(text)),
        FieldKind.NUMBER: lambda text: text.replace(".", ","),
        FieldKind.YES_NO: lambda text: "ya" if text == "yes" else "tidak",
        FieldKind.CHOICE: lambda text: labels.get(text, text),
        FieldKind.CHOICES: lambda text: labels.get(text, text),
        FieldKind.KELURAHAN: ward_name,
    }
    return ", ".join(write.get(field.kind, _as_it_is)(text) for text in texts)


def _as_it_is(text: str) -> str:
    # A citizen's line ends stay, everything else that is no letter becomes a blank.
    lines = ("".join(letter if letter.isprintable() else " " for letter in line) for line in text.split("\n"))
    return "\n".join(line.strip() for line in lines if line.strip())


def _filled(words: str, facts: Mapping[str, str]) -> str:
    try:
        return words.format_map(facts)
    except KeyError as error:
        raise InputError(f"Surat tidak dapat disusun: isian {error.args[0]!r} belum ada.") from error


def _rows(names: Sequence[str], fields: Mapping[str, Field], said: Mapping[str, str]) -> Rows:
    wanted = list(fields) if ALL_ANSWERS in names else list(names)
    shown = (name for name in wanted if said.get(name) and fields[name].kind not in _NOT_ON_PAPER)
    return tuple((fields[name].label, said[name]) for name in shown)


def _holder_rows(holder: Holder) -> Rows:
    born = ", ".join(
        text for text in (holder.birthplace, long_date(holder.born_on) if holder.born_on else "") if text
    )
    rows = (
        ("Nama", holder.name),
        ("NIK", holder.nik),
        ("Tempat, tanggal lahir", born),
        ("Jenis kelamin", holder.sex),
        ("Agama", holder.religion),
        ("Pekerjaan", holder.occupation),
        ("Alamat", holder.address),
    )
    return tuple((label, _as_it_is(value)) for label, value in rows if value)


def _insist_on_letters(letter: Letter) -> None:
    """Refuse what the fonts of the paper cannot show: a name with a hole in it is another name."""
    if sign := unprintable_in(letter.text):
        raise InputError(
            f"Surat tidak dapat dicetak: tanda {sign!r} tidak ada di huruf surat; perbaiki isiannya."
        )
