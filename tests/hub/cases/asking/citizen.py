"""A citizen at the counter of the web: fills in forms, sends them, reads receipts."""

import io
import re
from typing import Any

from flask.testing import FlaskClient
from sqlalchemy import select
from werkzeug.test import TestResponse

from hub.notify.models import OutboxMessage
from tests.hub.cases.attachments import uploads
from tests.hub.screens import Screens

NIK = "6171014108900047"
SITI: dict[str, Any] = {
    "isi-diri_name": "Siti Aminah",
    "isi-diri_nik": "6171 0141 0890 0047",
    "isi-diri_birth_place": "Pontianak",
    "isi-diri_birth_date": "1990-08-01",
    "isi-diri_address": "Gg H Mursyid 5, RT 2 RW 1",
    "isi-diri_kelurahan": "61.71.01.1002",
    "isi-diri_email": "siti@contoh.id",
}
SHOP: dict[str, Any] = {
    "isi-business": "Warung <b>Siti</b>",
    "isi-trade": "Kelontong",
    "isi-address": "Gg H Mursyid 5",
    "isi-since": "2019-02-01",
    "isi-purpose": "Pinjaman bank",
}
LETTER = "/layanan/surat-keterangan-usaha"


def papers() -> dict[str, Any]:
    """The files that the letter asks for, new each time: a test client closes what it sent."""
    return {
        "berkas-ktp": (io.BytesIO(uploads.jpeg(turned=True)), "ktp.jpg"),
        "berkas-kk": (io.BytesIO(uploads.PDF), "kk.pdf"),
        "berkas-pengantar_rt": (io.BytesIO(uploads.jpeg(300, 200)), "rt.jpg"),
        "berkas-foto_usaha": (io.BytesIO(uploads.jpeg(320, 200)), "toko.jpg"),
    }


def hidden(text: str, name: str) -> str:
    """Return the value of a hidden control."""
    found = re.search(rf'name="{name}" value="([^"]*)"', text)
    assert found is not None, f"no {name}"
    return found.group(1)


def send(client: FlaskClient, path: str, fields: dict[str, Any], *, page: str = "") -> TestResponse:
    """Open a page and send its form with these fields."""
    text = client.get(page or path).get_data(as_text=True)
    tokens = {
        name: hidden(text, name) for name in ("csrf_token", "sekali", "dilihat") if f'name="{name}"' in text
    }
    return client.post(path, data={**tokens, **fields}, content_type="multipart/form-data")


def filed(client: FlaskClient) -> tuple[str, str]:
    """File a letter; return its tracking code and PIN."""
    answer = send(client, LETTER, {**SITI, **SHOP, **papers()})
    assert answer.status_code == 303, answer.get_data(as_text=True)[-2000:]
    receipt = client.get(answer.location).get_data(as_text=True)
    pin = re.search(r'class="pin-code">([0-9]{6})<', receipt)
    assert pin is not None
    return answer.location.rsplit("/", 1)[1], pin.group(1)


def confirmed(desk: Screens, email: str = "siti@contoh.id") -> None:
    """Let the owner of an address confirm that they want news: as their newest message says."""
    mine = select(OutboxMessage.link).where(OutboxMessage.address == email)
    with desk.database.reading() as db:
        link = db.scalars(mine.order_by(OutboxMessage.id.desc())).first()
    assert link is not None
    assert link.startswith("/warga/kabar/")
    assert send(desk.stranger(), link, {}).status_code == 303
