"""The pages of registers: what a role sees and may do, and what a stranger gets."""

import io
import re
from pathlib import Path

import pytest
from flask.testing import FlaskClient
from PIL import Image
from sqlalchemy import select

from hub.notify.models import OutboxMessage
from hub.outside.looking import Look, Standing
from hub.people.permissions import Role, ScopeKind
from hub.registers.keeping.models import RegisterRow
from hub.registers.keeping.service import Actor
from hub.registers.market.models import MarketEnquiry
from hub.registers.market.service import forget_old
from hub.registers.probing.service import Due, due_rows, keep_look
from hub.registers.sample import add_examples, load_file
from tests.hub.registers.conftest import DISHUB, DISKOMINFO, actor, add_application, row
from tests.hub.screens import START, Screens, csrf_of, post

PUBLISHED = Path(__file__).parents[2] / "data" / "registers"


def admin(office: Screens) -> FlaskClient:
    return office.signed_in(Role.ADMIN)


def of_dishub(office: Screens) -> FlaskClient:
    return office.signed_in(Role.LIAISON, kind=ScopeKind.OPD, scope=str(DISHUB))


def text(client: FlaskClient, path: str, code: int = 200) -> str:
    answer = client.get(path)
    assert answer.status_code == code, (path, answer.status_code)
    return " ".join(answer.get_data(as_text=True).replace("\u00a0", " ").replace("&nbsp;", " ").split())


def figures(page: str) -> dict[str, str]:
    found = re.findall(r"<dt>([^<]+)</dt><dd>(.*?)</dd>", page)
    return {label: " ".join(re.sub(r"<[^>]+>", " ", value).split()) for label, value in found}


@pytest.fixture
def examples(office: Screens) -> Screens:
    """Every register filled with the rows that the product ships to look at."""
    with office.database.writing() as db:
        written = add_examples(db, now=START, zone=office.app.extensions["pontive"].zone)
        assert written > 200
        assert add_examples(db, now=START, zone=office.app.extensions["pontive"].zone) == 0, "only once"
    return office


def test_the_published_numbers_are_on_the_screens_with_their_shares(screens: Screens) -> None:
    order = ("opd", "aplikasi", "situs", "konten", "pakai-ruang", "angka")
    with screens.database.writing() as db:
        who = Actor(name="budi", now=START, today=START.date(), reach=actor().reach)
        counts = [load_file(db, PUBLISHED / f"{code}.csv", who) for code in order]
    assert counts == [69, 163, 69, 2832, 268, 11]
    client = screens.signed_in(Role.EXECUTIVE)
    found = figures(text(client, "/register/aplikasi"))
    assert found["Aplikasi"] == "163"
    assert found["OPD yang membangun aplikasi"] == "38 dari 69 · 55,1 %"
    assert found["Aplikasi tiap OPD pembangun"] == "4,29"
    assert figures(text(client, "/register/situs"))["OPD dengan situs resmi"] == "41 dari 69 · 59,4 %"
    content = figures(text(client, "/register/konten"))
    assert (content["Konten"], content["Pemberitaan"]) == ("2.832", "921 dari 2.832 · 32,5 %")
    assert figures(text(client, "/register/pakai-ruang"))["Pemakaian ruang"] == "268"
    cameras = re.sub(r"<[^>]+>", " ", text(client, "/register/angka?cari=kamera"))
    for words in ("Kamera seluruhnya", "147", "136", "92,52 %", "11", "7,48 %"):
        assert words in cameras
    assert "41 dari 69" in re.sub(r"<[^>]+>", "", text(client, "/register"))


def test_every_register_has_pages_to_look_at(examples: Screens) -> None:
    client = admin(examples)
    text(client, "/register")
    with examples.database.reading() as db:
        first = {one.kind: one.id for one in db.scalars(select(RegisterRow).order_by(RegisterRow.id.desc()))}
    assert len(first) == 26
    for kind, number in first.items():
        page = text(client, f"/register/{kind}")
        assert f"/register/{kind}/{number}" in page or "halaman" in page
        for path in ("", "/ubah"):
            text(client, f"/register/{kind}/{number}{path}")
        text(client, f"/register/{kind}/baru")
        assert client.get(f"/register/{kind}/unduh.csv").status_code == 200
        assert client.get(f"/register/{kind}/unduh.xlsx").data.startswith(b"PK")
    assert "Batik tulis" not in text(client, "/register/produk?status=tayang&cari=tikar")
    assert "Tidak ada yang cocok" in text(client, "/register/produk?cari=zzz")
    assert text(client, "/register/aplikasi/peta-integrasi").count("<circle") >= 5
    assert "SI Parkir Tepi Jalan" in text(client, "/register/aplikasi/kemiripan")
    assert "alasan" in client.get("/register/aplikasi/kemiripan.csv").get_data(as_text=True)
    assert 'class="tick-cell"' not in text(examples.signed_in(Role.EXECUTIVE), "/register/aplikasi")
    text(client, "/register/tidak-ada", 404)


def test_a_row_is_typed_changed_given_away_and_taken_off(office: Screens) -> None:
    client = admin(office)
    path = "/register/aplikasi/baru"
    bad = post(
        client, path, path, nama="Parkir", fungsi="", status="aktif", opd="Dishub", alamat="bukan alamat"
    )
    assert bad.status_code == 422
    page = bad.get_data(as_text=True)
    assert "wajib diisi" in page
    assert 'value="bukan alamat"' in page, "nothing typed is lost"
    fields = {
        "nama": "Parkir",
        "fungsi": "Retribusi",
        "status": "aktif",
        "opd": "Dinas Perhubungan",
        "mutu": "sah",
    }
    made = post(client, path, path, **fields)
    assert made.status_code == 303
    here = made.location
    again = post(client, path, path, **fields)
    assert again.status_code == 422
    assert "sudah dipakai" in again.get_data(as_text=True)
    fields |= {"versi": "1", "kontrak_nilai": "Rp 1.500.000", "media": "website", "catatan": "kontrak baru"}
    assert post(client, f"{here}/ubah", f"{here}/ubah", **fields).status_code == 303
    stale = post(client, f"{here}/ubah", f"{here}/ubah", **fields | {"vendor": "X"})
    assert stale.status_code == 422
    assert "sementara itu diubah" in stale.get_data(as_text=True)
    shown = text(client, here)
    assert "Kontrak: nilai diisi: Rp 1.500.000" in shown
    assert "kontrak baru" in shown
    gift = {"opd": "Dinas Komunikasi dan Informatika", "sejak": "2026-12-01", "dasar": "BA 7", "yakin": "ya"}
    assert post(client, f"{here}/serah", here, versi="2", **gift | {"opd": "x"}).status_code == 422
    assert post(client, f"{here}/serah", here, versi="2", **gift | {"sejak": "besok"}).status_code == 422
    assert post(client, f"{here}/serah", here, versi="2", **gift).status_code == 303
    assert "BA 7" in text(client, here)
    assert post(client, f"{here}/hapus", here, versi="3").status_code == 422, "wants to be sure"
    assert post(client, f"{here}/hapus", here, versi="2", yakin="ya").status_code == 422, "seen too long ago"
    assert post(client, f"{here}/hapus", here, versi="3", yakin="ya").status_code == 303
    assert "Parkir" not in text(client, "/register/aplikasi").split("<form")[-1]
    assert "Parkir" in text(client, "/register/aplikasi?dihapus=ya")
    assert post(client, f"{here}/pulih", here, versi="4").status_code == 303


def test_an_opd_edits_its_own_rows_and_finds_no_others(office: Screens) -> None:
    own = add_application(office.database, "Parkir", DISHUB)
    others = add_application(office.database, "Gencil", DISKOMINFO, alamat="https://a.contoh.example")
    client = of_dishub(office)
    listed = text(client, "/register/aplikasi")
    assert "Parkir" in listed
    assert "Gencil" not in listed
    assert "Gencil" not in client.get("/register/aplikasi/unduh.csv").get_data(as_text=True)
    fields = {
        "nama": "Parkir",
        "fungsi": "Untuk Parkir",
        "status": "tidak-aktif",
        "versi": "1",
        "mutu": "sah",
    }
    assert post(client, f"/register/aplikasi/{own}/ubah", **fields).status_code == 303
    for path in ("", "/ubah"):
        text(client, f"/register/aplikasi/{others}{path}", 404)
    for path in ("ubah", "serah", "hapus", "pulih", "periksa"):
        answer = post(client, f"/register/aplikasi/{others}/{path}", **fields, yakin="ya")
        assert answer.status_code == 404, path
    bulk = {"kolom": "status", "nilai": "digabung", "yakin": "ya", "baris": f"{others}.1"}
    assert post(client, "/register/aplikasi/massal/terapkan", **bulk).status_code == 404
    assert row(office.database, others).values["status"] == "aktif"
    text(client, "/register/pasar/baru", 404)
    assert post(client, "/register/pasar/impor/buang").status_code == 404
    lurah = office.signed_in(Role.LURAH, kind=ScopeKind.KELURAHAN, scope="61.71.05.1003")
    assert "Gencil" not in text(lurah, "/register/aplikasi")
    for role in (Role.EMPLOYEE, Role.TECHNICIAN):
        text(office.signed_in(role), "/register", 404)


def test_many_rows_take_one_value_or_none_does(office: Screens) -> None:
    numbers = [add_application(office.database, name) for name in ("Satu", "Dua")]
    client, path = admin(office), "/register/aplikasi/massal"
    token = csrf_of(client)
    fields = {"csrf_token": token, "kolom": "status", "nilai": "digabung", "yakin": "ya"}
    rows = [f"{number}.1" for number in numbers]
    seen = client.post(path, data={**fields, "baris": rows}).get_data(as_text=True)
    assert seen.count("Digabung") == 2
    assert row(office.database, numbers[0]).values["status"] == "aktif", "a look writes nothing"
    late = [rows[0], f"{numbers[1]}.7"]
    assert client.post(f"{path}/terapkan", data={**fields, "baris": late}).status_code == 303
    assert row(office.database, numbers[0]).values["status"] == "aktif", "not one without the other"
    for bad in ({"kolom": "nama"}, {"nilai": "entah"}, {"baris": []}):
        refused = client.post(path, data={**fields, "baris": rows, **bad})
        assert refused.status_code == 303, bad
    assert client.post(f"{path}/terapkan", data={**fields, "baris": rows}).status_code == 303
    assert {row(office.database, number).values["status"] for number in numbers} == {"digabung"}


def test_a_file_is_looked_over_and_then_written_whole(office: Screens) -> None:
    client, path = admin(office), "/register/pasar/impor"
    text(client, path)
    assert client.get("/register/pasar/contoh.csv").get_data(as_text=True).startswith("\ufeffkode,nama")

    def send(data: bytes, name: str = "pasar.csv") -> str:
        body = {"csrf_token": csrf_of(client, path), "berkas": (io.BytesIO(data), name)}
        client.post(f"{path}/periksa", data=body, content_type="multipart/form-data")
        return text(client, path)

    assert (
        "Pilih dulu berkas" in text(client, path) or post(client, f"{path}/periksa", path).status_code == 303
    )
    seen = send(b"kode,nama,kelurahan\na,Teratai,Entah\nb,Dahlia,Batu Layang\n")
    assert "bukan salah satu dari 29 kelurahan" in seen
    assert "Tidak ada yang dapat ditulis" in seen
    assert "kelurahan" in client.get(f"{path}/salah.csv").get_data(as_text=True)
    assert post(client, f"{path}/terapkan", path).status_code == 303
    with office.database.reading() as db:
        assert db.scalars(select(RegisterRow)).first() is None
    assert "Terapkan 2 perubahan" in send(b"kode,nama,kelurahan\na,Teratai,\nb,Dahlia,Batu Layang\n")
    assert post(client, f"{path}/terapkan", path).status_code == 303
    assert "Kelurahan diubah dari Batu Layang menjadi Saigon" in send(
        b"kode,nama,kelurahan\nb,Dahlia,Saigon\n"
    )
    assert post(client, f"{path}/buang", path).status_code == 303
    assert post(client, f"{path}/terapkan", path).location.endswith("/impor")
    assert "lama" in send(b"\xd0\xcf\x11\xe0", "pasar.xls")


def _jpeg() -> io.BytesIO:
    buffer = io.BytesIO()
    Image.new("RGB", (320, 180), (40, 90, 70)).save(buffer, "JPEG")
    buffer.seek(0)
    return buffer


def test_stills_before_and_after_are_kept_shown_and_thrown_out(office: Screens) -> None:
    client = admin(office)
    path = "/register/proyek/baru"
    fields = {
        "kode": "B",
        "nama": "Titian",
        "kawasan": "Beting",
        "status": "berjalan",
        "opd": "Dishub",
        "mutu": "sah",
    }

    def send(to: str, more: dict[str, object]) -> int:
        body = {"csrf_token": csrf_of(client, "/sandi"), **fields, **more}
        return client.post(to, data=body, content_type="multipart/form-data").status_code

    assert send(path, {"sebelum": (io.BytesIO(b"<svg/>"), "a.svg")}) == 422
    assert send(path, {"sebelum": (_jpeg(), "a.jpg"), "sesudah": (_jpeg(), "b.jpg")}) == 303
    with office.database.reading() as db:
        number = db.scalars(select(RegisterRow.id)).one()
    assert client.get(f"/register/proyek/{number}/gambar/sebelum").mimetype == "image/jpeg"
    assert client.get(f"/register/proyek/{number}/gambar/nama").status_code == 404
    stranger = office.stranger()
    assert stranger.get(f"/kawasan/{number}/sesudah").mimetype == "image/jpeg"
    assert stranger.get(f"/kawasan/{number}/kode").status_code == 404
    assert "Titian" in text(stranger, "/kawasan")
    assert send(f"/register/proyek/{number}/ubah", {"versi": "1", "sesudah-buang": "ya"}) == 303
    kept = row(office.database, number).values
    assert "sebelum" in kept
    assert "sesudah" not in kept
    assert "Gambar sesudah dikosongkan" in text(client, f"/register/proyek/{number}")


def test_the_market_shows_what_was_looked_over_and_takes_questions(examples: Screens) -> None:
    stranger = examples.stranger()
    shelf = text(stranger, "/pasar-warga")
    assert "Kain batik motif perahu" in shelf
    assert "Teh lidah buaya" not in shelf, "not looked over yet"
    assert "Tikar bidai" not in shelf
    assert "0561 000000" not in shelf
    assert "Amplang" not in text(stranger, "/pasar-warga?kelompok=busana")
    assert "Tidak ada produk" in text(stranger, "/pasar-warga?cari=zzz")
    with examples.database.reading() as db:
        by_name = {
            one.title: one.id for one in db.scalars(select(RegisterRow).where(RegisterRow.kind == "produk"))
        }
    here = f"/pasar-warga/{by_name['Amplang tenggiri']}"
    text(stranger, f"/pasar-warga/{by_name['Teh lidah buaya']}", 404)
    assert stranger.get(f"{here}/gambar").status_code == 404
    bad = post(stranger, f"{here}/tanya", here, nama="Ani", kontak="-", pertanyaan="Masih ada?")
    assert bad.status_code == 422
    assert "Masih ada?" in bad.get_data(as_text=True)
    asked = post(stranger, f"{here}/tanya", here, nama="Ani", kontak="0811 5700 000", pertanyaan="Masih ada?")
    assert asked.status_code == 303
    client, product = admin(examples), f"/register/produk/{by_name['Amplang tenggiri']}"
    assert "0811 5700 000" in text(client, product)
    assert "0811 5700 000" not in text(examples.signed_in(Role.EXECUTIVE), product), "only who passes it on"
    with examples.database.reading() as db:
        number = db.scalars(select(MarketEnquiry.id)).one()
    assert post(client, f"{product}/tanya/99/teruskan", product).status_code == 404
    assert post(client, f"{product}/tanya/{number}/teruskan", product).status_code == 303
    assert "diteruskan" in text(client, product)
    examples.clock.advance(days=91)
    with examples.database.writing() as db:
        assert forget_old(db, examples.clock()) == 1


def test_a_seller_with_an_e_mail_is_told_of_a_question_at_once(examples: Screens) -> None:
    with examples.database.writing() as db:
        seller = db.scalars(select(RegisterRow).where(RegisterRow.title.startswith("Amplang Kapuas"))).one()
        seller.values = {**seller.values, "email": "ani@contoh.id"}
        [product] = db.scalars(select(RegisterRow.id).where(RegisterRow.title == "Amplang tenggiri"))
    stranger, here = examples.stranger(), f"/pasar-warga/{product}"
    assert "ani@contoh.id" not in text(stranger, here)
    fields = {"nama": "Budi", "kontak": "0811 5700 000", "pertanyaan": "Masih ada lima bungkus?"}
    assert post(stranger, f"{here}/tanya", here, **fields).status_code == 303
    assert "Terkirim kepada penjual" in text(stranger, here)
    with examples.database.reading() as db:
        [message] = db.scalars(select(OutboxMessage))
    assert (message.channel, message.address, message.link) == ("email", "ani@contoh.id", here)
    assert "Masih ada lima bungkus?" in message.text
    assert "0811 5700 000" in message.text
    assert "diteruskan" in text(admin(examples), f"/register/produk/{product}")


def test_trainings_and_areas_are_there_for_everybody(examples: Screens) -> None:
    assert "Foto produk dengan ponsel" in text(examples.stranger(), "/pelatihan")
    page = text(examples.stranger(), "/kawasan")
    assert page.index("Beting") < page.index("Siantan")
    assert "Pondasi" in page


def test_a_row_says_whether_its_address_answers(office: Screens) -> None:
    number = add_application(office.database, "Gencil", alamat="https://gencil.contoh.example")
    here = f"/register/aplikasi/{number}"
    client = admin(office)
    assert "Belum diperiksa" in text(client, here)
    with office.database.writing() as db:
        assert due_rows(db, START) == [Due(number, "https://gencil.contoh.example")]
        look = Look(Standing.REACHABLE, "menjawab 200", 200, 41, START.date(), START.date())
        keep_look(db, Due(number, "https://gencil.contoh.example"), look, START)
        assert due_rows(db, START) == []
    assert "segera perbarui" in text(client, here)
    assert post(client, f"{here}/periksa", here).status_code == 303
    with office.database.reading() as db:
        assert [one.row_id for one in due_rows(db, START)] == [number]
    other = add_application(office.database, "Tanpa alamat")
    assert post(client, f"/register/aplikasi/{other}/periksa", here).status_code == 404
