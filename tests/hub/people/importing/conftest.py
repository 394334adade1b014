"""Tables of the personnel office, and the hub that they are compared with."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, date, datetime

import pytest

from hub.db import Database
from hub.people.importing.apply import apply_plan
from hub.people.importing.known import read_known
from hub.people.importing.plan import Plan, make_plan
from hub.people.importing.rows import StaffTable, read_staff
from hub.people.reach import Reach
from hub.web.files.table_file import read_table

NOW = datetime(2026, 11, 21, 3, 14, tzinfo=UTC)
TODAY = date(2026, 11, 21)
KEY = "k" * 40
NIP = "198703152009021002"
CITY = Reach(is_city=True)
HEAD = "nomor,nama,nip,opd,nama_opd,unit,nama_unit,lokasi,mulai,selesai"
GOOD = f"101,Siti N.,{NIP},1,Dinas Kominfo,11,Sekretariat,,2026-01-05,"


def table_of(*rows: str, head: str = HEAD) -> StaffTable:
    text = "\r\n".join((head, *rows)) + "\r\n"
    return read_staff(read_table(text.encode(), "pegawai.csv"), nip_key=KEY, today=TODAY)


@dataclass
class Office:
    """The hub: what a table would change, and changing it."""

    database: Database

    def plan(self, *rows: str, reach: Reach = CITY) -> Plan:
        with self.database.reading() as db:
            return make_plan(table_of(*rows), read_known(db), reach)

    def load(self, *rows: str, reach: Reach = CITY, now: datetime = NOW) -> Plan:
        with self.database.writing() as db:
            known = read_known(db)
            plan = make_plan(table_of(*rows), known, reach)
            apply_plan(db, plan, known, file_name="pegawai.csv", today=TODAY, actor="dewi", now=now)
            return plan

    def read(self, what: Callable[[object], object]) -> object:
        with self.database.reading() as db:
            return what(db)


@pytest.fixture
def office(database: Database) -> Office:
    return Office(database)
