"""The phone's pages: what is kept in the phone, one's month with its scans, corrections, landing."""

import io
import json
import re
from datetime import date

import pytest
from flask.testing import FlaskClient
from PIL import Image
from sqlalchemy import select
from werkzeug.test import TestResponse

from hub.hadir.models import CorrectionAttachment, DayCorrection
from hub.people.models import RoleGrant
from hub.people.permissions import Role, ScopeKind
from hub.people.service import add_account, change_password
from tests.hub.hadir.conftest import Office, linked, text_of
from tests.hub.screens import PASSWORD, Screens, csrf_of, post

MONDAY = date(2026, 11, 16)


@pytest.fixture
def office(city: Screens) -> Office:
    office = Office(city.database)
    office.day(101, MONDAY, "07:45", "16:05")
    office.delivered(city.clock())
    return office


def test_the_manifest_makes_it_installable(screens: Screens) -> None:
    client = screens.stranger()
    answer = client.get("/hadir/ponsel/manifest.webmanifest")
    assert answer.mimetype == "application/manifest+json"
    manifest = json.loads(answer.get_data())
    assert (manifest["start_url"], manifest["scope"]) == ("/hadir/ponsel/", "/hadir/ponsel/")
    assert manifest["display"] == "standalone"
    for icon in manifest["icons"]:
        side = int(icon["sizes"].partition("x")[0])
        picture = client.get(icon["src"])
        assert picture.mimetype == "image/png"
        assert Image.open(io.BytesIO(picture.get_data())).size == (side, side)
    assert {"192x192", "512x512"} == {icon["sizes"] for icon in manifest["icons"]}
    assert "manifest-src 'self'" in answer.headers["Content-Security-Policy"]


def test_everything_the_worker_keeps_is_there_and_everything_the_shell_names_is_kept(
    screens: Screens,
) -> None:
    client = screens.stranger()
    worker = client.get("/hadir/ponsel/kerja.js")
    assert worker.mimetype == "text/javascript"
    text = worker.get_data(as_text=True)
    files = json.loads(text.partition("const FILES = ")[2].partition(";")[0])
    for file in files:
        assert client.get(file).status_code == 200, file
    for page in ("/hadir/ponsel/", "/hadir/ponsel/luring"):
        assert page in text
        named = re.findall(r'"(/aset/[^"]+)"', text_of(client, page))
        assert set(named) <= set(files), page
    for script in (file for file in files if file.endswith(".js")):
        for name in re.findall(r'from "\.\.?/([^"]+)"', text_of(client, script)):
            assert any(file.endswith(name) for file in files), name


def test_the_pages_that_are_kept_hold_nothing_of_a_session(city: Screens) -> None:
    client = city.signed_in(Role.EMPLOYEE, name="siti")
    for path in ("/hadir/ponsel/", "/hadir/ponsel/luring"):
        page = text_of(client, path)
        assert "csrf" not in page
        assert "siti" not in page.casefold()


def test_other_colours_make_another_worker(screens: Screens) -> None:
    client = screens.stranger()
    dark = text_of(client, "/hadir/ponsel/kerja.js")
    post(client, "/tampilan", theme="light")
    assert text_of(client, "/hadir/ponsel/kerja.js") != dark


def test_ones_month_shows_scans_cuts_and_reasons(city: Screens, office: Office) -> None:
    client = city.signed_in(Role.EMPLOYEE, name="siti")
    assert "belum dihubungkan" in text_of(client, "/hadir/ponsel/bulan")
    linked(city, "siti", 101)
    page = text_of(client, "/hadir/ponsel/bulan")
    for words in ("07.45.00", "Pintu utama", "terlambat 15 menit", "0,5 %", "Sen 16 Nov 2026"):
        assert words in page, words
    assert "Anda tidak tercatat" in text_of(client, "/hadir/ponsel/bulan?bulan=2020-01")
    assert client.get("/hadir/ponsel/bulan?bulan=x").status_code == 404


def photo() -> bytes:
    buffer = io.BytesIO()
    Image.new("RGB", (300, 200), (120, 90, 60)).save(buffer, "PNG")
    return buffer.getvalue()


def test_a_correction_is_asked_for_with_a_photo(city: Screens, office: Office) -> None:
    client = city.signed_in(Role.EMPLOYEE, name="siti")
    form = "/hadir/ponsel/koreksi"
    fields = {"hari": MONDAY.isoformat(), "masuk": "07:25", "alasan": "apel di balai kota"}
    refused = post(client, form, "/sandi", **fields)
    assert refused.status_code == 422
    assert "belum dihubungkan" in refused.get_data(as_text=True)
    linked(city, "siti", 101)
    data = {**fields, "csrf_token": csrf_of(client, form), "lampiran": (io.BytesIO(photo()), "surat.png")}
    assert client.post(form, data=data).status_code == 303
    page = text_of(client, form)
    for words in ("Permintaan koreksi dikirim", "apel di balai kota", "dengan lampiran", "diajukan"):
        assert words in page, words
    assert f'value="{MONDAY}"' in text_of(client, f"{form}?hari={MONDAY}")


FORMS = ("/hadir/ponsel/koreksi", "/hadir/koreksi")


def send_file(client: FlaskClient, content: bytes, form: str) -> TestResponse:
    """Send the form as a browser does; the client's own encoder leaves large files open."""
    fields = {"csrf_token": csrf_of(client, form), "hari": str(MONDAY), "masuk": "07:25", "alasan": "apel"}
    parts = [f'Content-Disposition: form-data; name="{name}"\r\n\r\n{text}' for name, text in fields.items()]
    head = 'Content-Disposition: form-data; name="lampiran"; filename="a.pdf"\r\n\r\n'
    body = b"".join(f"--b\r\n{part}\r\n".encode() for part in parts)
    body += f"--b\r\n{head}".encode() + content + b"\r\n--b--\r\n"
    return client.post(form, data=body, content_type="multipart/form-data; boundary=b")


@pytest.mark.parametrize(
    ("content", "status", "words"),
    [
        (b"MZ rubbish", 422, "bukan foto"),
        (b"%PDF-1.7" + bytes(2_097_152), 422, "lebih dari 2 MB"),
        (bytes(9_000_000), 413, "foto paling besar 8 MB, PDF paling besar 2 MB"),
    ],
    ids=["rubbish", "large", "too-large"],
)
@pytest.mark.parametrize("form", FORMS)
def test_a_file_that_is_too_large_or_none_of_ours_keeps_nothing(
    city: Screens, office: Office, content: bytes, status: int, words: str, form: str
) -> None:
    client = city.signed_in(Role.EMPLOYEE, name="siti")
    linked(city, "siti", 101)
    answer = send_file(client, content, form)
    assert answer.status_code == status
    page = answer.get_data(as_text=True)
    assert words in page
    assert "Minta koreksi" in page
    with city.database.reading() as db:
        assert db.scalars(select(DayCorrection)).all() == []
        assert db.scalars(select(CorrectionAttachment)).all() == []


@pytest.mark.parametrize("form", FORMS)
def test_a_mistake_in_the_form_loses_nothing_that_was_typed(city: Screens, office: Office, form: str) -> None:
    client = city.signed_in(Role.EMPLOYEE, name="siti")
    linked(city, "siti", 101)
    typed = {
        "hari": str(MONDAY), "masuk": "16:00", "pulang": "07:00", "lembur": "45", "dimaafkan": "ya",
        "alasan": "apel <kota>",
    }  # fmt: skip
    answer = post(client, form, form, **typed)
    assert answer.status_code == 422
    page = answer.get_data(as_text=True)
    for words in (
        "mungkin tertukar",
        'value="16:00"',
        'value="07:00"',
        'value="45"',
        " checked",
        str(MONDAY),
    ):
        assert words in page, words
    assert "apel &lt;kota&gt;" in page


def test_one_takes_ones_wish_back_on_the_phone_and_at_the_desk(city: Screens, office: Office) -> None:
    client = city.signed_in(Role.EMPLOYEE, name="siti")
    linked(city, "siti", 101)
    form = "/hadir/ponsel/koreksi"
    for number, page in (("1", form), ("2", "/hadir/koreksi")):
        post(client, form, form, hari=str(MONDAY), lembur="45", alasan="perintah lembur 7")
        assert "Tarik kembali" in text_of(client, page)
        post(client, f"{page}/tarik", page, koreksi=number)
        shown = text_of(client, page)
        assert "Permintaan koreksi ditarik kembali." in shown
        assert "Tarik kembali" not in shown
        post(client, f"{page}/tarik", page, koreksi=number)
        assert "sudah diputuskan" in text_of(client, page)
        post(client, f"{page}/tarik", page, koreksi="77")
        assert "Koreksi itu tidak ada." in text_of(client, page)
    nobody = city.signed_in(Role.EMPLOYEE, name="anonim")
    post(nobody, f"{form}/tarik", "/sandi", koreksi="1")
    assert "Koreksi itu tidak ada." in text_of(nobody, form)


@pytest.mark.parametrize(
    ("role", "kind", "landing"),
    [
        (Role.EMPLOYEE, ScopeKind.CITY, "/hadir/ponsel/"),
        (Role.SUPERIOR, ScopeKind.CITY, "/hadir"),
        (Role.OPERATOR, ScopeKind.CITY, "/"),
        (Role.OPERATOR, ScopeKind.KELURAHAN, "/eksekutif"),
    ],
)
def test_after_login_everybody_begins_where_they_may(
    screens: Screens, role: Role, kind: ScopeKind, landing: str
) -> None:
    with screens.database.writing() as db:
        made = add_account(db, name="siti", display_name="", roles=(), now=screens.clock(), actor="test")
        change_password(db, account=made.account, password=PASSWORD, now=screens.clock())
        db.add(RoleGrant(account_id=made.account.id, role=role, scope_kind=kind, valid_from=screens.clock()))
    client = screens.stranger()
    assert post(client, "/masuk", name="siti", password=PASSWORD).location == landing
    client = screens.stranger()
    assert post(client, "/masuk", name="siti", password=PASSWORD, lanjut="/sandi").location == "/sandi"


@pytest.mark.parametrize("path", ["/S/", "/s/"])
def test_the_page_of_an_offices_code_may_ask_for_the_place_and_no_other_page_may(
    city: Screens, path: str
) -> None:
    client = city.signed_in(Role.EMPLOYEE)
    answer = client.get(path + "abcdefghijklmnopqrstuvwxyz")
    assert "geolocation=(self)" in answer.headers["Permissions-Policy"]
    assert 'data-code="ABCDEFGHIJKLMNOPQRSTUVWXYZ"' in answer.get_data(as_text=True)
    assert "geolocation=()" in client.get("/hadir/ponsel/").headers["Permissions-Policy"]
