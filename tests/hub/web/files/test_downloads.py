"""Lists to keep: CSV and workbook have the same header and the same rows."""

import csv
import io
from datetime import timedelta

import openpyxl
import pytest

from hub.cctv.outages.windows.service import open_window
from hub.people.permissions import Role
from tests.hub.screens import Screens


@pytest.mark.parametrize("path", ["/peristiwa/daftar", "/perawatan/daftar", "/serah-terima/daftar"])
def test_csv_and_workbook_say_the_same(city: Screens, path: str) -> None:
    now = city.clock()
    client = city.signed_in(Role.SUPERVISOR, name="siti")
    with city.database.writing() as db:
        open_window(
            db, site="jawi", device="", camera="", why="=1+1", by="siti", now=now,
            begins_at=now, ends_at=now + timedelta(hours=2),
        )  # fmt: skip
    answer = client.get(f"{path}.csv")
    assert answer.status_code == 200
    header, *rows = csv.reader(io.StringIO(answer.get_data(as_text=True).removeprefix("\ufeff")))
    book = openpyxl.load_workbook(io.BytesIO(client.get(f"{path}.xlsx").data))
    cells = [
        ["" if cell is None else cell for cell in row] for row in book.active.iter_rows(values_only=True)
    ]
    assert header in cells
    table = cells[cells.index(header) + 1 :]
    assert rows
    assert len(table) == len(rows)
    assert [str(row[1]) for row in table] == [row[1] for row in rows]
    assert "WIB" in answer.get_data(as_text=True)
