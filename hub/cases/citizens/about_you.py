"""What a letter must know of its applicant, as fields of a form like those of a service. Pure."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from hub.cases.definition.form import Field, FieldKind
from hub.cases.machine.answers import Answers, Fault, cleaned, faults_in

# So that they never meet a field of a service that has the same name.
_PREFIX = "diri_"

ABOUT_YOU: tuple[Field, ...] = (
    Field(id="diri_name", label="Nama lengkap", hint="Seperti pada KTP.", least=2, most=80),
    Field(id="diri_nik", label="NIK", kind=FieldKind.NIK),
    Field(id="diri_birth_place", label="Tempat lahir", most=60),
    Field(id="diri_birth_date", label="Tanggal lahir", kind=FieldKind.DATE),
    Field(id="diri_occupation", label="Pekerjaan", is_required=False, most=60),
    Field(id="diri_address", label="Alamat", hint="Jalan, nomor, RT dan RW.", least=5, most=200),
    Field(id="diri_kelurahan", label="Kelurahan", kind=FieldKind.KELURAHAN),
    Field(id="diri_phone", label="Nomor ponsel", kind=FieldKind.PHONE, is_required=False),
    Field(
        id="diri_email",
        label="E-mail",
        kind=FieldKind.EMAIL,
        is_required=False,
        hint="Untuk kabar tentang permohonan, setelah tautan di e-mail dibuka. Boleh kosong.",
        most=120,
    ),
)


@dataclass(frozen=True, slots=True)
class AboutYou:
    """Somebody as they described themselves; the NIK in the clear, so never kept like this."""

    name: str
    nik: str
    birth_place: str
    birth_date: date
    occupation: str
    address: str
    kelurahan: str
    phone: str
    email: str


def about_you_faults(given: Mapping[str, Sequence[str]], today: date) -> tuple[Fault, ...]:
    """Return everything that is wrong with a description of oneself."""
    answers = cleaned(ABOUT_YOU, given)
    # Letters say who somebody is with these words.
    faults = faults_in(ABOUT_YOU, answers, is_for_paper=True)
    if {"diri_nik", "diri_birth_date"} & {fault.field for fault in faults}:
        return faults
    born = date.fromisoformat(_first(answers, "birth_date"))
    if born > today:
        return (*faults, Fault("diri_birth_date", "Tanggal lahir: belum terjadi"))
    if not _fits(_first(answers, "nik"), born):
        return (
            *faults,
            Fault("diri_birth_date", "Tanggal lahir: tidak sama dengan angka ke-7 sampai ke-12 NIK"),
        )
    return faults


def about_you(given: Mapping[str, Sequence[str]]) -> AboutYou:
    """Return a description that has no faults."""
    answers = cleaned(ABOUT_YOU, given)
    return AboutYou(
        name=" ".join(_first(answers, "name").split()),
        nik=_first(answers, "nik"),
        birth_place=_first(answers, "birth_place"),
        birth_date=date.fromisoformat(_first(answers, "birth_date")),
        occupation=_first(answers, "occupation"),
        address=_first(answers, "address"),
        kelurahan=_first(answers, "kelurahan"),
        phone=_first(answers, "phone"),
        email=_first(answers, "email"),
    )


def _first(answers: Answers, name: str) -> str:
    return next(iter(answers.get(_PREFIX + name, ())), "")


def _fits(nik: str, born: date) -> bool:
    """Whether the digits of birth in a NIK are this day; those of women have 40 added to the day."""
    day = int(nik[6:8])
    return (day - 40 if day > 40 else day, int(nik[8:10]), int(nik[10:12])) == (
        born.day,
        born.month,
        born.year % 100,
    )
