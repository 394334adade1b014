"""A letter asked for by a stranger: form, faults, receipt, and only one case however often it is sent."""

import io
import re

from sqlalchemy import func, select

from hub.cases.citizens.models import CitizenPerson
from hub.cases.citizens.nik import load_or_make_box
from hub.cases.citizens.population import LocalPopulation
from hub.cases.keeping.models import CaseFile, CaseRecord
from hub.notify.models import OutboxMessage
from tests.hub.cases.asking.citizen import LETTER, NIK, SHOP, SITI, filed, hidden, papers, send
from tests.hub.cases.asking.test_tracking import clerk_returns
from tests.hub.cases.attachments import uploads
from tests.hub.screens import Screens


def test_a_stranger_asks_for_a_letter_and_is_told_code_and_pin(desk: Screens) -> None:
    client = desk.stranger()
    code, pin = filed(client)
    with desk.database.reading() as db:
        case = db.scalars(select(CaseRecord).where(CaseRecord.tracking_code == code)).one()
        person = db.get_one(CitizenPerson, case.applicant_person)
        files = db.scalars(select(CaseFile).where(CaseFile.case_id == case.id)).all()
    assert (case.kelurahan, case.applicant_name, case.stage) == ("61.71.01.1002", "Siti Aminah", "diajukan")
    assert sorted(file.requirement for file in files) == ["foto_usaha", "kk", "ktp", "pengantar_rt"]
    assert load_or_make_box(desk.folder / "nik.key").open(person.nik_kept) == NIK
    assert NIK not in str(desk.dump()), "nowhere in the database in the clear"
    again = client.get(f"/tanda-terima/{code}").get_data(as_text=True)
    assert pin in again
    assert "Kam 26 Nov 2026" in again or "paling lambat" in again
    assert desk.stranger().get(f"/tanda-terima/{code}").status_code == 404


def test_an_address_is_told_nothing_of_a_case_before_its_owner_confirmed_it(desk: Screens) -> None:
    client, mine = desk.stranger(), OutboxMessage.address == "siti@contoh.id"
    code, pin = filed(client)
    with desk.database.reading() as db:
        asked = db.scalars(select(OutboxMessage).where(mine)).one()
        case = db.scalars(select(CaseRecord)).one()
    for secret in (code, pin, "Siti", case.title):
        assert secret not in asked.subject + asked.text + asked.link
    clerk_returns(desk, code)
    for _ in range(4):
        filed(client)
    with desk.database.reading() as db:
        links = db.scalars(select(OutboxMessage.link).where(mine)).all()
    assert len(links) == 3, "a mailbox is not filled from our forms"
    assert all(link.startswith("/warga/kabar/") for link in links)
    assert desk.stranger().get("/warga/kabar/tidak-ada").status_code == 404
    desk.stranger().get(asked.link)
    assert send(desk.stranger(), asked.link, {}).status_code == 303
    with desk.database.reading() as db:
        newest = db.scalars(select(OutboxMessage).where(mine).order_by(OutboxMessage.id.desc())).first()
    assert newest is not None
    assert code in newest.text
    assert pin not in newest.text


def test_everything_wrong_is_told_at_once_and_nothing_is_lost(desk: Screens) -> None:
    client = desk.stranger()
    wrong = {
        **SITI,
        **SHOP,
        "isi-diri_nik": "6171014108900147",
        "isi-diri_birth_date": "1991-01-01",
        "isi-since": "",
        "berkas-ktp": (io.BytesIO(uploads.jpeg()), "ktp.jpg"),
        "berkas-foto_usaha": (io.BytesIO(uploads.VIDEO[:90_000]), "toko.mp4"),
    }
    answer = send(client, LETTER, wrong)
    text = answer.get_data(as_text=True)
    assert answer.status_code == 422
    summary = text[text.index("fault-summary") : text.index("</ul>", text.index("fault-summary"))]
    for words in (
        "Tanggal lahir: tidak sama",
        "Berdiri sejak: belum diisi",
        "Foto tempat usaha: “toko.mp4” ini video",
        "Kartu keluarga: belum ada berkasnya",
    ):
        assert words in summary
    assert "KTP: belum ada" not in summary
    assert "Warung &lt;b&gt;Siti&lt;/b&gt;" in text
    with desk.database.reading() as db:
        assert db.scalar(select(func.count()).select_from(CitizenPerson)) == 0
        assert db.scalar(select(func.count()).select_from(CaseRecord)) == 0
    # The KTP needs no second upload; the other files come now.
    right = {name: value for name, value in papers().items() if name != "berkas-ktp"}
    tokens = {name: hidden(text, name) for name in ("csrf_token", "sekali", "ada-ktp")}
    done = client.post(LETTER, data={**tokens, **SITI, **SHOP, **right}, content_type="multipart/form-data")
    assert done.status_code == 303, re.findall(r"field-error[^>]*>(.*?)</p>", done.get_data(as_text=True))


def test_a_form_that_is_sent_twice_files_one_case(desk: Screens) -> None:
    client = desk.stranger()
    text = client.get(LETTER).get_data(as_text=True)
    tokens = {name: hidden(text, name) for name in ("csrf_token", "sekali")}
    places = [
        client.post(
            LETTER, data={**tokens, **SITI, **SHOP, **papers()}, content_type="multipart/form-data"
        ).location
        for _ in range(2)
    ]
    assert places[0] == places[1]
    with desk.database.reading() as db:
        assert db.scalar(select(func.count()).select_from(CaseRecord)) == 1
    filed(client)
    with desk.database.reading() as db:
        assert db.scalar(select(func.count()).select_from(CaseRecord)) == 2, "another form is another case"


def test_a_stranger_is_not_told_whether_a_name_belongs_to_a_nik_but_the_officer_is(desk: Screens) -> None:
    box = load_or_make_box(desk.folder / "nik.key")
    with desk.database.writing() as db:
        LocalPopulation(db, box).add([(NIK, "Siti Aminoh")], desk.clock())
    answers = [send(desk.stranger(), LETTER, {**SITI, **SHOP, **papers()})]
    with desk.database.writing() as db:
        LocalPopulation(db, box).add([(NIK, "Siti Aminah")], desk.clock())
    answers.append(send(desk.stranger(), LETTER, {**SITI, **SHOP, **papers()}))
    assert [answer.status_code for answer in answers] == [303, 303]
    with desk.database.reading() as db:
        rows = db.scalars(select(CitizenPerson).order_by(CitizenPerson.id)).all()
        assert [row.match for row in rows] == ["tidak-cocok", "cocok"]


def test_services_for_others_and_forms_of_strangers_without_a_token_are_not_there(desk: Screens) -> None:
    client = desk.stranger()
    for path in ("/layanan/gangguan-kamera", "/layanan/pinjam-ruang", "/layanan/tidak-ada"):
        assert client.get(path).status_code == 404
    assert client.post(LETTER, data={**SITI, **SHOP, **papers()}).status_code == 400
    assert desk.signed_in().get("/layanan/pinjam-ruang").status_code == 200


def test_the_catalogue_finds_services_by_their_old_names(desk: Screens) -> None:
    client = desk.stranger()
    for words, first in (
        ("IMB", "pbg"),
        ("siup", "pendampingan-nib"),
        ("surat domisili", "surat-keterangan-domisili"),
        ("e-KTP", "ktp-kk"),
        ("bikin skck", "surat-pengantar-skck"),
    ):
        text = client.get("/layanan", query_string={"cari": words}).get_data(as_text=True)
        found = re.findall(r'href="/layanan/([a-z-]+)"', text[text.index('id="hasil"') :])
        assert found[0] == first, words
    assert "Tidak ada layanan" in client.get("/layanan?cari=zzz").get_data(as_text=True)


def test_families_are_folded_but_for_the_first_and_hits_stand_above_them(desk: Screens) -> None:
    client = desk.stranger()
    folds = re.findall(r"<details class=\"shelf\"( open)?>", client.get("/layanan").get_data(as_text=True))
    assert folds == [" open", *[""] * (len(folds) - 1)]
    assert len(folds) > 3
    text = client.get("/layanan?cari=skck").get_data(as_text=True)
    assert text.index('id="hasil"') < text.index('<details class="shelf">')
    assert '<details class="shelf" open>' not in text
