"""Files for tests of importing an inventory."""

import io
from collections.abc import Mapping, Sequence
from typing import Any

import openpyxl

from hub.places.importing.files import Upload

SITES = ("id,nama,kelurahan,lat,lon", "tugu,Tugu,Batu Layang,0.0,109.3222")
DEVICES = ("id,titik,nama", "pi-tugu,tugu,Pi Tugu")
CAMERAS = ("perangkat,id,nama,jenis,media,pemilik", "pi-tugu,cam1,Arah kota,ptz,fiber,Dishub")


def csv_upload(name: str, *lines: str) -> Upload:
    """A CSV of these lines."""
    return Upload(name, "\n".join(lines).encode())


def book_upload(
    sheets: Mapping[str, Sequence[Sequence[Any]]], *, merged: Mapping[str, str] | None = None
) -> Upload:
    """A workbook of these sheets; ``merged`` gives a range of one by its title."""
    book = openpyxl.Workbook()
    book.remove(book.worksheets[0])
    for title, rows in sheets.items():
        page = book.create_sheet(title)
        for row in rows:
            page.append(list(row))
        if merged and title in merged:
            page.merge_cells(merged[title])
    buffer = io.BytesIO()
    book.save(buffer)
    return Upload("inventaris.xlsx", buffer.getvalue())


def rows_of(*lines: str) -> list[list[str]]:
    """Lines of a CSV as rows of cells."""
    return [line.split(",") for line in lines]
