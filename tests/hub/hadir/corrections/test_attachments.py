"""Attachments of corrections: looked into, drawn anew, kept once, seen by those who decide."""

import io
from datetime import time
from pathlib import Path
from typing import Any

import pytest
from PIL import Image
from werkzeug.datastructures import FileStorage

from hub.errors import InputError, NotFoundError
from hub.hadir.corrections import attachments
from hub.hadir.corrections.service import Decider, Wish
from hub.people.models import Account, PersonAccount
from hub.people.permissions import Role
from hub.people.reach import Reach
from tests.hub.hadir.conftest import MONDAY, NOW, WIB, Office, linked, of_opd
from tests.hub.screens import Screens

NOWHERE, UNIT = Reach(is_city=False), Reach(is_city=False, units=frozenset({11}))
WISH = Wish(day=MONDAY, reason="surat tugas 12", arrived=time(7, 25))
PLAIN_PDF = b"%PDF-1.4\n1 0 obj <</Type/Catalog>> endobj\nstream\n\x00/JS in noise\nendstream\n%%EOF\n"


def photo(kind: str = "JPEG", size: tuple[int, int] = (640, 480)) -> bytes:
    buffer = io.BytesIO()
    exif = Image.Exif()
    exif[0x010F] = "Maker of phones"
    Image.new("RGB", size, (90, 120, 60)).save(buffer, kind, exif=exif)
    return buffer.getvalue()


@pytest.mark.parametrize("kind", ["JPEG", "PNG", "WEBP"])
def test_a_photo_is_drawn_anew_without_what_the_phone_wrote_into_it(kind: str) -> None:
    assert b"Maker of phones" in photo(kind)
    media_type, kept = attachments.clean(photo(kind) + b"a second file in the tail")
    assert media_type == "image/jpeg"
    assert b"Maker" not in kept
    assert b"tail" not in kept


def test_a_large_photo_becomes_one_of_2000_pixels() -> None:
    _type, kept = attachments.clean(photo(size=(3000, 1500)))
    assert Image.open(io.BytesIO(kept)).size == (2000, 1000)


def test_a_photo_as_telephones_make_them_is_kept_small() -> None:
    buffer = io.BytesIO()
    Image.effect_noise((2600, 2600), 200).convert("RGB").save(buffer, "JPEG", quality=90)
    assert attachments.MAX_BYTES < len(buffer.getvalue()) < attachments.MAX_PHOTO_BYTES
    _type, kept = attachments.clean(buffer.getvalue())
    assert len(kept) <= attachments.MAX_BYTES


def test_a_plain_pdf_is_kept_byte_by_byte() -> None:
    assert attachments.clean(PLAIN_PDF) == ("application/pdf", PLAIN_PDF)


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"GIF89a", "bukan foto"),
        (photo()[:400], "bukan foto"),
        (b"<svg onload=alert(1)>", "bukan foto"),
        (b"%PDF-1.4 cut", "terpotong"),
        (PLAIN_PDF.replace(b"/Type", b"/JavaScript"), "dapat dijalankan"),
        (PLAIN_PDF.replace(b"/Type", b"/Launch"), "dapat dijalankan"),
        (PLAIN_PDF + bytes(2_097_152), "PDF lampiran lebih dari 2 MB"),
        (photo() + bytes(8_388_608), "lebih dari 8 MB"),
    ],
)
def test_what_is_no_photo_and_no_plain_pdf_is_refused_with_the_remedy(content: bytes, words: str) -> None:
    with pytest.raises(InputError, match=words):
        attachments.clean(content)


def test_of_several_pictures_in_a_photo_the_first_is_kept() -> None:
    buffer = io.BytesIO()
    second = Image.new("RGB", (32, 64))
    Image.new("RGB", (64, 32)).save(buffer, "MPO", save_all=True, append_images=[second])
    _type, kept = attachments.clean(buffer.getvalue())
    assert Image.open(io.BytesIO(kept)).size == (64, 32)


@pytest.mark.parametrize("options", [{"format": "PNG"}, {"format": "JPEG", "progressive": True}], ids=str)
def test_a_picture_of_too_many_pixels_is_not_unpacked(options: dict[str, Any]) -> None:
    buffer = io.BytesIO()
    Image.new("L", (6000, 5000)).save(buffer, **options)
    with pytest.raises(InputError, match="terlalu besar"):
        attachments.clean(buffer.getvalue())


def ask(office: Office, folder: Path, content: bytes | None) -> int:
    upload = None if content is None else FileStorage(io.BytesIO(content), "../../etc/passwd")
    with office.database.writing() as db:
        return attachments.ask_with_attachment(
            db,
            person=101,
            wish=WISH,
            upload=upload,
            folder=folder,
            actor="pegawai",
            now=NOW,
            zone=WIB,
        ).id


def decider(approves: Reach = NOWHERE, verifies: Reach = NOWHERE, account: int = 99) -> Decider:
    return Decider(account_id=account, name="atasan", approves=approves, verifies=verifies)


def test_superior_and_verifier_find_the_file_and_nobody_else(office: Office, tmp_path: Path) -> None:
    number = ask(office, tmp_path, photo())
    (kept,) = tmp_path.rglob("*.jpg")
    with office.database.writing() as db:
        for one in (decider(approves=UNIT), decider(verifies=Reach(is_city=True))):
            assert attachments.find_for_decider(db, number, one, tmp_path) == (kept, "image/jpeg")
        account = Account(
            name="x", display_name="", password_hash="", must_change_password=False, created_at=NOW
        )
        db.add(account)
        db.flush()
        db.add(PersonAccount(account_id=account.id, person_number=101))
        db.flush()
        own = decider(approves=UNIT, account=account.id)
        other = decider(approves=Reach(is_city=False, units=frozenset({12})))
        for stranger in (own, other, decider()):
            with pytest.raises(NotFoundError):
                attachments.find_for_decider(db, number, stranger, tmp_path)
    kept.unlink()
    with office.database.reading() as db, pytest.raises(NotFoundError):
        attachments.find_for_decider(db, number, decider(approves=UNIT), tmp_path)


def test_a_wish_without_a_file_has_none(office: Office, tmp_path: Path) -> None:
    number = ask(office, tmp_path, None)
    with office.database.reading() as db:
        assert attachments.attached_to(db, [number]) == frozenset()
        with pytest.raises(NotFoundError):
            attachments.find_for_decider(db, number, decider(approves=UNIT), tmp_path)


def test_a_bad_file_keeps_no_wish_either(office: Office, tmp_path: Path) -> None:
    with pytest.raises(InputError):
        ask(office, tmp_path, b"rubbish")
    assert ask(office, tmp_path, PLAIN_PDF)


def test_the_inbox_links_to_it_and_a_pdf_is_never_opened_in_place(city: Screens) -> None:
    office = Office(city.database)
    folder = attachments.folder_of(str(city.folder))
    number = ask(office, folder, PLAIN_PDF)
    address = f"/hadir/koreksi/{number}/lampiran"
    superior = of_opd(city, Role.SUPERIOR, "1", "atasan")
    assert address in superior.get("/hadir/koreksi").get_data(as_text=True)
    answer = superior.get(address)
    assert answer.get_data() == PLAIN_PDF
    assert answer.headers["Content-Disposition"].startswith("attachment")
    assert answer.headers["Cache-Control"] == "no-store"
    owner = of_opd(city, Role.SUPERIOR, "1", "pemilik")
    linked(city, "pemilik", 101)
    for stranger in (owner, of_opd(city, Role.SUPERIOR, "2", "lain"), city.signed_in(Role.EXECUTIVE)):
        assert stranger.get(address).status_code == 404
