"""Invented employees for the sample city: names for the hub, keys for the simulated phones.

The private keys are made on this machine and known to the simulation only; the hub learns the
public halves, as it would from real phones.
"""

import base64
from datetime import date
from pathlib import Path
from typing import Any

import msgspec

from edge.wire.phones import SimulatedPhone, new_phone, save_phones
from provisioning.keyfiles import write_file

FIRST_NUMBER = 1001
OPD = (1, "Dinas Komunikasi dan Informatika")
UNITS = ((11, "Sekretariat"), (12, "Bidang Aplikasi dan Informatika"))
SITE = "balai-kota"
# Invented; any likeness is chance. At most 20 letters, as a door's display shows them.
NAMES = (
    "Ahmad R.", "Siti N.", "Budi S.", "Dewi L.", "Eko P.", "Fitri A.", "Gunawan H.", "Hendra W.",
    "Indah K.", "Joko T.", "Kartini M.", "Lina S.", "Mulyadi B.", "Nurul H.", "Oktavia D.", "Petrus A.",
    "Rahmat I.", "Sri W.", "Teguh P.", "Umi K.", "Veronika L.", "Wahyu N.", "Yohanes B.", "Yuliana T.",
    "Zainal A.",
)  # fmt: skip


def settle_staff(people: Path, phones: Path) -> None:
    """Write the hub's people file and the phones file, unless both are there already."""
    if people.exists() and phones.exists():
        return
    pocket = tuple(new_phone(FIRST_NUMBER + place) for place in range(len(NAMES)))
    save_phones(phones, pocket)
    write_file(people, msgspec.json.encode({"persons": [_person(phone) for phone in pocket]}))


def settle_employees(employees: Path, *, since: date) -> None:
    """Write where the employees work, unless that is written already.

    Args:
        employees: The CSV that ``pontive-hub hadir import-employees`` takes.
        since: Their first day; nobody is absent before it.
    """
    if employees.exists():
        return
    lines = ["nomor,nama,nip,opd,nama_opd,unit,nama_unit,lokasi,mulai"]
    for place, name in enumerate(NAMES):
        unit, unit_name = UNITS[place % len(UNITS)]
        lines.append(f"{FIRST_NUMBER + place},{name},,{OPD[0]},{OPD[1]},{unit},{unit_name},{SITE},{since}")
    write_file(employees, ("\n".join(lines) + "\n").encode())


def _person(phone: SimulatedPhone) -> dict[str, Any]:
    return {
        "number": phone.person,
        "short_name": NAMES[phone.person - FIRST_NUMBER],
        "keys": [{"algorithm": "ed25519", "public_key": base64.b64encode(phone.public_key).decode()}],
    }
