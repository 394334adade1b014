"""XML of strangers (cameras, workbooks): no entity in it is resolved, whatever the encoding."""

import io
import zipfile
from collections.abc import Callable
from pathlib import Path

import openpyxl
import pytest

from edge.discovery.ws_discovery import camera_of
from edge.ptz import soap
from hub.errors import InputError
from hub.web.files.table_file import read_table
from hub.web.files.workbook_file import read_book

SECRET = "what lies in a file of this machine"
ENCODINGS = ("utf-8", "utf-16", "utf-16-be")
LATE = f"<!--{'x' * 100_000}-->"


def xml(*, entity: str, before: str = "") -> str:
    return f'<?xml version="1.0"?>{before}<!DOCTYPE x [<!ENTITY a {entity}>]><x>&a;</x>'


def sheet_with(cell: str, dtd: str, encoding: str) -> bytes:
    """Return a workbook whose sheet declares an entity and uses it in its first cell."""
    book, plain, made = openpyxl.Workbook(), io.BytesIO(), io.BytesIO()
    book.active.append(["nama"])
    book.active.append(["isi"])
    book.save(plain)
    with zipfile.ZipFile(plain) as old, zipfile.ZipFile(made, "w") as new:
        for member in old.infolist():
            data = old.read(member)
            if member.filename.endswith("sheet1.xml"):
                text = data.decode().replace("<t>isi</t>", f"<t>{cell}</t>")
                assert cell in text
                data = f'<?xml version="1.0"?>{LATE}{dtd}{text}'.encode(encoding)
            new.writestr(member.filename, data)
    return made.getvalue()


@pytest.mark.parametrize("encoding", ENCODINGS)
@pytest.mark.parametrize("kind", ["outside", "inside"])
def test_no_reader_of_foreign_xml_resolves_an_entity(encoding: str, kind: str, tmp_path: Path) -> None:
    file = tmp_path / "secret.txt"
    file.write_text(SECRET)
    entity = f'SYSTEM "{file.as_uri()}"' if kind == "outside" else f'"{SECRET}"'
    payload = xml(entity=entity, before=LATE).encode(encoding)
    assert soap.parsed(payload) is None
    assert camera_of(payload, address="10.0.0.9", message_id="") is None
    book = sheet_with("&a;", f"<!DOCTYPE worksheet [<!ENTITY a {entity}>]>", encoding)
    readers: tuple[Callable[[bytes, str], object], ...] = (read_table, read_book)
    for read in readers:
        with pytest.raises(InputError, match="bukan buku kerja Excel yang wajar"):
            read(book, "a.xlsx")


def test_the_same_workbook_without_a_dtd_is_read() -> None:
    assert read_table(sheet_with("isi lain", "", "utf-8"), "a.xlsx").rows[0].cells == {"nama": "isi lain"}
