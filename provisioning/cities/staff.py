"""Invented employees for the sample city: names for the hub, keys for the simulated phones.

The private keys are made on this machine and known to the simulation only; the hub learns the
public halves, as it would from real phones.
"""

import base64
from datetime import date
from pathlib import Path
from typing import Any

import msgspec

from edge.wire.hadir.phones import SimulatedPhone, new_phone, save_phones
from provisioning.trust.keyfiles import write_file

FIRST_NUMBER = 1001
# All of them work in the town hall complex, and pass its one simulated door.
OPDS: tuple[tuple[int, str, tuple[str, str]], ...] = (
    (1, "Dinas Komunikasi dan Informatika", ("Sekretariat", "Bidang Aplikasi dan Informatika")),
    (2, "Sekretariat Daerah", ("Bagian Umum", "Bagian Organisasi")),
    (3, "Bappeda", ("Sekretariat", "Bidang Perencanaan")),
    (4, "BKPSDM", ("Sekretariat", "Bidang Mutasi")),
    (5, "Inspektorat", ("Sekretariat", "Inspektur Pembantu I")),
    (6, "Badan Keuangan Daerah", ("Sekretariat", "Bidang Anggaran")),
)
SITE = "balai-kota"
# How many work in each of the other OPDs; they differ, so that rates and numbers do.
SIZES = (22, 17, 14, 11, 19)
# One in so many has no phone, and shows a badge.
BADGE_EVERY = 23
# Invented; any likeness is chance. At most 20 letters, as a door's display shows them.
FIRST_OPD_NAMES = (
    "Ahmad R.", "Siti N.", "Budi S.", "Dewi L.", "Eko P.", "Fitri A.", "Gunawan H.", "Hendra W.",
    "Indah K.", "Joko T.", "Kartini M.", "Lina S.", "Mulyadi B.", "Nurul H.", "Oktavia D.", "Petrus A.",
    "Rahmat I.", "Sri W.", "Teguh P.", "Umi K.", "Veronika L.", "Wahyu N.", "Yohanes B.", "Yuliana T.",
    "Zainal A.",
)  # fmt: skip
_FIRST_NAMES = (
    "Agus", "Aisyah", "Andi", "Anita", "Bambang", "Citra", "Darmawan", "Desi", "Dian", "Edy", "Elisabet",
    "Fajar", "Fransiska", "Hasan", "Herman", "Ida", "Iwan", "Jamilah", "Kurnia", "Lukas", "Maria", "Muhammad",
    "Nadia", "Ningsih", "Ridwan", "Rina", "Syarif", "Theresia", "Utari", "Yudi",
)  # fmt: skip


def _other_names() -> tuple[str, ...]:
    """Return invented names, none of them twice: each first name with one letter after the other."""
    count = len(_FIRST_NAMES)
    return tuple(f"{_FIRST_NAMES[place % count]} {'SPAHM'[place // count]}." for place in range(sum(SIZES)))


NAMES = FIRST_OPD_NAMES + _other_names()


def settle_staff(people: Path, phones: Path) -> None:
    """Write the hub's people file and the phones file, unless both are there already."""
    if people.exists() and phones.exists():
        return
    pocket = tuple(new_phone(FIRST_NUMBER + place) for place in range(len(NAMES)) if _has_phone(place))
    save_phones(phones, pocket)
    holders = [FIRST_NUMBER + place for place in range(len(NAMES)) if not _has_phone(place)]
    persons = [*map(_person, pocket), *map(_holder, holders)]
    write_file(people, msgspec.json.encode({"persons": persons}))


def settle_employees(employees: Path, *, since: date) -> bool:
    """Write where the employees work, unless that is written already; return whether it was new.

    Args:
        employees: The CSV that ``pontive-hub hadir import-employees`` takes.
        since: Their first day; nobody is absent before it.
    """
    if employees.exists():
        return False
    lines = ["nomor,nama,nip,opd,nama_opd,unit,nama_unit,lokasi,mulai"]
    for place, (name, (opd, opd_name, units)) in enumerate(zip(NAMES, _opd_of_each(), strict=True)):
        half = place % len(units)
        unit, unit_name = opd * 10 + 1 + half, units[half]
        lines.append(f"{FIRST_NUMBER + place},{name},,{opd},{opd_name},{unit},{unit_name},{SITE},{since}")
    write_file(employees, ("\n".join(lines) + "\n").encode())
    return True


def _opd_of_each() -> list[tuple[int, str, tuple[str, str]]]:
    sizes = (len(FIRST_OPD_NAMES), *SIZES)
    return [opd for opd, size in zip(OPDS, sizes, strict=True) for _ in range(size)]


def _has_phone(place: int) -> bool:
    return place % BADGE_EVERY != BADGE_EVERY - 1


def _person(phone: SimulatedPhone) -> dict[str, Any]:
    return {
        "number": phone.person,
        "short_name": NAMES[phone.person - FIRST_NUMBER],
        "keys": [{"algorithm": "ed25519", "public_key": base64.b64encode(phone.public_key).decode()}],
    }


def _holder(number: int) -> dict[str, Any]:
    """Return somebody without a phone: a badge with a PIN, printed and set by whoever tries that out."""
    return {"number": number, "short_name": NAMES[number - FIRST_NUMBER], "may_use_badge": True}
