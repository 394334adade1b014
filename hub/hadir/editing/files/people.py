"""Who a row of a file is about: by number or by NIP, and only within the reach of who sent the file."""

from collections.abc import Mapping
from datetime import date

from sqlalchemy import select
from sqlalchemy.orm import Session

from hub.people.importing.cells import MAX_NUMBER, BadCell, read_number
from hub.people.importing.nip import nip_digest, read_nip
from hub.people.models import Person, PersonNip
from hub.people.reach import Reach, people_within


class KnownPeople:
    """Everybody the hub knows, and who of them is within reach on a day."""

    def __init__(self, db: Session, *, reach: Reach, nip_key: str, today: date) -> None:
        """Read the people.

        Args:
            db: Any session.
            reach: Of whoever sends the file; rows about others are mistakes.
            nip_key: Of the digests by which NIPs are found.
            today: In the city.
        """
        self._today, self._key = today, nip_key
        self._known = frozenset(db.scalars(select(Person.number)))
        self._by_nip = {row.digest: row.person_number for row in db.scalars(select(PersonNip))}
        within = people_within(db, reach, today, today)
        self._within = self._known if reach.is_city else frozenset(one.number for one in within)

    def find(self, cells: Mapping[str, str]) -> int:
        """Return the person of a row with ``nomor`` or ``nip``.

        Raises:
            BadCell: neither is filled in, or nobody within reach has it.
        """
        text = cells.get("nomor", "")
        number = read_number("nomor", text, MAX_NUMBER) if text else self._of_nip(cells.get("nip", ""))
        if number not in self._known:
            raise BadCell(f"tidak ada pegawai nomor {number}; impor pegawainya dulu")
        if number not in self._within:
            raise BadCell(f"pegawai nomor {number} di luar kewenangan Anda; minta admin OPD-nya")
        return number

    def _of_nip(self, text: str) -> int:
        nip = read_nip(text, self._today)
        if not nip:
            raise BadCell("isi kolom nomor atau nip")
        number = self._by_nip.get(nip_digest(self._key, nip))
        if number is None:
            raise BadCell("NIP ini belum dikenal; impor pegawainya dulu atau isi kolom nomor")
        return number
