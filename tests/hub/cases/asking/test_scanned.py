"""With a scanner set up, a form whose file it does not pass is refused whole, and nothing of it is kept."""

import dataclasses
import io
import logging
from pathlib import Path

import msgspec
import pytest
from sqlalchemy import func, select

from hub.app import create_app
from hub.cases.attachments.store import folder_of
from hub.cases.keeping.models import CaseRecord
from hub.web.files.scanning import UploadSettings
from tests.hub.cases.asking.citizen import LETTER, SHOP, SITI, filed, papers, send
from tests.hub.cases.attachments import uploads
from tests.hub.screens import Screens
from tests.security.fake_clamd import EICAR, clamd_at


@pytest.fixture
def scanned(desk: Screens) -> Screens:
    """The same city after an operator named the scanner's socket."""
    here = desk.app.extensions["pontive"]
    settings = UploadSettings(clamd=str(desk.folder / "clamd.ctl"))
    config = msgspec.structs.replace(here.config, uploads=settings)
    app = create_app(config, now=desk.clock, database=desk.database)
    return dataclasses.replace(desk, app=app)


def kept(desk: Screens) -> tuple[int, list[Path]]:
    with desk.database.reading() as db:
        cases = db.scalar(select(func.count()).select_from(CaseRecord)) or 0
    folder = folder_of(str(desk.folder))
    return cases, [path for path in folder.rglob("*") if path.is_file()]


def infected_papers() -> dict[str, object]:
    sick = uploads.PDF.replace(b"trailer", EICAR + b"\ntrailer")
    return papers() | {"berkas-kk": (io.BytesIO(sick), "kk.pdf")}


def test_each_file_of_a_form_is_shown_to_the_scanner_and_then_kept(scanned: Screens) -> None:
    with clamd_at(scanned.folder / "clamd.ctl") as clamd:
        filed(scanned.stranger())
    assert uploads.PDF in clamd.said
    assert len(clamd.said) == 4
    assert kept(scanned)[0] == 1
    assert len(kept(scanned)[1]) == 4


def test_an_infected_file_is_refused_and_nothing_is_kept(
    scanned: Screens, caplog: pytest.LogCaptureFixture
) -> None:
    client = scanned.stranger()
    with clamd_at(scanned.folder / "clamd.ctl"), caplog.at_level(logging.WARNING):
        answer = send(client, LETTER, {**SITI, **SHOP, **infected_papers()})
    assert answer.status_code == 415
    assert "Berkas ditolak" in answer.text
    assert kept(scanned) == (0, [])
    assert "Eicar-Signature" in caplog.text
    assert "kk.pdf" not in caplog.text


def test_without_a_verdict_nothing_is_taken(scanned: Screens) -> None:
    client = scanned.stranger()
    assert send(client, LETTER, {**SITI, **SHOP, **papers()}).status_code == 502, "nobody listens there"
    with clamd_at(scanned.folder / "clamd.ctl", most_bytes=1_000):
        answer = send(client, LETTER, {**SITI, **SHOP, **papers()})
    assert (answer.status_code, "Berkas belum dapat diperiksa" in answer.text) == (502, True)
    assert kept(scanned) == (0, [])
    assert client.get(LETTER).status_code == 200
